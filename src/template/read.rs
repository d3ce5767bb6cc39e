//! From a document to its summary.

use super::Neighbours;
use super::ends::Names;
use super::reader::Reader;
use super::scope::{Scope, Written};
use super::summary::{Allowed, Edge, EdgeKind, End, Fact, May, Nested, Opaque, Resource, Shared, Stored, Summary};
use super::table::{Reader as Documents, Reads, Row};
use super::text::{Segment, Text};
use crate::base::{Diagnostic, Name, Span};
use crate::document::Node;
use crate::flow::filter::Filter;
use std::collections::BTreeMap;

/// The summary of a template.
pub fn summary(document: &Node, name: Name, neighbours: &dyn Neighbours) -> Summary {
    let mut findings = Vec::new();
    let document = &super::each::expanded(document, neighbours, &mut findings);
    let document = &super::sam::expand(document, neighbours, &mut findings);
    findings.extend(untyped(document));
    let scope = Scope::of(document, name.clone(), neighbours);
    let names = Names::of(&scope);
    let summary = Summary { name, findings, ..Summary::default() };
    let mut reader = Reader { scope, names, summary, machines: Vec::new() };
    reader.resources();
    reader.shared(document);
    reader.of_machines();
    reader.evidence();
    reader.allowed(document);
    reader.summary
}

/// Resources that CloudFormation refuses, and of which nothing is known.
fn untyped(document: &Node) -> Vec<Diagnostic> {
    let resources = document.get("Resources").map(Node::entries).unwrap_or_default();
    let without = resources.iter().filter(|e| e.value.get("Type").and_then(Node::as_str).is_none());
    without
        .map(|entry| {
            let finding = Diagnostic::error("resource-without-type", entry.span, format!("`{}` has no `Type`", entry.key));
            finding.help("write `Type: SERVICE::RESOURCE`, such as `Type: AWS::SQS::Queue`")
        })
        .collect()
}

