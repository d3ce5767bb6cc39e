//! Actions in policies that IAM does not have: a misspelt one grants or denies nothing, and nobody says so until a call
//! is refused. Knows nothing of how policies are made.

use super::analysis::Stack;
use crate::base::{Diagnostic, FxIndexSet, Name, Span};
use crate::cfn::actions;
use crate::emit::{Resource, Template};
use crate::model::walk::{self, Met};
use crate::model::{Deploy, Expr, Node, Value};

/// The findings on the policies of a template.
pub(super) fn unknown_actions(stack: &Stack, template: &Template) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for resource in template.resources.values() {
        let mut named = FxIndexSet::default();
        resource.properties.values().for_each(|value| collect(value, &mut named));
        for action in named.iter().filter(|action| !actions::exists(action)) {
            out.push(finding(action, place(stack, template, resource, action)));
        }
    }
    out
}

/// The actions of the statements in a value, in the language of policies.
fn collect(value: &Value, out: &mut FxIndexSet<Name>) {
    match value {
        Value::List(values) => values.iter().for_each(|v| collect(v, out)),
        Value::Record(fields) => {
            let is_statement = fields.contains_key("Effect");
            for (key, value) in fields.iter() {
                if is_statement && matches!(&**key, "Action" | "NotAction") {
                    texts(value, out);
                }
                collect(value, out);
            }
        }
        Value::Deploy(deploy) => match &**deploy {
            Deploy::If(_, then, otherwise) => {
                collect(then, out);
                collect(otherwise, out);
            }
            Deploy::Call(_, argument) => collect(argument, out),
            _ => {}
        },
        _ => {}
    }
}

fn texts(value: &Value, out: &mut FxIndexSet<Name>) {
    match value {
        Value::Str(text) => drop(out.insert(text.clone())),
        Value::List(values) => values.iter().for_each(|v| texts(v, out)),
        _ => {}
    }
}

/// Where an action is written in the declaration, or what asked for the statement.
fn place(stack: &Stack, template: &Template, resource: &Resource, action: &Name) -> Span {
    let mut written = None;
    if let Some(instance) = stack.graph.world.instance(resource.owner) {
        walk::body(&instance.decl.body, &mut |met| {
            if let Met::Expr(Expr { node: Node::Literal(Value::Str(text)), span, .. }) = met
                && text == action
            {
                written.get_or_insert(*span);
            }
        });
    }
    let statements = template.statements.get(&resource.id).into_iter().flatten();
    let asked = statements.filter(|s| s.actions.contains(action)).find_map(|s| s.spans.first().copied());
    written.or(asked).unwrap_or(resource.span)
}

fn finding(action: &str, span: Span) -> Diagnostic {
    let message = match action.contains(['*', '?']) {
        true => format!("no action of IAM matches \"{action}\""),
        false => format!("IAM has no action \"{action}\""),
    };
    let mut finding = Diagnostic::error("unknown-action", span, message);
    finding.allowable = true;
    match actions::nearest(action) {
        Some(near) => finding.help(format!("did you mean \"{near}\"?")),
        None => finding.help("an action is written `service:Action`, as \"sqs:SendMessage\""),
    }
}
