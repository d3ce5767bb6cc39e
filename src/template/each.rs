//! `Fn::ForEach` of `AWS::LanguageExtensions`: a part of a template that is written once for each item of a collection. It
//! is written out here, so that whatever reads the template knows nothing of it.

use super::Neighbours;
use crate::base::{Diagnostic, Name, Severity, Span};
use crate::document::{Data, Entry, Node};

/// The beginning of the key of a loop.
const LOOP: &str = "Fn::ForEach::";
/// The most parts that all loops of a template make, nested ones included.
const MOST: usize = 50_000;

/// A document with its loops written out, and the files that sections include. What cannot be written out is reported, and
/// left out.
pub fn expanded(document: &Node, neighbours: &dyn Neighbours, findings: &mut Vec<Diagnostic>) -> Node {
    if !repeats(document) {
        return document.clone();
    }
    let mut loops = Loops { document, neighbours, findings, left: MOST };
    let out = loops.within(document, &[]);
    if loops.left == 0 {
        let message = format!("the loops of this template make more than {MOST} parts, and are not all read");
        loops.findings.push(Diagnostic::warning("part-not-read", document.span, message));
    }
    out
}

/// Whether some key is that of a loop, or a section is taken from a file.
fn repeats(node: &Node) -> bool {
    let section = |e: &Entry| &*e.key == "Resources" && e.value.get("Fn::Transform").is_some();
    node.entries().iter().any(|e| e.key.starts_with(LOOP) || section(e) || repeats(&e.value)) || node.items().iter().any(repeats)
}

/// Loops while they are written out.
struct Loops<'d> {
    document: &'d Node,
    neighbours: &'d dyn Neighbours,
    findings: &'d mut Vec<Diagnostic>,
    left: usize,
}

/// An identifier of a loop with its value.
type Bound = (Name, Name);

impl Loops<'_> {
    fn within(&mut self, node: &Node, bound: &[Bound]) -> Node {
        self.left = self.left.saturating_sub(usize::from(!bound.is_empty()));
        match &node.data {
            Data::Text(text) => Node::text(node.span, with_values(text, bound)),
            Data::List(items) => Node::list(node.span, items.iter().map(|item| self.within(item, bound)).collect()),
            Data::Map(entries) => {
                let of_loop = node.as_call().filter(|(function, _)| *function == "Ref").and_then(|(_, name)| value(bound, name.as_str()?));
                if let Some(value) = of_loop {
                    return Node::text(node.span, value.clone());
                }
                let mut out = Vec::new();
                entries.iter().for_each(|entry| self.entry(entry, bound, &mut out));
                Node::new(node.span, Data::Map(out.into()))
            }
            Data::Null | Data::Bool(_) | Data::Number(_) => node.clone(),
        }
    }

    fn entry(&mut self, entry: &Entry, bound: &[Bound], out: &mut Vec<Entry>) {
        if self.left == 0 && !bound.is_empty() {
            return;
        }
        if entry.key.starts_with(LOOP) {
            self.repeated(entry, bound, out);
            return;
        }
        let mut value = self.within(&entry.value, bound);
        if &*entry.key == "Resources"
            && let Some(included) = value.entry("Fn::Transform").cloned()
        {
            value = self.with_file(&value, &included);
        }
        out.push(Entry { key: with_values(&entry.key, bound).into(), span: entry.span, value });
    }

    /// A section of which a part is in a file.
    fn with_file(&mut self, section: &Node, included: &Entry) -> Node {
        let rest = section.entries().iter().filter(|e| e.key != included.key).cloned();
        let location = included.value.at("Parameters.Location").and_then(Node::as_str);
        let here = included.value.get("Name").and_then(Node::as_str) == Some("AWS::Include");
        let file = location.filter(|_| here).and_then(|location| self.neighbours.read(location));
        if file.is_none() {
            self.unread("`Fn::Transform` of the section `Resources`", "it is not a file beside the template", included.span);
        }
        let more = file.iter().flat_map(|file| file.entries().iter().cloned());
        Node::new(section.span, Data::Map(rest.chain(more).collect()))
    }

    /// The parts that a loop makes.
    fn repeated(&mut self, entry: &Entry, bound: &[Bound], out: &mut Vec<Entry>) {
        let [identifier, collection, body] = entry.value.items() else {
            self.unread(&format!("`{}`", entry.key), "it needs an identifier, a collection and a part", entry.span);
            return;
        };
        let (Some(identifier), Some(items)) = (identifier.as_str(), self.collection(&entry.key, collection, bound)) else {
            self.unread(&format!("`{}`", entry.key), "its collection is not known before deployment", collection.span);
            return;
        };
        for item in items {
            let bound: Vec<Bound> = bound.iter().cloned().chain([(identifier.into(), item)]).collect();
            body.entries().iter().for_each(|part| self.entry(part, &bound, out));
        }
    }

    /// The items of a collection, if they are written; those of a parameter's default are the ones that are read.
    fn collection(&mut self, key: &str, node: &Node, bound: &[Bound]) -> Option<Vec<Name>> {
        let node = self.within(node, bound);
        if let Some(("Ref", name)) = node.as_call() {
            let default = self.document.get("Parameters")?.get(name.as_str()?)?.get("Default")?.scalar()?;
            let message = format!("`{key}` is read for the default `{default}` of its parameter only");
            let finding = Diagnostic::new(Severity::Advice, "part-not-read", node.span, message);
            self.findings.push(finding.help("what the template makes for other values is not known"));
            return Some(default.split(',').map(|item| item.trim().into()).collect());
        }
        node.items().iter().map(Node::scalar).collect::<Option<Vec<Name>>>().filter(|items| !items.is_empty())
    }

    fn unread(&mut self, what: &str, why: &str, span: Span) {
        let message = format!("{what} is not read: {why}");
        let finding = Diagnostic::warning("part-not-read", span, message);
        self.findings.push(finding.help("the triggers and rights of what it makes are not known; check the template that it gives"));
    }
}

fn value<'b>(bound: &'b [Bound], name: &str) -> Option<&'b Name> {
    bound.iter().rev().find(|(known, _)| **known == *name).map(|(_, value)| value)
}

/// A text with `${Identifier}` and `&{Identifier}` replaced. The second leaves out what no logical id may have.
fn with_values(text: &str, bound: &[Bound]) -> String {
    let mut out = text.to_string();
    for (name, value) in bound {
        if out.contains(&**name) {
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            out = out.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &plain);
        }
    }
    out
}
