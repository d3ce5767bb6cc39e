//! What can stand at a place, the likeliest first.

use super::fill;
use super::hover::documentation;
use super::place::Place;
use crate::model::{Field, Type};
use crate::session::Analysis;
use crate::types::{Binding, KindInfo, Library};

/// Something that can stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What stands there.
    pub label: String,
    /// What it is, in a word or a type.
    pub detail: String,
    /// What is known of it, in Markdown.
    pub documentation: String,
    /// What is put in, with `$0` where the writing goes on.
    pub snippet: String,
    /// What kind of thing it is.
    pub kind: CompletionKind,
}

/// Kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompletionKind {
    Kind,
    Property,
    Word,
    Declaration,
    Event,
    Verb,
    Keyword,
    File,
}

const STATEMENTS: [(&str, &str); 9] = [
    ("stack", "stack ${1:name}\n$0"),
    ("param", "param ${1:name}: ${2:String}\n$0"),
    ("setting", "setting ${1:name}: ${2:String} = $0"),
    ("let", "let ${1:name} = $0"),
    ("use", "use \"./${1:file}.purlin\" as ${2:name}\n$0"),
    ("component", "component ${1:name}($2) {\n  $0\n}"),
    ("output", "output ${1:name} = $0"),
    ("export", "export ${1:name} = $0"),
    ("existing", "existing ${1:kind} ${2:name} {\n  arn = \"$0\"\n}"),
];

/// Lists a folder, by its path from the source: names, those of folders with a `/` behind.
pub type List<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// What can stand at a place.
pub fn complete(place: &Place, library: &Library, analysis: Option<&Analysis>, list: List<'_>) -> Vec<Completion> {
    let before = place.before().trim_start();
    if let Some(found) = fill::inside(place, library, analysis, list) {
        return found;
    }
    let Some((kind, node)) = place.declaration() else {
        return if before.chars().all(|c| c.is_alphanumeric() || c == '_') { outermost(library, analysis) } else { Vec::new() };
    };
    let info = library.kind(kind);
    if let Some(rest) = before.strip_prefix("on ") {
        return sources(rest.trim_start(), kind, library, analysis);
    }
    if let Some(rest) = before.strip_prefix("can ") {
        return capabilities(rest.trim_start(), library, analysis);
    }
    let Some(info) = info else { return Vec::new() };
    if let Some((name, written)) = before.split_once('=') {
        let ty = fill::type_of(place, info, name.trim());
        return ty.map(|ty| fill::values_of(&ty, written.trim(), analysis)).unwrap_or_default();
    }
    if !before.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Vec::new();
    }
    match fill::record(place, info) {
        Some((fields, written)) => fields.iter().filter(|f| !is_set(&written, &f.name)).map(field).collect(),
        None => properties(info, node.text()),
    }
}

/// Whether a text gives a field a value.
fn is_set(text: &str, name: &str) -> bool {
    text.lines().any(|l| l.trim_start().strip_prefix(name).is_some_and(|r| r.trim_start().starts_with(['=', '{'])))
}

fn field(field: &Field) -> Completion {
    Completion {
        label: field.name.to_string(),
        detail: field.ty.to_string(),
        documentation: String::new(),
        snippet: assigned(&field.name, &field.ty),
        kind: CompletionKind::Property,
    }
}

/// `name = $0`, or a block where the value is a record.
fn assigned(name: &str, ty: &Type) -> String {
    if matches!(ty.bare(), Type::Record(_) | Type::Map(_)) { format!("{name} {{\n  $0\n}}") } else { format!("{name} = $0") }
}

fn outermost(library: &Library, analysis: Option<&Analysis>) -> Vec<Completion> {
    let kinds = library.kinds().map(|info| Completion {
        label: info.kind.name.to_string(),
        detail: "kind".into(),
        documentation: documentation(&info.kind.doc),
        snippet: snippet(info),
        kind: CompletionKind::Kind,
    });
    let statements = STATEMENTS.iter().map(|(word, snippet)| Completion {
        label: (*word).into(),
        detail: "statement".into(),
        documentation: String::new(),
        snippet: (*snippet).into(),
        kind: CompletionKind::Keyword,
    });
    let frames = analysis.into_iter().flat_map(|a| &a.stacks).flat_map(|s| &s.graph.world.frames);
    let components = frames.flat_map(|f| &f.names).filter_map(|(name, bound)| match &bound.to {
        Binding::Component(_) => Some(name),
        _ => None,
    });
    let components = components.map(|name| Completion {
        label: name.to_string(),
        detail: "component".into(),
        documentation: String::new(),
        snippet: format!("{name} ${{1:name}} {{ $0 }}"),
        kind: CompletionKind::Kind,
    });
    components.chain(kinds).chain(statements).collect()
}

/// A whole declaration with the properties that have no default.
fn snippet(info: &KindInfo) -> String {
    let mut out = format!("{} ${{1:name}} {{\n", info.kind.name);
    for (at, (name, ty)) in required(info).enumerate() {
        let value = if matches!(ty.bare(), Type::String) { format!("\"${}\"", at + 2) } else { format!("${}", at + 2) };
        out.push_str(&format!("  {name} = {value}\n"));
    }
    out + "  $0\n}"
}

