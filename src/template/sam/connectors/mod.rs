//! Connectors of SAM: the policies and permissions that join two resources.
//!
//! They are made last: a connector names resources as they are after the expansion, and roles that it made.

mod ends;
mod fill;
mod profiles;

use super::table::TABLE;
use super::work::{Source, Work};
use super::{edit, kind};
use crate::base::{Diagnostic, Name, Span};
use crate::cfn::nearest;
use crate::document::{Data, Entry, Node};
use ends::end;
use fill::{Fill, with_statements};
use profiles::{PROFILES, Pair};
use serde_json::Value as Json;

/// Makes what the connectors of the document become: those that are resources, and those written at their source.
pub(super) fn expand(work: &mut Work<'_>) {
    let resources = work.document.get("Resources").map(Node::entries).unwrap_or_default();
    let mut all: Vec<(Source, Node, Node)> = Vec::new();
    for entry in resources {
        let none = || Node::map::<Name>(entry.span, []);
        if kind(&entry.value) == Some(TABLE.connectors.resource.as_str()) {
            let properties = entry.value.get("Properties").cloned().unwrap_or_else(none);
            let from = properties.get("Source").cloned().unwrap_or_else(none);
            all.push((Source { id: entry.key.clone(), span: entry.span, resource: entry.value.clone() }, properties, from));
        }
        for one in entry.value.get(&TABLE.connectors.attribute).map(Node::entries).unwrap_or_default() {
            let properties = one.value.get("Properties").cloned().unwrap_or_else(none);
            let named = Node::map(one.span, [("Id", Node::text(one.span, entry.key.clone()))]);
            let from = properties.get("SourceReference").map_or_else(|| named.clone(), |more| edit::merged(more, &named));
            let id = format!("{}{}", entry.key, one.key).into();
            all.push((Source { id, span: one.span, resource: one.value.clone() }, properties, from));
        }
    }
    for (source, properties, from) in all {
        let to = properties.get("Destination");
        let several = to.is_some_and(|to| matches!(to.data, Data::List(_)));
        let all = to.map(Node::one_or_many).unwrap_or_default();
        // That a connector which is a resource lacks the property is reported with its other properties.
        if all.is_empty() && (to.is_some() || source.resource.get("Type").is_none()) {
            let message = format!("`{}` needs a `Destination`", source.id);
            work.findings.push(Diagnostic::error("sam-missing-property", to.map_or(source.span, |to| to.span), message));
        }
        for (index, to) in all.iter().enumerate() {
            let number = if several { format!("Destination{index}") } else { String::new() };
            if let Err(finding) = join(work, &source, &properties, (&from, to), &number) {
                work.findings.push(*finding);
            }
        }
    }
}

/// Makes what joins one pair of resources.
fn join(work: &mut Work<'_>, source: &Source, properties: &Node, (from, to): (&Node, &Node), number: &str) -> Result<(), Box<Diagnostic>> {
    let (a, b) = (end(work, source, from, to)?, end(work, source, to, from)?);
    let wrong = |span: Span, message: String| Box::new(Diagnostic::error("sam-invalid-property", span, message));
    let pair = PROFILES
        .pairs
        .get(&*a.ty)
        .and_then(|targets| targets.get(&*b.ty))
        .ok_or_else(|| wrong(to.span, format!("`{}`: SAM has no connector from `{}` to `{}`", source.id, a.ty, b.ty)))?;
    let asked = permissions(source, properties, pair)?;
    for made in pair.made.iter().filter(|m| m.r#for.as_ref().is_none_or(|name| asked.contains(name))) {
        let statements: Vec<&Json> =
            pair.permissions.iter().filter(|p| asked.contains(p)).filter_map(|p| made.statements.get(p)).flatten().collect();
        let fill = Fill { place: to.span, ends: [("Source", &a), ("Destination", &b)] };
        let missing = |name: String| wrong(source.span, format!("`{}`: {name} is not known: name it in the connector", source.id));
        let list = statements.into_iter().map(|s| fill.value(s)).collect::<Result<Vec<_>, _>>().map_err(missing)?;
        let own = with_statements(&fill.value(&made.properties).map_err(missing)?, &list);
        let resource = work.resource(source, source.span, &made.r#type, own.entries().to_vec(), false);
        let key = format!("{}{}{number}", source.id, made.suffix).into();
        work.put(Entry { key, span: source.span, value: resource });
    }
    Ok(())
}

/// The permissions that a connector asks for.
fn permissions(source: &Source, properties: &Node, pair: &Pair) -> Result<Vec<String>, Box<Diagnostic>> {
    let list = properties.get("Permissions");
    let place = list.map_or(source.span, |l| l.span);
    let wrong = |span: Span, message: String| Diagnostic::error("sam-invalid-property", span, format!("`{}`: {message}", source.id));
    let known = pair.permissions.join("`, `");
    let mut asked: Vec<String> = Vec::new();
    for one in list.map(Node::one_or_many).unwrap_or_default() {
        let name = one.scalar().unwrap_or_default();
        if !pair.permissions.iter().any(|p| **p == *name) {
            let finding = wrong(one.span, format!("no permission `{name}`: a connector of these types has `{known}`"));
            return Err(Box::new(match nearest(&name, pair.permissions.iter().map(String::as_str)) {
                Some(near) => finding.help(format!("use `{near}`")),
                None => finding,
            }));
        }
        if !asked.iter().any(|a| **a == *name) {
            asked.push(name.to_string());
        }
    }
    let allowed =
        pair.combinations.is_empty() || pair.combinations.iter().any(|c| c.len() == asked.len() && c.iter().all(|p| asked.contains(p)));
    if asked.is_empty() {
        return Err(Box::new(wrong(place, format!("`Permissions` is empty: a connector of these types has `{known}`"))));
    }
    if !allowed {
        let all: Vec<String> = pair.combinations.iter().map(|c| c.join(" and ")).collect();
        return Err(Box::new(wrong(
            place,
            format!("these permissions do not go together: a connector of these types has {}", all.join(", or ")),
        )));
    }
    Ok(asked)
}
