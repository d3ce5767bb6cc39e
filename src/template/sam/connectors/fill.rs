//! Fills templates of connectors: `%{Source.Arn}` and the like are values of the two ends.

use super::ends::End;
use crate::base::Span;
use crate::document::{Data, Entry, Node};
use crate::template::sam::table::TABLE;
use serde_json::Value as Json;

/// Fills the values of two ends into a template.
pub(super) struct Fill<'a> {
    pub place: Span,
    pub ends: [(&'a str, &'a End); 2],
}

impl Fill<'_> {
    /// The template with its values; the name of one that is missing.
    pub fn value(&self, template: &Json) -> Result<Node, String> {
        Ok(match template {
            Json::Array(items) => Node::list(self.place, items.iter().map(|i| self.value(i)).collect::<Result<_, _>>()?),
            Json::Object(fields) => {
                let filled = fields.iter().map(|(key, value)| Ok((key.as_str(), self.value(value)?)));
                Node::map(self.place, filled.collect::<Result<Vec<_>, String>>()?)
            }
            Json::String(text) => self.text(text)?,
            other => Node::of_json(other, self.place),
        })
    }

    /// A text that is a value is that value; one with values in it is a `Fn::Sub` of them.
    fn text(&self, text: &str) -> Result<Node, String> {
        let mut form = text.to_string();
        let mut variables = Vec::new();
        for (side, end) in self.ends {
            for name in TABLE.connectors.values.iter().filter(|name| text.contains(&format!("%{{{side}.{name}}}"))) {
                let value = end.values.get(name).ok_or_else(|| format!("`{name}` of `{side}`"))?;
                if text == format!("%{{{side}.{name}}}") {
                    return Ok(value.clone());
                }
                form = form.replace(&format!("%{{{side}.{name}}}"), &format!("${{{side}{name}}}"));
                variables.push((format!("{side}{name}"), value.clone()));
            }
        }
        let form_node = Node::text(self.place, form.clone());
        Ok(match (form.contains("${"), variables.is_empty()) {
            (false, _) => form_node,
            (true, true) => Node::call(self.place, "Fn::Sub", form_node),
            (true, false) => Node::call(self.place, "Fn::Sub", Node::list(self.place, vec![form_node, Node::map(self.place, variables)])),
        })
    }
}

/// The properties with the statements in the place that is kept for them.
pub(super) fn with_statements(properties: &Node, list: &[Node]) -> Node {
    match &properties.data {
        Data::Text(text) if &**text == "%{Statements}" => Node::list(properties.span, list.to_vec()),
        Data::Map(entries) => Node::new(
            properties.span,
            Data::Map(entries.iter().map(|e| Entry { value: with_statements(&e.value, list), ..e.clone() }).collect()),
        ),
        _ => properties.clone(),
    }
}
