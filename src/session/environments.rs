//! A project as it is in each of its environments, as one analysis: each mistake is one finding with the environments that
//! it occurs in, and what a setting's value causes is placed at that value in `purlin.toml`. Knows nothing of what is found.

use super::analysis::{Analysis, Options, Settings, analyse_with};
use super::config::Pair;
use super::memory::Memory;
use super::project::Project;
use super::sources::FileSystem;
use crate::base::{Diagnostic, FxIndexMap, Label, Name, Severity, Span};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// The most values of an environment that are tried as the cause of a finding.
const MOST_TRIED: usize = 24;

/// What is kept of each environment from one analysis to the next.
#[derive(Default)]
pub struct Memories(FxHashMap<Option<Name>, Memory>);

impl Memories {
    /// The memory of an environment; at first with what is known of any other, which has the same files.
    fn of(&mut self, environment: Option<&Name>) -> &mut Memory {
        let known = || self.0.values().next().cloned().unwrap_or_default();
        let key = environment.cloned();
        if !self.0.contains_key(&key) {
            let first = known();
            self.0.insert(key.clone(), first);
        }
        self.0.entry(key).or_default()
    }
}

/// What every analysis of a project here has in common.
struct Run<'a> {
    memories: &'a mut Memories,
    files: &'a Arc<dyn FileSystem>,
    project: &'a Project,
    options: &'a Options,
}

/// Analyses a project: in the environment that the options name, or else in each, or, without `all`, in the default one.
pub fn analyse_environments(
    memories: &mut Memories,
    files: &Arc<dyn FileSystem>,
    project: &Project,
    options: &Options,
    all: bool,
) -> Result<Analysis, String> {
    let mut run = Run { memories, files, project, options };
    let every = || project.config.environments.iter().map(|(name, _)| name.value.clone()).collect();
    let default = || project.default_environment().map(Name::from).into_iter().collect();
    let environments: Vec<Name> = match &options.environment {
        Some(name) => vec![name.as_str().into()],
        None if all => every(),
        None => default(),
    };
    let mut analyses = Vec::new();
    for environment in &environments {
        let settings = run.settings(Some(environment))?;
        let mut analysis = run.analyse(Some(environment), settings)?;
        run.place(environment, &mut analysis)?;
        analyses.push((environment.clone(), analysis));
    }
    match merged(analyses, project) {
        Some(analysis) => Ok(analysis),
        None => {
            let settings = run.settings(None)?;
            run.analyse(None, settings)
        }
    }
}

impl Run<'_> {
    fn settings(&self, environment: Option<&Name>) -> Result<Settings, String> {
        super::settings::given(&self.project.config, environment.map(|name| &**name), &self.options.set)
    }

    fn analyse(&mut self, environment: Option<&Name>, settings: Settings) -> Result<Analysis, String> {
        analyse_with(self.memories.of(environment), self.files, self.project, self.options, settings)
    }

    /// Places the findings that the value of a setting causes at that value: those that are not there with the defaults,
    /// and not without the value.
    fn place(&mut self, environment: &Name, analysis: &mut Analysis) -> Result<(), String> {
        let settings = self.settings(Some(environment))?;
        let config = analysis.sources.config().map(|(file, _)| file);
        if analysis.findings.is_empty() || settings.1.is_empty() {
            return Ok(());
        }
        let plain = self.settings(None)?;
        let defaults = self.analyse(None, plain)?.findings;
        let is_own = |f: &Diagnostic| Some(f.primary.span.file) == config || &*f.rule == "unused-allow";
        let mut open: Vec<usize> = (0..analysis.findings.len())
            .filter(|at| analysis.findings.get(*at).is_some_and(|f| !is_own(f) && !defaults.contains(f)))
            .collect();
        let mut places: Vec<(Name, Span)> = settings.1.iter().map(|(name, span)| (name.clone(), *span)).collect();
        places.sort_by_key(|(_, span)| *span);
        for (name, span) in places.into_iter().take(MOST_TRIED) {
            if open.is_empty() {
                break;
            }
            let mut without = settings.clone();
            without.0.remove(&name);
            without.1.remove(&name);
            let found = self.analyse(None, without)?.findings;
            open.retain(|at| {
                let Some(finding) = analysis.findings.get_mut(*at).filter(|f| !found.contains(f)) else { return true };
                caused(finding, &name, span, environment);
                false
            });
        }
        Ok(())
    }
}

