//! A template while it is read: its sections by name, what its resources are called, and what could not be read so far.

use super::Neighbours;
use super::table::{Row, table};
use super::text::{Segment, Text};
use crate::base::{Name, Span};
use crate::document::Node;
use crate::model::Cond;
use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// How deep names may be built of one another.
const DEPTH: usize = 8;

/// The most characters and parts of a name: no service takes as many.
const LONGEST_NAME: usize = 8_192;

/// Whether a text can be a name. Names of names could grow without a limit.
fn short(text: &Text) -> bool {
    let characters = text.segments().iter().map(|s| if let Segment::Literal(l) = s { l.len() } else { 1 });
    characters.sum::<usize>() <= LONGEST_NAME
}

/// A resource as it is written.
pub struct Written<'d> {
    /// Its logical id.
    pub id: Name,
    /// Its type.
    pub ty: Name,
    /// Where its id is written.
    pub span: Span,
    /// The whole of it.
    pub node: &'d Node,
    /// Its properties; an empty map if it has none.
    pub properties: Node,
    /// When it is there.
    pub condition: Option<Cond>,
}

impl Written<'_> {
    /// What the table says of its type.
    pub fn row(&self) -> Option<&'static Row> {
        table().row(&self.ty)
    }
}

/// A template while it is read.
pub struct Scope<'d> {
    /// The name of the stack.
    pub stack: Name,
    /// Other files.
    pub neighbours: &'d dyn Neighbours,
    /// Its parameters.
    pub parameters: FxHashMap<&'d str, &'d Node>,
    /// Its mappings.
    pub mappings: FxHashMap<&'d str, &'d Node>,
    /// Its conditions.
    pub conditions: FxHashMap<&'d str, &'d Node>,
    /// Its resources, in their order.
    pub resources: Vec<Written<'d>>,
    /// The places of resources by their ids.
    pub places: FxHashMap<Name, usize>,
    /// What the attributes of resources give, once asked for.
    known: RefCell<FxHashMap<(Name, Name), Text>>,
    /// The physical names of resources, once asked for.
    named: RefCell<FxHashMap<Name, Option<Text>>>,
    /// The resources whose names are being read.
    naming: RefCell<Vec<Name>>,
}

