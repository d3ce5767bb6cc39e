//! Changes of what is declared: properties that are missing, a proxy before a database, a monolith along its seams.

use super::actions::Action;
use super::flow::around;
use crate::base::{Edit, FxIndexMap, Span};
use crate::model::{InstanceId, Value};
use crate::session::{Analysis, Stack};
use crate::syntax::{Kind, Node, Tree};
use crate::types::{Instance, KindInfo, Link, seams};

/// What can be done with the declaration around a place.
pub fn reshapings(analysis: &Analysis, tree: &Tree, at: u32) -> Vec<Action> {
    let Some((stack, instance)) = around(analysis, tree.file(), at) else { return Vec::new() };
    let node = tree.root().descendants().filter(|n| n.kind() == Kind::entry && n.child(Kind::named).is_some());
    let node = node
        .filter(|n| n.child(Kind::named).and_then(|n| n.child(Kind::ident)).is_some_and(|i| i.span() == instance.decl.name_span))
        .last();
    let Some(node) = node else { return Vec::new() };
    let mut out = Vec::new();
    out.extend(instance.kind().and_then(|info| missing(tree, node, info)));
    out.extend(through_proxy(stack, tree, instance, at));
    out.extend(split(stack, tree, node, instance));
    out
}

/// The properties without a default that are not written yet.
fn missing(tree: &Tree, node: Node<'_>, info: &KindInfo) -> Option<Action> {
    let block = node.child(Kind::named)?.child(Kind::block)?;
    let written: Vec<&str> = block.all(Kind::entry).filter_map(|e| e.child(Kind::path)).map(|p| p.text()).collect();
    let properties = info.kind.properties.values().zip(&info.properties);
    let lacking = properties.filter(|(p, ty)| p.default.is_none() && !ty.optional() && !written.contains(&&*p.name));
    let lines: String = lacking.map(|(p, ty)| format!("\n  {} = {}", p.name, example(ty))).collect();
    if lines.is_empty() {
        return None;
    }
    let at = block.span().start + 1;
    // Between empty braces nothing is kept.
    let empty = block.children().next().is_none() && block.text().trim_end().ends_with('}');
    let (end, text) = if empty { (block.trimmed().end - 1, format!("{lines}\n")) } else { (at, lines) };
    let title = format!("add what the {} still needs", info.kind.name);
    Some(Action { title, edits: vec![Edit { span: Span::new(tree.file(), at, end.max(at)), text }], preferred: true })
}

/// A value of a type, to be written over.
fn example(ty: &crate::model::Type) -> String {
    use crate::model::Type;
    match ty.bare() {
        Type::Words(words) => words.first().map_or_else(|| "\"\"".into(), |w| format!("{w:?}")),
        Type::Bool => "false".into(),
        Type::Int | Type::Float => "1".into(),
        Type::Quantity(unit) => format!("1{}", unit.scales().first().map_or("", |(name, _)| name)),
        Type::List(_) => "[]".into(),
        Type::Map(_) | Type::Record(_) => "{ }".into(),
        Type::Ref(kinds) => format!("a_{}", kinds.first().map_or("declaration", |k| k)),
        _ => "\"\"".into(),
    }
}

