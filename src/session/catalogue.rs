//! Every rule: what it looks for, why, on what it rests, and a program that breaks it beside one that does not.
//! Knows nothing of how rules are held against a graph.

use super::analysis::Analysis;
use crate::base::Severity;
use crate::model::rule::{Rule, RuleStep};
use crate::model::{Check, Expr, Leaf, Node, Piece, Step, Value};
use crate::types::Library;
use serde::Deserialize;
use std::collections::BTreeMap;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/cases.rs"));
    include!(concat!(env!("OUT_DIR"), "/project_rules.rs"));
}

/// What the compiler itself finds, by name.
const COMPILER: &str = include_str!("../../stdlib/compiler.toml");

/// A rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// Its name.
    pub name: String,
    /// How grave it is.
    pub severity: Severity,
    /// What it is about.
    pub about: String,
    /// What to do.
    pub help: Option<String>,
    /// The page that it rests on.
    pub source: Option<String>,
    /// Of what it is: `a queue`, `the graph`, `the language`.
    pub of: String,
    /// Whether `@allow` may suppress it.
    pub allowable: bool,
    /// A program that it flags, and one that it does not.
    pub cases: Option<(String, String)>,
}

impl RuleInfo {
    /// What a template says where the rule does not apply, as lines of YAML; none if no template can break it.
    pub fn permit(&self) -> Option<String> {
        let applies = self.allowable && (crate::flow::is_of_loop(&self.name) || embedded::PROJECT_RULES.contains(&&*self.name));
        let said = if super::allow::needs_end(&self.name) { "{reason: why, ends: what ends the loop}" } else { "why" };
        applies.then(|| format!("Metadata:\n  Purlin:\n    allow:\n      {}: {said}", self.name))
    }
}

#[derive(Deserialize)]
struct Said {
    about: String,
    help: Option<String>,
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    allow: bool,
}

/// Every rule, by name.
pub fn rules() -> BTreeMap<String, RuleInfo> {
    let library = Library::standard();
    let mut rules = BTreeMap::new();
    for info in library.kinds() {
        let of = crate::types::a_kind(&info.kind.name);
        let verbs = info.kind.verbs.values().map(|v| &v.steps);
        for steps in std::iter::once(&info.kind.steps).chain(verbs).chain(info.kind.events.iter().map(|e| &e.steps)) {
            checks(steps, &mut |check| {
                rules.entry(check.name.to_string()).or_insert_with(|| of_check(check, &of));
            });
        }
    }
    for rule in library.rules() {
        rules.insert(rule.name.to_string(), of_rule(rule, "the graph"));
    }
    for about in crate::rules::RULES.iter().flat_map(|rule| rule.finds) {
        let info = RuleInfo {
            name: about.name.into(),
            severity: about.severity,
            about: about.about.into(),
            help: Some(about.help.into()),
            source: Some(about.source.into()),
            of: "the graph".into(),
            allowable: true,
            cases: None,
        };
        rules.insert(info.name.clone(), info);
    }
    let said: BTreeMap<String, Said> = toml::from_str(COMPILER).unwrap_or_default();
    for (name, said) in said {
        let severity = said.severity.as_deref().and_then(Severity::of).unwrap_or(Severity::Error);
        let (about, source) = match said.about.split_once(" source: ") {
            Some((about, source)) => (about.to_string(), Some(source.to_string())),
            None => (said.about, None),
        };
        let of = if said.allow { "the graph" } else { "the language" }.to_string();
        rules.insert(name.clone(), RuleInfo { name, severity, about, help: said.help, source, of, allowable: said.allow, cases: None });
    }
    for (name, text) in embedded::CASES {
        if let (Some(rule), Some(bad), Some(good)) = (rules.get_mut(*name), first("bad", text), first("good", text)) {
            rule.cases = Some((bad, good));
        }
    }
    rules
}

/// The first program of a case file below the line `bad` or `good`: it may hold several of each.
fn first(word: &str, text: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| *line != word);
    lines.next()?;
    let program: Vec<&str> = lines.take_while(|line| !matches!(*line, "bad" | "good")).collect();
    Some(program.join("\n").trim_end().to_string())
}

