//! Resources that are another name of something: an action on an access point is one on its bucket, to call an alias is to
//! call its function. The table of causes says which property names it.

use super::reader::Reader;
use super::scope::Written;
use super::summary::{Edge, EdgeKind, End};
use crate::base::Name;
use crate::iam::causes;
use crate::model::Mode;

impl Reader<'_> {
    /// An edge from a resource to what it is another name of, for every event that an action on it causes there.
    pub(super) fn other_name(&mut self, at: usize, resource: &Written<'_>) {
        let of_type = |types: &[String]| types.iter().any(|ty| **ty == *resource.ty);
        for cause in causes().iter().filter(|cause| of_type(&cause.types)) {
            let Some(path) = cause.at.as_deref() else { continue };
            let ends = match self.names.principal(&self.scope, at) {
                End::Own(own) if own == at => {
                    let texts = self.scope.texts_at(&resource.properties, path);
                    texts.into_iter().map(|(c, text, _)| (c, self.names.end(&self.scope, &text, &[]))).collect()
                }
                end => vec![(None, end)],
            };
            let event: Option<Name> = (!cause.runs()).then(|| cause.event.as_str().into());
            for (condition, to) in ends {
                let condition = super::condition::both(resource.condition.as_ref(), condition.as_ref());
                let edge = self.plain(EdgeKind::Trigger(Mode::Sync), End::Own(at), to, resource.span);
                let keeps = vec![(String::new(), String::new())];
                self.push(Edge {
                    event: event.clone(),
                    arrives: event.clone(),
                    keeps,
                    condition,
                    what: "is another name of".into(),
                    ..edge
                });
            }
        }
    }
}
