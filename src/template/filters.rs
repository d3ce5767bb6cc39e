//! Which messages pass an edge, and what is known of them afterwards.

use super::pattern::comparable;
use super::reader::Reader;
use super::summary::Edge;
use super::table::{EdgeRow, FilterForm, FilterRow};
use super::text::{Segment, Text};
use crate::base::Diagnostic;
use crate::document::Node;
use crate::flow::filter::{Filter, Glob, Holds, Language, Matcher, decoded, read};
use serde_json::{Map, Value as Json};

impl Reader<'_> {
    /// Reads the filters of an edge. `polled` is the language of the source's filters.
    pub fn filtered(&mut self, row: &EdgeRow, edge: &mut Edge, polled: Option<&str>, base: &Node, root: &Node) {
        for filter in &row.filter {
            let within = if filter.at.starts_with('^') { root } else { base };
            if let Some(scope) = &filter.scope {
                let (from, path) = scope.at.strip_prefix('^').map_or((base, scope.at.as_str()), |path| (root, path));
                let value = self.scope.part(from, path).and_then(|n| n.scalar());
                if value.as_deref().unwrap_or(&scope.default) != scope.is {
                    continue;
                }
            }
            let language = filter.language.as_deref().or(polled);
            self.filter(filter, edge, language, within);
        }
    }

    fn filter(&mut self, row: &FilterRow, edge: &mut Edge, language: Option<&str>, within: &Node) {
        let path = row.at.trim_start_matches('^');
        let selected = self.scope.select(within, path);
        let parts: Vec<Node> = selected.found.into_iter().map(|(_, node)| node).chain(selected.missed).collect();
        let Some(first) = parts.first() else { return };
        match row.reads {
            FilterForm::Route => {
                let path = row.path.as_deref().and_then(|path| self.scope.part(within, path));
                match self.scope.text(first).as_ref().and_then(Text::as_literal) {
                    Some(text) => edge.takes = self.scope.route(edge.takes.clone(), text, path.as_ref()),
                    None => edge.undecided = Some("the route is not known".into()),
                }
            }
            FilterForm::Unread if self.scope.text(first).as_ref().and_then(Text::as_literal) == Some("") => return,
            FilterForm::Unread => edge.undecided = Some("the filter is in a language that is not compared".into()),
            FilterForm::Pattern | FilterForm::Patterns => {
                self.patterns(row, edge, language.and_then(Language::of), &parts);
            }
            FilterForm::Rules => self.rules(row, edge, &parts),
            FilterForm::Text | FilterForm::Prefix => {
                let Some((_, text)) = self.scope.texts(first).into_iter().next() else { return };
                match (row.reads, comparable(&text)) {
                    (FilterForm::Text, Some(text)) => edge.takes = edge.takes.clone().with(&row.field, vec![Matcher::exact(&text)]),
                    (FilterForm::Prefix, Some(text)) => {
                        edge.takes = edge.takes.clone().with(&row.field, vec![Matcher::glob(Glob::prefix(&decoded(&text)))]);
                    }
                    _ => edge.undecided = Some(format!("the filter is `{text}`, which is not known")),
                }
            }
        }
        edge.also.push((first.span, "the filter".into()));
    }

    /// Patterns of a language, one of which must fit. Without a language they are kept for who knows the source.
    fn patterns(&mut self, row: &FilterRow, edge: &mut Edge, language: Option<&Language>, parts: &[Node]) {
        let mut all: Vec<Json> = Vec::new();
        for part in parts {
            let Some((json, unknown)) = self.scope.pattern(part) else {
                edge.undecided = Some("the filter is no JSON that can be read".into());
                continue;
            };
            if unknown {
                edge.undecided = Some("the filter depends on values that are known at deployment only".into());
            }
            match language.map_or(Ok(()), |language| read(&json, language, Holds::Some).map(drop)) {
                Ok(()) => all.push(below(json, &row.field)),
                Err(wrongs) => {
                    edge.undecided = Some("the filter is invalid".into());
                    for wrong in wrongs {
                        let found = Diagnostic::error("malformed-pattern", part.span, wrong.message);
                        self.summary.findings.push(match wrong.help {
                            Some(help) => found.help(help),
                            None => found,
                        });
                    }
                }
            }
        }
        let Some(language) = language else { return edge.unread.extend(all) };
        let language = if row.field.is_empty() { language } else { Language::of("topic-filter").unwrap_or(language) };
        match any_of(all, language) {
            Some(Ok(filter)) => edge.takes = edge.takes.and(&filter),
            Some(Err(why)) => edge.undecided = Some(why),
            None => {}
        }
    }

    /// A prefix and a suffix of a field, as names with values.
    fn rules(&mut self, row: &FilterRow, edge: &mut Edge, parts: &[Node]) {
        let mut globs = Vec::new();
        for part in parts {
            let name = part.get("Name").and_then(|n| n.scalar()).unwrap_or_default().to_ascii_lowercase();
            let Some((_, text)) = part.get("Value").and_then(|v| self.scope.texts(v).into_iter().next()) else { continue };
            let Some(known) = comparable(&text) else {
                edge.undecided = Some(format!("the {name} is `{text}`, which is not known"));
                continue;
            };
            globs.push(if name == "suffix" { Glob::suffix(&decoded(&known)) } else { Glob::prefix(&decoded(&known)) });
        }
        if !globs.is_empty() {
            edge.takes = edge.takes.clone().with(&row.field, vec![Matcher::Text(globs, Vec::new())]);
        }
    }

    /// What is known of a message behind an edge.
    pub fn rewritten(&mut self, row: &EdgeRow, edge: &mut Edge, base: &Node, root: &Node) {
        for keeps in &row.keeps {
            let arrives = edge.arrives.as_deref().unwrap_or("acts");
            if keeps.arrives.as_deref().is_some_and(|event| event != arrives) || !self.scope.holds(base, root, &keeps.when) {
                continue;
            }
            edge.keeps.extend(keeps.fields.iter().cloned());
            if let Some(gives) = keeps.gives.as_ref().and_then(|g| serde_json::to_value(g).ok()) {
                let given = self.filled(gives, edge);
                if let Some(filter) = Language::of("message").and_then(|l| read(&given, l, Holds::Every).ok()) {
                    edge.gives = edge.gives.and(&filter);
                }
            }
            for (below, fields) in &keeps.closed {
                edge.gives = edge.gives.clone().closed(below, fields.clone());
            }
        }
        self.replaced(row, edge, base, root);
    }

    /// A pattern of the table in which `{name}` and `{arn}` are those of the resource where the edge begins.
    fn filled(&self, pattern: Json, edge: &Edge) -> Json {
        match pattern {
            Json::String(text) if text == "{name}" || text == "{arn}" => {
                let super::summary::End::Own(at) = &edge.from else { return Json::String(text) };
                let id = self.scope.resources.get(*at).map(|r| r.id.clone()).unwrap_or_default();
                let name = if text == "{arn}" { self.scope.arn(&id) } else { self.scope.attribute(&id, "Name", 8) };
                match comparable(&name) {
                    Some(known) => Json::String(known),
                    None => Json::Object([(crate::flow::filter::UNKNOWN.to_string(), Json::Bool(true))].into_iter().collect()),
                }
            }
            Json::Array(items) => Json::Array(items.into_iter().map(|i| self.filled(i, edge)).collect()),
            Json::Object(fields) => Json::Object(fields.into_iter().map(|(k, v)| (k, self.filled(v, edge))).collect()),
            other => other,
        }
    }

    /// A constant, a part or a template that takes the place of the message.
    fn replaced(&mut self, row: &EdgeRow, edge: &mut Edge, base: &Node, root: &Node) {
        let Some(rewritten) = &row.rewritten else { return };
        let part = |path: &Option<String>| {
            let path = path.as_deref()?;
            match path.strip_prefix('^') {
                Some(path) => self.scope.part(root, path),
                None => self.scope.part(base, path),
            }
        };
        // Where the whole message is at the target, and so what takes its place.
        let Some((_, target)) = edge.keeps.iter().find(|(from, _)| from.is_empty()).cloned() else { return };
        let (input, path) = (part(&rewritten.input), part(&rewritten.path));
        if let Some(path) = path {
            edge.keeps = match self.scope.text(&path).as_ref().and_then(Text::as_literal).and_then(dotted) {
                Some(from) => vec![(from, target)],
                None => Vec::new(),
            };
        } else if let Some(input) = input {
            edge.keeps.clear();
            match self.scope.pattern(&input) {
                Some((json @ Json::Object(_), _)) => self.constant(&json, &target, edge),
                _ => edge.undecided = Some("the constant input is not known".into()),
            }
        } else if let Some(template) = part(&rewritten.template) {
            edge.keeps.clear();
            let paths = part(&rewritten.paths);
            self.template(&template, paths.as_ref(), &target, edge);
        }
    }

    /// What a constant says of every field.
    fn constant(&self, json: &Json, below: &str, edge: &mut Edge) {
        let mut fields = Vec::new();
        leaves(json, below, &mut fields);
        for (path, value) in fields {
            let matcher = match &value {
                Json::String(text) => Matcher::exact(text),
                Json::Bool(b) => Matcher::Bool(*b),
                Json::Null => Matcher::Null,
                _ => Matcher::Present,
            };
            edge.gives = edge.gives.clone().with(&path, vec![matcher]);
        }
        if let Json::Object(fields) = json {
            edge.gives = edge.gives.clone().closed(below, fields.keys().cloned().collect());
        }
    }

    /// What a template with `<name>` in it says: constants, and parts of the message at new places.
    fn template(&mut self, template: &Node, paths: Option<&Node>, target: &str, edge: &mut Edge) {
        let Some(text) = self.scope.text(template) else { return };
        let mut marked = Text::default();
        for segment in text.segments() {
            match segment {
                Segment::Literal(literal) => literal.split_inclusive(['<', '>']).for_each(|piece| match piece.strip_suffix('>') {
                    Some(name) => marked.push(Segment::Parameter(format!("<{name}").into())),
                    None => marked.push(Segment::Literal(piece.trim_end_matches('<').into())),
                }),
                other => marked.push(other.clone()),
            }
        }
        let Some(tree) = super::pattern::parsed(&marked, template.span) else {
            edge.undecided = Some("the input transformer makes a text that is not JSON".into());
            return;
        };
        let mut moved = Vec::new();
        inserted(&tree, target, &mut moved);
        for (path, value) in moved {
            match value {
                Ok(name) => {
                    let from = paths.and_then(|p| p.get(&name)).and_then(Node::as_str).and_then(dotted);
                    edge.keeps.extend(from.map(|from| (from, path)));
                }
                Err(constant) => edge.gives = edge.gives.clone().with(&path, vec![Matcher::exact(&constant)]),
            }
        }
    }
}

