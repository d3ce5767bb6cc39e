//! What does not agree with the types that messages are declared to be of: patterns, types that are named, and messages
//! that are delivered. Kinds say with `@types(argument)` which argument names types. Knows no service.

use super::carried::{Carried, Types};
use super::edge::{Edge, Graph};
use super::flows::read::names;
use super::patterns::{Of, Pattern, patterns};
use crate::base::{Diagnostic, Name, Span};
use crate::flow::filter::{Amiss, Filter, Holds, Part, Verdict, What, amiss, read};
use crate::flow::{Flow, Port, Promiser};
use crate::model::{InstanceId, Type, Value};
use crate::names::nearest;

/// The rule on fields that a type lacks.
pub const FIELD: &str = "unknown-message-field";
/// The rule on values that a field never has.
pub const VALUE: &str = "pattern-unlike-type";
/// The rule on types that are not declared.
pub const TYPE: &str = "unknown-message-type";
/// The rule on messages that are delivered.
pub const DELIVERED: &str = "delivery-unlike-type";

/// What does not agree with the types of messages.
pub fn unlike(graph: &Graph) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        unknown_types(graph, edge, &mut out);
    }
    for pattern in patterns(graph) {
        of_pattern(graph, &pattern, &mut out);
    }
    for edge in graph.edges.iter().filter(|e| !e.derived) {
        of_paths(graph, edge, &mut out);
    }
    delivered(graph, &mut out);
    out
}

fn unknown_types(graph: &Graph, edge: &Edge, out: &mut Vec<Diagnostic>) {
    let Some((argument, named)) = edge.named_types(graph).filter(|(_, named)| !named.is_empty()) else { return };
    let Some(carried) = edge.carried(graph) else { return };
    let Types::By(_, types) = &carried.types else { return };
    let of = name(graph, edge.subject);
    for (at, one) in named.iter().enumerate().filter(|(_, one)| !one.is_empty() && !types.iter().any(|(key, ..)| key == *one)) {
        let (span, exact) = edge.place(&graph.world, &argument, &[Part::Element(at)], Of::Whole);
        let message = format!("`{of}` has no event {one:?}");
        let finding = Diagnostic::error(TYPE, span, message).also(carried.span, format!("the events of `{of}` are declared here"));
        out.push(match nearest(one, types.iter().map(|(key, ..)| &**key)) {
            Some(near) if exact => {
                finding.help(format!("did you mean {near:?}?")).fix(format!("change it to {near:?}"), span, format!("{near:?}"))
            }
            Some(near) => finding.help(format!("did you mean {near:?}?")),
            None => finding.help(format!("declare it with its type in `{}` of `{of}`: `{one:?} = Order`", carried.property)),
        });
    }
}

fn of_pattern(graph: &Graph, pattern: &Pattern<'_>, out: &mut Vec<Diagnostic>) {
    let Some(carried) = pattern.edge.carried(graph) else { return };
    let types = pattern.edge.types_of(graph, &carried);
    let mut all: Vec<String> = types.iter().map(|(_, name, _)| format!("`{name}`")).collect();
    all.dedup();
    let all = all.join(" or ");
    for (at, json) in pattern.written() {
        let found = amiss(&json, pattern.language, pattern.within.as_deref(), &carried.at, types.iter().map(|(.., ty)| *ty));
        for one in &found {
            out.push(finding(graph, pattern, at, one, &all).also(carried.span, format!("`{}` is declared here", carried.property)));
        }
        if found.is_empty() {
            let never: Vec<Diagnostic> = types.iter().filter_map(|one| never(graph, pattern, &carried, (at, &json), *one)).collect();
            // Of types that are not named the pattern may choose some.
            let chosen =
                matches!(carried.types, Types::One(..)) || pattern.edge.named_types(graph).is_some_and(|(_, named)| !named.is_empty());
            match never.len() == types.len() {
                true => out.extend(never.into_iter().take(1)),
                false if chosen => out.extend(never),
                false => {}
            }
        }
    }
}

