//! What travels with an export besides what the kind gives out: what its verbs and events read of the declarations that
//! its properties name, as the ARN of the key that encrypts a queue. Knows nothing of templates.

use super::library::KindInfo;
use crate::base::Name;
use crate::model::walk::{self, Met};
use crate::model::{Expr, Leaf, Node, Parameter, Step};

/// The pairs `property.out` that the verbs and events of a kind read of what another declaration gives out.
///
/// A right on an exported declaration may need them in the stack that imports it, so that they are exported with it.
pub fn read_through(info: &KindInfo) -> Vec<(Name, Name)> {
    let mut found = Vec::new();
    let verbs = info.kind.verbs.values().map(|v| (&v.parameters, &v.steps));
    let events = info.kind.events.iter().map(|e| (&e.parameters, &e.steps));
    for (parameters, steps) in verbs.chain(events) {
        steps_of(steps, &mut |expr| pair(info, parameters, expr, &mut found));
    }
    found
}

fn pair(info: &KindInfo, parameters: &[Parameter], expr: &Expr, found: &mut Vec<(Name, Name)>) {
    walk::expr(expr, &mut |met| {
        let Met::Expr(Expr { node: Node::Member(inner, out, _), .. }) = met else { return };
        let Node::Name(property) = &inner.node else { return };
        let hidden = parameters.iter().any(|p| p.name == *property);
        let read = (property.clone(), out.clone());
        if !hidden && info.kind.properties.contains_key(property) && !found.contains(&read) {
            found.push(read);
        }
    });
}

fn steps_of<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s Expr)) {
    for step in steps {
        match step {
            Step::Leaf(leaf) => leaf_of(leaf, visit),
            Step::Let(_, value) => visit(value),
            Step::If(test, then, otherwise) => {
                visit(test);
                steps_of(then, visit);
                steps_of(otherwise, visit);
            }
            Step::For { over, by, steps, .. } => {
                visit(over);
                by.iter().for_each(&mut *visit);
                steps_of(steps, visit);
            }
        }
    }
}

/// The expressions of what becomes part of a template; checks read nothing that must travel.
fn leaf_of<'s>(leaf: &'s Leaf, visit: &mut dyn FnMut(&'s Expr)) {
    match leaf {
        Leaf::Emit(emit) => walk::entries(&emit.fields, &mut |met| {
            if let Met::Expr(expr) = met {
                visit(expr);
            }
        }),
        Leaf::Grant(grant) => [Some(&grant.on), grant.condition.as_ref()].into_iter().flatten().for_each(visit),
        Leaf::Needs(needs) => needs.of.iter().chain(needs.arguments.iter().map(|a| &a.value)).for_each(visit),
        Leaf::Append { value, .. } => visit(value),
        Leaf::Check(_) => {}
    }
}