/// A pattern as one below a field.
fn below(pattern: Json, field: &str) -> Json {
    if field.is_empty() { pattern } else { Json::Object([(field.to_string(), pattern)].into_iter().collect()) }
}

/// The fields of a path such as `$.detail.id`; none if it has anything else.
fn dotted(path: &str) -> Option<String> {
    if path == "$" {
        return Some(String::new());
    }
    path.strip_prefix("$.").filter(|rest| !rest.contains(['[', '*', '?', '\''])).map(str::to_string)
}

fn leaves(json: &Json, path: &str, out: &mut Vec<(String, Json)>) {
    match json {
        Json::Object(fields) if !fields.contains_key(crate::flow::filter::UNKNOWN) => {
            fields.iter().for_each(|(key, value)| leaves(value, &format!("{path}.{key}"), out));
        }
        Json::Array(_) => {}
        other => out.push((path.to_string(), other.clone())),
    }
}

/// The texts of a template's result: the name of an inserted part, or a constant.
fn inserted(tree: &Node, path: &str, out: &mut Vec<(String, Result<String, String>)>) {
    if let Some((function, argument)) = tree.as_call() {
        let name = argument.as_str().filter(|_| function == "Ref").and_then(|name| name.strip_prefix('<'));
        out.extend(name.map(|name| (path.to_string(), Ok(name.to_string()))));
        return;
    }
    out.extend(tree.as_str().map(|text| (path.to_string(), Err(text.to_string()))));
    tree.entries().iter().for_each(|e| inserted(&e.value, &format!("{path}.{}", e.key), out));
}

/// Patterns of a language, one of which must fit, as one filter. None without patterns, and an error if they are too many.
pub fn any_of(mut patterns: Vec<Json>, language: &Language) -> Option<Result<Filter, String>> {
    let whole = match patterns.len() {
        0 => return None,
        1 => patterns.pop()?,
        _ => Json::Object([("$or".to_string(), Json::Array(patterns))].into_iter().collect::<Map<_, _>>()),
    };
    Some(read(&whole, language, Holds::Some).map_err(|_| "the filters together are too many to compare".to_string()))
}
