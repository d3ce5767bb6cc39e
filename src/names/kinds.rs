//! Kinds from trees: what the standard library's files declare. Knows nothing of what names mean.

use super::attributes::{APPEND, EMIT, EVENT, OUT, PROPERTY, STATEMENT, VERB};
use super::collect::Collector;
use crate::base::{Diagnostic, FxIndexMap, Name, Severity};
use crate::model::kind::Kind;
use crate::model::{Attribute, Check, Emit, Entry, Event, Expr, Grant, Leaf, Mode, Needs, Out, Property, Step, TypeExpr, TypeNode, Verb};
use crate::syntax::{Kind as K, Node};

impl Collector<'_> {
    /// A `kind_stmt` node.
    pub(super) fn kind(&mut self, node: Node<'_>, doc: &str) -> Kind {
        let (name, span) = self.name(node);
        let mut kind = Kind { name, span, doc: doc.to_string(), ..Kind::default() };
        let Some(block) = node.child(K::block) else { return kind };
        for (node, attributes, doc) in self.statements(block) {
            self.kind_part(&mut kind, node, attributes, doc);
        }
        kind
    }

    fn kind_part(&mut self, kind: &mut Kind, node: Node<'_>, attributes: Vec<Attribute>, doc: String) {
        let (name, span) = self.name(node);
        match node.kind() {
            K::verb_stmt => self.attributes(&attributes, node, VERB),
            K::event_stmt => self.attributes(&attributes, node, EVENT),
            K::entry => self.attributes(&attributes, node, PROPERTY),
            K::out_stmt => self.attributes(&attributes, node, OUT),
            _ => {}
        }
        match node.kind() {
            K::entry if node.child(K::typed).is_some() => {
                let path = node.child(K::path).unwrap_or(node);
                let name: Name = path.text().into();
                let missing = TypeExpr { span, node: TypeNode::Missing };
                let ty = self.typed(node).unwrap_or(missing);
                let default = node.child(K::assign).map(|a| self.child_expr(a, K::expr));
                kind.properties.insert(name.clone(), Property { name, span: path.span(), doc, ty, default, attributes });
            }
            K::out_stmt => {
                let ty = self.typed(node);
                let value = self.assigned(node);
                kind.outs
                    .insert(name.clone(), Out { name, span, doc, ty, value, internal: attributes.iter().any(|a| &*a.name == "internal") });
            }
            K::verb_stmt => {
                let parameters = self.parameters(node);
                let steps = match (node.child(K::verb_short), node.child(K::block)) {
                    (Some(short), _) => vec![self.short_verb(short)],
                    (None, Some(block)) => self.steps(block),
                    (None, None) => Vec::new(),
                };
                kind.verbs.insert(name.clone(), Verb { name, span, doc, parameters, steps, attributes });
            }
            K::event_stmt => {
                let word = node.all(K::ident).nth(1);
                let mode = word.and_then(|w| Mode::of(w.text()));
                if mode.is_none() {
                    let at = word.unwrap_or(node).span();
                    self.report(Diagnostic::error("unknown-mode", at, "an event is `sync`, `async` or `poll`"));
                }
                let target = node.child(K::to_clause).and_then(|c| c.child(K::kind_ref)).map_or("function".into(), |k| k.text().into());
                let parameters = self.parameters(node);
                let steps = node.child(K::block).map(|b| self.steps(b)).unwrap_or_default();
                let mode = mode.unwrap_or(Mode::Async);
                kind.events.push(Event { name, span, doc, parameters, mode, target, steps, attributes });
            }
            _ => kind.steps.extend(self.step(node, attributes, &doc)),
        }
    }

    fn assigned(&mut self, node: Node<'_>) -> Expr {
        match node.child(K::assign) {
            Some(assign) => self.child_expr(assign, K::expr),
            None => Expr::missing(node.span()),
        }
    }

    fn short_verb(&mut self, node: Node<'_>) -> Step {
        let actions = self.child_expr(node, K::expr);
        let on = self.on_clause(node);
        Step::Leaf(Leaf::Grant(Grant { span: node.span(), actions, on, condition: None }))
    }

    fn on_clause(&mut self, node: Node<'_>) -> Expr {
        match node.child(K::on_clause) {
            Some(clause) => self.child_expr(clause, K::expr),
            None => Expr::missing(node.span()),
        }
    }

    fn steps(&mut self, block: Node<'_>) -> Vec<Step> {
        let statements = self.statements(block);
        statements.into_iter().filter_map(|(node, attributes, doc)| self.step(node, attributes, &doc)).collect()
    }

    fn step(&mut self, node: Node<'_>, attributes: Vec<Attribute>, doc: &str) -> Option<Step> {
        let (name, span) = self.name(node);
        let place = match node.kind() {
            K::emit_stmt => EMIT,
            K::append_stmt => APPEND,
            _ => STATEMENT,
        };
        self.attributes(&attributes, node, place);
        Some(match node.kind() {
            K::let_stmt => Step::Let(name, self.assigned(node)),
            K::if_stmt => {
                let (condition, then, otherwise) = self.if_parts(node, |c, b| c.steps(b), |(c, a, b)| vec![Step::If(c, a, b)]);
                Step::If(condition, then, otherwise)
            }
            K::for_stmt => {
                let names = self.loop_names(node);
                let over = self.loop_over(node);
                let by = node.child(K::by_clause).map(|b| self.child_expr(b, K::expr));
                let steps = node.child(K::block).map(|b| self.steps(b)).unwrap_or_default();
                Step::For { names, over, by, steps }
            }
            K::emit_stmt => {
                let text = node.children().find(|c| c.kind() == K::string);
                let resource = text.map_or("", |t| t.text().trim_matches('"')).into();
                let fields = node.child(K::block).map(|b| self.entries(b)).unwrap_or_default();
                let span = text.map_or(span, |t| t.span());
                Step::Leaf(Leaf::Emit(Emit { label: name, resource, span, fields, attributes }))
            }
            K::grant_stmt => {
                let actions = self.child_expr(node, K::expr);
                let on = self.on_clause(node);
                let condition = node.child(K::where_clause).map(|w| self.child_expr(w, K::expr));
                Step::Leaf(Leaf::Grant(Grant { span: node.span(), actions, on, condition }))
            }
            K::needs_stmt => {
                let of = node.child(K::of_clause).map(|c| self.child_expr(c, K::expr));
                let arguments = node.child(K::call).map(|c| self.arguments(c)).unwrap_or_default();
                Step::Leaf(Leaf::Needs(Needs { span: node.span(), verb: name, arguments, of }))
            }
            K::append_stmt => {
                let path = node.child(K::path)?;
                let value = match node.child(K::block) {
                    Some(block) => Expr::new(block.span(), crate::model::Node::Record(self.entries(block))),
                    None => self.child_expr(node, K::expr),
                };
                let path_names = path.text().split('.').map(Name::from).collect();
                Step::Leaf(Leaf::Append { path: path_names, span: path.span(), value, attributes })
            }
            K::check_stmt => Step::Leaf(Leaf::Check(self.check(node, doc)?)),
            _ => {
                self.misplaced(
                    node,
                    "a kind",
                    "properties (`name: Type = default`), `emit`, `out`, `verb`, `event`, `grant`, `needs`, `append` and `check`",
                );
                return None;
            }
        })
    }

    fn check(&mut self, node: Node<'_>, doc: &str) -> Option<Check> {
        let name = node.child(K::kebab)?;
        let word = node.child(K::ident)?;
        let Some(severity) = Severity::of(word.text()) else {
            self.report(Diagnostic::error("unknown-severity", word.span(), "a check is an `error`, a `warning` or an `advice`"));
            return None;
        };
        let when = match node.child(K::when_clause) {
            Some(clause) => self.child_expr(clause, K::expr),
            None => Expr::missing(node.span()),
        };
        let message = self.child_expr(node, K::expr);
        let mut fields = FxIndexMap::default();
        for entry in node.child(K::block).map(|b| self.entries(b)).unwrap_or_default() {
            if let Entry::Field { key, value, .. } = entry {
                fields.insert(key, value);
            }
        }
        Some(Check { name: name.text().into(), span: name.span(), severity, when, message, fields, doc: doc.to_string() })
    }
}