fn finding(graph: &Graph, pattern: &Pattern<'_>, at: Option<usize>, amiss: &Amiss, types: &str) -> Diagnostic {
    let of = |path: &str| if path.is_empty() { types.to_string() } else { format!("`{path}` of {types}") };
    let (field, last) = (of(&amiss.field), amiss.field.rsplit('.').next().unwrap_or_default());
    let place = |part: Of| pattern.place(&graph.world, at, &amiss.path, part);
    let declared = |finding: Diagnostic| match amiss.declared {
        Some(span) => finding.also(span, format!("{field} is declared here")),
        None => finding,
    };
    match &amiss.what {
        What::Unknown(near, known) => {
            let (span, exact) = place(Of::Name);
            let finding = Diagnostic::error(FIELD, span, format!("{} has no field `{last}`", of(&amiss.of)));
            match near {
                Some(near) if exact => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near),
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("its fields are {}", quoted(known))),
            }
        }
        What::Never(ty, value, near) => {
            let (span, exact) = place(Of::Whole);
            let finding = declared(Diagnostic::error(VALUE, span, format!("{field} is never {value}: its type is {ty}")));
            match near {
                Some(near) if exact => {
                    finding.help(format!("did you mean {near:?}?")).fix(format!("change it to {near:?}"), span, format!("{near:?}"))
                }
                Some(near) => finding.help(format!("did you mean {near:?}?")),
                None => finding.help("compare it with values of its type, or correct the type"),
            }
        }
        What::NoFields(ty) => {
            let message = format!("{field} has no fields: its type is {ty}");
            declared(Diagnostic::error(VALUE, place(Of::Whole).0, message)).help("compare it with a list of its values: `[...]`")
        }
        What::Record(known) => {
            let message = format!("{field} is a record, and this compares it with values");
            let help = format!("name one of its fields: {}", quoted(known));
            declared(Diagnostic::error(VALUE, place(Of::Whole).0, message)).help(help)
        }
    }
}

/// Paths into messages, in the arguments that `@paths` names.
fn of_paths(graph: &Graph, edge: &Edge, out: &mut Vec<Diagnostic>) {
    let attributes = edge.attributes_of_kind(&graph.world).iter().filter(|a| &*a.name == "paths");
    for argument in attributes.flat_map(names) {
        let mut steps = argument.split('.');
        let (Some(name), rest) = (steps.next().map(Name::from), steps.map(|s| Part::Field(s.into())).collect::<Vec<_>>()) else { continue };
        let Some(carried) = edge.carried(graph) else { return };
        let types = edge.types_of(graph, &carried);
        let value = rest.iter().try_fold(edge.arguments.get(&name), |value, part| match (value, part) {
            (Some(Value::Record(fields)), Part::Field(field)) => Some(fields.get(&**field)),
            _ => None,
        });
        let written: Vec<(Vec<Part>, &str)> = match value.flatten() {
            Some(Value::Str(text)) => vec![(rest, text)],
            Some(Value::Record(fields)) => {
                let at = |key: &Name| [rest.clone(), vec![Part::Field(key.to_string())]].concat();
                fields.iter().filter_map(|(key, v)| Some((at(key), v.as_str()?))).collect()
            }
            _ => continue,
        };
        for (at, path) in written {
            out.extend(of_path(graph, edge, (&name, &at), path, &carried, &types));
        }
    }
}

