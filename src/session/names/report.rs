//! The finding on a name that two resources have, at the lines that give it. Knows nothing of how it is found.

use super::super::analysis::Stack;
use super::super::refused::written;
use super::Claim;
use super::form::Forms;
use crate::base::{Diagnostic, Span};
use crate::cfn::named::{ACCOUNT, REGION, WORLD};
use crate::emit::Template;
use crate::types::{Instance, Made, World};

pub(super) fn finding(stacks: &[(&Stack, &Template)], first: &Claim<'_>, second: &Claim<'_>) -> Option<Diagnostic> {
    let (mut one, mut other) = (Place::of(stacks, first)?, Place::of(stacks, second)?);
    // The template is not in the order of the program.
    if (other.span.file, other.span.start) < (one.span.file, one.span.start) {
        std::mem::swap(&mut one, &mut other);
    }
    let ty = &second.resource.ty;
    let among = match second.named.among.as_str() {
        WORLD => "among those of all accounts".to_string(),
        ACCOUNT => "in an account".to_string(),
        REGION => "in a region of an account".to_string(),
        property => format!("in one {}", property.trim_end_matches("Name").trim_end_matches("Id")),
    };
    let name = &second.name.shown;
    let case = if first.name.shown == *name { String::new() } else { " (names that differ in capitals only are one name)".into() };
    let message = format!("{} has the name \"{name}\" of {}: AWS takes a name of {ty} once {among}{case}", other.label, one.label);
    let mut finding = Diagnostic::error("duplicate-physical-name", other.span, message);
    finding.allowable = first.stack != second.stack;
    let of_stack = if first.stack == second.stack { "" } else { ", in a stack of the same project" };
    if one.span != other.span {
        finding = finding.label("again here").also(one.span, format!("first here{of_stack}"));
        return Some(finding.help(other.help()));
    }
    // A component that is used twice declares both at one line, each use at its own.
    if let Some((first, second)) = one.uses.iter().zip(&other.uses).find(|(a, b)| a != b) {
        finding = finding.also(*first, format!("{} is from here", one.label)).also(*second, format!("{} is from here", other.label));
    }
    Some(finding.help(format!(
        "both get it from this line. Make it different for each: put the variable of the loop, or a parameter of the component, into it, as \"{name}-${{key}}\""
    )))
}

/// Where a name is given.
struct Place {
    /// The declaration, for messages.
    label: String,
    /// The expression that is the name; the declaration if its kind makes the name.
    span: Span,
    /// The property that has the expression, and its text.
    property: Option<(String, String)>,
    /// The declaration, the use of the component that it is in, and so on outwards.
    uses: Vec<Span>,
}

impl Place {
    fn of(stacks: &[(&Stack, &Template)], claim: &Claim<'_>) -> Option<Place> {
        let (stack, template) = stacks.get(claim.stack)?;
        let world = &stack.graph.world;
        let instance = world.instance(claim.resource.owner)?;
        let forms = Forms::of(template);
        let mut found: Option<(usize, Span, (String, String))> = None;
        written::each(world, instance, &mut |written| {
            let texts = forms.all(&written.value);
            let certain = usize::from(texts.len() == 1);
            for (_, form) in texts {
                // A kind may add to what is written: `.fifo`, `alias/`. A branch is nearer than the choice that it is of.
                let fits = if form.key == claim.name.key { usize::MAX - 1 + certain } else { form.key.len() };
                let part = !form.key.is_empty() && claim.name.key.contains(&form.key);
                if part && found.as_ref().is_none_or(|(before, ..)| fits > *before) {
                    found = Some((fits, written.expr.span, (written.path.to_string(), form.shown)));
                }
            }
        });
        // Expressions were evaluated once more: what is wrong with them is reported already.
        world.take_findings();
        let (span, property) = found.map_or((None, None), |(_, span, path)| (Some(span), Some(path)));
        let own = instance.decl.name_span;
        Some(Place { label: label(instance), span: span.unwrap_or(own), property, uses: uses(world, instance) })
    }

    fn help(&self) -> String {
        let name = self.property.as_ref().and_then(|(path, text)| Some((path.rsplit('.').next()?, text)));
        match name {
            Some((property, text)) => format!("give one of them another name, as `{property} = \"{text}-2\"`"),
            None => "give one of them another name".to_string(),
        }
    }
}

fn uses(world: &World, instance: &Instance) -> Vec<Span> {
    let mut spans = vec![instance.decl.name_span];
    let mut name: &str = &instance.name;
    while let Some((outer, _)) = name.rsplit_once('.') {
        spans.extend(world.instances.iter().find(|other| *other.name == *outer).map(|other| other.decl.name_span));
        name = outer;
    }
    spans
}

fn label(instance: &Instance) -> String {
    match &instance.made {
        Made::Kind(info) => format!("{} `{}`", info.kind.name, instance.name),
        _ => format!("`{}`", instance.name),
    }
}
