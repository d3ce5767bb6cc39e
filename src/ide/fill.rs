//! What can stand inside of calls, texts, attributes and records, and as a value of a type.

use super::complete::{Completion, CompletionKind, List, declarations, values};
use super::hover::documentation;
use super::place::Place;
use crate::model::{Field, Parameter, Refinement, Type, Value};
use crate::session::{Analysis, rules};
use crate::syntax::Kind;
use crate::types::{BUILTINS, Binding, KindInfo, Library};

fn plain(label: impl Into<String>, detail: impl Into<String>, kind: CompletionKind) -> Completion {
    let label = label.into();
    Completion { snippet: label.clone(), label, detail: detail.into(), documentation: String::new(), kind }
}

/// What can stand in an attribute, a path or a call; `None` where the place is in none.
pub(super) fn inside(place: &Place, library: &Library, analysis: Option<&Analysis>, list: List<'_>) -> Option<Vec<Completion>> {
    let before = place.before().trim_start();
    if let Some(written) = before.strip_prefix('@') {
        return attribute(written);
    }
    if let Some(path) = open_text(before).filter(|_| names_a_file(before)) {
        let folder = path.rfind('/').map_or("", |at| path.get(..=at).unwrap_or(""));
        let source = before.starts_with("use ") || before.starts_with("import_stack ");
        let fits = |name: &String| name.ends_with('/') || !source || name.ends_with(".purlin");
        return Some(list(folder).into_iter().filter(fits).map(|name| plain(name, "file", CompletionKind::File)).collect());
    }
    if open_text(before).is_some() {
        return Some(Vec::new());
    }
    if let Some((value, written)) = before.rsplit_once(" as ")
        && written.chars().all(char::is_alphanumeric)
        && !value.starts_with("use ")
    {
        let units = ["ms", "s", "m", "h", "d", "B", "KB", "MB", "GB", "TB"];
        return Some(units.iter().map(|unit| plain(*unit, "unit", CompletionKind::Word)).collect());
    }
    call(place, library, analysis)
}

/// The text that a line's last quote opens.
fn open_text(before: &str) -> Option<&str> {
    (before.matches('"').count() % 2 == 1).then(|| before.rsplit('"').next()).flatten()
}

fn names_a_file(before: &str) -> bool {
    let starts = ["use ", "import_stack ", "code ", "code="].iter().any(|word| before.starts_with(word));
    starts || before.contains("read_text(\"") || before.contains("read_json(\"")
}

fn attribute(written: &str) -> Option<Vec<Completion>> {
    if let Some(rule) = written.strip_prefix("allow(") {
        let named = rule.contains(',');
        let all = rules().into_values().filter(|r| r.allowable && !named);
        return Some(
            all.map(|r| Completion {
                documentation: r.about.clone(),
                snippet: format!("{}, \"${{1:why this is right here}}\"", r.name),
                ..plain(r.name, r.severity.word(), CompletionKind::Word)
            })
            .collect(),
        );
    }
    let known = [("allow", "allow(${1:rule}, \"${2:why this is right here}\")"), ("id", "id(\"$1\")")];
    let item =
        |(name, snippet): &(&str, &str)| Completion { snippet: (*snippet).into(), ..plain(*name, "attribute", CompletionKind::Keyword) };
    written.chars().all(char::is_alphanumeric).then(|| known.iter().map(item).collect())
}

