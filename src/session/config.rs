//! What `purlin.toml` says, with the places of what it says, and what is wrong with it as text. Knows nothing of the
//! files that it names.

use super::sources::CONFIG;
use crate::base::{Diagnostic, Name, Span};
use crate::model::Value;
use crate::names::nearest;
use crate::project::Link;
use std::path::PathBuf;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Something that is written in `purlin.toml`, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Written<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A key with its value.
pub type Pair = (Written<Name>, Written<Value>);

/// The content of `purlin.toml`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The path and the text of the file; none if there is no file.
    pub file: Option<(PathBuf, Arc<str>)>,
    /// The files that are read; all `.purlin` files beside `purlin.toml` if left out.
    pub sources: Option<Written<Vec<Written<Name>>>>,
    /// The files of rules that hold for every stack.
    pub rules: Vec<Written<Name>>,
    /// The severities that rules have here: "off", "advice", "warning", "error".
    pub severities: Vec<Pair>,
    /// Which parameter of a stack is given which output of another: what only the team knows.
    pub links: Vec<Link>,
    /// Numbers for rules: quotas of the account, thresholds of the team.
    pub limits: Vec<Pair>,
    /// The settings of each environment, in the order of the file.
    pub environments: Vec<(Written<Name>, Vec<Pair>)>,
    /// The environment that is taken when none is named.
    pub environment: Option<Written<Name>>,
    /// What is wrong with the text.
    pub faults: Vec<Diagnostic>,
}

const KEYS: [&str; 7] = ["sources", "rules", "environment", "environments", "severities", "limits", "links"];

type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

impl Config {
    /// Reads a text.
    pub fn read(path: PathBuf, text: &str) -> Config {
        let mut config = Config { file: Some((path, text.into())), ..Config::default() };
        match DeTable::parse(text) {
            Ok(table) => ordered(table.get_ref()).into_iter().for_each(|entry| config.entry(entry)),
            Err(error) => {
                let range = error.span().unwrap_or(0..0);
                let span = Span::new(CONFIG, range.start as u32, range.end as u32);
                config.faults.push(Diagnostic::error("invalid-toml", span, format!("this is not TOML: {}", error.message().trim())));
            }
        }
        config.check_environment();
        config
    }

    /// The settings of an environment; none if there is no such environment.
    pub fn settings(&self, environment: &str) -> Option<&[Pair]> {
        self.environments.iter().find(|(name, _)| &*name.value == environment).map(|(_, settings)| settings.as_slice())
    }

    fn entry(&mut self, (key, value): Entry<'_, '_>) {
        match &**key.get_ref() {
            "sources" => self.sources = self.texts(key, value).map(|value_of| Written { value: value_of, span: span(key) }),
            "rules" => self.rules = self.texts(key, value).unwrap_or_default(),
            "environment" => match value.get_ref() {
                DeValue::String(text) => self.environment = Some(Written { value: (&**text).into(), span: span(value) }),
                _ => self.expect(key, value, "the name of an environment, as \"dev\""),
            },
            "severities" => self.severities = self.pairs(key, value),
            "limits" => self.limits = self.pairs(key, value),
            "links" => self.links(key, value),
            "environments" => self.environments(key, value),
            unknown => {
                let message = format!("`purlin.toml` has no key `{unknown}`");
                let help = format!("the keys are {}", KEYS.map(|k| format!("`{k}`")).join(", "));
                self.faults.push(suggested(Diagnostic::error("unknown-key", span(key), message), unknown, KEYS, &help, span(key)));
            }
        }
    }

    /// `"STACK.Parameter" = "STACK.Output"`.
    fn links(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) {
        let pair = |text: &str| text.rsplit_once('.').map(|(stack, name)| (Name::from(stack), Name::from(name)));
        for (parameter, output) in self.pairs(key, value) {
            let given = if let Value::Str(text) = &output.value { pair(text) } else { None };
            match (pair(&parameter.value), given) {
                (Some(to), Some(from)) => self.links.push(Link { parameter: to, output: from, span: parameter.span }),
                _ => {
                    let finding =
                        Diagnostic::error("unknown-link", parameter.span, "a link is from a parameter to an output of another stack");
                    self.faults.push(finding.help("write `\"STACK.Parameter\" = \"STACK.Output\"`"));
                }
            }
        }
    }