fn required(info: &KindInfo) -> impl Iterator<Item = (&str, &Type)> {
    let lacks = |(p, ty): &(&crate::model::Property, &Type)| p.default.is_none() && !ty.optional();
    info.kind.properties.values().zip(&info.properties).filter(lacks).map(|(p, ty)| (&*p.name, ty))
}

/// The properties that are not set yet, those without a default first; then edges.
fn properties(info: &KindInfo, written: &str) -> Vec<Completion> {
    let mut out: Vec<Completion> = Vec::new();
    let needed: Vec<&str> = required(info).map(|(name, _)| name).collect();
    for first in [true, false] {
        for (property, ty) in info.kind.properties.values().zip(&info.properties) {
            if needed.contains(&&*property.name) == first && !is_set(written, &property.name) {
                out.push(Completion {
                    label: property.name.to_string(),
                    detail: ty.to_string(),
                    documentation: documentation(&property.doc),
                    snippet: assigned(&property.name, ty),
                    kind: CompletionKind::Property,
                });
            }
        }
    }
    for (word, what) in [("on", "a trigger"), ("can", "a capability")] {
        out.push(Completion {
            label: word.into(),
            detail: what.into(),
            documentation: String::new(),
            snippet: format!("{word} $0"),
            kind: CompletionKind::Keyword,
        });
    }
    out
}

pub(super) fn declarations(analysis: Option<&Analysis>) -> impl Iterator<Item = (&str, &str, &str)> {
    let instances = analysis.into_iter().flat_map(|a| &a.stacks).flat_map(|s| &s.graph.world.instances);
    instances.map(|i| (&*i.decl.name, i.kind_name(), i.decl.doc.as_str()))
}

fn declaration(name: &str, kind: &str, doc: &str) -> Completion {
    Completion {
        label: name.into(),
        detail: kind.into(),
        documentation: documentation(doc),
        snippet: name.into(),
        kind: CompletionKind::Declaration,
    }
}

fn sources(written: &str, kind: &str, library: &Library, analysis: Option<&Analysis>) -> Vec<Completion> {
    if let Some((source, _)) = written.split_once('.') {
        let Some((_, of, _)) = declarations(analysis).find(|(name, ..)| *name == source) else { return Vec::new() };
        let Some(info) = library.kind(of) else { return Vec::new() };
        let events = info.kind.events.iter().filter(|e| &*e.target == kind);
        return events
            .map(|e| Completion {
                label: e.name.to_string(),
                detail: e.mode.word().into(),
                documentation: documentation(&e.doc),
                snippet: format!("{}($0)", e.name),
                kind: CompletionKind::Event,
            })
            .collect();
    }
    let wakes = |of: &str| library.kind(of).is_some_and(|i| i.kind.events.iter().any(|e| &*e.target == kind));
    let mut out: Vec<Completion> = declarations(analysis).filter(|(_, of, _)| wakes(of)).map(|(n, k, d)| declaration(n, k, d)).collect();
    out.dedup();
    out
}

fn capabilities(written: &str, library: &Library, analysis: Option<&Analysis>) -> Vec<Completion> {
    if let Some((verb, _)) = written.split_once(' ') {
        let offers = |of: &str| library.kind(of).is_some_and(|i| i.kind.verbs.get(verb).is_some_and(|v| !v.internal()));
        let mut out: Vec<Completion> =
            declarations(analysis).filter(|(_, of, _)| offers(of)).map(|(n, k, d)| declaration(n, k, d)).collect();
        out.dedup();
        return out;
    }
    let mut out: Vec<Completion> = Vec::new();
    for info in library.kinds() {
        for verb in info.kind.verbs.values().filter(|v| !v.internal()) {
            match out.iter_mut().find(|c| c.label == *verb.name) {
                Some(known) => known.detail = format!("{}, {}", known.detail, info.kind.name),
                None => out.push(Completion {
                    label: verb.name.to_string(),
                    detail: info.kind.name.to_string(),
                    documentation: documentation(&verb.doc),
                    snippet: format!("{} $0", verb.name),
                    kind: CompletionKind::Verb,
                }),
            }
        }
    }
    out
}

pub(super) fn values(ty: &Type, analysis: Option<&Analysis>) -> Vec<Completion> {
    let word = |text: String| Completion {
        label: text.clone(),
        detail: ty.to_string(),
        documentation: String::new(),
        snippet: text,
        kind: CompletionKind::Word,
    };
    match ty.bare() {
        Type::Words(words) => words.iter().map(|w| word(format!("{w:?}"))).collect(),
        Type::Bool => ["true", "false"].map(|w| word(w.into())).into(),
        Type::Quantity(unit) => unit.scales().iter().map(|(name, _)| word(format!("1{name}"))).collect(),
        Type::Ref(kinds) => {
            let fits = |of: &str| kinds.is_empty() || kinds.iter().any(|k| **k == *of);
            let mut out: Vec<Completion> =
                declarations(analysis).filter(|(_, of, _)| fits(of)).map(|(n, k, d)| declaration(n, k, d)).collect();
            out.dedup();
            out
        }
        Type::OneOf(types) => types.iter().flat_map(|t| values(t, analysis)).collect(),
        _ => Vec::new(),
    }
}
