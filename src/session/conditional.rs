//! What is always there and names what is there only sometimes: CloudFormation refuses it as soon as the condition
//! does not hold. Knows nothing of how a template is written.

use super::analysis::Stack;
use crate::base::{Diagnostic, Name, Span};
use crate::emit::{Resource, Template};
use crate::model::{Cond, Deploy, Value};

/// The findings on a stack's resources and outputs.
pub(super) fn conditional(stack: &Stack, template: &Template) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for resource in template.resources.values() {
        let mut search = Search { template, known: Vec::new(), missing: Vec::new() };
        search.assume(&resource.condition, |search| resource.properties.values().for_each(|value| search.value(value)));
        for id in search.missing {
            out.extend(finding(stack, template, &id, resource.span, Some(resource)));
        }
    }
    for output in &stack.graph.world.outputs {
        let mut search = Search { template, known: Vec::new(), missing: Vec::new() };
        search.assume(&output.condition, |search| search.value(&output.value));
        for id in search.missing {
            out.extend(finding(stack, template, &id, output.span, None));
        }
    }
    out
}

fn finding(stack: &Stack, template: &Template, id: &Name, span: Span, from: Option<&Resource>) -> Option<Diagnostic> {
    let to = template.resources.get(id)?;
    let name = |resource: &Resource| stack.graph.world.instance(resource.owner).map_or_else(|| resource.id.clone(), |i| i.name.clone());
    let who = from.map_or_else(|| "this output".into(), |from| format!("`{}`", name(from)));
    if from.is_some_and(|from| from.owner == to.owner) {
        return None; // Of one declaration: what its kind emits together.
    }
    let message = format!("{who} needs `{}`, which is conditional", name(to));
    let target = stack.graph.world.instance(to.owner).map_or(to.span, |i| i.decl.name_span);
    Some(
        Diagnostic::error("needs-what-may-be-missing", span, message)
            .also(target, "this is there only under a condition")
            .help("put both under the same `if`, or choose where it is named: `x.arn if condition else other`"),
    )
}

/// Looks for references to what may be missing.
struct Search<'a> {
    template: &'a Template,
    /// What holds where we look.
    known: Vec<Cond>,
    missing: Vec<Name>,
}

impl Search<'_> {
    /// Looks where a condition holds.
    fn assume(&mut self, condition: &Option<Cond>, look: impl FnOnce(&mut Self)) {
        let before = self.known.len();
        condition.iter().for_each(|c| flatten(c, &mut self.known));
        look(self);
        self.known.truncate(before);
    }

    fn names(&mut self, id: &Name) {
        let condition = self.template.resources.get(id).and_then(|r| r.condition.as_ref());
        if condition.is_some_and(|c| !implied(c, &self.known)) && !self.missing.contains(id) {
            self.missing.push(id.clone());
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Resource(id) => self.names(id),
            Value::List(values) => values.iter().for_each(|v| self.value(v)),
            Value::Record(fields) => fields.values().for_each(|v| self.value(v)),
            Value::Deploy(deploy) => match &**deploy {
                Deploy::Attr(id, _) => self.names(id),
                Deploy::Text(parts) => parts.iter().for_each(|v| self.value(v)),
                Deploy::Call(_, argument) => self.value(argument),
                Deploy::If(condition, then, otherwise) => {
                    self.assume(&Some(condition.clone()), |s| s.value(then));
                    self.assume(&Some(Cond::Not(condition.clone().into())), |s| s.value(otherwise));
                }
                Deploy::Param(..) | Deploy::Pseudo(_) | Deploy::StackPart | Deploy::Bool(_) => {}
            },
            _ => {}
        }
    }
}

/// The parts of a condition, all of which hold with it.
fn flatten(condition: &Cond, out: &mut Vec<Cond>) {
    match condition {
        Cond::And(parts) => parts.iter().for_each(|part| flatten(part, out)),
        Cond::Not(inner) => match &**inner {
            Cond::Not(inner) => flatten(inner, out),
            Cond::Or(parts) => parts.iter().for_each(|part| flatten(&Cond::Not(part.clone().into()), out)),
            _ => out.push(condition.clone()),
        },
        _ => out.push(condition.clone()),
    }
}

/// Whether a condition follows from what is known.
fn implied(condition: &Cond, known: &[Cond]) -> bool {
    if known.contains(condition) {
        return true;
    }
    match condition {
        Cond::And(parts) => parts.iter().all(|part| implied(part, known)),
        Cond::Or(parts) => parts.iter().any(|part| implied(part, known)),
        Cond::Not(inner) => match &**inner {
            Cond::Not(inner) => implied(inner, known),
            Cond::Or(parts) => parts.iter().all(|part| implied(&Cond::Not(part.clone().into()), known)),
            Cond::And(parts) => parts.iter().any(|part| implied(&Cond::Not(part.clone().into()), known)),
            // One value cannot be two words.
            Cond::Equals(a, b) => {
                known.iter().any(|k| matches!(k, Cond::Equals(c, d) if a == c && b.as_str().is_some() && d.as_str().is_some() && b != d))
            }
        },
        Cond::Equals(..) => false,
    }
}
