//! Rules and assertions from trees. Knows nothing of what names mean.

use super::collect::Collector;
use crate::base::{Diagnostic, FxIndexMap, Severity};
use crate::model::rule::{Binder, Report, Rule, RuleStep};
use crate::model::{Entry, Expr, TypeExpr, TypeNode};
use crate::syntax::{Kind as K, Node};

impl Collector<'_> {
    /// A `rule_stmt` node.
    pub(super) fn rule(&mut self, node: Node<'_>, doc: &str) -> Option<Rule> {
        let name = node.child(K::kebab)?;
        let word = node.child(K::ident)?;
        let Some(severity) = Severity::of(word.text()) else {
            self.report(Diagnostic::error("unknown-severity", word.span(), "a rule is an `error`, a `warning` or an `advice`"));
            return None;
        };
        let steps = node.child(K::block).map(|b| self.rule_steps(b)).unwrap_or_default();
        Some(Rule { name: name.text().into(), span: name.span(), severity, doc: doc.to_string(), asserts: None, steps })
    }

    /// An `assert_stmt` node.
    pub(super) fn assertion(&mut self, node: Node<'_>, doc: &str) -> Option<Rule> {
        let text = node.children().find(|c| matches!(c.kind(), K::string | K::long))?;
        let asserts = Some(self.text(text));
        let steps = node.child(K::block).map(|b| self.rule_steps(b)).unwrap_or_default();
        Some(Rule { name: "failed-assertion".into(), span: text.span(), severity: Severity::Error, doc: doc.to_string(), asserts, steps })
    }

    fn rule_steps(&mut self, block: Node<'_>) -> Vec<RuleStep> {
        let before = self.open_block(block);
        let statements = self.statements(block);
        let steps = statements.into_iter().filter_map(|(node, attributes, _)| {
            self.attributes(&attributes, node, super::attributes::STATEMENT);
            self.rule_step(node)
        });
        let steps = steps.collect();
        self.unclosed = before;
        steps
    }

    fn rule_step(&mut self, node: Node<'_>) -> Option<RuleStep> {
        Some(match node.kind() {
            K::let_stmt => {
                let value = node.child(K::assign).map(|a| self.child_expr(a, K::expr));
                RuleStep::Let(self.name(node).0, value.unwrap_or_else(|| Expr::missing(node.span())))
            }
            K::if_stmt => {
                let (condition, then, otherwise) = self.if_parts(node, |c, b| c.rule_steps(b), |(c, a, b)| vec![RuleStep::If(c, a, b)]);
                RuleStep::If(condition, then, otherwise)
            }
            K::for_stmt => {
                let steps = node.child(K::block).map(|b| self.rule_steps(b)).unwrap_or_default();
                if node.child(K::typed).is_none() && node.child(K::binder).is_none() {
                    return Some(RuleStep::For { names: self.loop_names(node), over: self.loop_over(node), steps });
                }
                let first = self.binder(node);
                let more: Vec<Node<'_>> = node.all(K::binder).collect();
                let binders = std::iter::once(first).chain(more.into_iter().map(|b| self.binder(b))).collect();
                let filter = node.child(K::where_clause).map(|w| self.child_expr(w, K::expr));
                RuleStep::Each { binders, filter, steps }
            }
            K::report_stmt => RuleStep::Report(self.found(node)),
            _ => {
                self.misplaced(node, "a rule", "`for f: function where ... { ... }`, `if`, `let` and `report at f: \"...\"`");
                return None;
            }
        })
    }

    fn binder(&mut self, node: Node<'_>) -> Binder {
        let (name, span) = self.name(node);
        let ty = self.typed(node).unwrap_or(TypeExpr { span, node: TypeNode::Missing });
        Binder { name, span, ty }
    }

    fn found(&mut self, node: Node<'_>) -> Report {
        let parts: Vec<Node<'_>> = node.all(K::expr).collect();
        let mut expr = |at: usize| match parts.get(at) {
            Some(part) => self.expr(*part),
            None => Expr::missing(node.span()),
        };
        let (at, message) = (expr(0), expr(1));
        let mut fields = FxIndexMap::default();
        for entry in node.child(K::block).map(|b| self.entries(b)).unwrap_or_default() {
            if let Entry::Field { key, key_span, value } = entry {
                if !["help", "also", "source", "value", "limit"].contains(&&*key) {
                    let finding = Diagnostic::error("unknown-property", key_span, format!("a report has no `{key}`"));
                    self.report(finding.help("it has `help`, `also`, `source`, and `value` with `limit`"));
                }
                fields.insert(key, value);
            }
        }
        Report { span: node.span(), at, message, fields }
    }
}
