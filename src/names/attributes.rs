//! Which attributes stand where. Knows nothing of what they do.

use super::collect::Collector;
use super::nearest;
use crate::base::Diagnostic;
use crate::model::Attribute;
use crate::syntax::Node;

/// Where an attribute stands, in words, with the attributes that mean something there besides `@allow`.
pub(super) type Place = (&'static str, &'static [&'static str]);

pub(super) const DECLARATION: Place = ("a declaration", &["id"]);
pub(super) const STATEMENT: Place = ("this statement", &[]);
pub(super) const EDGE: Place = ("an edge", &[]);
pub(super) const FIELD: Place = ("a field", &[]);
pub(super) const PROPERTY: Place =
    ("a property of a kind", &["delivers", "leads", "feeds", "watches", "inert", "identity", "rights", "unread", "acts_as", "carries"]);
pub(super) const VERB: Place = ("a verb", &["wakes", "internal", "waits", "elsewhere", "pattern", "types"]);
pub(super) const EVENT: Place =
    ("an event", &["key", "when", "delivers", "waits", "elsewhere", "passes", "inert", "pattern", "types", "paths"]);
pub(super) const OUT: Place = ("an out of a kind", &["internal"]);
pub(super) const EMIT: Place = ("an emitted resource", &["data", "on_demand", "after", "before", "hashed", "stamped", "principal"]);
pub(super) const APPEND: Place = ("an appended element", &["before"]);

impl Collector<'_> {
    /// Reports the attributes that mean nothing where they stand, and keeps every `@allow` with what it is about.
    pub(super) fn attributes(&mut self, attributes: &[Attribute], node: Node<'_>, (place, known): Place) {
        for attribute in attributes {
            if &*attribute.name == "allow" {
                self.allows.push((attribute.clone(), node.span()));
                continue;
            }
            if known.contains(&&*attribute.name) || attribute.name.is_empty() {
                continue;
            }
            let message = format!("`@{}` is not allowed on {place}", attribute.name);
            let finding = Diagnostic::error("unknown-attribute", attribute.span, message);
            let names = || known.iter().copied().chain(["allow"]);
            self.report(match nearest(&attribute.name, names()) {
                Some(near) => finding.help(format!("did you mean `@{near}`?")),
                None => finding.help(format!("allowed here: {}", names().map(|n| format!("`@{n}`")).collect::<Vec<_>>().join(", "))),
            });
        }
    }
}
