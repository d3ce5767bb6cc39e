//! The tags of YAML: the short forms of CloudFormation's intrinsic functions, written out, and YAML's own types.

use super::node::{Data, Entry, Node};
use super::{problem, scalar};
use crate::base::{Diagnostic, Span};

/// A tag, as it is written.
#[derive(Clone)]
pub(super) struct Tag {
    /// As it is written, the `!` included.
    pub written: String,
    /// Where.
    pub span: Span,
    /// The type that it names, if it is one of YAML's own: `str`, `int`, ...
    pub core: Option<String>,
}

/// The intrinsic functions that have a short form. The rule functions of the section `Rules` are among them.
const FUNCTIONS: &[&str] = &[
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Ref",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// What a tag makes of a value. `plain` is whether it is a text without quotes.
pub(super) fn apply(tag: &Tag, node: Node, plain: bool, findings: &mut Vec<Diagnostic>) -> Node {
    let span = tag.span.to(node.span);
    if let Some(core) = &tag.core {
        return Node { span, ..of_type(tag, core, node, findings) };
    }
    if tag.written == "!" {
        return Node { span, ..node };
    }
    let name = tag.written.strip_prefix('!').unwrap_or(&tag.written);
    let Some(function) = FUNCTIONS.iter().find(|f| **f == name) else {
        let near = FUNCTIONS.iter().find(|f| f.eq_ignore_ascii_case(name.trim_start_matches("Fn::")));
        findings.push(problem::unknown_tag(tag.span, &tag.written, near.map(|f| format!("!{f}")).as_deref()));
        return node;
    };
    let argument = if *function == "GetAtt" { attribute(node, plain) } else { node };
    let key = if matches!(*function, "Ref" | "Condition") { (*function).into() } else { format!("Fn::{function}").into() };
    Node::new(span, Data::Map([Entry { key, span: tag.span, value: argument }].into()))
}

/// How many levels and parts a tag adds at most.
pub(super) const ADDED: u32 = 2;

/// `id.attribute` as the list that the long form takes. An attribute may have points, a logical id has none.
fn attribute(node: Node, plain: bool) -> Node {
    let Some((id, attribute)) = node.as_str().and_then(|text| text.split_once('.')) else { return node };
    let span = node.span;
    let (first, second) = match u32::try_from(id.len()) {
        Ok(len) if plain && span.len() as usize == id.len() + 1 + attribute.len() => {
            let point = span.start + len;
            (Span::new(span.file, span.start, point), Span::new(span.file, point + 1, span.end))
        }
        _ => (span, span),
    };
    Node::list(span, vec![Node::text(first, id), Node::text(second, attribute)])
}

/// A value that YAML's own tag gives a type.
fn of_type(tag: &Tag, core: &str, node: Node, findings: &mut Vec<Diagnostic>) -> Node {
    let text = node.scalar();
    let data = match (core, &text, &node.data) {
        ("map", _, Data::Map(_)) | ("seq", _, Data::List(_)) => return node,
        ("str", Some(text), _) => Data::Text(text.clone()),
        ("str", None, Data::Null) => Data::Text("".into()),
        ("null", _, Data::Null) => return node,
        ("int" | "float", Some(text), _) if scalar::is_number(text) => Data::Number(text.clone()),
        ("bool", Some(text), _) if matches!(scalar::plain(text), Data::Bool(_)) => scalar::plain(text),
        _ => {
            findings.push(problem::syntax(tag.span, format!("`{}` does not fit this value", tag.written)));
            return node;
        }
    };
    Node::new(node.span, data)
}