impl<'d> Scope<'d> {
    /// The sections of a document.
    pub fn of(document: &'d Node, stack: Name, neighbours: &'d dyn Neighbours) -> Scope<'d> {
        let section = |key: &str| -> FxHashMap<&'d str, &'d Node> {
            document.get(key).map(|s| s.entries().iter().map(|e| (&*e.key, &e.value)).collect()).unwrap_or_default()
        };
        let mut scope = Scope {
            stack,
            neighbours,
            parameters: section("Parameters"),
            mappings: section("Mappings"),
            conditions: section("Conditions"),
            resources: Vec::new(),
            places: FxHashMap::default(),
            known: RefCell::default(),
            named: RefCell::default(),
            naming: RefCell::default(),
        };
        for entry in document.get("Resources").map(Node::entries).unwrap_or_default() {
            let Some(ty) = entry.value.get("Type").and_then(Node::as_str) else { continue };
            let condition = entry.value.get("Condition").and_then(Node::as_str).map(|name| scope.condition(name));
            let properties = entry.value.get("Properties").cloned();
            scope.places.insert(entry.key.clone(), scope.resources.len());
            scope.resources.push(Written {
                id: entry.key.clone(),
                ty: ty.into(),
                span: entry.span,
                node: &entry.value,
                properties: properties.unwrap_or_else(|| Node::map::<Name>(entry.span, [])),
                condition,
            });
        }
        scope
    }

    /// A name of this stack, as conditions of several stacks can be compared.
    pub fn qualified(&self, name: &str) -> Name {
        format!("{}:{name}", self.stack).into()
    }

    /// The resource of an id.
    pub fn resource(&self, id: &str) -> Option<&Written<'d>> {
        self.places.get(id).and_then(|at| self.resources.get(*at))
    }

    /// The physical name of a resource, if the template gives one and only one.
    pub fn physical_name(&self, id: &str) -> Option<Text> {
        if let Some(known) = self.named.borrow().get(id) {
            return known.clone();
        }
        // Names can be built of one another, and in a circle.
        let naming = self.naming.borrow().len();
        if naming >= DEPTH || self.naming.borrow().iter().any(|other| &**other == id) {
            return None;
        }
        self.naming.borrow_mut().push(id.into());
        let name = self.physical(id);
        self.naming.borrow_mut().truncate(naming);
        self.named.borrow_mut().insert(id.into(), name.clone());
        name
    }

    /// The same text wherever the name is asked for, however deep the question is.
    fn physical(&self, id: &str) -> Option<Text> {
        let resource = self.resource(id)?;
        let value = resource.properties.get(resource.row()?.name.as_deref()?)?;
        // What cannot be read of a name is a part that nothing else has: wherever it is used it is this resource's.
        let own = |segment: &Segment| match segment {
            Segment::Unknown(_) => Segment::Attribute(id.into(), "Name".into()),
            known => known.clone(),
        };
        match self.texts_within(value, DEPTH).as_slice() {
            [(None, text)] if short(text) => Some(text.segments().iter().map(own).collect()),
            _ => None,
        }
    }

    /// The ARN of a resource, to which an attribute may add something: that of a log group ends with `:*`.
    pub fn arn(&self, id: &str) -> Text {
        let form = self.resource(id).and_then(Written::row).and_then(|row| row.arn.as_deref());
        form.map_or_else(|| self.attribute(id, "Arn", DEPTH), |form| self.form(id, form, DEPTH))
    }

    /// What an attribute of a resource gives, `Ref` included. `Name` and `Arn` are understood of every resource.
    pub fn attribute(&self, id: &str, attribute: &str, depth: usize) -> Text {
        let key: (Name, Name) = (id.into(), attribute.into());
        if let Some(text) = self.known.borrow().get(&key) {
            return text.clone();
        }
        let atom = Text::of(Segment::Attribute(key.0.clone(), key.1.clone()));
        let Some(row) = self.resource(id).and_then(Written::row) else { return atom };
        if depth == 0 {
            return atom;
        }
        let text = match attribute {
            // `{name}` is what `Name` is asked for.
            "Name" if row.attributes.get("Name").is_none_or(|form| form == "{name}") => self.name_of(id),
            "Arn" if !row.attributes.contains_key("Arn") => self.form_of(id, row.arn.as_deref(), depth).unwrap_or(atom),
            "Ref" => self.form_of(id, row.reference.as_deref(), depth).unwrap_or(atom),
            other => self.form_of(id, row.attributes.get(other).map(String::as_str), depth).unwrap_or(atom),
        };
        self.known.borrow_mut().insert(key, text.clone());
        text
    }

    /// What `{name}` of a form stands for: the physical name, or the one that CloudFormation will make.
    fn name_of(&self, id: &str) -> Text {
        self.physical_name(id).unwrap_or_else(|| Text::of(Segment::Attribute(id.into(), "Name".into())))
    }

    fn form_of(&self, id: &str, form: Option<&str>, depth: usize) -> Option<Text> {
        Some(self.form(id, form?, depth - 1))
    }

    /// A form of the table for a resource: `arn:{partition}:sqs:{region}:{account}:{name}`.
    pub fn form(&self, id: &str, form: &str, depth: usize) -> Text {
        let mut text = Text::default();
        let mut rest = form;
        while let Some((before, (inside, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
            text.push(Segment::Literal(before.into()));
            rest = after;
            match inside {
                "partition" => text.push(Segment::Pseudo("AWS::Partition".into())),
                "region" => text.push(Segment::Pseudo("AWS::Region".into())),
                "account" => text.push(Segment::Pseudo("AWS::AccountId".into())),
                "suffix" => text.push(Segment::Pseudo("AWS::URLSuffix".into())),
                "name" => text.extend(self.name_of(id).segments().iter().cloned()),
                "arn" => {
                    // The form of the row, and not the attribute: its form may be `{arn}` itself.
                    let form = self.resource(id).and_then(Written::row).and_then(|row| row.arn.as_deref());
                    let arn = form.filter(|form| !form.contains("{arn}") && depth > 0).map(|form| self.form(id, form, depth - 1));
                    let atom = || Text::of(Segment::Attribute(id.into(), "Arn".into()));
                    text.extend(arn.unwrap_or_else(atom).segments().iter().cloned());
                }
                "id" => text.push(Segment::Attribute(id.into(), "Ref".into())),
                property => text.extend(self.of_property(id, property, depth).segments().iter().cloned()),
            }
        }
        text.push(Segment::Literal(rest.into()));
        text
    }

    fn of_property(&self, id: &str, path: &str, depth: usize) -> Text {
        let unknown = || Text::of(Segment::Attribute(id.into(), path.into()));
        let Some(value) = self.resource(id).and_then(|r| r.properties.at(path)).filter(|_| depth > 0) else { return unknown() };
        match self.texts_within(value, depth - 1).as_slice() {
            [(None, text)] => text.clone(),
            _ => unknown(),
        }
    }
}