/// Every rule, by name, with those of the project.
pub fn rules_of(analysis: &Analysis) -> BTreeMap<String, RuleInfo> {
    let mut rules = rules();
    for rule in &analysis.rules {
        rules.entry(rule.name.to_string()).or_insert_with(|| of_rule(rule, "this project"));
    }
    rules
}

fn of_rule(rule: &Rule, of: &str) -> RuleInfo {
    let (help, source) = reported(&rule.steps);
    let (about, cited) = split(&rule.doc);
    RuleInfo {
        name: rule.name.to_string(),
        severity: rule.severity,
        about: if about.is_empty() { first_message(&rule.steps).map(|m| sentence(&m)).unwrap_or_default() } else { about },
        help,
        source: source.or(cited),
        of: of.into(),
        allowable: true,
        cases: None,
    }
}

/// What the first report of a rule says, for a rule without a documentation comment.
fn first_message(steps: &[RuleStep]) -> Option<String> {
    steps.iter().find_map(|step| match step {
        RuleStep::Report(report) => Some(words(&report.message)),
        RuleStep::Each { steps, .. } | RuleStep::For { steps, .. } => first_message(steps),
        RuleStep::If(_, then, otherwise) => first_message(then).or_else(|| first_message(otherwise)),
        RuleStep::Let(..) => None,
    })
}

fn checks(steps: &[Step], visit: &mut dyn FnMut(&Check)) {
    for step in steps {
        match step {
            Step::Leaf(Leaf::Check(check)) => visit(check),
            Step::If(_, then, otherwise) => {
                checks(then, visit);
                checks(otherwise, visit);
            }
            Step::For { steps, .. } => checks(steps, visit),
            _ => {}
        }
    }
}

fn of_check(check: &Check, of: &str) -> RuleInfo {
    let (doc, cited) = split(&check.doc);
    let about = if doc.is_empty() { sentence(&words(&check.message)) } else { doc };
    RuleInfo {
        name: check.name.to_string(),
        severity: check.severity,
        about,
        help: check.fields.get("help").map(words),
        source: check.fields.get("source").map(words).or(cited),
        of: of.to_string(),
        allowable: true,
        cases: None,
    }
}

/// What a rule's reports say to do, and the page that they name.
fn reported(steps: &[RuleStep]) -> (Option<String>, Option<String>) {
    for step in steps {
        let found = match step {
            RuleStep::Report(report) => (report.fields.get("help").map(words), report.fields.get("source").map(words)),
            RuleStep::Each { steps, .. } | RuleStep::For { steps, .. } => reported(steps),
            RuleStep::If(_, then, otherwise) => {
                let found = reported(then);
                if found.0.is_some() { found } else { reported(otherwise) }
            }
            RuleStep::Let(..) => (None, None),
        };
        if found.0.is_some() || found.1.is_some() {
            return found;
        }
    }
    (None, None)
}

/// A documentation comment without its `source:` line, and that.
fn split(doc: &str) -> (String, Option<String>) {
    let mut source = None;
    let lines: Vec<&str> = doc
        .lines()
        .filter(|line| match line.trim().strip_prefix("source: ") {
            Some(page) => {
                source = Some(page.to_string());
                false
            }
            None => true,
        })
        .collect();
    (lines.join(" ").trim().to_string(), source)
}

/// A text with a placeholder for each computed part: `${name_of(f)}` as `F`, `${f.timeout}` as `TIMEOUT`, others as `...`.
fn words(expr: &Expr) -> String {
    match &expr.node {
        Node::Literal(Value::Str(text)) => text.to_string(),
        Node::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Chars(text) => text.to_string(),
                Piece::Value(expr) => word(expr).map_or_else(|| "...".into(), str::to_uppercase),
            })
            .collect(),
        Node::If(then, _, _) => words(then),
        _ => "...".into(),
    }
}

fn word(expr: &Expr) -> Option<&str> {
    match &expr.node {
        Node::Name(name) => Some(if &**name == "self" { "name" } else { name }),
        Node::Member(_, name, _) => Some(name),
        Node::Call(_, arguments) => match arguments.as_slice() {
            [only] => word(&only.value),
            _ => None,
        },
        _ => None,
    }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect::<String>() + if text.ends_with('.') { "" } else { "." }
    })
}