/// `can connect database` through a proxy: one that is there, or a new one.
fn through_proxy(stack: &Stack, tree: &Tree, instance: &Instance, at: u32) -> Option<Action> {
    let world = &stack.graph.world;
    let here = |e: &&crate::graph::Edge| {
        e.actor == instance.id && !e.derived && e.span.file == tree.file() && e.span.start <= at && at <= e.span.end
    };
    let edge = stack.graph.edges.iter().find(here).filter(|e| &*e.name == "connect")?;
    let database = world.instance(edge.subject).filter(|i| matches!(i.kind_name(), "database" | "cluster"))?;
    let target = tree.slice(edge.span.start, edge.span.end).strip_prefix("can connect")?.trim_start().to_string();
    let start = edge.span.end - target.len() as u32;
    let named = target.split('(').next().unwrap_or("").trim_end();
    let of = |i: &&Instance| {
        let env = crate::types::Env::kind(world, i.id).lenient();
        i.kind_name() == "proxy" && env.of_instance(i.id, &"target".into(), i.decl.span) == Value::Ref(database.id)
    };
    let mut edits = Vec::new();
    let proxy = match world.instances.iter().find(of) {
        Some(proxy) => proxy.name.to_string(),
        None => {
            let (name, span) = (format!("{}_pool", database.decl.name), database.decl.span);
            edits.push(Edit {
                span: Span::new(span.file, span.end, span.end),
                text: format!("\n\nproxy {name} {{ target = {} }}", database.decl.name),
            });
            name
        }
    };
    // A proxy knows its user itself.
    edits.push(Edit { span: Span::new(tree.file(), start, start + named.len() as u32), text: proxy.clone() });
    let rest = tree.slice(start + named.len() as u32, edge.span.end);
    if !rest.is_empty() {
        edits.push(Edit { span: Span::new(tree.file(), start + named.len() as u32, edge.span.end), text: String::new() });
    }
    Some(Action { title: format!("connect through the proxy `{proxy}`"), edits, preferred: true })
}

/// A function that answers many routes as several, each with its own routes and what it needs.
fn split(stack: &Stack, tree: &Tree, node: Node<'_>, instance: &Instance) -> Option<Action> {
    let world = &stack.graph.world;
    let (parts, shared) = seams(world, instance.id);
    if parts.len() < 2 {
        return None;
    }
    let name = &instance.decl.name;
    let of_part: FxIndexMap<Span, Vec<usize>> = lines(&parts.iter().map(|p| p.routes.iter().chain(&p.needs).collect()).collect::<Vec<_>>());
    let all: Vec<&Link> = parts.iter().flat_map(|p| p.routes.iter().chain(&p.needs)).chain(&shared).collect();
    let inside = |span: Span| span.file == tree.file() && node.span().start <= span.start && span.end <= node.span().end;
    if !all.iter().all(|link| inside(link.span)) || used_elsewhere(stack, instance.id) {
        return None;
    }
    let mut texts = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let word: String = part.heads.first()?.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
        let own = if word.is_empty() { "root".to_string() } else { word.to_lowercase() };
        let (mut text, mut from) = (String::new(), node.trimmed().start);
        for (span, of) in &of_part {
            if !of.contains(&at) {
                // The whole line goes, with what stands before it on the line.
                let start = span.start - tree.slice(0, span.start).rsplit('\n').next().unwrap_or("").len() as u32;
                let rest = tree.slice(span.end, node.trimmed().end);
                text.push_str(tree.slice(from, start.max(from)));
                from = span.end + rest.find('\n').map_or(0, |at| at as u32 + 1);
            }
        }
        text.push_str(tree.slice(from, node.trimmed().end));
        texts.push(text.replacen(&format!(" {name} "), &format!(" {name}_{own} "), 1));
    }
    let title = format!("split `{name}` along its paths into {}", texts.len());
    let indent: String = tree.slice(0, node.trimmed().start).rsplit('\n').next().unwrap_or("").into();
    let edits = vec![Edit { span: node.trimmed(), text: texts.join(&format!("\n\n{indent}")) }];
    Some(Action { title, edits, preferred: false })
}

/// Which parts each line belongs to, in the order of the text.
fn lines(parts: &[Vec<&Link>]) -> FxIndexMap<Span, Vec<usize>> {
    let mut of: FxIndexMap<Span, Vec<usize>> = FxIndexMap::default();
    for (at, links) in parts.iter().enumerate() {
        links.iter().for_each(|link| of.entry(link.span).or_default().push(at));
    }
    of.sort_keys();
    of
}

/// Whether something else names the declaration: it could not be split without changing that.
fn used_elsewhere(stack: &Stack, id: InstanceId) -> bool {
    stack.graph.edges.iter().any(|e| e.subject == id)
}