fn of_path(
    graph: &Graph,
    edge: &Edge,
    (argument, at): (&Name, &[Part]),
    path: &str,
    carried: &Carried,
    types: &[(&Name, &Name, &Type)],
) -> Option<Diagnostic> {
    let fields = path.strip_prefix("$.")?.split('.').map(|field| field.split('[').next().unwrap_or(field));
    let mut pattern = serde_json::json!([{ "exists": true }]);
    for field in fields.rev() {
        pattern = serde_json::json!({ field: pattern });
    }
    let language = crate::flow::filter::Language::all().values().find(|l| l.nested)?;
    let found = amiss(&pattern, language, None, &carried.at, types.iter().map(|(.., ty)| *ty));
    let one = found.into_iter().find(|one| !matches!(one.what, What::Record(_)))?;
    let mut names: Vec<String> = types.iter().map(|(_, name, _)| format!("`{name}`")).collect();
    names.dedup();
    let names = names.join(" or ");
    let of = |path: &str| if path.is_empty() { names.clone() } else { format!("`{path}` of {names}") };
    let (message, help) = match &one.what {
        What::Unknown(near, known) => {
            let last = one.field.rsplit('.').next().unwrap_or_default();
            let near = near.as_ref().map(|near| format!("did you mean `{near}`?"));
            (format!("{} has no field `{last}`", of(&one.of)), near.unwrap_or_else(|| format!("its fields are {}", quoted(known))))
        }
        What::NoFields(ty) => (format!("{} has no fields: its type is {ty}", of(&one.field)), "end the path there".to_string()),
        What::Never(..) | What::Record(_) => return None,
    };
    let span = edge.place(&graph.world, argument, at, Of::Whole).0;
    let finding = Diagnostic::error(FIELD, span, message).help(help);
    Some(finding.also(carried.span, format!("`{}` is declared here", carried.property)))
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

/// A pattern that no message of a type fits, although each of its parts fits some.
fn never(
    graph: &Graph,
    pattern: &Pattern<'_>,
    carried: &Carried,
    (at, json): (Option<usize>, &serde_json::Value),
    (_, of, ty): (&Name, &Name, &Type),
) -> Option<Diagnostic> {
    let filter = read(json, pattern.language, Holds::Some).ok().filter(|f| !f.is_impossible())?;
    let filter = pattern.within.as_ref().map_or_else(|| filter.clone(), |to| filter.renamed(&[(String::new(), to.clone())]));
    (filter.meets(&Filter::of_type(ty, &carried.at)) == Verdict::Disjoint).then(|| {
        Diagnostic::error(VALUE, pattern.place(&graph.world, at, &[], Of::Whole).0, format!("no `{of}` fits this pattern"))
            .also(carried.span, format!("`{}` is declared here", carried.property))
            .help("remove the conditions that exclude each other, or name other types")
    })
}

/// Messages that something of one type delivers where another is declared.
fn delivered(graph: &Graph, out: &mut Vec<Diagnostic>) {
    let flows = &graph.loops().flows.graph;
    let mut seen: Vec<(Span, InstanceId)> = Vec::new();
    for edge in flows.edge_indices() {
        let (Some((from, to)), Some(flow)) = (flows.edge_endpoints(edge), flows.edge_weight(edge)) else { continue };
        let (Some(from), Some(Port::Event(target, into))) = (flows.node_weight(from), flows.node_weight(to)) else { continue };
        let Some(promise) = flow.promises.iter().find(|p| p.by == Promiser::Type) else { continue };
        let sent = match from {
            Port::Event(source, event) => Carried::of(&graph.world, *source, event),
            Port::Acts(_) => None,
        };
        let content = sent.as_ref().map_or_else(Filter::any, |carried| carried.promise().content);
        let arrives = content.and(&flow.takes).renamed(&flow.keeps).and(&flow.gives);
        // What never passes is reported where its pattern is.
        let passes = content.meets(&flow.takes) != Verdict::Disjoint;
        if !passes || arrives.meets(&promise.content) != Verdict::Disjoint || seen.contains(&(flow.span, *target)) {
            continue;
        }
        seen.push((flow.span, *target));
        out.extend(differs(graph, flow, (from.instance(), sent.as_ref()), (*target, into)));
    }
}

fn differs(graph: &Graph, flow: &Flow, from: (InstanceId, Option<&Carried>), to: (InstanceId, &str)) -> Option<Diagnostic> {
    let expected = Carried::of(&graph.world, to.0, to.1)?;
    let (source, target) = (name(graph, from.0), name(graph, to.0));
    let what = match &expected.types {
        Types::One(name, _) => format!("`{name}`"),
        Types::By(..) => "one of its events".into(),
    };
    let message = format!("what `{source}` sends to `{target}` is never {what}");
    let mut finding =
        Diagnostic::error(DELIVERED, flow.span, message).also(expected.span, format!("`{}` is declared here", expected.property));
    if let Some(sent) = from.1 {
        finding = finding.also(sent.span, format!("`{}` is declared here", sent.property));
    }
    let fields = flow.gives.fields(&expected.at).map(|fields| quoted(&fields));
    Some(finding.help(match fields {
        Some(fields) => format!("deliver the messages as they are, or declare a type with the fields that arrive: {fields}"),
        None => format!("declare the type of what arrives in `{target}`: it includes what is around the message"),
    }))
}

fn name(graph: &Graph, id: InstanceId) -> Name {
    graph.world.instance(id).map_or_else(|| "?".into(), |i| i.name.clone())
}
