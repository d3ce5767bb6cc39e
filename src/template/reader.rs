//! The reader of one template: what it has found so far, and what it still looks things up in.

use super::ends::Names;
use super::machine::Machine;
use super::scope::Scope;
use super::summary::{Edge, EdgeKind, End, May, Opaque, Summary};
use crate::base::Name;

/// A template that is being read.
pub struct Reader<'d> {
    /// Its sections.
    pub scope: Scope<'d>,
    /// What names its resources.
    pub names: Names,
    /// What was found.
    pub summary: Summary,
    /// State machines whose definition was read, with what they call.
    pub machines: Vec<Machine>,
}

impl Reader<'_> {
    /// The type of what is at an end, if it is known.
    pub fn type_of(&self, end: &End) -> Option<Name> {
        match end {
            End::Own(at) => self.scope.resources.get(*at).map(|r| r.ty.clone()),
            End::Named(_, ty) => ty.clone(),
        }
    }

    /// Adds an edge, once.
    pub fn push(&mut self, edge: Edge) {
        let same = |e: &Edge| e.kind == edge.kind && e.from == edge.from && e.to == edge.to && e.span == edge.span;
        let known = |e: &Edge| {
            same(e) && e.event == edge.event && e.arrives == edge.arrives && e.takes == edge.takes && e.condition == edge.condition
        };
        if self.summary.edges.iter().rev().take(64).any(known) {
            return;
        }
        if edge.kind == EdgeKind::ActsAs
            && let End::Named(text, _) = &edge.to
        {
            let why = format!("the role `{text}` is not in this template");
            self.opaque(Opaque { at: edge.to.clone(), may: May::Act, why, span: edge.span });
        }
        self.summary.edges.push(edge);
    }

    /// Adds something that could not be read, once.
    pub fn opaque(&mut self, opaque: Opaque) {
        let same = |o: &Opaque| o.at == opaque.at && o.may == opaque.may && o.why == opaque.why;
        if !self.summary.opaque.iter().any(same) {
            self.summary.opaque.push(opaque);
        }
    }
}
