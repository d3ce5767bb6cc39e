//! Taking an expression or declarations out into a name of their own, and putting a name's value back where it is used.

use super::actions::Action;
use super::target::references;
use crate::base::{Edit, Span};
use crate::syntax::{Kind, Node, Tree};

/// What can be done with a selection of a text.
pub fn extractions(tree: &Tree, from: u32, to: u32) -> Vec<Action> {
    let mut out = Vec::new();
    if from < to {
        if let Some(expr) = selected(tree, from, to) {
            out.extend(to_let(tree, expr));
            out.extend(to_param(tree, expr));
        }
        out.extend(to_component(tree, from, to));
    } else {
        out.extend(inline(tree, from));
    }
    out
}

/// The expression that a selection is, blanks around it aside.
fn selected(tree: &Tree, from: u32, to: u32) -> Option<Span> {
    let text = tree.slice(from, to);
    let start = from + (text.len() - text.trim_start().len()) as u32;
    let end = to - (text.len() - text.trim_end().len()) as u32;
    let is = |n: &Node<'_>| n.kind() == Kind::expr && n.trimmed().start == start && n.trimmed().end == end;
    tree.root().descendants().any(|n| is(&n)).then(|| Span::new(tree.file(), start, end))
}

/// The outermost statement around a place, or the outermost of the component that it is in; with what stands before it.
fn statement<'t>(tree: &'t Tree, at: u32) -> Option<Node<'t>> {
    let holds = |n: &Node<'t>| n.trimmed().start <= at && at <= n.trimmed().end;
    let outer = tree.root().children().find(holds)?;
    if outer.kind() != Kind::component_stmt {
        return Some(outer);
    }
    outer.child(Kind::block)?.children().find(holds)
}

/// Where a statement begins, attributes and documentation before it included.
fn before(tree: &Tree, statement: Node<'_>) -> u32 {
    let mut start = statement.trimmed().start;
    loop {
        let text = tree.slice(0, start);
        let line = text.trim_end().rsplit('\n').next().unwrap_or("");
        let above = text.trim_end().len() - line.trim_start().len();
        let gap = tree.slice(above as u32, start).matches('\n').count();
        if gap == 1 && (line.trim_start().starts_with('@') || line.trim_start().starts_with("//")) {
            start = above as u32;
        } else {
            return start;
        }
    }
}

fn indent(tree: &Tree, at: u32) -> String {
    tree.slice(0, at).rsplit('\n').next().unwrap_or("").chars().take_while(|c| c.is_whitespace()).collect()
}

/// A name that the text does not have yet.
fn fresh(tree: &Tree, wish: &str) -> String {
    let taken = |name: &str| !references(tree.text(), name).is_empty();
    let numbered = (2..1000).map(|n| format!("{wish}_{n}"));
    std::iter::once(wish.to_string()).chain(numbered).find(|name| !taken(name)).unwrap_or_else(|| wish.into())
}

/// What the expression is the value of, for a name.
fn named_after(tree: &Tree, expr: Span) -> String {
    let holds = |n: &Node<'_>| {
        n.kind() == Kind::entry && n.span().start <= expr.start && expr.end <= n.span().end && n.child(Kind::assign).is_some()
    };
    let entry = tree.root().descendants().filter(holds).last();
    entry.and_then(|e| e.child(Kind::path)).map_or_else(|| "value".into(), |p| format!("the_{}", p.text().replace('.', "_")))
}

fn to_let(tree: &Tree, expr: Span) -> Option<Action> {
    let at = before(tree, statement(tree, expr.start)?);
    let (name, indent) = (fresh(tree, &named_after(tree, expr)), indent(tree, at));
    let text = format!("let {name} = {}\n\n{indent}", tree.slice(expr.start, expr.end));
    Some(action(format!("take it out as `let {name}`"), vec![insert(tree, at, text), Edit { span: expr, text: name }]))
}

