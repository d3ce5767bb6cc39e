//! What belongs to a project: `purlin.toml` and the files with a `stack`. Knows nothing of what they declare.

use super::sources::FileSystem;
use crate::base::Name;
use crate::model::Value;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// The content of `purlin.toml`.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The files that are read; all `.purlin` files beside `purlin.toml` if left out.
    pub sources: Vec<String>,
    /// The files of rules that hold for every stack.
    pub rules: Vec<String>,
    /// The severities that rules have here: "off", "advice", "warning", "error".
    pub severities: std::collections::BTreeMap<String, String>,
    /// Numbers for rules: quotas of the account, thresholds of the team.
    pub limits: FxHashMap<String, toml::Value>,
    /// The settings of each environment.
    pub environments: FxHashMap<String, FxHashMap<String, toml::Value>>,
    /// The environment that is taken when none is named.
    pub environment: Option<String>,
}

/// A project.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The folder of `purlin.toml`, or the one that was named.
    pub root: PathBuf,
    /// The files to read.
    pub files: Vec<PathBuf>,
    /// The files of rules that hold for every stack.
    pub rules: Vec<PathBuf>,
    /// What `purlin.toml` says.
    pub config: Config,
}

impl Config {
    /// The settings of an environment.
    pub fn settings(&self, environment: Option<&str>) -> Result<FxHashMap<Name, Value>, String> {
        let Some(name) = environment.or(self.environment.as_deref()) else { return Ok(FxHashMap::default()) };
        let Some(settings) = self.environments.get(name) else {
            let mut known: Vec<&str> = self.environments.keys().map(String::as_str).collect();
            known.sort_unstable();
            let known = if known.is_empty() { "purlin.toml has none".into() } else { format!("purlin.toml has {}", known.join(", ")) };
            return Err(format!("there is no environment `{name}`; {known}"));
        };
        Ok(settings.iter().map(|(k, v)| (Name::from(k.as_str()), value(v))).collect())
    }
}

pub(super) fn value(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::String(text) => Value::text(text),
        toml::Value::Integer(n) => Value::Int(*n),
        toml::Value::Float(n) => Value::Float(*n),
        toml::Value::Boolean(b) => Value::Bool(*b),
        toml::Value::Datetime(day) => Value::Date(day.to_string().into()),
        toml::Value::Array(values) => Value::list(values.iter().map(value).collect()),
        toml::Value::Table(table) => Value::record(table.iter().map(|(k, v)| (Name::from(k.as_str()), value(v))).collect()),
    }
}

/// Finds what belongs to a path: a file, a folder, or a folder with `purlin.toml`.
pub fn find(files: &dyn FileSystem, path: &Path) -> Result<Project, String> {
    if !files.is_folder(path) {
        let root = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let config = config(files, &root)?;
        let rules = config.rules.iter().map(|s| root.join(s)).collect();
        return Ok(Project { root, files: vec![path.to_path_buf()], rules, config });
    }
    let config = config(files, path)?;
    let found = match config.sources.as_slice() {
        [] => sources_in(files, path)?,
        sources => sources.iter().map(|s| path.join(s)).collect(),
    };
    if found.is_empty() {
        return Err(format!("{} holds no .purlin file", path.display()));
    }
    let rules = config.rules.iter().map(|s| path.join(s)).collect();
    Ok(Project { root: path.to_path_buf(), files: found, rules, config })
}

fn config(files: &dyn FileSystem, root: &Path) -> Result<Config, String> {
    let path = root.join("purlin.toml");
    let Ok(bytes) = files.read(&path) else { return Ok(Config::default()) };
    let text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn sources_in(files: &dyn FileSystem, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = files.list(folder).map_err(|error| format!("{} cannot be read: {error}", folder.display()))?;
    Ok(entries.into_iter().filter(|p| p.extension().is_some_and(|e| e == "purlin") && !files.is_folder(p)).collect())
}
