//! What follows from what is written: the rights of an edge, the time that is left, how many connections: beside the line
//! that it follows from.

use crate::base::{FileId, Span};
use crate::emit::Statement;
use crate::graph::Waits;
use crate::model::{Unit, Value};
use crate::session::{Analysis, Stack};
use crate::types::Env;
use rustc_hash::FxHashMap;

/// Something that follows from a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The line's own span: it is shown behind it.
    pub span: Span,
    /// In a few words.
    pub text: String,
    /// In full, in Markdown.
    pub about: String,
}

/// What follows from the lines of a file, in their order.
pub fn hints(analysis: &Analysis, file: FileId) -> Vec<Hint> {
    let mut out = Vec::new();
    for stack in &analysis.stacks {
        rights(stack, file, &mut out);
        deadlines(stack, file, &mut out);
        copies(stack, file, &mut out);
    }
    out.sort_by_key(|hint| (hint.span.end, hint.text.clone()));
    out.dedup();
    out
}

/// The statements that a line asks for.
pub fn statements(analysis: &Analysis, span: Span) -> Vec<&Statement> {
    let templates = analysis.stacks.iter().filter_map(|s| s.template.as_ref());
    templates.flat_map(|t| t.statements.values().flatten()).filter(|s| s.spans.contains(&span)).collect()
}

/// A statement in Markdown.
pub fn statement(statement: &Statement) -> String {
    let condition = statement.condition.as_ref().map(|c| format!("\n\nwhere `{c}`")).unwrap_or_default();
    format!("`{}`\n\non `{}`{condition}", statement.actions.join("`, `"), statement.resource_texts().join("`, `"))
}

fn rights(stack: &Stack, file: FileId, out: &mut Vec<Hint>) {
    let Some(template) = &stack.template else { return };
    let mut of_line: FxHashMap<Span, Vec<&Statement>> = FxHashMap::default();
    for found in template.statements.values().flatten() {
        found.spans.iter().filter(|s| s.file == file).for_each(|span| of_line.entry(*span).or_default().push(found));
    }
    for edge in stack.graph.edges.iter().filter(|e| e.span.file == file && !e.derived) {
        let Some(found) = of_line.get(&edge.span) else { continue };
        let mut actions: Vec<&str> = found.iter().flat_map(|s| &s.actions).map(|a| &**a).collect();
        actions.dedup();
        let Some(first) = actions.first() else { continue };
        let text = if actions.len() == 1 { first.to_string() } else { format!("{first} and {} more", actions.len() - 1) };
        let about = found.iter().map(|s| statement(s)).collect::<Vec<_>>().join("\n\n---\n\n");
        out.push(Hint { span: edge.span, text, about });
    }
}

fn deadlines(stack: &Stack, file: FileId, out: &mut Vec<Hint>) {
    let mut least: FxHashMap<Span, (i64, String)> = FxHashMap::default();
    for path in Waits::of(&stack.graph).paths() {
        for hop in path.hops.iter().filter(|hop| hop.span.file == file) {
            let name = stack.graph.world.instance(hop.who).map_or("", |i| &i.name);
            let about = format!("`{name}` may take {}", Unit::Time.show(hop.takes));
            let known = least.entry(hop.span).or_insert((hop.left, about.clone()));
            if hop.left < known.0 {
                *known = (hop.left, about);
            }
        }
    }
    for (span, (left, about)) in least {
        let text = if left < 0 { format!("{} too many", Unit::Time.show(-left)) } else { format!("{} left", Unit::Time.show(left)) };
        out.push(Hint { span, about: format!("{about}: {text}"), text });
    }
}

/// The worst case of connections, and how long messages are hidden, beside the edges that ask for them.
fn copies(stack: &Stack, file: FileId, out: &mut Vec<Hint>) {
    let world = &stack.graph.world;
    for edge in stack.graph.edges.iter().filter(|e| e.span.file == file && !e.derived) {
        let of = |id, name: &str| {
            let offers = world
                .instance(id)
                .and_then(|i| i.kind())
                .is_some_and(|k| k.kind.outs.contains_key(name) || k.kind.properties.contains_key(name));
            offers.then(|| Env::kind(world, id).lenient().of_instance(id, &name.into(), edge.span))
        };
        if let (Some(Value::Int(pool)), Some(Value::Int(copies))) = (edge.arguments.get("pool").cloned(), of(edge.actor, "copies")) {
            let about = format!("up to {copies} copies with {pool} each, in the worst case");
            out.push(Hint { span: edge.span, text: format!("up to {} connections", copies * pool), about });
        }
        if let (true, Some(Value::Quantity(hidden, Unit::Time))) = (edge.as_event(world).is_some(), of(edge.subject, "visibility")) {
            let about = "how long a message is hidden from others while it is worked on".to_string();
            out.push(Hint { span: edge.span, text: format!("hidden for {}", Unit::Time.show(hidden)), about });
        }
    }
}
