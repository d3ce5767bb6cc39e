//! What rules ask of a resource or an edge.

use super::reader::Reader;
use super::summary::{Fact, FactValue};
use super::table::{FactRow, Takes};
use super::text::Text;
use crate::base::{Name, Span};
use crate::document::Node;
use std::collections::BTreeMap;

impl Reader<'_> {
    /// The facts of a resource or an edge: each is written, or the default of CloudFormation.
    pub fn facts(&mut self, rows: &BTreeMap<String, FactRow>, base: &Node, root: &Node, here: Span) -> BTreeMap<Name, Fact> {
        let mut facts = BTreeMap::new();
        for (name, row) in rows {
            let written = row.at.paths().into_iter().find_map(|path| {
                let (within, path) = path.strip_prefix('^').map_or((base, path), |path| (root, path));
                self.fact(row, within, path)
            });
            let default = || {
                let value = constant(row.default.as_ref()?)?;
                Some(Fact { value, span: here, written: false })
            };
            if let Some(fact) = written.or_else(default) {
                facts.insert(name.as_str().into(), fact);
            }
        }
        facts
    }

    fn fact(&mut self, row: &FactRow, within: &Node, path: &str) -> Option<Fact> {
        let selected = self.scope.select(within, path);
        let first = selected.found.first().map(|(_, node)| node.clone()).or_else(|| selected.missed.first().cloned())?;
        let fact = |value: FactValue| Some(Fact { value, span: first.span, written: true });
        match row.takes {
            Takes::Present => fact(FactValue::Bool(true)),
            Takes::Count => fact(FactValue::Number(selected.found.len() as f64)),
            Takes::Sum => {
                let numbers: Option<Vec<f64>> = selected.found.iter().map(|(_, node)| node.as_f64()).collect();
                fact(numbers.map_or(FactValue::Unknown, |n| FactValue::Number(n.iter().sum())))
            }
            Takes::Texts => {
                let entries = selected.found.iter().flat_map(|(_, node)| node.entries());
                let texts = entries.flat_map(|e| self.scope.texts(&e.value).into_iter().map(|(_, text)| (e.key.clone(), text, e.span)));
                fact(FactValue::Texts(texts.collect()))
            }
            Takes::Ends => {
                let texts: Vec<Text> = self.scope.texts_at(within, path).into_iter().map(|(_, text, _)| text).collect();
                fact(FactValue::Ends(texts.iter().map(|text| self.names.end(&self.scope, text, &row.expects)).collect()))
            }
            Takes::Value => match self.scope.texts(&first).as_slice() {
                [(_, text)] if selected.found.len() == 1 => fact(value(text)),
                _ => fact(FactValue::Unknown),
            },
        }
    }
}

/// A text as a number or boolean where it is one.
pub fn value(text: &Text) -> FactValue {
    match text.as_literal() {
        Some("true" | "True") => FactValue::Bool(true),
        Some("false" | "False") => FactValue::Bool(false),
        Some(literal) => {
            literal.parse().ok().filter(|n: &f64| n.is_finite()).map_or_else(|| FactValue::Text(text.clone()), FactValue::Number)
        }
        None => FactValue::Text(text.clone()),
    }
}

fn constant(value: &toml::Value) -> Option<FactValue> {
    Some(match value {
        toml::Value::Integer(n) => FactValue::Number(*n as f64),
        toml::Value::Float(n) => FactValue::Number(*n),
        toml::Value::Boolean(b) => FactValue::Bool(*b),
        toml::Value::String(text) => FactValue::Text(Text::literal(text.as_str())),
        _ => return None,
    })
}
