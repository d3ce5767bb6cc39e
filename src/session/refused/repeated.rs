//! A list with the same value twice where AWS takes it once. The finding stands at the second of the two, where the
//! program writes them. Knows nothing of how it is found.

use super::super::analysis::Stack;
use super::written;
use crate::base::{Diagnostic, Span};
use crate::cfn::check::PathSegment;
use crate::emit::{Resource, Template};
use crate::model::{Deploy, InstanceId, Node, Value};
use serde_json::Value as Json;

/// Two items of a list that are the same, or agree in some properties.
pub(super) struct Repetition<'a> {
    pub resource: &'a Resource,
    /// The path of the second.
    pub path: &'a [PathSegment],
    /// The properties that agree; none if the items do as a whole.
    pub keys: &'a [String],
}

/// Two places in the program.
struct Pair {
    what: String,
    first: Span,
    second: Span,
    /// What is removed with the second: the comma before it.
    removable: Option<Span>,
}

pub(super) fn finding(stack: &Stack, template: &Template, json: &Json, repetition: &Repetition<'_>) -> Option<Diagnostic> {
    let instance = stack.graph.world.instance(repetition.resource.owner)?;
    let item = at(json, repetition.path)?;
    let agreeing: Vec<&Json> =
        if repetition.keys.is_empty() { vec![item] } else { repetition.keys.iter().filter_map(|key| item.get(key)).collect() };
    let shown = agreeing.iter().map(|value| shown(stack, template, value)).collect::<Vec<_>>().join(", ");
    let search = Search { stack, template, agreeing: &agreeing };
    let pair = search.added(repetition).or_else(|| search.written(repetition));
    let Some(pair) = pair else {
        let list = super::keys(repetition.path).skip(3).collect::<Vec<_>>().join(".");
        let message = format!("`{}` puts {shown} twice into the list {list} of its {}", instance.name, repetition.resource.ty);
        return Some(Diagnostic::error("repeated-value", repetition.resource.span, message).help("remove what gives it a second time"));
    };
    let message = format!("`{}` has {shown} twice in {}, and AWS takes each value once", instance.name, pair.what);
    let mut finding = Diagnostic::error("repeated-value", pair.second, message).help("remove one of them");
    if pair.first != pair.second {
        finding = finding.label("again here").also(pair.first, "first here");
    }
    if let Some(span) = pair.removable {
        finding = finding.fix("remove the second", span, "");
    }
    Some(finding)
}

/// The value at a path.
fn at<'j>(json: &'j Json, path: &[PathSegment]) -> Option<&'j Json> {
    path.iter().try_fold(json, |value, segment| match segment {
        PathSegment::Key(key) => value.get(key),
        PathSegment::Index(index) => value.get(index),
    })
}

/// A value for people: a declaration by its name.
fn shown(stack: &Stack, template: &Template, value: &Json) -> String {
    let id = value.get("Ref").or_else(|| value.get("Fn::GetAtt")?.get(0)).and_then(Json::as_str);
    let owner = id.and_then(|id| stack.graph.world.instance(template.resource(id)?.owner));
    match (owner, value) {
        (Some(owner), _) => format!("`{}`", owner.name),
        (None, Json::String(text)) => format!("\"{text}\""),
        (None, other) => format!("`{other}`"),
    }
}

struct Search<'a> {
    stack: &'a Stack,
    template: &'a Template,
    /// The values that two items have in common.
    agreeing: &'a [&'a Json],
}

impl Search<'_> {
    /// Two lines that add to the list.
    fn added(&self, repetition: &Repetition<'_>) -> Option<Pair> {
        let path: Vec<&str> = super::keys(repetition.path).skip(3).collect();
        let here = repetition.resource.asked.iter().filter(|asked| asked.path.iter().map(|name| &**name).eq(path.iter().copied()));
        let mut seen: Vec<(&Value, Span)> = Vec::new();
        for asked in here {
            if let Some((_, first)) = seen.iter().find(|(value, _)| agree(value, &asked.value, repetition.keys)) {
                let what = format!("{} of its {}", path.join("."), repetition.resource.ty);
                return Some(Pair { what, first: *first, second: asked.span, removable: None });
            }
            seen.push((&asked.value, asked.span));
        }
        None
    }

    /// Two elements of a list that the declaration writes: of one that has the value, or else of any.
    fn written(&self, repetition: &Repetition<'_>) -> Option<Pair> {
        let world = &self.stack.graph.world;
        let mut found: Option<(bool, Pair)> = None;
        written::each(world, world.instance(repetition.resource.owner)?, &mut |written| {
            let Value::List(values) = &written.value else { return };
            let Some((first, second)) = twice(self.template, values) else { return };
            let certain = values.get(second).is_some_and(|value| self.is_it(value));
            if found.as_ref().is_some_and(|(before, _)| *before >= certain) {
                return;
            }
            let whole = written.expr.span;
            let elements = match &written.expr.node {
                Node::List(elements) if elements.len() == values.len() => elements.as_slice(),
                _ => &[],
            };
            let place = |at: usize| elements.get(at).map(|element| element.span);
            let before = second.checked_sub(1).and_then(place);
            let removable = before.zip(place(second)).map(|(before, span)| Span { start: before.end, ..span });
            let (first, second) = (place(first).unwrap_or(whole), place(second).unwrap_or(whole));
            found = Some((certain, Pair { what: format!("`{}`", written.path), first, second, removable }));
        });
        found.map(|(_, pair)| pair)
    }

    /// Whether a value of the program is, or has, what the items of the template have in common.
    fn is_it(&self, value: &Value) -> bool {
        match value {
            Value::Ref(id) => self.agreeing.iter().any(|json| {
                let resources = self.template.resources.values().filter(|resource| resource.owner == *id);
                resources.into_iter().any(|resource| json.to_string().contains(&format!("\"{}\"", resource.id)))
            }),
            Value::Record(fields) => fields.values().any(|value| self.is_it(value)),
            Value::Deploy(_) => true,
            other => self.agreeing.iter().any(|json| {
                let text = other.as_str().map_or_else(|| other.to_string(), str::to_string);
                json.as_str().map_or_else(|| json.to_string(), str::to_string).contains(&text)
            }),
        }
    }
}

/// Whether two items are the same in some properties, or as a whole.
fn agree(a: &Value, b: &Value, keys: &[String]) -> bool {
    match (a, b) {
        (Value::Record(a), Value::Record(b)) if !keys.is_empty() => keys.iter().all(|key| a.get(key.as_str()) == b.get(key.as_str())),
        _ => a == b,
    }
}

/// The first element that repeats one before it: as a whole, or by the first field of records.
fn twice(template: &Template, values: &[Value]) -> Option<(usize, usize)> {
    let named = |value: &Value| value.as_record().and_then(|fields| fields.values().next().cloned());
    let same = |a: &Value, b: &Value| {
        let one_of_another = owner(template, a).is_some_and(|owner_of_a| Some(owner_of_a) == owner(template, b));
        a == b || one_of_another || named(a).is_some_and(|name| Some(name) == named(b))
    };
    values.iter().enumerate().find_map(|(at, value)| {
        let first = values.iter().take(at).position(|before| same(before, value))?;
        Some((first, at))
    })
}

/// The declaration that a value is, or is an attribute of.
fn owner(template: &Template, value: &Value) -> Option<InstanceId> {
    match value {
        Value::Ref(id) => Some(*id),
        Value::Deploy(deploy) => match &**deploy {
            Deploy::Attr(id, _) => template.resources.get(id).map(|resource| resource.owner),
            _ => None,
        },
        _ => None,
    }
}
