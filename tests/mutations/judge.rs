//! What the compiler says of a mutant.

use super::bases::{Base, evaluated};
use super::classes::Mutation;
use purlin::session::{Analysis, FileSystem, Options, analyse, find};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What became of a mutant.
pub enum Verdict {
    /// The same templates as before.
    Harmless,
    /// At its place, with one or two findings.
    Found,
    /// Why it does not count as found.
    Missed(&'static str),
}

/// What the compiler says of the correct program.
pub struct Seen {
    findings: BTreeMap<(String, String), usize>,
    templates: Vec<String>,
}

struct Memory(BTreeMap<PathBuf, String>);

impl FileSystem for Memory {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(missing)
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(self.0.keys().cloned().collect())
    }
    fn is_folder(&self, path: &Path) -> bool {
        path == Path::new("project")
    }
}

/// The files of a program.
pub fn files(main: &str, settings: Option<&str>) -> Arc<dyn FileSystem> {
    let mut files = BTreeMap::from([(PathBuf::from("project/main.purlin"), main.to_string())]);
    if let Some(text) = settings {
        files.insert(PathBuf::from("project/purlin.toml"), text.to_string());
    }
    Arc::new(Memory(files))
}

/// The analyses of a program: of its defaults, and of each of its environments. An error of the settings is a text.
fn analyses(main: &str, settings: Option<&str>) -> Result<Vec<Analysis>, String> {
    analyses_of(&files(main, settings))
}

/// The analyses of a program in these files.
pub fn analyses_of(files: &Arc<dyn FileSystem>) -> Result<Vec<Analysis>, String> {
    let project = find(&**files, Path::new("project"))?;
    let mut environments: Vec<Option<String>> = project.config.environments.iter().map(|(name, _)| Some(name.value.to_string())).collect();
    environments.sort();
    environments.insert(0, None);
    let options = |environment| Options { as_of: Some("2026-11-20".into()), environment, ..Options::default() };
    environments.into_iter().map(|e| analyse(files, &project, &options(e))).collect()
}

fn templates(analyses: &[Analysis]) -> Vec<String> {
    let stacks = analyses.iter().flat_map(|a| &a.stacks);
    stacks.map(|s| s.template.as_ref().map_or(String::new(), |t| t.json().to_string())).collect()
}

impl Seen {
    /// Of a base, which has no error.
    pub fn of(base: &Base) -> Seen {
        let all = analyses(&base.text, base.settings.as_deref()).unwrap();
        let mut findings = BTreeMap::new();
        for analysis in &all {
            assert!(!analysis.has_errors(), "{} is not correct: {:?}", base.name, analysis.findings);
            for finding in &analysis.findings {
                *findings.entry((finding.rule.to_string(), finding.message.clone())).or_default() += 1;
            }
        }
        Seen { findings, templates: templates(&all) }
    }
}

/// The text of a mutant and of its settings.
pub fn mutant(base: &Base, mutation: &Mutation) -> (String, Option<String>) {
    let (mut main, mut settings) = (base.text.clone(), base.settings.clone());
    match &mut settings {
        Some(text) if mutation.in_settings => text.replace_range(mutation.range.clone(), &mutation.text),
        _ => main.replace_range(mutation.range.clone(), &mutation.text),
    }
    (main, settings)
}

/// What the compiler says of a mutant.
pub fn judge(base: &Base, seen: &Seen, mutation: &Mutation) -> Verdict {
    let (main, settings) = mutant(base, mutation);
    let all = match analyses(&main, settings.as_deref()) {
        Ok(all) => all,
        Err(message) if mutation.in_settings && message.contains("purlin.toml") => return Verdict::Found,
        Err(_) => return Verdict::Missed("an error without a place"),
    };
    let mut left = seen.findings.clone();
    let (mut new, mut at_place) = (Vec::new(), false);
    // A finding of several environments is one finding.
    let mut counted = std::collections::BTreeSet::new();
    for analysis in &all {
        for finding in &analysis.findings {
            let key = (finding.rule.to_string(), finding.message.clone());
            if let Some(count) = left.get_mut(&key).filter(|count| **count > 0) {
                *count -= 1;
                continue;
            }
            let places = std::iter::once(&finding.primary).chain(&finding.related);
            let places = places.filter(|l| analysis.sources.get(l.span.file).is_some_and(|(p, _)| p.ends_with(file(mutation))));
            let text = if mutation.in_settings { settings.as_deref().unwrap_or("") } else { &main };
            at_place |= places.into_iter().any(|l| touches(text, &l.span.range(), mutation));
            if counted.insert((key, finding.primary.span)) {
                new.push(finding);
            }
        }
    }
    match new.len() {
        0 if harmless(base, &main, &all, seen) => Verdict::Harmless,
        0 => Verdict::Missed("not found"),
        _ if !at_place => Verdict::Missed("found elsewhere"),
        1 | 2 => Verdict::Found,
        _ => Verdict::Missed("more than two findings"),
    }
}

/// Whether a mutant means the same. Where the templates do not show what a region means, its canonical layout tells.
fn harmless(base: &Base, main: &str, all: &[Analysis], seen: &Seen) -> bool {
    let laid_out = |text: &str| purlin::fmt::format(&purlin::syntax::parse(purlin::base::FileId(0), text.into()).tree);
    if evaluated(&base.place) { templates(all) == seen.templates } else { laid_out(main) == laid_out(&base.text) }
}

fn file(mutation: &Mutation) -> &'static str {
    if mutation.in_settings { "purlin.toml" } else { "main.purlin" }
}

/// Whether a place lies on the line of the mistake, or around it on few lines.
fn touches(text: &str, range: &std::ops::Range<usize>, mutation: &Mutation) -> bool {
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count();
    let (first, last) = (line(range.start), line(range.end));
    let at = line(mutation.range.start);
    first <= at && at <= last.max(first) && last - first <= 12
}
