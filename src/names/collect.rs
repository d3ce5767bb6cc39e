//! Declarations from a file's tree. Knows nothing of what names mean.

use super::attributes::{DECLARATION, EDGE, FIELD, STATEMENT};
use crate::base::budget::EXPRESSION_DEPTH;
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Attribute, Body, Decl, Edge, Expr, Item, ItemNode, Module, Parameter, TypeExpr, TypeNode};
use crate::syntax::{Kind, Node, Tree};
use std::sync::Arc;

/// Reads the declarations of a file.
pub fn collect(tree: &Tree, out: &mut Vec<Diagnostic>) -> Module {
    let mut collector = Collector { out, unclosed: false, too_deep: false, allows: Vec::new() };
    let items = collector.items(tree.root());
    Module { file: tree.file(), items, allows: collector.allows }
}

/// Reads trees and reports what stands where it must not.
pub(super) struct Collector<'o> {
    out: &'o mut Vec<Diagnostic>,
    /// Whether the block that is read is never closed: what stands in it may not belong there.
    pub(super) unclosed: bool,
    /// Whether it was said that something nests too deep.
    pub(super) too_deep: bool,
    /// Every `@allow` with the text that it is about.
    pub(super) allows: Vec<(Attribute, Span)>,
}

impl Collector<'_> {
    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.out.push(finding);
    }

    /// Begins to read a block; gives back what held before.
    pub(super) fn open_block(&mut self, block: Node<'_>) -> bool {
        let own = block.child(Kind::unclosed).is_some();
        let before = self.unclosed;
        self.unclosed = before || own;
        before
    }

    /// A statement that cannot stand where it stands. In a block that is never closed that is the closer's fault.
    pub(super) fn misplaced(&mut self, node: Node<'_>, place: &str, expected: &str) {
        if self.unclosed {
            return;
        }
        let text = node.text();
        let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '@').collect();
        let message =
            if word.is_empty() { format!("this is not allowed in {place}") } else { format!("`{word}` is not allowed in {place}") };
        let end = node.span().start + word.len().max(1) as u32;
        let span = Span::new(node.span().file, node.span().start, end);
        self.report(Diagnostic::error("misplaced-statement", span, message).help(format!("{place} holds {expected}")));
    }

    /// An expression, if it does not nest too deep for those who visit it.
    pub(super) fn bounded(&mut self, expr: Expr) -> Expr {
        if expr.depth() <= EXPRESSION_DEPTH {
            return expr;
        }
        self.too_deep(expr.span, EXPRESSION_DEPTH, "an expression", "take parts of it out into `let`s");
        Expr::missing(expr.span)
    }

    /// Reports, once in a file, that something nests too deep.
    pub(super) fn too_deep(&mut self, span: Span, most: u32, what: &str, help: &str) {
        if !std::mem::replace(&mut self.too_deep, true) {
            let message = format!("{what} nests more than {most} deep here");
            self.report(Diagnostic::error("nesting-too-deep", span, message).help(help));
        }
    }

    /// The name of a node that declares one.
    pub(super) fn name(&mut self, node: Node<'_>) -> (Name, Span) {
        match node.child(Kind::ident) {
            Some(name) => (name.text().into(), name.span()),
            None => ("".into(), node.span()),
        }
    }

    /// Each statement of a block with the attributes and the documentation that stand before it.
    pub(super) fn statements<'t>(&mut self, block: Node<'t>) -> Vec<(Node<'t>, Vec<Attribute>, String)> {
        let mut statements = Vec::new();
        let mut attributes = Vec::new();
        let mut end = block.span().start;
        for node in block.children() {
            match node.kind() {
                Kind::attribute => {
                    let (name, _) = self.name(node);
                    let arguments = node.child(Kind::call).map(|c| self.arguments(c)).unwrap_or_default();
                    attributes.push(Attribute { name, span: node.span(), arguments });
                    continue;
                }
                Kind::comma | Kind::hole | Kind::unclosed | Kind::junk => {}
                _ => {
                    let doc = doc(node, end);
                    statements.push((node, std::mem::take(&mut attributes), doc));
                }
            }
            end = node.span().end;
        }
        for attribute in attributes {
            let message = format!("`@{}` is not attached to anything", attribute.name);
            self.report(Diagnostic::error("dangling-attribute", attribute.span, message).help("put it directly before what it is about"));
        }
        statements
    }

    /// The declarations of a file, or of a block that holds some.
    pub(super) fn items(&mut self, block: Node<'_>) -> Vec<Item> {
        let statements = self.statements(block);
        let mut items = Vec::with_capacity(statements.len());
        for (node, attributes, doc) in statements {
            if let Some(item) = self.item(node, &attributes, &doc) {
                let place = if matches!(item, ItemNode::Decl(_)) { DECLARATION } else { STATEMENT };
                self.attributes(&attributes, node, place);
                self.reserved(node, &item);
                items.push(Item { span: node.span(), doc, attributes, node: item });
            }
        }
        items
    }

    fn item(&mut self, node: Node<'_>, attributes: &[Attribute], doc: &str) -> Option<ItemNode> {
        let (name, name_span) = self.name(node);
        let default = |c: &mut Self| node.child(Kind::assign).map(|a| c.child_expr(a, Kind::expr));
        let fields = |c: &mut Self| node.child(Kind::block).map(|b| c.entries(b)).unwrap_or_default();
        Some(match node.kind() {
            Kind::stack_stmt => ItemNode::Stack { name, name_span, fields: fields(self) },
            Kind::use_stmt => ItemNode::Use { path: self.path_text(node), alias: self.alias(node) },
            Kind::import_stmt => ItemNode::Import { path: self.path_text(node), alias: self.alias(node) },
            Kind::param_stmt => ItemNode::Param { name, name_span, ty: self.typed(node), default: default(self), fields: fields(self) },
            Kind::setting_stmt => ItemNode::Setting { name, name_span, ty: self.typed(node), default: default(self) },
            Kind::let_stmt => {
                let value = default(self).unwrap_or_else(|| Expr::missing(node.span()));
                ItemNode::Let { name, name_span, ty: self.typed(node), value }
            }
            Kind::type_stmt => {
                let missing = TypeExpr { span: node.span(), node: TypeNode::Missing };
                let ty = node.child(Kind::type_expr).map(|t| self.type_expr(t)).unwrap_or(missing);
                ItemNode::Type { name, name_span, ty }
            }
            Kind::component_stmt => {
                let parameters = self.parameters(node);
                let items = Arc::new(node.child(Kind::block).map(|b| self.items(b)).unwrap_or_default());
                ItemNode::Component { name, name_span, parameters, items }
            }
            Kind::output_stmt | Kind::export_stmt => {
                let value = default(self).unwrap_or_else(|| Expr::missing(node.span()));
                ItemNode::Output { name, name_span, value, export: node.kind() == Kind::export_stmt }
            }
            Kind::for_stmt => {
                let names = self.loop_names(node);
                let over = self.loop_over(node);
                let by = node.child(Kind::by_clause).map(|b| self.child_expr(b, Kind::expr));
                let items = Arc::new(node.child(Kind::block).map(|b| self.items(b)).unwrap_or_default());
                ItemNode::For { names, over, by, items }
            }
            Kind::if_stmt => self.if_items(node),
            Kind::kind_stmt => ItemNode::Kind(Arc::new(self.kind(node, doc))),
            Kind::rule_stmt => ItemNode::Rule(Arc::new(self.rule(node, doc)?)),
            Kind::assert_stmt => ItemNode::Rule(Arc::new(self.assertion(node, doc)?)),
            Kind::existing_stmt | Kind::resource_stmt => ItemNode::Decl(Arc::new(self.declaration(node, node, attributes, doc))),
            Kind::entry if node.child(Kind::named).is_some() => {
                let named = node.child(Kind::named)?;
                ItemNode::Decl(Arc::new(self.declaration(node, named, attributes, doc)))
            }
            Kind::entry | Kind::keyed => {
                self.stray_field(node);
                return None;
            }
            _ => {
                self.misplaced(node, "a file", "declarations, as `queue jobs { ... }`");
                return None;
            }
        })
    }

    fn if_items(&mut self, node: Node<'_>) -> ItemNode {
        let condition = self.child_expr(node, Kind::expr);
        let then = node.child(Kind::block).map(|b| self.items(b)).unwrap_or_default();
        let otherwise = match node.child(Kind::else_clause) {
            None => Vec::new(),
            Some(clause) => match (clause.child(Kind::block), clause.child(Kind::if_stmt)) {
                (Some(block), _) => self.items(block),
                (None, Some(inner)) => {
                    let node = self.if_items(inner);
                    vec![Item { span: inner.span(), doc: String::new(), attributes: Vec::new(), node }]
                }
                (None, None) => Vec::new(),
            },
        };
        ItemNode::If { condition, then: Arc::new(then), otherwise: Arc::new(otherwise) }
    }

    fn stray_field(&mut self, node: Node<'_>) {
        if node.child(Kind::hole).is_some() {
            return; // The parser has said so already.
        }
        let name = node.child(Kind::path).map_or("", |p| p.text());
        if node.child(Kind::block).is_some() {
            let message = format!("`{name}` has no name");
            self.report(
                Diagnostic::error("missing-name", node.child(Kind::path).unwrap_or(node).span(), message)
                    .help(format!("write `{name} my_{name} {{ ... }}`")),
            );
        } else {
            let message = format!("`{name}` is outside of any declaration");
            let help = format!("write `let {name} = ...`, or move it into a declaration's braces");
            self.report(Diagnostic::error("misplaced-statement", node.span(), message).help(help));
        }
    }

    fn path_text(&mut self, node: Node<'_>) -> Expr {
        match node.children().find(|c| matches!(c.kind(), Kind::string | Kind::long)) {
            Some(text) => self.text(text),
            None => Expr::missing(node.span()),
        }
    }

    fn alias(&mut self, node: Node<'_>) -> Option<(Name, Span)> {
        let name = node.child(Kind::alias)?.child(Kind::ident)?;
        Some((name.text().into(), name.span()))
    }

    /// The parameters of a node that has a `params` child.
    pub(super) fn parameters(&mut self, node: Node<'_>) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for param in node.child(Kind::params).into_iter().flat_map(|p| p.all(Kind::param)) {
            let (name, span) = self.name(param);
            let default = param.child(Kind::assign).map(|a| self.child_expr(a, Kind::expr));
            parameters.push(Parameter { name, span, ty: self.typed(param), default });
        }
        parameters
    }

    fn declaration(&mut self, node: Node<'_>, named: Node<'_>, attributes: &[Attribute], doc: &str) -> Decl {
        let (name, name_span) = self.name(named);
        let kind_node = node.child(Kind::path).or_else(|| node.child(Kind::kind_ref)).unwrap_or(node);
        let resource =
            (node.kind() == Kind::resource_stmt).then(|| node.children().find(|c| matches!(c.kind(), Kind::string | Kind::long))).flatten();
        let resource = resource.map(|r| (Name::from(r.text().trim_matches('"')), r.span()));
        let kind: Name = if resource.is_some() { "resource".into() } else { kind_node.text().into() };
        let body = named.child(Kind::block).map(|b| self.body(b)).unwrap_or_default();
        Decl {
            kind,
            kind_span: resource.as_ref().map_or(kind_node.span(), |r| r.1),
            name,
            name_span,
            span: node.span(),
            doc: doc.to_string(),
            existing: node.kind() == Kind::existing_stmt,
            imported: false,
            resource,
            attributes: attributes.to_vec(),
            body,
        }
    }

    fn body(&mut self, block: Node<'_>) -> Vec<Body> {
        let mut body = Vec::new();
        let before = self.open_block(block);
        for (node, attributes, _) in self.statements(block) {
            let place = if matches!(node.kind(), Kind::on_stmt | Kind::can_stmt) { EDGE } else { FIELD };
            self.attributes(&attributes, node, place);
            match node.kind() {
                Kind::entry | Kind::keyed => body.extend(self.entry(node).map(|e| Body::Entry(e, attributes))),
                Kind::on_stmt => {
                    let subject = self.child_expr(node, Kind::expr);
                    body.push(Body::Edge(Arc::new(Edge { span: node.span(), verb: None, subject, attributes })));
                }
                Kind::can_stmt => {
                    let verb = Some(self.name(node));
                    let subject = self.child_expr(node, Kind::expr);
                    body.push(Body::Edge(Arc::new(Edge { span: node.span(), verb, subject, attributes })));
                }
                Kind::if_stmt => {
                    let (condition, then, otherwise) = self.if_parts(node, |c, b| c.body(b), |(c, a, b)| vec![Body::If(c, a, b)]);
                    body.push(Body::If(condition, then, otherwise));
                }
                Kind::for_stmt => {
                    let names = self.loop_names(node);
                    let over = self.loop_over(node);
                    let inner = node.child(Kind::block).map(|b| self.body(b)).unwrap_or_default();
                    body.push(Body::For(names, over, inner));
                }
                _ => self.misplaced(
                    node,
                    "a declaration",
                    "fields (`name = value`), triggers (`on source.event()`) and capabilities (`can verb target`)",
                ),
            }
        }
        self.unclosed = before;
        body
    }
}

/// The documentation comment (`///`) that stands between the statement before and a statement.
fn doc(node: Node<'_>, from: u32) -> String {
    let gap = node.tree().slice(from, node.span().start);
    let lines = gap.lines().filter_map(|line| line.trim().strip_prefix("///"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}
