//! Twelve classes of mistakes. Each finds every place of a program where it can be made.

use super::bases::Base;
use purlin::model::Type;
use purlin::syntax::{Kind, Node};
use purlin::types::Library;
use std::ops::Range;

/// One mistake: a range of `main.purlin` (or of `purlin.toml`) and what stands there instead.
#[derive(Clone, Debug)]
pub struct Mutation {
    pub range: Range<usize>,
    pub text: String,
    pub in_settings: bool,
}

impl Mutation {
    fn new(range: Range<usize>, text: impl Into<String>) -> Mutation {
        Mutation { range, text: text.into(), in_settings: false }
    }

    /// The line with the mistake, for the log.
    pub fn shown(&self, base: &Base) -> String {
        let text = if self.in_settings { base.settings.as_deref().unwrap() } else { &base.text };
        let start = text[..self.range.start].rfind('\n').map_or(0, |i| i + 1);
        let end = text[self.range.end..].find('\n').map_or(text.len(), |i| self.range.end + i);
        let line = format!("{}\u{ab}{}\u{bb}{}", &text[start..self.range.start], self.text, &text[self.range.end..end]);
        format!("[{}] {}", base.name, line.trim())
    }
}

/// A class of mistakes.
pub struct Class {
    pub name: &'static str,
    pub mutate: fn(&Base) -> Vec<Mutation>,
}

/// Every class.
pub const CLASSES: &[Class] = &[
    Class { name: "name", mutate: names },
    Class { name: "wrong-kind", mutate: wrong_kinds },
    Class { name: "type", mutate: types },
    Class { name: "unit", mutate: units },
    Class { name: "word", mutate: words },
    Class { name: "property", mutate: properties },
    Class { name: "argument", mutate: arguments },
    Class { name: "verb-or-event", mutate: verbs_and_events },
    Class { name: "member", mutate: members },
    Class { name: "comparison", mutate: comparisons },
    Class { name: "foreign", mutate: foreign },
    Class { name: "punctuation", mutate: punctuation },
    Class { name: "settings", mutate: settings },
];

/// A word with a slip of the finger: two letters change places, or one is missing.
fn slip(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    for at in 1..letters.len().saturating_sub(1) {
        if letters[at] != letters[at + 1] {
            let mut slipped = letters.clone();
            slipped.swap(at, at + 1);
            return slipped.into_iter().collect();
        }
    }
    format!("{word}x")
}

fn slipped(node: Node<'_>) -> Mutation {
    Mutation::new(node.trimmed().range(), slip(node.text().trim()))
}

/// Uses of a name.
fn names(base: &Base) -> Vec<Mutation> {
    base.nodes(Kind::name).into_iter().filter(|n| !matches!(n.text(), "true" | "false" | "none")).map(slipped).collect()
}

/// The declarations of the program: their kind and their name.
fn declarations(base: &Base) -> Vec<(String, String)> {
    let named = base.tree.root().descendants().filter(|n| n.kind() == Kind::named);
    let pairs = named.filter_map(|n| {
        let name = n.children().find(|c| c.kind() == Kind::ident)?.text().to_string();
        let before = base.text[..n.span().start as usize].trim_end();
        let kind = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?.to_string();
        Some((kind, name))
    });
    pairs.filter(|(kind, _)| Library::shared().kind(kind).is_some()).collect()
}

/// A reference to a declaration of one kind becomes one to a declaration of another.
fn wrong_kinds(base: &Base) -> Vec<Mutation> {
    let declared = declarations(base);
    let mut out = Vec::new();
    for node in base.nodes(Kind::name) {
        let after = base.text[node.span().end as usize..].chars().next();
        if after.is_some_and(|c| c == '.' || c == '(') {
            continue;
        }
        let Some((kind, _)) = declared.iter().find(|(_, name)| name == node.text()) else { continue };
        if let Some((_, other)) = declared.iter().find(|(other, _)| other != kind) {
            out.push(Mutation::new(node.span().range(), other.clone()));
        }
    }
    out
}

