//! Custom resources: CloudFormation invokes their function, and some set what the table knows of other types.

use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{Edge, EdgeKind, End};
use super::table::Reads;
use crate::model::Mode;

impl Reader<'_> {
    /// CloudFormation invokes the function of a custom resource when the stack changes.
    pub(super) fn custom(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        for (condition, text, node) in self.scope.texts_at(&resource.properties, &reads.at) {
            let to = self.names.end(&self.scope, &text, &reads.expects);
            let arrives = self.type_of(&to).as_deref().and_then(super::arrives).map(Into::into);
            let edge = self.plain(EdgeKind::Trigger(Mode::Async), End::Own(at), to, node.span);
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            self.push(Edge { arrives, condition, what: "runs when the stack changes:".into(), ..edge });
        }
    }
}
