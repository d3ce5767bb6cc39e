//! The fields of a declaration: what is written plainly, and what is written under `if`. Knows nothing of types.

use crate::base::{Diagnostic, Name, Span};
use crate::model::{Body, Decl, Entry, Expr, Node};
use crate::names::nearest;
use std::borrow::Cow;

/// The expression that a declaration gives to a property, if it is written plainly.
pub fn written<'d>(decl: &'d Decl, name: &str) -> Option<&'d Expr> {
    plain(&decl.body, name)
}

fn plain<'d>(body: &'d [Body], name: &str) -> Option<&'d Expr> {
    body.iter().find_map(|part| match part {
        Body::Entry(Entry::Field { key, value, .. }, _) if **key == *name => Some(value),
        _ => None,
    })
}

/// The expression that a declaration gives to a property, plainly or under `if`; where no branch gives one, the other
/// expression stands for it.
pub fn given<'d>(decl: &'d Decl, name: &str, otherwise: &dyn Fn() -> Expr) -> Option<Cow<'d, Expr>> {
    written(decl, name).map(Cow::Borrowed).or_else(|| chosen(&decl.body, name, otherwise).map(Cow::Owned))
}

fn chosen(body: &[Body], name: &str, otherwise: &dyn Fn() -> Expr) -> Option<Expr> {
    let mut found: Option<Expr> = None;
    for part in body {
        let Body::If(condition, then, other) = part else { continue };
        let before = || found.clone().unwrap_or_else(otherwise);
        let within = |body: &[Body]| plain(body, name).cloned().or_else(|| chosen(body, name, &before));
        let (yes, no) = (within(then), within(other));
        let Some(span) = yes.as_ref().or(no.as_ref()).map(|e| e.span) else { continue };
        let arms = (Box::new(yes.unwrap_or_else(&before)), Box::new(no.unwrap_or_else(&before)));
        found = Some(Expr::new(span, Node::If(arms.0, Box::new(condition.clone()), Some(arms.1))));
    }
    found
}

/// A field of a declaration.
pub(super) enum Written<'d> {
    /// `name = value`, plainly or under `if`.
    Field(&'d Name, Span),
    /// In a loop, or with a computed key: no property is named so.
    Misplaced(Span, &'static str),
}

/// Visits every field of a declaration, those under `if` too.
pub(super) fn each<'d>(body: &'d [Body], visit: &mut dyn FnMut(Written<'d>)) {
    for part in body {
        match part {
            Body::Entry(Entry::Field { key, key_span, .. }, _) => visit(Written::Field(key, *key_span)),
            Body::Entry(Entry::Computed { key, .. }, _) => visit(Written::Misplaced(key.span, "a computed key")),
            Body::If(_, then, otherwise) => {
                each(then, visit);
                each(otherwise, visit);
            }
            Body::For(_, _, inner) => each(inner, &mut |field| {
                visit(match field {
                    Written::Field(_, span) => Written::Misplaced(span, "a field in a loop"),
                    misplaced => misplaced,
                });
            }),
            Body::Entry(..) | Body::Edge(_) => {}
        }
    }
}

/// The fields of a declaration that are misplaced or given twice: in one body, or plainly and under `if`.
pub(super) fn mistakes(body: &[Body], out: &mut Vec<Diagnostic>) {
    fn twice<'d>(body: &'d [Body], before: &[(&'d Name, Span)], out: &mut Vec<Diagnostic>) {
        let mut seen: Vec<(&Name, Span)> = before.to_vec();
        for part in body {
            let Body::Entry(Entry::Field { key, key_span, .. }, _) = part else { continue };
            if let Some((_, first)) = seen.iter().find(|(k, _)| *k == key) {
                let message = format!("`{key}` is given twice");
                out.push(Diagnostic::error("duplicate-field", *key_span, message).also(*first, "given here first"));
            }
            seen.push((key, *key_span));
        }
        for part in body {
            if let Body::If(_, then, otherwise) = part {
                twice(then, &seen, out);
                twice(otherwise, &seen, out);
            }
        }
    }
    twice(body, &[], out);
    each(body, &mut |field| {
        if let Written::Misplaced(span, what) = field {
            let message = format!("{what} sets no property of a declaration");
            out.push(
                Diagnostic::error("misplaced-statement", span, message)
                    .help("write `name = value`; a list or a map takes `for`: `name = [x for x in xs]`"),
            );
        }
    });
}

/// Whether a declaration has a field that is unknown and was probably meant to be this one.
pub(super) fn misspelt<'n, I: Iterator<Item = &'n str>>(decl: &Decl, known: impl Fn() -> I, name: &str) -> bool {
    let mut found = false;
    each(&decl.body, &mut |field| {
        if let Written::Field(key, _) = field {
            found |= known().all(|n| *n != **key) && nearest(key, known()) == Some(name);
        }
    });
    found
}

/// Where a declaration gives a property its name, or the declaration's own name.
pub fn place(decl: &Decl, name: &str) -> Span {
    fn find(body: &[Body], name: &str) -> Option<Span> {
        body.iter().find_map(|part| match part {
            Body::Entry(Entry::Field { key, key_span, value }, _) if **key == *name => Some(key_span.to(value.span)),
            Body::If(_, then, otherwise) => find(then, name).or_else(|| find(otherwise, name)),
            _ => None,
        })
    }
    find(&decl.body, name).unwrap_or(decl.name_span)
}

/// The fields of a declaration as those of a record: of a `resource`, whose properties are open.
pub fn entries(body: &[Body]) -> Vec<Entry> {
    let one = |part: &Body| match part {
        Body::Entry(entry, _) => Some(entry.clone()),
        Body::If(condition, then, otherwise) => Some(Entry::If(condition.clone(), entries(then), entries(otherwise))),
        Body::For(names, over, inner) => Some(Entry::For(names.clone(), over.clone(), entries(inner))),
        Body::Edge(_) => None,
    };
    body.iter().filter_map(one).collect()
}