    fn environments(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.expect(key, value, "a table for each environment, as `[environments.dev]`");
        };
        for (name, settings) in ordered(table) {
            let pairs = self.pairs(name, settings);
            self.environments.push((Written { value: (&**name.get_ref()).into(), span: span(name) }, pairs));
        }
    }

    fn check_environment(&mut self) {
        let Some(chosen) = self.environment.clone() else { return };
        if self.settings(&chosen.value).is_none() {
            let names: Vec<&str> = self.environments.iter().map(|(name, _)| &*name.value).collect();
            let help = if names.is_empty() { "declare it: `[environments.NAME]`".into() } else { format!("there is {}", names.join(", ")) };
            let message = format!("there is no environment `{}`", chosen.value);
            let inner = Span { start: chosen.span.start + 1, end: chosen.span.end.saturating_sub(1), ..chosen.span };
            let finding = Diagnostic::error("unknown-environment", chosen.span, message);
            self.faults.push(suggested(finding, &chosen.value, names.iter().copied(), &help, inner));
        }
    }

    fn texts(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) -> Option<Vec<Written<Name>>> {
        let texts = value.get_ref().as_array().and_then(|all| {
            all.iter().map(|v| v.get_ref().as_str().map(|text| Written { value: text.into(), span: span(v) })).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.expect(key, value, "a list of paths, as [\"main.purlin\"]");
        }
        texts
    }

    fn pairs(&mut self, key: &Spanned<DeString<'_>>, table: &Spanned<DeValue<'_>>) -> Vec<Pair> {
        let DeValue::Table(table) = table.get_ref() else {
            self.expect(key, table, "a table of names and values");
            return Vec::new();
        };
        let pair = |(key, value): Entry<'_, '_>| {
            let name = Written { value: Name::from(&**key.get_ref()), span: span(key) };
            (name, Written { value: value_of(value.get_ref()), span: span(value) })
        };
        ordered(table).into_iter().map(pair).collect()
    }

    fn expect(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let message = format!("`{}` must be {wanted}, found {}", &**key.get_ref(), value.get_ref().type_str());
        self.faults.push(Diagnostic::error("type-mismatch", span(value), message));
    }
}

/// A finding with "did you mean" and the edit, or else with this help.
pub(super) fn suggested<'a>(
    finding: Diagnostic,
    wrong: &str,
    known: impl IntoIterator<Item = &'a str>,
    help: &str,
    replaced: Span,
) -> Diagnostic {
    match nearest(wrong, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), replaced, near),
        None if help.is_empty() => finding,
        None => finding.help(help),
    }
}

fn span<T>(at: &Spanned<T>) -> Span {
    let range = at.span();
    Span::new(CONFIG, range.start as u32, range.end as u32)
}

/// The entries of a table in the order of the text.
fn ordered<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut all: Vec<Entry<'a, 'i>> = table.iter().collect();
    all.sort_by_key(|(key, _)| key.span().start);
    all
}

fn value_of(toml: &DeValue<'_>) -> Value {
    match toml {
        DeValue::String(text) => Value::text(&**text),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or_else(|_| Value::text(n.as_str()), Value::Int),
        DeValue::Float(n) => n.as_str().parse().map_or_else(|_| Value::text(n.as_str()), Value::Float),
        DeValue::Boolean(b) => Value::Bool(*b),
        DeValue::Datetime(day) => Value::Date(day.to_string().into()),
        DeValue::Array(values) => Value::list(values.iter().map(|v| value_of(v.get_ref())).collect()),
        DeValue::Table(table) => {
            Value::record(ordered(table).into_iter().map(|(k, v)| (Name::from(&**k.get_ref()), value_of(v.get_ref()))).collect())
        }
    }
}
