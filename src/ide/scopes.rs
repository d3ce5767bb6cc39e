//! The names of one file: which scope each is declared in, and which declaration each use means. Decided by the tree alone,
//! so that it holds for texts with mistakes too. Knows nothing of other files.

use crate::base::Span;
use crate::syntax::{Kind, Node, Tree};

/// What a name is declared as, as far as a rename asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// A declaration of a kind, a component's instance, a constant, a parameter of the stack, a type.
    Item,
    /// A setting: `purlin.toml` names it too.
    Setting,
    /// A component.
    Component,
    /// A parameter of a component: whoever uses the component names it too.
    Parameter,
    /// The alias of a file.
    Alias,
    /// The name of a loop or a list.
    Loop,
}

/// A declared name.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'t> {
    /// The name.
    pub name: &'t str,
    /// Where it is declared.
    pub span: Span,
    /// Where it is known.
    pub scope: Span,
    /// What it is.
    pub what: Declared,
}

/// A use of a name.
#[derive(Clone, Copy, Debug)]
pub struct Use<'t> {
    /// The name.
    pub name: &'t str,
    /// Where it stands.
    pub span: Span,
    /// The name behind its dot, if any.
    pub member: Option<(&'t str, Span)>,
}

/// The names of a file.
#[derive(Debug, Default)]
pub struct Names<'t> {
    /// Every declared name.
    pub bindings: Vec<Binding<'t>>,
    /// Every use of a name.
    pub uses: Vec<Use<'t>>,
    /// The paths of the files that are used, by alias.
    pub files: Vec<(&'t str, &'t str)>,
    /// What is written in each use of a component: its head and the keys of its block.
    pub keys: Vec<(Span, &'t str, Span)>,
    /// Rules and kinds, which have scopes of their own.
    pub closed: Vec<Span>,
}

/// The names of a tree.
pub fn names(tree: &Tree) -> Names<'_> {
    let mut out = Names::default();
    let whole = Span::new(tree.file(), 0, u32::MAX);
    items(tree.root(), whole, &mut out);
    tree.root().children().for_each(|node| uses(node, &mut out));
    out
}

impl<'t> Names<'t> {
    /// What a name means at a place: its declaration in the nearest scope.
    pub fn meant(&self, name: &str, at: Span) -> Option<&Binding<'t>> {
        let known = self.bindings.iter().filter(|b| b.name == name && holds(b.scope, at));
        known.min_by_key(|b| b.scope.len())
    }

    /// The declaration whose name stands at a place, or that a use at a place means.
    pub fn at(&self, span: Span) -> Option<&Binding<'t>> {
        let declared = self.bindings.iter().find(|b| b.span == span);
        declared.or_else(|| self.uses.iter().find(|u| u.span == span).and_then(|u| self.meant(u.name, u.span)))
    }
}

/// Whether a span is within another.
pub fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// What the statements of a file or a component declare, those under `if` and `for` included.
fn items<'t>(around: Node<'t>, scope: Span, out: &mut Names<'t>) {
    let bind = |out: &mut Names<'t>, node: Option<Node<'t>>, scope: Span, what: Declared| {
        if let Some(node) = node {
            out.bindings.push(Binding { name: node.text(), span: node.span(), scope, what });
        }
    };
    for node in around.children() {
        match node.kind() {
            Kind::let_stmt | Kind::param_stmt | Kind::type_stmt | Kind::existing_stmt | Kind::resource_stmt => {
                bind(out, node.child(Kind::ident), scope, Declared::Item);
            }
            Kind::setting_stmt => bind(out, node.child(Kind::ident), scope, Declared::Setting),
            Kind::entry => bind(out, node.child(Kind::named).and_then(|n| n.child(Kind::ident)), scope, Declared::Item),
            Kind::use_stmt | Kind::import_stmt => {
                let alias = node.child(Kind::alias).and_then(|a| a.child(Kind::ident));
                bind(out, alias, scope, Declared::Alias);
                let path = node.child(Kind::string).map(|s| s.text().trim_matches('"'));
                if let (Kind::use_stmt, Some(alias), Some(path)) = (node.kind(), alias, path) {
                    out.files.push((alias.text(), path));
                }
            }
            Kind::component_stmt => {
                bind(out, node.child(Kind::ident), scope, Declared::Component);
                let parameters = node.child(Kind::params).into_iter().flat_map(|p| p.all(Kind::param));
                parameters.for_each(|p| bind(out, p.child(Kind::ident), node.span(), Declared::Parameter));
                node.child(Kind::block).iter().for_each(|block| items(*block, node.span(), out));
            }
            Kind::for_stmt | Kind::if_stmt | Kind::else_clause => {
                node.child(Kind::block).iter().for_each(|block| items(*block, scope, out));
                node.children().filter(|n| matches!(n.kind(), Kind::else_clause | Kind::if_stmt)).for_each(|n| {
                    if n.kind() == Kind::if_stmt {
                        n.child(Kind::block).iter().for_each(|block| items(*block, scope, out));
                    }
                    items(n, scope, out);
                });
            }
            _ => {}
        }
    }
}

