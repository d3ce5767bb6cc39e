//! The values that settings are given from outside, and whether there are such settings. Knows nothing of their types.

use super::config::{Config, Pair, suggested};
use super::modules::{Modules, declared};
use super::project::Project;
use super::sources::FileSystem;
use crate::base::{Diagnostic, Name, Span};
use crate::model::Value;
use crate::names::nearest;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// The values of settings, and the places in `purlin.toml` of those that it gives.
pub(super) type Settings = (FxHashMap<Name, Value>, FxHashMap<Name, Span>);

/// The settings of an environment, with the places of their values in `purlin.toml`; those of the command line have none.
pub(super) fn given(config: &Config, environment: Option<&str>, set: &[(String, String)]) -> Result<Settings, String> {
    let mut values = FxHashMap::default();
    let mut places = FxHashMap::default();
    if let Some(name) = environment {
        for (setting, value) in config.settings(name).ok_or_else(|| no_environment(config, name))? {
            values.insert(setting.value.clone(), value.value.clone());
            places.insert(setting.value.clone(), value.span);
        }
    }
    for (name, value) in set {
        values.insert(name.as_str().into(), Value::text(value));
        places.remove(name.as_str());
    }
    Ok((values, places))
}

fn no_environment(config: &Config, name: &str) -> String {
    let known: Vec<&str> = config.environments.iter().map(|(name, _)| &*name.value).collect();
    let near = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let known = if known.is_empty() { "purlin.toml has none".into() } else { format!("purlin.toml has {}", known.join(", ")) };
    format!("there is no environment `{name}`; {known}{near}")
}

/// The settings that are given and that no file declares: those of environments as findings, and the names of those of
/// the command line with what may be meant.
pub(super) fn unknown(
    modules: &Modules,
    project: &Project,
    files: &dyn FileSystem,
    set: &[(String, String)],
    out: &mut Vec<Diagnostic>,
) -> Vec<(String, Option<String>)> {
    let mut known: BTreeSet<Name> = BTreeSet::new();
    for loaded in modules.loaded.values() {
        declared(&loaded.module.items, &mut |name, _| _ = known.insert(name.clone()));
    }
    let pairs = || project.config.environments.iter().flat_map(|(environment, settings)| settings.iter().map(move |s| (environment, s)));
    if !project.others.is_empty() && pairs().any(|(_, (name, _))| !known.contains(&name.value)) {
        others(project, files, &mut known);
    }
    for (environment, (name, _)) in pairs().filter(|(_, (name, _))| !known.contains(&name.value)) {
        let message = format!("the environment `{}` sets `{}`, and there is no such setting", environment.value, name.value);
        let help = if known.is_empty() { "no file declares a setting".into() } else { format!("the settings are {}", list(&known)) };
        let finding = Diagnostic::error("unknown-setting", name.span, message);
        out.push(suggested(finding, &name.value, known.iter().map(|n| &**n), &help, name.span));
    }
    let missing = set.iter().filter(|(name, _)| !known.contains(name.as_str()));
    missing.map(|(name, _)| (name.clone(), nearest(name, known.iter().map(|n| &**n)).map(String::from))).collect()
}

/// The settings of the rest of a project of which only a part is looked at. What cannot be read there is reported where the
/// whole is looked at.
fn others(project: &Project, files: &dyn FileSystem, known: &mut BTreeSet<Name>) {
    for path in &project.others {
        let Ok(text) = super::modules::text(files, path) else { continue };
        let parsed = crate::syntax::parse(crate::base::FileId(0), text);
        let module = crate::names::collect(&parsed.tree, &mut Vec::new());
        declared(&module.items, &mut |name, _| _ = known.insert(name.clone()));
    }
}

fn list(names: &BTreeSet<Name>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The limits of `purlin.toml` for rules; those that no rule asks for, or that are no numbers, are findings.
pub(super) fn limits(written: &[Pair], sources: &super::sources::Sources, out: &mut Vec<Diagnostic>) -> FxHashMap<Name, Value> {
    let mut limits = FxHashMap::default();
    if written.is_empty() {
        return limits;
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    crate::types::Library::texts().for_each(|text| asked(text, &mut known));
    sources.all().iter().for_each(|source| asked(&source.text, &mut known));
    for (name, value) in written {
        if !known.contains(&*name.value) {
            let finding = Diagnostic::error("unknown-limit", name.span, format!("there is no limit `{}`", name.value));
            let help = format!("the limits are {}", known.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "));
            out.push(suggested(finding, &name.value, known.iter().copied(), &help, name.span));
        } else if !matches!(value.value, Value::Int(_) | Value::Float(_)) {
            let message = format!("the limit `{}` must be a number, found {}", name.value, value.value);
            out.push(Diagnostic::error("type-mismatch", value.span, message).help(format!("write `{} = 100`", name.value)));
        } else {
            limits.insert(name.value.clone(), value.value.clone());
        }
    }
    limits
}

/// The names of limits that a text asks for: rules write them as `limit("name", default)`. Texts are searched, as most of
/// the library is never parsed.
fn asked<'t>(text: &'t str, out: &mut BTreeSet<&'t str>) {
    for (at, call) in text.match_indices("limit(\"") {
        out.extend(text.get(at + call.len()..).and_then(|rest| rest.split('"').next()).filter(|name| !name.is_empty()));
    }
}