impl Reader<'_> {
    fn resources(&mut self) {
        for at in 0..self.scope.resources.len() {
            // The resource is taken out while its parts are added to what was found.
            let Some(written) = self.scope.resources.get(at).map(copied) else { continue };
            let row = written.row();
            let mut facts = properties(self, &written);
            if let Some(row) = row {
                facts.extend(self.facts(&row.facts, &written.properties, &written.properties, written.span));
            }
            self.summary.resources.push(Resource {
                id: written.id.clone(),
                ty: written.ty.clone(),
                label: written.id.clone(),
                span: written.span,
                condition: written.condition.clone(),
                name: self.scope.physical_name(&written.id),
                arn: row.map(|_| self.scope.arn(&written.id)),
                elsewhere: false,
                facts,
            });
            self.other_name(at, &written);
            if let Some(row) = row {
                self.edges_of(at, &written, row);
                row.reads.iter().for_each(|reads| self.document(at, &written, row, reads));
            } else if !super::table().quiet.iter().any(|ty| **ty == *written.ty) {
                self.unknown_type(&written);
            }
        }
    }

    /// A resource of a type that the table does not know may run the functions that it names.
    fn unknown_type(&mut self, resource: &Written<'_>) {
        let runs: Vec<&str> = super::calls().call.iter().filter(|c| c.mode == "sync").flat_map(|c| &c.types).map(String::as_str).collect();
        let mut named = Vec::new();
        self.mentioned(&resource.properties, &runs, &mut named, 24);
        for at in named {
            let why = format!("`{}` names it, and what a resource of the type `{}` does is not known", resource.id, resource.ty);
            self.opaque(Opaque { at, may: May::BeTriggered, why, span: resource.span });
        }
    }

    fn document(&mut self, at: usize, resource: &Written<'_>, row: &Row, reads: &Reads) {
        match reads.what {
            Documents::Policy => self.policy(at, resource, reads),
            Documents::Policies => self.policies(at, resource, reads),
            Documents::Managed => self.managed(at, resource, reads),
            Documents::Boundary => self.boundary(at, resource, reads),
            Documents::ResourcePolicy => self.resource_policy(at, resource, reads),
            Documents::Trust => self.trust(at, resource, reads),
            Documents::Permission => self.permission(resource, reads),
            Documents::Machine => self.machine(at, resource, reads),
            Documents::Api => self.api(at, resource, row, reads),
            Documents::Nested => self.nested(at, resource, reads),
            Documents::Stored => self.stored(resource, reads),
            Documents::Custom => self.custom(at, resource, reads),
        }
    }

    /// An edge that lets everything through.
    pub(super) fn plain(&self, kind: EdgeKind, from: End, to: End, span: Span) -> Edge {
        Edge {
            kind,
            from,
            to,
            event: None,
            arrives: None,
            takes: Filter::any(),
            unread: Vec::new(),
            keeps: Vec::new(),
            gives: Filter::any(),
            undecided: None,
            condition: None,
            span,
            also: Vec::new(),
            what: "triggers".into(),
            facts: BTreeMap::new(),
        }
    }

    fn nested(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let text = self.scope.texts_at(&resource.properties, &reads.at).into_iter().next();
        // The CDK uploads templates of nested stacks, and says beside the resource which file it was.
        let asset = resource.node.get("Metadata").and_then(|m| m.get("aws:asset:path")).and_then(Node::scalar);
        let file = asset.map(|path| path.to_string()).or_else(|| text.map(|(_, text, _)| text.to_string()));
        let here = file.filter(|file| self.scope.neighbours.read(file).is_some());
        if here.is_none() {
            for may in [May::Act, May::BeTriggered] {
                let why = format!("the template of the nested stack `{}` is not beside this one", resource.id);
                self.opaque(Opaque { at: End::Own(at), may, why, span: resource.span });
            }
        }
        let mut parameters = Vec::new();
        for (_, node) in self.scope.select(&resource.properties, "Parameters").found {
            for entry in node.entries() {
                let value = self.scope.text(&entry.value);
                parameters.push(Shared { name: Text::literal(entry.key.clone()), value, span: entry.value.span });
            }
        }
        let file = here.map(Name::from);
        self.summary.nested.push(Nested { id: resource.id.clone(), file, parameters, span: resource.span });
    }

    fn stored(&mut self, resource: &Written<'_>, reads: &Reads) {
        let value = self.scope.texts_at(&resource.properties, &reads.at).into_iter().next();
        if let Some((_, value, node)) = value {
            let name = self.scope.attribute(&resource.id, "Name", 8);
            self.summary.stored.push(Stored { name, value, span: node.span });
        }
    }

    /// Outputs, exports and parameters.
    fn shared(&mut self, document: &Node) {
        for entry in document.get("Outputs").map(Node::entries).unwrap_or_default() {
            let value = entry.value.get("Value").and_then(|v| self.scope.text(v));
            let span = entry.value.get("Value").map_or(entry.span, |v| v.span);
            self.summary.outputs.push(Shared { name: Text::literal(entry.key.clone()), value: value.clone(), span });
            if let Some(name) = entry.value.at("Export.Name").and_then(|n| self.scope.text(n)) {
                self.summary.exports.push(Shared { name, value, span });
            }
        }
        for entry in document.get("Parameters").map(Node::entries).unwrap_or_default() {
            let ty = entry.value.get("Type").and_then(Node::as_str).unwrap_or_default();
            let default = entry.value.get("Default").and_then(Node::scalar);
            let value = default.map(|d| match ty.starts_with("AWS::SSM::Parameter::Value") {
                true => Text::of(Segment::Stored(Text::literal(d))),
                false => Text::literal(d),
            });
            self.summary.parameters.push(Shared { name: Text::literal(entry.key.clone()), value, span: entry.span });
        }
    }

    /// What `Metadata: Purlin: allow` permits: of a resource for its lines, of the template for all.
    fn allowed(&mut self, document: &Node) {
        let mut places = vec![(document.at("Metadata.Purlin.allow"), document.span)];
        for resource in document.get("Resources").map(Node::entries).unwrap_or_default() {
            places.push((resource.value.at("Metadata.Purlin.allow"), resource.span.to(resource.value.span)));
        }
        for (allow, region) in places {
            for entry in allow.into_iter().flat_map(Node::entries) {
                let of = |key: &str| entry.value.get(key).and_then(Node::scalar);
                self.summary.allowed.push(Allowed {
                    rule: entry.key.clone(),
                    // Without a reason it is empty, which is reported where permits are used.
                    reason: entry.value.scalar().or_else(|| of("reason")).unwrap_or_default(),
                    until: of("until"),
                    ends: of("ends"),
                    region,
                    span: entry.span,
                });
            }
            for item in allow.into_iter().flat_map(|a| a.items().iter().chain(a.as_str().map(|_| a))) {
                if let Some(rule) = item.scalar() {
                    let (reason, until, ends) = ("".into(), None, None);
                    self.summary.allowed.push(Allowed { rule, reason, until, ends, region, span: item.span });
                }
            }
        }
    }
}

fn copied<'d>(of: &Written<'d>) -> Written<'d> {
    Written {
        id: of.id.clone(),
        ty: of.ty.clone(),
        span: of.span,
        node: of.node,
        properties: of.properties.clone(),
        condition: of.condition.clone(),
    }
}

/// The top properties of a resource under their own names, with their value if it is a single text, and what `Ref` gives.
fn properties(reader: &Reader<'_>, resource: &Written<'_>) -> BTreeMap<Name, Fact> {
    let mut facts = BTreeMap::new();
    for entry in resource.properties.entries() {
        let single = entry.value.as_call().is_some() || entry.value.scalar().is_some();
        let text = if single { reader.scope.text(&entry.value) } else { None };
        let value = text.map_or(super::summary::FactValue::Unknown, |text| super::facts::value(&text));
        facts.insert(entry.key.clone(), Fact { value, span: entry.value.span, written: true });
    }
    let reference = reader.scope.attribute(&resource.id, "Ref", 8);
    facts.insert("Ref".into(), Fact { value: super::summary::FactValue::Text(reference), span: resource.span, written: false });
    facts
}
