//! What can be done about a finding in a template: its own remedies, and `Metadata: Purlin: allow` with a reason. An edit is
//! offered only if the template with it is the same but for that.

use super::actions::Action;
use crate::base::{Diagnostic, Edit, FileId, Span};
use crate::document::{Data, Entry, Form, Node, read};
use crate::session::needs_end;
use serde_json::{Value as Json, json};

/// Where a permit is, below a resource or the template.
const PATH: [&str; 3] = ["Metadata", "Purlin", "allow"];

/// What can be done about a finding in a template of this path and text.
pub fn actions_in_template(finding: &Diagnostic, (file, path, text): (FileId, &str, &str)) -> Vec<Action> {
    let mut out: Vec<Action> =
        finding.fixes.iter().map(|f| Action { title: f.title.clone(), edits: f.edits.clone(), preferred: f.safe }).collect();
    if finding.allowable {
        out.extend(permit(finding, file, Form::of(path, text), text));
    }
    out
}

fn permit(finding: &Diagnostic, file: FileId, form: Form, text: &str) -> Option<Action> {
    let document = read(text, file, form).0?;
    let (owner, steps) = owner(&document, finding.primary.span)?;
    let reason = json!("why this is right here");
    let said = if needs_end(&finding.rule) { json!({ "reason": reason, "ends": "what ends the loop" }) } else { reason };
    // The deepest map of the path that is there gets the rest of it.
    let (mut map, mut depth) = (owner, 0);
    while let Some(inner) = PATH.get(depth).and_then(|key| map.get(key)) {
        map = inner;
        depth += 1;
    }
    let rest = PATH.get(depth..)?;
    let mut keys = rest.iter().copied().chain([&*finding.rule]);
    let key = keys.next()?;
    let value = keys.rev().fold(said.clone(), |value, key| json!({ key: value }));
    let (at, put) = Put { text, form, map, unit: unit(text, &document), depth }.put(key, &value)?;
    let new = format!("{}{put}{}", text.get(..at)?, text.get(at..)?);
    let mut expected = document.to_json();
    let place = steps.iter().chain(&PATH).try_fold(&mut expected, |at, key| {
        let map = at.as_object_mut()?;
        let inner = map.entry(*key).or_insert(Json::Null);
        if inner.is_null() {
            *inner = json!({});
        }
        Some(inner)
    })?;
    place.as_object_mut()?.insert(finding.rule.to_string(), said);
    if read(&new, file, form).0?.to_json() != expected {
        return None;
    }
    let title = match steps.last().filter(|_| steps.len() > 1) {
        Some(id) => format!("allow `{}` for `{id}`, with a reason", finding.rule),
        None => format!("allow `{}` in this template, with a reason", finding.rule),
    };
    let at = Span::new(file, at as u32, at as u32);
    Some(Action { title, edits: vec![Edit { span: at, text: put }], preferred: false })
}

/// The resource that a place is in, or else the template, with the keys that lead there.
fn owner(document: &Node, at: Span) -> Option<(&Node, Vec<&str>)> {
    let within = |entry: &&Entry| entry.span.file == at.file && entry.span.start <= at.start && at.end <= entry.value.span.end;
    let resource = document.get("Resources").map(Node::entries).unwrap_or_default().iter().find(within);
    match resource {
        Some(entry) => Some((&entry.value, vec!["Resources", &entry.key])),
        None => (document.span.file == at.file).then(|| (document, Vec::new())),
    }
}

/// By how much the maps of a document are indented: as its resources are.
fn unit(text: &str, document: &Node) -> String {
    let inner = || {
        let resources = document.entry("Resources")?;
        let first = resources.value.entries().first()?;
        let (outer, inner) = (margin(text, resources.span.start)?, margin(text, first.span.start)?);
        inner.strip_prefix(outer).filter(|unit| !unit.is_empty()).map(String::from)
    };
    inner().unwrap_or_else(|| "  ".into())
}

/// What is before a place in its line, if that is blank.
fn margin(text: &str, at: u32) -> Option<&str> {
    let before = text.get(..at as usize)?.rsplit('\n').next()?;
    before.chars().all(|c| c == ' ' || c == '\t').then_some(before)
}

/// A map that gets an entry.
struct Put<'t> {
    text: &'t str,
    form: Form,
    map: &'t Node,
    unit: String,
    /// How many keys of the path lead to it.
    depth: usize,
}

impl Put<'_> {
    /// Where the text of the entry is put, and that text. None for what is no map.
    fn put(&self, key: &str, value: &Json) -> Option<(usize, String)> {
        let entries = match &self.map.data {
            Data::Map(entries) => entries,
            Data::Null => &[][..].into(),
            _ => return None,
        };
        let line = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let start = self.map.span.start as usize;
        let flow = self.text.get(start..)?.starts_with('{');
        let Some(first) = entries.first() else {
            if flow {
                return Some((start + 1, self.flow(key, value, None)));
            }
            // `Metadata:` with nothing after it: the value is where its lines begin.
            let own = self.text.get(..start)?.rsplit('\n').next()?;
            let indent: String = own.chars().take_while(|c| *c == ' ').chain(self.unit.chars()).collect();
            return Some((start, format!("{line}{indent}{}", self.block(key, value, &indent, line))));
        };
        // After what says what the template or the resource is, or else at the end: comments stay with what they are about.
        let after = self.map.entry("Type").or(Some(first).filter(|first| first.value.as_str().is_some())).or(entries.last())?;
        let after = if self.depth == 0 { after } else { entries.last()? };
        let end = after.value.span.end as usize;
        let indent = margin(self.text, first.span.start);
        if flow {
            let gap = indent.map_or_else(|| " ".to_string(), |indent| format!("{line}{indent}"));
            return Some((end, format!(",{gap}{}", self.flow(key, value, indent.map(|indent| (indent, line))))));
        }
        let rest = self.text.get(end..)?;
        let end = end + rest.find(line).unwrap_or(rest.len());
        Some((end, format!("{line}{}{}", indent?, self.block(key, value, indent?, line))))
    }

    /// An entry of a block of YAML, whose first line is indented already.
    fn block(&self, key: &str, value: &Json, indent: &str, line: &str) -> String {
        let Json::Object(inner) = value else { return format!("{key}: {}", value.as_str().unwrap_or_default()) };
        let deeper = format!("{indent}{}", self.unit);
        let lines = inner.iter().map(|(key, value)| format!("{line}{deeper}{}", self.block(key, value, &deeper, line)));
        format!("{key}:{}", lines.collect::<String>())
    }

    /// An entry between braces, in lines of its own if the others are.
    fn flow(&self, key: &str, value: &Json, lines: Option<(&str, &str)>) -> String {
        let key = if self.form == Form::Json { format!("\"{key}\"") } else { key.to_string() };
        let Json::Object(inner) = value else { return format!("{key}: \"{}\"", value.as_str().unwrap_or_default()) };
        let deeper = lines.map(|(indent, line)| (format!("{indent}{}", self.unit), line));
        let part = |(key, value): (&String, &Json)| self.flow(key, value, deeper.as_ref().map(|(indent, line)| (indent.as_str(), *line)));
        let parts: Vec<String> = inner.iter().map(part).collect();
        match (lines, &deeper) {
            (Some((indent, line)), Some((deeper, _))) => {
                format!("{key}: {{{line}{deeper}{}{line}{indent}}}", parts.join(&format!(",{line}{deeper}")))
            }
            _ => format!("{key}: {{{}}}", parts.join(", ")),
        }
    }
}
