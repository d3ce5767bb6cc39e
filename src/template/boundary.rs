//! Permission boundaries: what they do not allow is not done, whatever other policies give.

use super::reader::Reader;
use super::scope::Written;
use super::summary::{End, Right, Standing};
use super::table::Reads;

impl Reader<'_> {
    /// The statements of the policy that bounds a role or a user. A boundary that is not known, or not always there, takes
    /// nothing away.
    pub(super) fn boundary(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let written = self.scope.texts_at(&resource.properties, &reads.at);
        let [(None, text, node)] = written.as_slice() else { return };
        let before = self.summary.rights.len();
        match self.names.end(&self.scope, text, &reads.expects) {
            End::Own(policy) => {
                let Some(properties) = self.scope.resources.get(policy).map(|r| r.properties.clone()) else { return };
                for (_, document) in self.scope.select(&properties, "PolicyDocument").found {
                    for (inner, statement) in self.statements(policy, &document) {
                        self.right(End::Own(at), &statement, inner, &Standing::Written);
                    }
                }
            }
            End::Named(..) => {
                let known = self.managed_by_aws(at, text, None, node.span);
                self.summary.rights.extend(known.into_iter().flatten());
            }
        }
        // A statement of a boundary gives nothing: it is kept apart from those that do.
        let bounds: Vec<Right> = self.summary.rights.drain(before..).collect();
        self.summary.bounds.extend(bounds);
    }
}
