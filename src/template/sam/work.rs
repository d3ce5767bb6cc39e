//! What is known and what was made while a document is expanded.

use super::edit;
use super::fill::{Absent, Scope, absent_side};
use super::policies::Policies;
use super::table::{Edit, Make, TABLE, Thing};
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::document::{Entry, Node};
use crate::template::Neighbours;
use std::collections::BTreeMap;

/// A resource of SAM.
#[derive(Clone)]
pub(super) struct Source {
    /// Its logical id.
    pub id: Name,
    /// Where the id is.
    pub span: Span,
    /// The resource, with what the template shares among its type.
    pub resource: Node,
}

/// A place in an API that an event takes.
pub(super) struct Routed {
    /// The logical id of the API.
    pub api: Name,
    /// The path.
    pub path: Name,
    /// The method.
    pub method: Name,
    /// What happens there.
    pub operation: Node,
    /// When it is there.
    pub condition: Option<Name>,
    /// The event.
    pub place: Span,
    /// Whether a body that the user wrote gets it as well.
    pub into_written: bool,
}

/// The expansion of a document.
pub(super) struct Work<'a> {
    pub document: &'a Node,
    pub neighbours: &'a dyn Neighbours,
    pub findings: &'a mut Vec<Diagnostic>,
    /// The resources of SAM.
    pub sources: FxIndexMap<Name, Source>,
    /// The resources that were made.
    pub made: FxIndexMap<Name, Entry>,
    /// The conditions that were made.
    pub conditions: Vec<Entry>,
    /// What `Fn.Alias` and the like refer to.
    pub named: BTreeMap<String, Name>,
    /// Changes of resources, with the id and the path of keys.
    pub edits: Vec<(Name, String, Change)>,
    /// Places in APIs.
    pub routes: Vec<Routed>,
}

/// A change of a resource.
pub(super) enum Change {
    /// A part is added to a list, unless it is there.
    Add(Node),
    /// A value is written.
    Set(Node),
}

