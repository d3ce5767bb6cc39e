//! Physical names that two resources have at the same time, of one stack or of several: AWS refuses the second. Knows no
//! service: `stdlib/names.toml` says which property is a name, and among what it is there once.

mod form;
mod report;

use super::analysis::Stack;
use crate::base::{Diagnostic, Name};
use crate::cfn::named::{ACCOUNT, Named, REGION, WORLD, named};
use crate::emit::{Resource, Template};
use crate::model::{Cond, Value, can_hold};
use form::{Form, Forms};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A resource with a name that it has under some conditions.
struct Claim<'a> {
    stack: usize,
    resource: &'a Resource,
    named: &'static Named,
    name: Form,
    /// What all holds where it has this name.
    conditions: Vec<Cond>,
}

/// What a name is there once in: the type of the names, the accounts and regions, what the resource is in, and the name.
type Key = (String, Option<usize>, Option<String>, String);

/// The findings on the names of all stacks of a project.
pub(super) fn names(stacks: &[(&Stack, &Template)]) -> Vec<Diagnostic> {
    let areas = areas(stacks);
    let mut claims: BTreeMap<Key, Vec<Claim<'_>>> = BTreeMap::new();
    for (at, (_, template)) in stacks.iter().enumerate() {
        let forms = Forms::of(template);
        for resource in template.resources.values() {
            let Some(named) = named(&resource.ty) else { continue };
            claim(&mut claims, &forms, (at, areas.get(at).copied().unwrap_or(at)), resource, named);
        }
    }
    claims.values().flat_map(|claims| clashes(stacks, claims)).collect()
}

/// Stacks that import values of each other are in one account and region: each stack has the number of the first of them.
fn areas(stacks: &[(&Stack, &Template)]) -> Vec<usize> {
    let places: FxHashMap<&Name, usize> = stacks.iter().enumerate().map(|(at, (stack, _))| (&stack.name, at)).collect();
    let mut areas: Vec<usize> = (0..stacks.len()).collect();
    for (at, (stack, _)) in stacks.iter().enumerate() {
        for other in stack.graph.world.imported.iter().filter_map(|name| places.get(name)) {
            let (Some(a), Some(b)) = (areas.get(at).copied(), areas.get(*other).copied()) else { continue };
            areas.iter_mut().filter(|area| **area == a.max(b)).for_each(|area| *area = a.min(b));
        }
    }
    areas
}

/// Adds each name that a resource can have.
fn claim<'a>(
    claims: &mut BTreeMap<Key, Vec<Claim<'a>>>,
    forms: &Forms<'_>,
    (stack, area): (usize, usize),
    resource: &'a Resource,
    named: &'static Named,
) {
    let family = named.with.as_deref().unwrap_or(&resource.ty);
    let inside = !matches!(named.among.as_str(), WORLD | ACCOUNT | REGION);
    let places = match resource.properties.get(named.among.as_str()).filter(|_| inside) {
        Some(value) => forms.all(value),
        None => vec![(Vec::new(), Form::text(named.default.as_deref().filter(|_| inside).unwrap_or_default()))],
    };
    let written = at(resource, &named.name).map_or(&[][..], |value| value.as_list().unwrap_or(std::slice::from_ref(value)));
    for (conditions, name) in written.iter().flat_map(|value| forms.all(value)) {
        for (when, place) in &places {
            // What is built of things of the stack is another name in every other stack.
            let own = name.of_stack || place.of_stack;
            let wide = named.among == WORLD && !name.of_region;
            let scope = if own { Some(usize::MAX - stack) } else { Some(area).filter(|_| !wide) };
            let text = if named.any_case { name.key.to_lowercase() } else { name.key.clone() };
            let key = (family.to_string(), scope, inside.then(|| place.key.clone()), text);
            let conditions = resource.condition.iter().chain(&conditions).chain(when).cloned().collect();
            claims.entry(key).or_default().push(Claim { stack, resource, named, name: name.clone(), conditions });
        }
    }
}

/// The value at a path of properties.
fn at<'r>(resource: &'r Resource, path: &str) -> Option<&'r Value> {
    let mut parts = path.split('.');
    let first = resource.properties.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.as_record()?.get(part))
}

/// One finding for each resource whose name one before it can have too.
fn clashes(stacks: &[(&Stack, &Template)], claims: &[Claim<'_>]) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut found: Vec<&Name> = Vec::new();
    for (at, second) in claims.iter().enumerate() {
        let both = |first: &&Claim<'_>| {
            let other = (first.stack, &first.resource.id) != (second.stack, &second.resource.id);
            // A condition on the parameters of another stack says nothing of those of this one.
            let first_conditions = first.conditions.iter().filter(|_| first.stack == second.stack);
            let all: Vec<&Cond> = first_conditions.chain(&second.conditions).collect();
            other && can_hold(&all) && (first.stack == second.stack || can_hold(&first.conditions.iter().collect::<Vec<_>>()))
        };
        let Some(first) = claims.iter().take(at).find(both) else { continue };
        if !found.contains(&&second.resource.id) {
            found.push(&second.resource.id);
            out.extend(report::finding(stacks, first, second));
        }
    }
    out
}