fn to_param(tree: &Tree, expr: Span) -> Option<Action> {
    let value = tree.slice(expr.start, expr.end);
    let outer = tree.root().children().find(|n| n.trimmed().start <= expr.start && expr.end <= n.trimmed().end)?;
    let ty = if value.starts_with('"') && !value.contains("${") {
        "String"
    } else if value.parse::<i64>().is_ok() {
        "Int"
    } else {
        return None;
    };
    let (name, at) = (fresh(tree, &named_after(tree, expr)), before(tree, outer));
    let text = format!("param {name}: {ty} = {value}\n\n");
    Some(action(format!("take it out as `param {name}`"), vec![insert(tree, at, text), Edit { span: expr, text: name }]))
}

/// The value of a `let` back where it is named, in a file that nothing else names it in.
fn inline(tree: &Tree, at: u32) -> Option<Action> {
    let word = tree
        .root()
        .descendants()
        .filter(|n| matches!(n.kind(), Kind::ident | Kind::name))
        .find(|n| n.span().start <= at && at <= n.span().end)?;
    let is = |n: &Node<'_>| n.kind() == Kind::let_stmt && n.child(Kind::ident).is_some_and(|i| i.text() == word.text());
    let declared = tree.root().children().find(is)?;
    let value = declared.child(Kind::assign)?.child(Kind::expr)?;
    let plain = !value.children().any(|n| matches!(n.kind(), Kind::operator | Kind::condition));
    let text = tree.slice(value.trimmed().start, value.trimmed().end);
    let text = if plain { text.to_string() } else { format!("({text})") };
    let own = declared.trimmed();
    let uses = references(tree.text(), word.text()).into_iter().filter(|s| !(own.start <= s.start && s.end <= own.end));
    let mut edits: Vec<Edit> = uses.map(|s| Edit { span: Span::new(tree.file(), s.start, s.end), text: text.clone() }).collect();
    let rest = tree.slice(own.end, tree.text().len() as u32);
    let blank = rest.len() - rest.trim_start_matches(['\n', ' ', '\t']).len();
    edits.push(Edit { span: Span::new(tree.file(), before(tree, declared), own.end + blank as u32), text: String::new() });
    Some(action(format!("put the value of `{}` where it is named", word.text()), edits))
}

/// Whole declarations as a component, which is used in their place; what others name of them becomes an output.
fn to_component(tree: &Tree, from: u32, to: u32) -> Option<Action> {
    let within =
        |n: &Node<'_>| n.kind() == Kind::entry && n.child(Kind::named).is_some() && n.trimmed().start < to && from < n.trimmed().end;
    let chosen: Vec<Node<'_>> = tree.root().children().filter(within).collect();
    let (first, last) = (chosen.first()?, chosen.last()?);
    if first.trimmed().start < from || to < last.trimmed().end {
        return None;
    }
    let whole = Span::new(tree.file(), before(tree, *first), last.trimmed().end);
    let (component, part) = (fresh(tree, "extracted"), fresh(tree, "part"));
    let body = tree.slice(whole.start, whole.end);
    let mut inside: String = body.lines().map(|l| if l.is_empty() { "\n".into() } else { format!("  {l}\n") }).collect();
    let mut edits = Vec::new();
    for name in chosen.iter().filter_map(|n| n.child(Kind::named)?.child(Kind::ident)) {
        let outside: Vec<Span> =
            references(tree.text(), name.text()).into_iter().filter(|s| s.end <= whole.start || whole.end <= s.start).collect();
        if !outside.is_empty() {
            inside.push_str(&format!("\n  output {0} = {0}\n", name.text()));
        }
        let renamed = |s: Span| Edit { span: Span::new(tree.file(), s.start, s.end), text: format!("{part}.{}", name.text()) };
        edits.extend(outside.into_iter().map(renamed));
    }
    edits.push(Edit { span: whole, text: format!("component {component}() {{\n{inside}}}\n\n{component} {part} {{ }}") });
    Some(action(format!("take {} out as a component", if chosen.len() == 1 { "it" } else { "them" }), edits))
}

fn insert(tree: &Tree, at: u32, text: String) -> Edit {
    Edit { span: Span::new(tree.file(), at, at), text }
}

fn action(title: String, edits: Vec<Edit>) -> Action {
    Action { title, edits, preferred: false }
}
