//! Templates refer to what SAM makes of a resource by a name after a dot: `!Ref Fn.Alias`, `${Fn.Version}`.

use crate::base::Name;
use crate::document::{Data, Entry, Node};
use std::collections::BTreeMap;

/// The document with these references as those to the resources that were made.
pub(super) fn resolved(node: &Node, named: &BTreeMap<String, Name>) -> Node {
    if named.is_empty() {
        return node.clone();
    }
    match &node.data {
        Data::List(items) => Node::new(node.span, Data::List(items.iter().map(|i| resolved(i, named)).collect())),
        Data::Map(entries) => {
            let call = matches!(entries.as_ref(), [_]);
            let entry = |e: &Entry| {
                let value = match (&*e.key, call) {
                    ("Ref", true) => reference(&e.value, named),
                    ("Fn::GetAtt", true) => attribute(&e.value, named),
                    ("Fn::Sub", true) => substituted(&e.value, named),
                    _ => resolved(&e.value, named),
                };
                Entry { value, ..e.clone() }
            };
            Node::new(node.span, Data::Map(entries.iter().map(entry).collect()))
        }
        _ => node.clone(),
    }
}

fn reference(value: &Node, named: &BTreeMap<String, Name>) -> Node {
    match value.as_str().and_then(|name| named.get(name)) {
        Some(id) => Node::text(value.span, id.clone()),
        None => value.clone(),
    }
}

/// `Fn.Alias.Arn`, or `[Fn.Alias, Arn]`, or `[Fn, Alias.Arn]`.
fn attribute(value: &Node, named: &BTreeMap<String, Name>) -> Node {
    let path = match value.as_str() {
        Some(path) => path.to_string(),
        None => value.items().iter().filter_map(Node::as_str).collect::<Vec<_>>().join("."),
    };
    match moved(&path, named) {
        Some((id, attribute)) if !attribute.is_empty() => {
            Node::list(value.span, vec![Node::text(value.span, id.clone()), Node::text(value.span, attribute)])
        }
        _ => value.clone(),
    }
}

/// The id and the rest of a path that begins with such a name.
fn moved<'a>(path: &str, named: &'a BTreeMap<String, Name>) -> Option<(&'a Name, String)> {
    let mut parts = path.splitn(3, '.');
    let name = format!("{}.{}", parts.next()?, parts.next()?);
    Some((named.get(&name)?, parts.next().unwrap_or_default().into()))
}

fn substituted(value: &Node, named: &BTreeMap<String, Name>) -> Node {
    let Some(text) = value.as_str() else {
        let part = |(at, item): (usize, &Node)| if at == 0 { substituted(item, named) } else { resolved(item, named) };
        return match &value.data {
            Data::List(items) => Node::new(value.span, Data::List(items.iter().enumerate().map(part).collect())),
            _ => value.clone(),
        };
    };
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str("${");
        match moved(name.trim(), named) {
            Some((id, attribute)) if attribute.is_empty() => out.push_str(id),
            Some((id, attribute)) => {
                out.push_str(id);
                out.push('.');
                out.push_str(&attribute);
            }
            None => out.push_str(name),
        }
        out.push('}');
        rest = after;
    }
    out.push_str(rest);
    Node::text(value.span, out)
}
