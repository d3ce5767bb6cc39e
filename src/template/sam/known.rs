//! What SAM does not know is reported with the nearest name that it knows: what is misspelt would otherwise have no effect.

use super::table::{TABLE, Thing};
use crate::base::{Diagnostic, Span};
use crate::cfn::nearest;
use crate::document::Node;

/// A finding on a name that is not known.
pub(super) fn unknown<'a>(rule: &str, span: Span, message: String, name: &str, known: impl IntoIterator<Item = &'a String>) -> Diagnostic {
    let finding = Diagnostic::error(rule, span, message);
    match nearest(name, known.into_iter().map(String::as_str)) {
        Some(near) => finding.help(format!("use `{near}`")),
        None => finding,
    }
}

/// A finding on a type of resource that SAM does not have.
pub(super) fn unknown_type(kind: &str, ty: &Node) -> Diagnostic {
    if TABLE.unread.iter().any(|unread| unread == kind) {
        return not_read(&format!("`{}{kind}`", TABLE.prefix), ty.span);
    }
    let message = format!("SAM has no resource type `{}{kind}`", TABLE.prefix);
    match nearest(kind, TABLE.resource.keys().map(String::as_str)) {
        Some(near) => Diagnostic::error("sam-unknown-type", ty.span, message).help(format!("use `{}{near}`", TABLE.prefix)),
        None => Diagnostic::error("sam-unknown-type", ty.span, message),
    }
}

/// Reports the properties that something does not have, those that it lacks, and combinations that SAM refuses.
pub(super) fn check(thing: &Thing, what: &str, place: Span, properties: &Node, findings: &mut Vec<Diagnostic>) {
    if properties.as_call().is_none() {
        for entry in properties.entries().iter().filter(|e| !thing.properties.iter().any(|p| **p == *e.key)) {
            let message = format!("{what} has no property `{}`", entry.key);
            findings.push(unknown("sam-unknown-property", entry.span, message, &entry.key, &thing.properties));
        }
    }
    for required in &thing.required {
        if !required.split('|').any(|name| properties.get(name.trim()).is_some_and(|p| !p.is_null())) {
            let names = required.split('|').map(|name| format!("`{}`", name.trim())).collect::<Vec<_>>().join(" or ");
            findings.push(Diagnostic::error("sam-missing-property", place, format!("{what} needs {names}")));
        }
    }
}

/// A finding on a part of SAM that is not read.
pub(super) fn not_read(what: &str, span: Span) -> Diagnostic {
    Diagnostic::warning("sam-not-read", span, format!("{what} is not read: the triggers and rights that SAM makes of it are not known"))
}
