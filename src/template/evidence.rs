//! Permissions as second evidence: where a service may invoke something and nothing in the template says what makes it.

use super::reader::Reader;
use super::summary::{Edge, EdgeKind, End, May, Opaque, Permission};
use super::table::table;
use crate::base::Name;
use crate::flow::filter::Glob;
use crate::iam::causes;
use crate::model::Mode;

impl Reader<'_> {
    pub(super) fn evidence(&mut self) {
        for permission in self.summary.permissions.clone() {
            if !permission.deny && self.runs(&permission) {
                self.shown_by(&permission);
            }
        }
    }

    /// Whether the permission lets someone run what it is on.
    fn runs(&self, permission: &Permission) -> bool {
        let Some(ty) = self.type_of(&permission.on).filter(|ty| super::arrives(ty).is_none()) else { return false };
        let speaks_of = |action: &String| permission.actions.iter().any(|p| Glob::iam(p).ignoring_case().matches(action));
        causes().iter().any(|cause| cause.runs() && cause.types.iter().any(|t| **t == *ty) && cause.actions.iter().any(speaks_of))
    }

    fn shown_by(&mut self, permission: &Permission) {
        for principal in &permission.principals {
            let written = principal.to_string();
            let service = written.split_once(".amazon").map_or(written.as_str(), |(service, _)| service);
            let Some(known) = table().principal.get(service) else { continue };
            if known.outside {
                continue;
            }
            let from = permission.source.as_ref().map(|source| self.names.end(&self.scope, source, &known.types));
            let of_service = |end: &End| self.type_of(end).is_some_and(|ty| known.types.iter().any(|t| **t == *ty));
            let triggers = |e: &&Edge| matches!(e.kind, EdgeKind::Trigger(_)) && e.to == permission.on;
            let shown = match &from {
                Some(from) => self.summary.edges.iter().filter(triggers).any(|e| e.from == *from || of_service(&e.from)),
                None => self.summary.edges.iter().filter(triggers).any(|e| of_service(&e.from)),
            };
            if shown {
                continue;
            }
            match from {
                Some(from) => self.only_permitted(permission, from, known, service),
                None => {
                    let why = format!("`{written}` may invoke it, and nothing in the template says for what");
                    self.opaque(Opaque { at: permission.on.clone(), may: May::BeTriggered, why, span: permission.span });
                }
            }
        }
    }

    /// A trigger that only a permission shows.
    fn only_permitted(&mut self, permission: &Permission, from: End, known: &super::table::Principal, service: &str) {
        let undecided = Some(format!("only a permission for `{service}` shows it: the trigger itself is not in the template"));
        let events: Vec<Option<Name>> = match known.events.as_slice() {
            [] => vec![None],
            events => events.iter().map(|e| Some(e.as_str().into())).collect(),
        };
        for event in events {
            let kind = EdgeKind::Trigger(Mode::of(&known.mode).unwrap_or(Mode::Async));
            let edge = self.plain(kind, from.clone(), permission.on.clone(), permission.span);
            let condition = permission.condition.clone();
            self.push(Edge { event, undecided: undecided.clone(), condition, ..edge });
        }
    }
}