/// The parameters of the event or the verb whose call the place is in, or values of the one that is written.
fn call(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<Vec<Completion>> {
    let around = place.around();
    let call = around.iter().rev().find(|n| n.kind() == Kind::call && n.span().start < place.at as u32)?;
    let start = place.text().get(..call.span().start as usize)?;
    let head = start.rsplit('\n').next()?.trim_start();
    let (parameters, types) = called(head, place, library, analysis)?;
    let written = place.text().get(call.span().start as usize + 1..place.at)?;
    let argument = written.rsplit([',', '\n']).next()?.trim_start();
    if let Some((label, value)) = argument.split_once(':') {
        let at = parameters.iter().position(|p| *p.name == *label.trim())?;
        return Some(values_of(types.get(at)?, value.trim(), analysis));
    }
    let free = |p: &&Parameter| !written.contains(&format!("{}:", p.name));
    let item = |(p, ty): (&Parameter, &Type)| Completion {
        snippet: format!("{}: $0", p.name),
        ..plain(p.name.to_string(), ty.to_string(), CompletionKind::Property)
    };
    Some(parameters.iter().zip(&types).filter(|(p, _)| free(p)).map(|(p, ty)| item((p, ty))).collect())
}

/// The parameters of what stands before a bracket: `on jobs.messages`, `can read table`.
fn called(head: &str, place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<(Vec<Parameter>, Vec<Type>)> {
    let kind_of = |name: &str| declarations(analysis).find(|(n, ..)| *n == name).map(|(_, kind, _)| kind.to_string());
    if let Some((source, event)) = head.strip_prefix("on ").and_then(|rest| rest.trim_start().rsplit_once('.')) {
        let info = library.kind(&kind_of(source)?)?;
        let of = place.declaration().map(|(kind, _)| kind.to_string());
        let at = info.kind.events.iter().position(|e| *e.name == *event && of.as_deref().is_none_or(|kind| &*e.target == kind))?;
        return Some((info.kind.events.get(at)?.parameters.clone(), info.events.get(at)?.clone()));
    }
    let (verb, target) = head.strip_prefix("can ")?.trim_start().split_once(' ')?;
    let info = library.kind(&kind_of(target.trim())?)?;
    Some((info.kind.verbs.get(verb)?.parameters.clone(), info.verbs.get(verb)?.clone()))
}

/// The fields of the record that the place is in, within a declaration, and what is written of them.
pub(super) fn record(place: &Place, info: &KindInfo) -> Option<(Vec<Field>, String)> {
    let (ty, written) = nested(place, info)?;
    match ty.bare() {
        Type::Record(fields) => Some((fields.to_vec(), written)),
        _ => None,
    }
}

/// The type of a field at the place: of the declaration, or of the record in it that the place is in.
pub(super) fn type_of(place: &Place, info: &KindInfo, name: &str) -> Option<Type> {
    match nested(place, info) {
        Some((ty, _)) => match ty.bare() {
            Type::Record(fields) => fields.iter().find(|f| *f.name == *name).map(|f| f.ty.clone()),
            Type::Map(inner) => Some((**inner).clone()),
            _ => None,
        },
        None => info.kind.properties.get_index_of(name).and_then(|at| info.properties.get(at)).cloned(),
    }
}

/// The type of the innermost record around the place, below the declaration.
fn nested(place: &Place, info: &KindInfo) -> Option<(Type, String)> {
    let (_, declaration) = place.declaration()?;
    let from = declaration.span();
    let mut found: Option<(Type, String)> = None;
    for node in place.around() {
        let inside = node.kind() == Kind::entry && node.span().start > from.start && node.child(Kind::named).is_none();
        let block =
            node.child(Kind::block).or_else(|| node.child(Kind::assign)?.child(Kind::expr)?.child(Kind::record)?.child(Kind::block));
        let (Some(path), Some(block)) = (node.child(Kind::path), block) else { continue };
        if !inside || block.span().start >= place.at as u32 {
            continue;
        }
        let ty = match &found {
            None => info.kind.properties.get_index_of(path.text()).and_then(|at| info.properties.get(at)).cloned(),
            Some((outer, _)) => match outer.bare() {
                Type::Record(fields) => fields.iter().find(|f| &*f.name == path.text()).map(|f| f.ty.clone()),
                Type::Map(inner) => Some((**inner).clone()),
                _ => None,
            },
        };
        found = Some((ty?, block.text().to_string()));
    }
    found
}

/// Whether a quantity is within the bounds of a type.
fn within(ty: &Type, amount: i64) -> bool {
    match ty {
        Type::Optional(inner) => within(inner, amount),
        Type::Refined(inner, Refinement::In(bounds)) => {
            let limit = |value: &Option<Value>| match value {
                Some(Value::Quantity(n, _)) => Some(*n),
                _ => None,
            };
            limit(&bounds.least).is_none_or(|n| n <= amount) && limit(&bounds.most).is_none_or(|n| amount <= n) && within(inner, amount)
        }
        Type::Refined(inner, _) => within(inner, amount),
        _ => true,
    }
}

/// What can be a value of a type, the likeliest first; then what has a name, and what computes one.
pub(super) fn values_of(ty: &Type, written: &str, analysis: Option<&Analysis>) -> Vec<Completion> {
    let number: String = written.chars().take_while(char::is_ascii_digit).collect();
    if let Type::Quantity(unit) = ty.bare() {
        let amount = number.parse::<i64>().unwrap_or(1);
        let fits = |factor: i64| amount.checked_mul(factor).is_some_and(|n| within(ty, n));
        let scales = unit.scales().iter().filter(|(_, factor)| fits(*factor));
        let units: Vec<Completion> =
            scales.map(|(name, _)| plain(format!("{amount}{name}"), ty.to_string(), CompletionKind::Word)).collect();
        if !number.is_empty() || !units.is_empty() {
            return units;
        }
    }
    let mut out = values(ty, analysis);
    if matches!(ty.bare(), Type::List(_)) {
        out.push(Completion { snippet: "[$0]".into(), ..plain("[...]", ty.to_string(), CompletionKind::Word) });
    }
    let worlds = analysis.into_iter().flat_map(|a| &a.stacks).map(|s| &s.graph.world);
    let frames = worlds.flat_map(|w| w.frames.iter().filter(|f| f.parent.is_none()));
    for (name, bound) in frames.flat_map(|f| &f.names) {
        if matches!(bound.to, Binding::Lazy { .. } | Binding::Value(_)) && !name.contains(' ') {
            out.push(plain(name.to_string(), "value", CompletionKind::Declaration));
        }
    }
    if out.is_empty() {
        let call = |b: &crate::types::Builtin| Completion {
            snippet: format!("{}($0)", b.name),
            documentation: documentation(b.doc),
            ..plain(b.name, b.usage, CompletionKind::Verb)
        };
        out.extend(BUILTINS.iter().map(call));
    }
    out
}