/// The names that loops declare, and every use of a name.
fn uses<'t>(node: Node<'t>, out: &mut Names<'t>) {
    match node.kind() {
        // `@allow(rule-name, ...)` reads like a subtraction of names.
        Kind::attribute => return,
        Kind::rule_stmt | Kind::assert_stmt | Kind::kind_stmt => out.closed.push(node.span()),
        Kind::for_stmt => loop_names(node, node.span(), out),
        Kind::list => node.all(Kind::comprehension).for_each(|c| loop_names(c, node.span(), out)),
        Kind::name => out.uses.push(Use { name: node.text(), span: node.span(), member: None }),
        Kind::entry if node.child(Kind::named).is_some() => {
            node.child(Kind::path).iter().for_each(|path| path_use(*path, out));
            if let (Some(path), Some(block)) = (node.child(Kind::path), node.child(Kind::named).and_then(|n| n.child(Kind::block))) {
                keys(path.span(), block, out);
            }
        }
        Kind::kind_ref | Kind::type_atom => node.child(Kind::path).iter().for_each(|path| path_use(*path, out)),
        _ => {}
    }
    let mut before: Option<Node<'t>> = None;
    for child in node.children() {
        uses(child, out);
        // The name before a dot, and the one behind it.
        if child.kind() == Kind::member
            && let (Some(name), Some(member)) = (before.filter(|b| b.kind() == Kind::name), child.child(Kind::ident))
            && let Some(last) = out.uses.iter_mut().rev().find(|u| u.span == name.span())
        {
            last.member = Some((member.text(), member.span()));
        }
        before = Some(child);
    }
}

fn loop_names<'t>(node: Node<'t>, scope: Span, out: &mut Names<'t>) {
    let names = node.all(Kind::ident).chain(node.child(Kind::second).into_iter().flat_map(|s| s.all(Kind::ident)));
    names.for_each(|n| out.bindings.push(Binding { name: n.text(), span: n.span(), scope, what: Declared::Loop }));
}

fn path_use<'t>(path: Node<'t>, out: &mut Names<'t>) {
    let mut parts = path.all(Kind::ident);
    if let Some(first) = parts.next() {
        let member = parts.next().map(|n| (n.text(), n.span()));
        out.uses.push(Use { name: first.text(), span: first.span(), member });
    }
}

/// The keys that a use of a component writes, those under `if` and `for` included.
fn keys<'t>(head: Span, block: Node<'t>, out: &mut Names<'t>) {
    for node in block.children() {
        match node.kind() {
            Kind::entry if node.child(Kind::named).is_none() => {
                let key = node.child(Kind::path).and_then(|p| p.child(Kind::ident));
                out.keys.extend(key.map(|key| (head, key.text(), key.span())));
            }
            Kind::if_stmt | Kind::for_stmt | Kind::else_clause | Kind::block => keys(head, node, out),
            _ => {}
        }
    }
}
