//! What the properties of a resource point to, by the rows of the table.

use super::action::{Action, Called};
use super::condition::{both, excluded};
use super::ends::elsewhere;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{Edge, EdgeKind, End, Fact, FactValue, May, Opaque};
use super::table::{EdgeRow, Kind, Row, table};
use super::text::Text;
use crate::base::{Name, Span};
use crate::document::Node;
use crate::flow::filter::{Filter, Glob, Matcher};
use crate::model::{Cond, Mode};
use std::collections::BTreeMap;

/// An end of an edge with where it is written and when it is there.
type Place = (Option<Cond>, End, Span);

impl Reader<'_> {
    /// Adds the edges of a resource.
    pub fn edges_of(&mut self, at: usize, resource: &Written<'_>, row: &Row) {
        for edge in &row.edge {
            let root = if edge.outside { resource.node.clone() } else { resource.properties.clone() };
            let each = self.scope.select(&root, edge.each.as_deref().unwrap_or_default());
            each.missed.iter().for_each(|node| self.missed(at, edge, node));
            for (condition, base) in each.found {
                if self.scope.holds(&base, &root, &edge.when) {
                    let condition = both(resource.condition.as_ref(), condition.as_ref());
                    self.edge(at, edge, condition, &base, &root);
                }
            }
        }
    }

    /// A part that could hold triggers and cannot be read.
    fn missed(&mut self, at: usize, edge: &EdgeRow, node: &Node) {
        let may = match edge.kind {
            Kind::ActsAs => May::Act,
            _ => May::Trigger,
        };
        let why = format!("`{}` cannot be read", node.to_json());
        self.opaque(Opaque { at: End::Own(at), may, why, span: node.span });
    }

    fn edge(&mut self, at: usize, row: &EdgeRow, condition: Option<Cond>, base: &Node, root: &Node) {
        let from = match row.mentions {
            true => self.mentioned_at(row, base),
            false => self.places(at, row.from.as_deref(), row.from_default.as_deref(), &row.from_type, base, root),
        };
        for place in &from {
            self.actions(at, row, condition.as_ref(), place, (base, root));
        }
        let to = self.places(at, row.to.as_deref(), row.to_default.as_deref(), &row.to_type, base, root);
        let to: Vec<Place> = to.into_iter().filter(|(_, end, _)| self.address(row, end, base, root).is_none()).collect();
        for (first, from, source) in &from {
            for (second, to, span) in &to {
                if second.as_ref().is_some_and(|c| excluded(first.as_ref(), c)) {
                    continue;
                }
                let condition = both(both(condition.as_ref(), first.as_ref()).as_ref(), second.as_ref());
                self.between(row, condition, from, to, (*source, *span), (at, base, root));
            }
        }
    }

    /// The resources that a text mentions.
    fn mentioned_at(&self, row: &EdgeRow, base: &Node) -> Vec<Place> {
        let types: Vec<&str> = row.from_type.iter().map(String::as_str).collect();
        let Some(node) = row.from.as_deref().and_then(|path| self.scope.part(base, path)) else { return Vec::new() };
        let mut ends = Vec::new();
        self.mentioned(&node, &types, &mut ends, 4);
        ends.into_iter().map(|end| (None, end, node.span)).collect()
    }

    /// What a row says of the messages themselves: which kind passes, and which fields they have afterwards.
    fn narrowed(&self, row: &EdgeRow, edge: &mut Edge, base: &Node) {
        if let Some(kind) = &row.of_kind {
            edge.takes = edge.takes.clone().with("kind", vec![Matcher::exact(kind)]);
        }
        for (field, path) in &row.gives {
            let text = self.scope.texts_at(base, path).into_iter().next().map(|(_, text, _)| text);
            if let Some(known) = text.as_ref().and_then(super::pattern::comparable) {
                edge.gives = edge.gives.clone().with(field, vec![Matcher::exact(&known)]);
            }
        }
        for (field, paths) in &row.begins {
            self.begins(field, paths, edge, base);
        }
    }

    /// What is known of the beginning of a field. One that is computed is known down to its first expression.
    fn begins(&self, field: &str, paths: &[String], edge: &mut Edge, base: &Node) {
        let written = |path: &String| self.scope.texts_at(base, path).into_iter().next();
        if paths.first().and_then(written).is_none() {
            return;
        }
        let mut starts = Vec::new();
        for (_, text, node) in paths.iter().filter_map(written) {
            // One that is not known leaves the field open.
            let Some(known) = super::pattern::comparable(&text) else { return };
            starts.push(Matcher::glob(Glob::prefix(known.split_once("!{").map_or(known.as_str(), |(start, _)| start))));
            edge.also.push((node.span, "where it begins".into()));
        }
        edge.gives = edge.gives.clone().with(field, starts);
    }

    /// The action that the target of a row is the address of.
    fn address(&self, row: &EdgeRow, end: &End, base: &Node, root: &Node) -> Option<Action> {
        let (calls, End::Named(text, _)) = (row.calls.as_ref()?, end) else { return None };
        let (within, path) = (calls.method.as_deref()).map_or((base, ""), |p| p.strip_prefix('^').map_or((base, p), |p| (root, p)));
        let method = self.scope.part(within, path).and_then(|n| n.scalar());
        Action::read(text, method.as_deref(), calls.short)
    }

    /// The edges of targets that are addresses of actions.
    fn actions(&mut self, at: usize, row: &EdgeRow, condition: Option<&Cond>, from: &Place, (base, root): (&Node, &Node)) {
        let (first, from, source) = from;
        let condition = both(condition, first.as_ref());
        let Some(calls) = &row.calls else { return };
        let (within, path) = calls.on.strip_prefix('^').map_or((base, calls.on.as_str()), |path| (root, path));
        let on = self.scope.part(within, path).unwrap_or_else(|| base.clone());
        for (inner, end, span) in self.places(at, row.to.as_deref(), None, &row.to_type, base, root) {
            let Some(action) = self.address(row, &end, base, root) else { continue };
            let mut edge = self.plain(kind(row), from.clone(), end, span);
            edge.event = row.event.as_deref().map(Name::from);
            edge.condition = both(condition.as_ref(), inner.as_ref());
            edge.what = row.what.as_str().into();
            self.filtered(row, &mut edge, None, base, root);
            edge.facts = self.facts(&row.facts, base, root, span);
            self.told(row, &mut edge, at, *source);
            let roles = row.role.as_deref().map(|path| self.places(at, Some(path), None, &[], base, root)).unwrap_or_default();
            let roles = roles.into_iter().map(|(_, end, _)| end).collect();
            self.act(&edge, Called { action, on: &on, roles, span });
        }
    }

    /// The ends that a path leads to.
    fn places(&mut self, at: usize, path: Option<&str>, default: Option<&str>, types: &[String], base: &Node, root: &Node) -> Vec<Place> {
        let here = self.scope.resources.get(at).map_or_else(Span::default, |r| r.span);
        let default = default.and_then(|form| Some(self.scope.form(&self.scope.resources.get(at)?.id, form, 8)));
        if let Some(default) = default.as_ref().filter(|_| path.is_none()) {
            return vec![(None, self.names.end(&self.scope, default, types), if base.span == root.span { here } else { base.span })];
        }
        let Some(path) = path else { return vec![(None, self.names.principal(&self.scope, at), here)] };
        let (within, path) = path.strip_prefix('^').map_or((base, path), |path| (root, path));
        let selected = self.scope.select(within, path);
        for node in &selected.missed {
            let why = format!("`{}` cannot be read", node.to_json());
            self.opaque(Opaque { at: End::Own(at), may: May::Trigger, why, span: node.span });
        }
        let mut all = Vec::new();
        for (condition, text, node) in self.scope.texts_at(within, path) {
            all.push((condition, self.names.end(&self.scope, &text, types), node.span));
        }
        if let Some(default) = default.filter(|_| all.is_empty()) {
            all.push((None, self.names.end(&self.scope, &default, types), here));
        }
        all
    }

    fn between(
        &mut self,
        row: &EdgeRow,
        condition: Option<Cond>,
        from: &End,
        to: &End,
        (source_span, span): (Span, Span),
        (at, base, root): (usize, &Node, &Node),
    ) {
        let source = self.type_of(from);
        let target = self.type_of(to);
        let rows = (source.as_deref().and_then(|ty| table().row(ty)), target.as_deref().and_then(|ty| table().row(ty)));
        let arrives: Option<Name> = match row.arrives.as_deref() {
            Some("acts") => None,
            Some(event) => Some(event.into()),
            None => rows.1.and_then(|r| r.arrives.as_deref()).map(Name::from),
        };
        let mut edge = Edge {
            kind: kind(row),
            from: from.clone(),
            to: to.clone(),
            event: self.event(row, rows.0),
            arrives,
            takes: Filter::any(),
            unread: Vec::new(),
            keeps: Vec::new(),
            gives: Filter::any(),
            undecided: row.undecided.clone().or_else(|| elsewhere(from)).or_else(|| elsewhere(to)),
            condition,
            span,
            also: Vec::new(),
            what: row.what.as_str().into(),
            facts: BTreeMap::new(),
        };
        let language = rows.0.and_then(|r| r.polled.as_ref()?.language.as_deref());
        self.filtered(row, &mut edge, language, base, root);
        self.rewritten(row, &mut edge, base, root);
        self.narrowed(row, &mut edge, base);
        edge.facts = self.facts(&row.facts, base, root, span);
        self.told(row, &mut edge, at, source_span);
        if let Some(path) = &row.role {
            let roles = self.places(at, Some(path), None, &[], base, root);
            let value = FactValue::Ends(roles.into_iter().map(|(_, end, _)| end).collect());
            edge.facts.insert("role".into(), Fact { value, span, written: true });
        }
        match &row.events {
            Some(events) => self.named_events(events, edge, base, root),
            None => self.push(edge),
        }
    }

    /// What rules ask of every edge: the resource that declares it, where its source is written, and which service delivers.
    fn told(&self, row: &EdgeRow, edge: &mut Edge, at: usize, source: Span) {
        let fact = |value: FactValue, span: Span| Fact { value, span, written: false };
        edge.facts.insert("by".into(), fact(FactValue::Ends(vec![End::Own(at)]), edge.span));
        edge.facts.insert("source".into(), fact(FactValue::Ends(vec![edge.from.clone()]), source));
        if let Some(service) = &row.service {
            edge.facts.insert("service".into(), fact(FactValue::Text(Text::literal(service.as_str())), edge.span));
        }
    }

    /// The event of a row; what a poller reads of the source.
    fn event(&self, row: &EdgeRow, source: Option<&Row>) -> Option<Name> {
        match (&row.event, row.polled) {
            (Some(event), _) => Some(event.as_str().into()),
            (None, true) => source.and_then(|s| s.polled.as_ref()).map(|p| p.event.as_str().into()),
            (None, false) => None,
        }
    }

    /// One edge for each event that the texts of a property name.
    fn named_events(&mut self, events: &super::table::Events, edge: Edge, base: &Node, root: &Node) {
        let (within, path) = events.at.strip_prefix('^').map_or((base, events.at.as_str()), |path| (root, path));
        for (condition, text, node) in self.scope.texts_at(within, path) {
            let mut edge = edge.clone();
            edge.condition = both(edge.condition.as_ref(), condition.as_ref());
            let Some(written) = text.as_literal() else {
                for event in events.of.values() {
                    let undecided = Some(format!("the event is `{text}`, which is not known"));
                    self.push(Edge { event: Some(event.as_str().into()), undecided, ..edge.clone() });
                }
                continue;
            };
            let named = events.of.iter().filter(|(start, _)| written.starts_with(start.as_str())).max_by_key(|(start, _)| start.len());
            match named {
                Some((_, event)) => edge.event = Some(event.as_str().into()),
                // An event that the table does not know is one of its own, with which nothing else has to do.
                None => edge.event = Some(written.into()),
            }
            if let Some(field) = &events.field {
                let kind = crate::flow::filter::Glob::iam(written.strip_prefix(events.strip.as_str()).unwrap_or(written));
                edge.takes = edge.takes.with(field, vec![Matcher::glob(kind)]);
            }
            edge.also.push((node.span, "the event".into()));
            self.push(edge);
        }
    }
}

/// What an edge of a row is.
fn kind(row: &EdgeRow) -> EdgeKind {
    match row.kind {
        Kind::Trigger => EdgeKind::Trigger(row.mode.as_deref().and_then(Mode::of).unwrap_or(Mode::Async)),
        Kind::Failure => EdgeKind::Failure,
        Kind::ActsAs => EdgeKind::ActsAs,
        Kind::Watches => EdgeKind::Watches,
    }
}