impl<'a> Work<'a> {
    /// What is known of a resource.
    pub fn scope(&self, source: &Source, thing: &'a Thing) -> Scope<'a> {
        let own = source.resource.get("Properties").cloned().unwrap_or_else(|| Node::map::<&str>(source.span, []));
        let mut names = vec![(Name::from("id"), Node::text(source.span, source.id.clone()))];
        if let Some(condition) = source.resource.get("Condition") {
            names.push(("condition".into(), condition.clone()));
        }
        let scope = Scope { place: source.span, own, names, lets: Some(&thing.lets), parameters: self.document.get("Parameters") };
        let file = thing.file.as_ref().and_then(|property| scope.find(property)).and_then(|path| self.neighbours.read(path.as_str()?));
        match file {
            Some(file) => scope.with("file", file),
            None => scope,
        }
    }

    /// Makes the resources of a thing.
    pub fn make(&mut self, source: &Source, scope: &Scope<'_>, thing: &Thing) {
        for make in &thing.make {
            match &make.each {
                Some(each) => scope.entries(each).iter().for_each(|scope| self.make_one(source, scope, make)),
                None => self.make_one(source, scope, make),
            }
        }
    }

    fn make_one(&mut self, source: &Source, scope: &Scope<'_>, make: &Make) {
        if make.when.as_ref().is_some_and(|when| !scope.holds(when)) {
            return;
        }
        let mut condition = None;
        if let Some(path) = &make.missing {
            match self.where_missing(source, scope, path) {
                Missing::No => return,
                Missing::Always => {}
                Missing::If(name) => condition = Some(name),
            }
        }
        let Some(id) = scope.text(&make.id) else {
            let message =
                format!("the logical ids of what SAM makes of `{}` depend on a value that is not known before deployment", source.id);
            self.findings.push(Diagnostic::error("sam-unknown-text", scope.place, message).help("write the value as a text"));
            return;
        };
        let copied = make.copy.iter().filter_map(|name| scope.own.entry(name).filter(|e| !e.value.is_null()).cloned());
        let set = make.set.iter().filter_map(|(key, template)| {
            let value = scope.fill(template)?;
            Some(Entry { key: scope.text(key)?.into(), span: value.span, value })
        });
        let properties: Vec<Entry> = copied.chain(set).collect();
        let attributes: Vec<Entry> = make
            .attributes
            .iter()
            .filter_map(|(key, template)| scope.fill(template).map(|value| Entry { key: key.as_str().into(), span: value.span, value }))
            .collect();
        let bare = Source { resource: Node::map::<&str>(source.span, []), ..source.clone() };
        let from = if make.shared { &bare } else { source };
        let mut resource = self.resource(from, scope.place, &make.ty, properties, make.main);
        for attribute in attributes {
            if resource.get(&attribute.key).is_none() {
                resource = edit::with(&resource, attribute);
            }
        }
        if let Some(condition) = condition {
            let value = Node::text(scope.place, condition);
            resource = edit::with(&resource, Entry { key: "Condition".into(), span: scope.place, value });
        }
        if let Some(name) = &make.named {
            self.named.insert(format!("{}.{name}", source.id), id.as_str().into());
        }
        self.put(Entry { key: id.into(), span: scope.place, value: resource });
    }

    /// A resource with the attributes that it has from its source.
    pub fn resource(&self, source: &Source, place: Span, ty: &str, properties: Vec<Entry>, main: bool) -> Node {
        let mut all = vec![Entry { key: "Type".into(), span: place, value: Node::text(place, ty) }];
        let own = [&*TABLE.globals.ignored_by, "Type", "Properties", &*TABLE.connectors.attribute];
        all.extend(
            source
                .resource
                .entries()
                .iter()
                .filter(|e| match main {
                    true => !own.contains(&&*e.key),
                    false => TABLE.passed.iter().any(|p| **p == *e.key),
                })
                .cloned(),
        );
        let value = Node::new(place, crate::document::Data::Map(properties.into()));
        all.push(Entry { key: "Properties".into(), span: place, value });
        Node::new(place, crate::document::Data::Map(all.into()))
    }

    /// Adds a resource; one that the template declares under the same id is a mistake.
    pub fn put(&mut self, entry: Entry) {
        let declared = self.document.get("Resources").and_then(|r| r.entry(&entry.key)).filter(|_| !self.sources.contains_key(&entry.key));
        if let Some(declared) = declared {
            let message = format!("SAM makes a resource with the logical id `{}`, which the template declares too", entry.key);
            self.findings.push(
                Diagnostic::error("sam-id-taken", declared.span, message)
                    .also(entry.span, "SAM makes it of this")
                    .help("rename the declared resource"),
            );
            return;
        }
        self.made.insert(entry.key.clone(), entry);
    }

    /// Notes the changes of other resources.
    pub fn edit(&mut self, scope: &Scope<'_>, edits: &[Edit], what: &str) {
        for change in edits {
            let target = scope.find(&change.of).as_ref().and_then(super::ids::referenced);
            let known = |id: &Name| self.document.get("Resources").is_some_and(|r| r.get(id).is_some());
            let Some(target) = target.filter(known) else {
                if scope.find(&change.of).is_some() {
                    let place = scope.own.get(&change.of).map_or(scope.place, |n| n.span);
                    let message = format!("`{}` of {what} must refer to a resource of the same template", change.of);
                    let finding = Diagnostic::error("sam-event-source", place, message).help(format!("write `{}: !Ref ID`", change.of));
                    if !self.findings.contains(&finding) {
                        self.findings.push(finding);
                    }
                }
                continue;
            };
            let scopes = change.each.as_ref().map_or_else(|| vec![scope.clone()], |each| scope.entries(each));
            for mut inner in scopes {
                inner.place = scope.place;
                if change.when.as_ref().is_some_and(|when| !inner.holds(when)) {
                    continue;
                }
                let Some(path) = inner.text(&change.at) else { continue };
                let add = change.add.as_ref().and_then(|t| inner.fill(t)).map(Change::Add);
                let set = change.set.as_ref().and_then(|t| inner.fill(t)).map(Change::Set);
                self.edits.extend(add.into_iter().chain(set).map(|c| (target.clone(), path.clone(), c)));
            }
        }
    }

    /// Collects the rights that a thing adds.
    pub fn rights(&mut self, scope: &Scope<'_>, thing: &Thing, policies: &mut Policies) {
        for managed in &thing.rights.managed {
            if managed.when.as_ref().is_none_or(|when| scope.holds(when)) {
                policies.manage(Node::text(scope.place, super::policies::arn_of(&managed.name)));
            }
        }
        for statement in &thing.rights.statement {
            let scopes = statement.each.as_ref().map_or_else(|| vec![scope.clone()], |each| scope.entries(each));
            for inner in scopes {
                if statement.when.as_ref().is_none_or(|when| inner.holds(when))
                    && let Some(filled) = inner.fill(&serde_json::Value::Object(statement.set.clone()))
                {
                    policies.add(&filled);
                }
            }
        }
    }

    /// When a property is missing.
    pub fn where_missing(&mut self, source: &Source, scope: &Scope<'_>, path: &str) -> Missing {
        let Some(written) = scope.find(path) else { return Missing::Always };
        let Some(side) = absent_side(&written) else { return Missing::No };
        let condition = written.as_call().and_then(|(_, arguments)| arguments.items().first()?.scalar());
        let (Absent::Then | Absent::Else, Some(condition)) = (side, condition) else { return Missing::Always };
        let place = written.span;
        let mut name = condition.to_string();
        let refer = |name: &str| Node::map(place, [("Condition", Node::text(place, name))]);
        if side == Absent::Else {
            name = format!("NOT{condition}");
            self.condition(&name, Node::call(place, "Fn::Not", Node::list(place, vec![refer(&condition)])));
        }
        if let Some(own) = source.resource.get("Condition").and_then(Node::as_str) {
            let both = format!("{own}AND{name}");
            self.condition(&both, Node::call(place, "Fn::And", Node::list(place, vec![refer(own), refer(&name)])));
            name = both;
        }
        Missing::If(name.into())
    }

    /// Adds a condition, unless there is one of this name.
    pub fn condition(&mut self, name: &str, value: Node) {
        let declared = self.document.get("Conditions").is_some_and(|c| c.get(name).is_some());
        if !declared && !self.conditions.iter().any(|c| &*c.key == name) {
            self.conditions.push(Entry { key: name.into(), span: value.span, value });
        }
    }
}

/// When something is missing.
pub(super) enum Missing {
    /// Never.
    No,
    /// Always.
    Always,
    /// Under a condition.
    If(Name),
}