/// A literal becomes one of another type.
fn types(base: &Base) -> Vec<Mutation> {
    let mut out: Vec<Mutation> = base
        .nodes(Kind::literal)
        .into_iter()
        .filter(|n| n.text().bytes().all(|b| b.is_ascii_alphanumeric()))
        .map(|n| Mutation::new(n.trimmed().range(), "[\"text\"]"))
        .collect();
    for node in base.nodes(Kind::string) {
        // A key of a map may be any text, and so may a name of an import.
        if base.text[node.span().end as usize..].trim_start().starts_with(['=', '{', ':']) {
            continue;
        }
        out.push(Mutation::new(node.trimmed().range(), "[17]"));
    }
    out
}

/// A quantity gets a unit of another dimension, or none.
fn units(base: &Base) -> Vec<Mutation> {
    let mut out = Vec::new();
    for node in base.nodes(Kind::literal) {
        let text = node.text().trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let unit = &text[digits..];
        if digits == 0 || unit.is_empty() || !unit.bytes().all(|b| b.is_ascii_alphabetic()) {
            continue;
        }
        let other = if matches!(unit, "s" | "m" | "h" | "d" | "ms") { "MB" } else { "s" };
        let range = node.trimmed().range();
        out.push(Mutation::new(range.clone(), format!("{}{other}", &text[..digits])));
        out.push(Mutation::new(range, &text[..digits]));
    }
    out
}

/// A word out of an enumeration of the library becomes another.
fn words(base: &Base) -> Vec<Mutation> {
    let mut known: Vec<String> = Vec::new();
    for kind in Library::shared().kinds() {
        let parameters = kind.verbs.values().flatten().chain(kind.events.iter().flatten());
        for ty in kind.properties.iter().chain(parameters) {
            enumerated(ty, &mut known);
        }
    }
    let strings = base.nodes(Kind::string).into_iter();
    let word = |n: &Node<'_>| n.text().trim().trim_matches('"').to_string();
    let words = strings.filter(|n| known.contains(&word(n)) && !base.free.contains(&word(n)));
    words.map(|n| Mutation::new(n.trimmed().range(), format!("\"{}\"", slip(n.text().trim().trim_matches('"'))))).collect()
}

fn enumerated(ty: &Type, out: &mut Vec<String>) {
    match ty {
        Type::Words(words) => out.extend(words.iter().map(ToString::to_string)),
        Type::OneOf(types) => types.iter().for_each(|t| enumerated(t, out)),
        Type::Record(fields) => fields.iter().for_each(|f| enumerated(&f.ty, out)),
        Type::Optional(inner) | Type::List(inner) | Type::Map(inner) | Type::Refined(inner, _) => enumerated(inner, out),
        _ => {}
    }
}

/// The name of a property or a field is misspelt.
fn properties(base: &Base) -> Vec<Mutation> {
    let entries = base.nodes(Kind::entry).into_iter();
    let paths = entries.filter(|e| e.child(Kind::named).is_none()).filter_map(|e| e.child(Kind::path));
    paths.filter(|p| !base.free.iter().any(|word| word == p.text().trim())).map(slipped).collect()
}

/// The label of an argument is misspelt.
fn arguments(base: &Base) -> Vec<Mutation> {
    let labels = base.nodes(Kind::label).into_iter();
    labels.filter_map(|l| l.child(Kind::ident)).map(slipped).collect()
}

/// A verb or an event is misspelt, or one of another kind.
fn verbs_and_events(base: &Base) -> Vec<Mutation> {
    let mut out = Vec::new();
    for node in base.nodes(Kind::can_stmt) {
        if let Some(verb) = node.child(Kind::ident) {
            out.push(slipped(verb));
            out.push(Mutation::new(verb.trimmed().range(), if verb.text() == "connect" { "send" } else { "connect" }));
        }
    }
    for node in base.nodes(Kind::on_stmt) {
        let member = node.descendants().find(|n| n.kind() == Kind::member);
        if let Some(event) = member.and_then(|m| m.child(Kind::ident)) {
            out.push(slipped(event));
            out.push(Mutation::new(event.trimmed().range(), if event.text() == "rotates" { "fires" } else { "rotates" }));
        }
    }
    out
}