/// Places a finding at the value that causes it. Its own edits are for the source, where other environments need what is
/// written.
fn caused(finding: &mut Diagnostic, setting: &Name, span: Span, environment: &Name) {
    let text = format!("the value of `{setting}` in the environment `{environment}`");
    let mut first = std::mem::replace(&mut finding.primary, Label { span, text });
    if first.text.is_empty() {
        first.text = "this depends on the value".into();
    }
    finding.related.insert(0, first);
    finding.fixes.clear();
}

/// The analyses of several environments as one; what is drawn and written is that of the first.
fn merged(analyses: Vec<(Name, Analysis)>, project: &Project) -> Option<Analysis> {
    let count = analyses.len();
    let mut findings: FxIndexMap<Key, (Diagnostic, Vec<Name>)> = FxIndexMap::default();
    let mut suppressed: FxIndexMap<Key, (Diagnostic, Name, Vec<Name>)> = FxIndexMap::default();
    let mut merged: Option<Analysis> = None;
    for (environment, mut analysis) in analyses {
        for finding in std::mem::take(&mut analysis.findings) {
            findings.entry(key(&finding)).or_insert_with(|| (finding, Vec::new())).1.push(environment.clone());
        }
        for (finding, reason) in std::mem::take(&mut analysis.suppressed) {
            suppressed.entry(key(&finding)).or_insert_with(|| (finding, reason, Vec::new())).2.push(environment.clone());
        }
        match &mut merged {
            None => merged = Some(analysis),
            Some(first) => first.allows.iter_mut().zip(analysis.allows).for_each(|(allow, other)| allow.used |= other.used),
        }
    }
    let mut merged = merged?;
    // An `@allow` that one environment needs is of use.
    let needed = |(finding, environments): &(Diagnostic, Vec<Name>)| &*finding.rule != "unused-allow" || environments.len() == count;
    let config = merged.sources.config().map(|(file, _)| file);
    let concerned = |finding: &Diagnostic, environments| match Some(finding.primary.span.file) == config {
        true => written_for(project, finding.primary.span),
        false => environments,
    };
    let tell = |(finding, environments)| {
        let environments = concerned(&finding, environments);
        told(finding, environments)
    };
    merged.findings = findings.into_values().filter(needed).map(tell).collect();
    merged.findings.sort_by_key(|f| f.primary.span);
    merged.suppressed = suppressed.into_values().map(|(finding, reason, environments)| (told(finding, environments), reason)).collect();
    if merged.findings.iter().any(|f| f.severity == Severity::Error) {
        merged.stacks.iter_mut().for_each(|stack| stack.template = None);
    }
    Some(merged)
}

/// What makes two findings one: all that is said of it and where.
type Key = (Name, Severity, Label, Vec<Label>, String);

fn key(finding: &Diagnostic) -> Key {
    (finding.rule.clone(), finding.severity, finding.primary.clone(), finding.related.clone(), finding.message.clone())
}

/// The environment that a place of `purlin.toml` belongs to; none for what holds for all.
fn written_for(project: &Project, span: Span) -> Vec<Name> {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    let own = |settings: &[Pair]| settings.iter().any(|(key, value)| holds(key.span) || holds(value.span));
    project.config.environments.iter().filter(|(_, settings)| own(settings)).map(|(name, _)| name.value.clone()).collect()
}

fn told(mut finding: Diagnostic, environments: Vec<Name>) -> Diagnostic {
    if environments.is_empty() {
        return finding;
    }
    let names: Vec<String> = environments.iter().map(|name| format!("`{name}`")).collect();
    let word = if names.len() == 1 { "environment" } else { "environments" };
    finding.notes.push(format!("in the {word} {}", names.join(", ")));
    finding.environments = environments;
    finding
}
