//! Along what a declaration that answers many routes would come apart: the parts of its paths, together with what it may
//! do something with by the same name. Knows nothing of rules and of what is done with it.

use super::relations::Link;
use super::world::World;
use crate::base::FxIndexMap;
use crate::model::{InstanceId, Value};
use std::collections::BTreeSet;

/// A part that could stand alone.
#[derive(Clone, Debug, Default)]
pub struct Seam {
    /// What its paths begin with: `/orders`.
    pub heads: Vec<String>,
    /// Its routes.
    pub routes: Vec<Link>,
    /// What it can do with what has its name.
    pub needs: Vec<Link>,
}

/// The parts of a declaration, and what it can do besides, which each of them may need.
pub fn seams(world: &World, id: InstanceId) -> (Vec<Seam>, Vec<Link>) {
    let Some(relations) = world.relations.get() else { return Default::default() };
    let mut heads: FxIndexMap<String, Vec<Link>> = FxIndexMap::default();
    for link in relations.triggers(id) {
        if let Some(head) = head(link) {
            heads.entry(head).or_default().push(link.clone());
        }
    }
    let needs: Vec<&Link> = relations.capabilities(id).filter(|link| !link.derived).collect();
    let name = |id| world.instance(id).map_or("", |i| &i.name);
    let named = |head: &str, link: &Link| !words(name(link.subject)).is_disjoint(&words(head));
    let mut parts: FxIndexMap<Vec<InstanceId>, Seam> = FxIndexMap::default();
    let mut taken: BTreeSet<InstanceId> = BTreeSet::new();
    for (at, (head, routes)) in heads.into_iter().enumerate() {
        let own: Vec<Link> = needs.iter().filter(|link| named(&head, link)).map(|link| (*link).clone()).collect();
        let mut with: Vec<InstanceId> = own.iter().map(|link| link.subject).collect();
        taken.extend(&with);
        with.sort_unstable();
        with.dedup();
        // Two paths that need the same are one part; one that needs nothing of its own stands alone.
        let key = if with.is_empty() { vec![InstanceId(u32::MAX - at as u32)] } else { with };
        let part = parts.entry(key).or_default();
        part.heads.push(format!("/{head}"));
        part.routes.extend(routes);
        part.needs = own;
    }
    let shared = needs.into_iter().filter(|link| !taken.contains(&link.subject)).cloned().collect();
    (parts.into_values().collect(), shared)
}

/// The first part of the path of a route, as `orders` of `GET /orders/{id}`.
fn head(link: &Link) -> Option<String> {
    let Value::Record(arguments) = &link.arguments else { return None };
    let (_, path) = arguments.get("key")?.as_str()?.split_once(" /")?;
    Some(path.split('/').next().unwrap_or_default().to_string())
}

/// The words of a name, in the singular as far as one can tell.
fn words(name: &str) -> BTreeSet<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
    let single = |word: &str| match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_string(),
    };
    words.map(|word| single(&word.to_lowercase())).collect()
}