/// A member is misspelt.
fn members(base: &Base) -> Vec<Mutation> {
    let on: Vec<Range<usize>> = base.nodes(Kind::on_stmt).iter().map(|n| n.span().range()).collect();
    let members = base.nodes(Kind::member).into_iter().filter(|m| !on.iter().any(|r| r.contains(&(m.span().start as usize))));
    members.filter_map(|m| m.child(Kind::ident)).map(slipped).collect()
}

/// A comparison that can never hold.
fn comparisons(base: &Base) -> Vec<Mutation> {
    let mut out = Vec::new();
    for operator in base.nodes(Kind::operator).into_iter().filter(|o| matches!(o.text(), "==" | "!=")) {
        let end = operator.span().end as usize;
        let right = base.text[end..].trim_start();
        let start = end + (base.text[end..].len() - right.len());
        if let Some(inner) = right.strip_prefix('"').and_then(|r| r.split('"').next()) {
            let range = start..start + inner.len() + 2;
            out.push(Mutation::new(range.clone(), format!("\"{}\"", slip(inner))));
            out.push(Mutation::new(range, "1"));
        }
    }
    out
}

/// Words of CloudFormation, SAM, Terraform and CDK.
const FOREIGN: &[(&str, &str)] = &[
    ("memory ", "MemorySize "),
    ("timeout ", "Timeout "),
    ("runtime ", "Runtime "),
    ("env {", "Environment {"),
    ("visibility ", "VisibilityTimeout "),
    ("visibility ", "visibility_timeout_seconds "),
    ("retention ", "message_retention_seconds "),
    ("batch:", "batch_size:"),
    ("batch:", "BatchSize:"),
    ("function ", "lambda "),
    ("queue ", "aws_sqs_queue "),
    ("table ", "dynamodb_table "),
    ("true", "True"),
    ("none", "null"),
    ("jobs.url", "!Ref jobs"),
    ("orders.name", "${orders.name}"),
    ("on  ", "events "),
    ("can ", "allow "),
    ("key ", "partition_key "),
];

fn foreign(base: &Base) -> Vec<Mutation> {
    let mut out = Vec::new();
    for (ours, theirs) in FOREIGN {
        for (at, _) in base.text.match_indices(ours) {
            let before = base.text[..at].chars().next_back();
            let range = at..at + ours.len();
            if base.within(&range) && before.is_none_or(|c| c.is_whitespace() || c == '(') {
                out.push(Mutation::new(range, *theirs));
            }
        }
    }
    out
}

/// A sign is missing, or one is too many.
fn punctuation(base: &Base) -> Vec<Mutation> {
    let mut out = Vec::new();
    for leaf in base.tree.leaves() {
        let range = leaf.span.range();
        let text = &base.text[range.clone()];
        if base.within(&range) && matches!(text, "{" | "}" | "(" | ")" | "[" | "]" | "," | "=" | ":" | "." | "|") {
            out.push(Mutation::new(range.clone(), ""));
            out.push(Mutation::new(range, format!("{text}{text}")));
        }
    }
    out
}

/// Mistakes in `purlin.toml`: a key is misspelt, a value has another type.
fn settings(base: &Base) -> Vec<Mutation> {
    let Some(text) = &base.settings else { return Vec::new() };
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once('=') {
            let key = key.trim_end();
            let mut add = |range, text: String| out.push(Mutation { range, text, in_settings: true });
            add(at..at + key.len(), slip(key));
            let value_at = at + line.len() - value.len();
            add(value_at..value_at + value.trim_end().len(), " { a = 1 }".into());
        }
        at += line.len();
    }
    out
}
