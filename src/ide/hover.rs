//! What a word means, in Markdown.

use super::derived::{statement, statements};
use super::place::Place;
use crate::base::FileId;
use crate::model::{Entry, Expr, Leaf, Node, Step};
use crate::session::{Analysis, rules};
use crate::types::{BUILTINS, KindInfo, Library, a_kind};

/// What the word at a place means; of an edge, also the statements that it gives.
pub fn hover(place: &Place, library: &Library, analysis: Option<&Analysis>, file: FileId) -> Option<String> {
    let meant = meaning(place, library, analysis);
    let rights = analysis.and_then(|a| rights(a, file, place.at as u32));
    match (meant, rights) {
        (Some(meant), Some(rights)) => Some(format!("{meant}\n\n---\n\n{rights}")),
        (meant, rights) => meant.or(rights),
    }
}

/// The statements that the edge at a place gives.
fn rights(analysis: &Analysis, file: FileId, at: u32) -> Option<String> {
    let edges = analysis.stacks.iter().flat_map(|s| &s.graph.edges);
    let edge = edges.into_iter().find(|e| !e.derived && e.span.file == file && e.span.start <= at && at <= e.span.end)?;
    let found: Vec<String> = statements(analysis, edge.span).into_iter().map(statement).collect();
    (!found.is_empty()).then(|| format!("Its rights:\n\n{}", found.join("\n\n")))
}

fn meaning(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<String> {
    let (word, span) = place.word()?;
    let declaration = place.declaration();
    let line = place.text().get(..span.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("").trim_start().to_string();
    if let Some((kind, _)) = declaration
        && let Some(info) = library.kind(kind)
    {
        if place.names_field() {
            let nested = super::fill::record(place, info).and_then(|(fields, _)| fields.into_iter().find(|f| *f.name == *word));
            if let Some(field) = nested {
                return Some(format!("```purlin\n{word}: {}\n```", field.ty));
            }
            if let Some(text) = property(info, word) {
                return Some(text);
            }
        }
        if line.strip_prefix("can ").is_some_and(|rest| rest.trim().is_empty()) {
            let after = place.text().get(span.end as usize..).unwrap_or("").lines().next().unwrap_or("");
            let target: String = after.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            return verb(library, word, kind_of(analysis, &target).as_deref());
        }
    }
    if (line.is_empty() || line == "existing ")
        && let Some(info) = library.kind(word)
    {
        return Some(format!("**{}**\n\n{}", a_kind(word), documentation(&info.kind.doc)));
    }
    if line.contains("@allow(")
        && let Some(rule) = rule_at(place)
        && let Some(info) = rules().get(&rule)
    {
        return Some(format!("**{}** ({})\n\n{}", info.name, info.severity.word(), info.about));
    }
    let builtin = || BUILTINS.iter().find(|b| b.name == word).map(|b| format!("```purlin\n{}\n```\n\n{}", b.usage, b.doc));
    event(place, library, analysis, word).or_else(|| instance(analysis?, word)).or_else(builtin)
}

/// The kebab-case name at the place.
fn rule_at(place: &Place) -> Option<String> {
    let text = place.text();
    let part = |c: char| c.is_alphanumeric() || c == '-';
    let start = text.get(..place.at)?.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(place.at, |(i, _)| i);
    Some(text.get(start..)?.chars().take_while(|c| part(*c)).collect())
}

fn property(info: &KindInfo, name: &str) -> Option<String> {
    let (at, _, property) = info.kind.properties.get_full(name)?;
    let ty = info.properties.get(at).map(ToString::to_string).unwrap_or_default();
    let default = property.default.as_ref().map(|d| crate::types::Library::source_of(d.span)).unwrap_or_default();
    let default = if default.is_empty() { String::new() } else { format!(" = {default}") };
    let becomes = becomes(&info.kind.steps, name);
    let becomes = if becomes.is_empty() { String::new() } else { format!("\n\nIn CloudFormation: {}", becomes.join(", ")) };
    Some(format!("```purlin\n{name}: {ty}{default}\n```\n\n{}{becomes}", documentation(&property.doc)))
}

/// The properties of CloudFormation whose value is made from a property: three at most.
fn becomes(steps: &[Step], name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for step in steps {
        match step {
            Step::Leaf(Leaf::Emit(emit)) => {
                for entry in &emit.fields {
                    if let Entry::Field { key, value, .. } = entry
                        && made_from(value, name)
                    {
                        out.push(format!("`{}` `{key}`", emit.resource));
                    }
                }
            }
            Step::If(_, then, otherwise) => {
                out.extend(becomes(then, name));
                out.extend(becomes(otherwise, name));
            }
            Step::For { steps, .. } => out.extend(becomes(steps, name)),
            _ => {}
        }
    }
    out.truncate(3);
    out
}

fn made_from(value: &Expr, name: &str) -> bool {
    match &value.node {
        Node::Name(n) => **n == *name,
        Node::Cast(inner, ..) => made_from(inner, name),
        Node::If(then, _, otherwise) => made_from(then, name) || otherwise.as_ref().is_some_and(|o| made_from(o, name)),
        Node::Member(inner, ..) => made_from(inner, name),
        Node::Call(_, arguments) => matches!(arguments.as_slice(), [only] if made_from(&only.value, name)),
        _ => false,
    }
}

/// The kind of a declaration by its name.
fn kind_of(analysis: Option<&Analysis>, name: &str) -> Option<String> {
    let instances = analysis.into_iter().flat_map(|a| &a.stacks).flat_map(|s| &s.graph.world.instances);
    instances.into_iter().find(|i| &*i.decl.name == name || &*i.name == name).map(|i| i.kind_name().to_string())
}

/// What a verb does, with the kind of its target if that is known, or else with each.
fn verb(library: &Library, word: &str, target: Option<&str>) -> Option<String> {
    let mut out = String::new();
    for info in library.kinds().filter(|info| target.is_none_or(|kind| kind == &*info.kind.name)) {
        if let Some(verb) = info.kind.verbs.get(word).filter(|v| !v.internal()) {
            out.push_str(&format!("**can {word}** {}: {}\n\n", a_kind(&info.kind.name), documentation(&verb.doc)));
        }
    }
    (!out.is_empty()).then(|| out.trim_end().to_string())
}

fn event(place: &Place, library: &Library, analysis: Option<&Analysis>, word: &str) -> Option<String> {
    let before = place.before();
    let source = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').strip_suffix('.')?;
    let source = source.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let instance = analysis?.stacks.iter().flat_map(|s| &s.graph.world.instances).find(|i| &*i.decl.name == source)?;
    let info = library.kind(instance.kind_name())?;
    let event = info.kind.events.iter().find(|e| &*e.name == word)?;
    Some(format!("**{}.{word}** ({})\n\n{}", instance.kind_name(), event.mode.word(), documentation(&event.doc)))
}

fn instance(analysis: &Analysis, word: &str) -> Option<String> {
    let instance = analysis.stacks.iter().flat_map(|s| &s.graph.world.instances).find(|i| &*i.decl.name == word)?;
    Some(format!("**{} {}**\n\n{}", instance.kind_name(), instance.name, documentation(&instance.decl.doc)))
}

/// A documentation comment with its source as a link.
pub(super) fn documentation(doc: &str) -> String {
    let line = |line: &str| match line.trim().strip_prefix("source: ") {
        Some(page) => format!("\n[source]({page})"),
        None => line.to_string(),
    };
    doc.lines().map(line).collect::<Vec<_>>().join("\n")
}
