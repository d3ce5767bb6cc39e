//! One immutable analysis: every file read, every stack made real, every finding in order.

use super::allow::{self, Allow};
use super::boundary::Bounded;
use super::config::Config;
use super::memory::{Around, Emitted, Kept, Memory};
use super::modules::{Modules, Unread};
use super::path::normal;
use super::project::Project;
use super::severities::Severities;
use super::sources::{FileSystem, Sources};
use super::templates::{self, Joined};
use super::unreached;
use crate::base::{Diagnostic, Name, Severity, Span};
use crate::emit::{Template, template};
use crate::graph::{self, Graph};
use crate::model::rule::Rule;
use crate::model::{Item, ItemNode, Value};
use crate::template::Summary;
use crate::types::{Binding, FrameId, Library, World};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What an analysis depends on besides the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The environment of `purlin.toml`.
    pub environment: Option<String>,
    /// Settings that were given one by one.
    pub set: Vec<(String, String)>,
    /// The day on which it is judged, as `yyyy-mm-dd`; without one nothing expires.
    pub as_of: Option<String>,
}

/// A stack of a project.
#[derive(Clone)]
pub struct Stack {
    /// Its name.
    pub name: Name,
    /// Where it is named.
    pub span: Span,
    /// The file that declares it.
    pub file: PathBuf,
    /// Its graph.
    pub graph: Arc<Graph>,
    /// Its template; none if there is an error.
    pub template: Option<Arc<Template>>,
}

/// Everything that is known of a project.
pub struct Analysis {
    /// The files that were read.
    pub sources: Sources,
    /// The stacks.
    pub stacks: Vec<Stack>,
    /// Its stacks and its templates as one graph; none if there is neither.
    pub joined: Option<Arc<crate::project::Project>>,
    /// The findings, by file and place.
    pub findings: Vec<Diagnostic>,
    /// The findings that an `@allow` suppresses, with its reason.
    pub suppressed: Vec<(Diagnostic, Name)>,
    /// Every `@allow`, used or not.
    pub allows: Vec<Allow>,
    /// The rules that the project declares itself.
    pub rules: Vec<Arc<Rule>>,
    /// The settings of [`Options::set`] that no file declares, each with one that may be meant.
    pub unknown_settings: Vec<(String, Option<String>)>,
}

impl Analysis {
    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        denies(&self.findings)
    }
}

/// Analyses a project. An error is one that keeps it from being read at all.
pub fn analyse(files: &Arc<dyn FileSystem>, project: &Project, options: &Options) -> Result<Analysis, String> {
    analyse_again(&mut Memory::default(), files, project, options)
}

/// Analyses a project, and takes from an earlier analysis what is the same.
pub fn analyse_again(memory: &mut Memory, files: &Arc<dyn FileSystem>, project: &Project, options: &Options) -> Result<Analysis, String> {
    let chosen = options.environment.as_deref().or_else(|| project.default_environment());
    let given = super::settings::given(&project.config, chosen, &options.set)?;
    analyse_with(memory, files, project, options, given)
}

/// Values of settings, and the places of those that `purlin.toml` gives.
pub(super) type Settings = (FxHashMap<Name, Value>, FxHashMap<Name, Span>);

/// Analyses a project with these values of settings.
pub(super) fn analyse_with(
    memory: &mut Memory,
    files: &Arc<dyn FileSystem>,
    project: &Project,
    options: &Options,
    (settings, places): Settings,
) -> Result<Analysis, String> {
    let files: Arc<dyn FileSystem> = Arc::new(Bounded::new(files, &project.root));
    let mut sources = Sources::default();
    let mut findings = project.config.faults.clone();
    if let Some((path, text)) = &project.config.file {
        sources.set_config(path.clone(), text.clone());
    }
    let (mut modules, rules) = read(&files, project, memory, (&mut sources, &mut findings))?;
    modules.settings = settings;
    let unknown_settings = super::settings::unknown(&modules, project, &*files, &options.set, &mut findings);
    let library = memory.library(&modules.loaded, &mut findings);
    let mains = mains(&modules, project, &mut findings);
    let beside =
        super::package::Beside { files: files.clone(), paths: modules.loaded.iter().map(|(p, l)| (l.module.file.0, p.clone())).collect() };
    let limits = super::settings::limits(&project.config.limits, &sources, &mut findings);
    let as_of = options.as_of.as_deref();
    let settings = modules.settings.clone();
    let mut given = Given {
        settings: &settings,
        places: &places,
        as_of,
        beside: Arc::new(beside),
        limits,
        rules: &rules,
        part: project.part.then_some(project.files.as_slice()),
        faulty: FxHashSet::default(),
        exported: Mutex::default(),
    };
    memory.around(given.around(project));
    let wrong = super::rulebook::findings(&modules, &library, &given, memory);
    given.faulty = super::rulebook::faulty(&modules, &wrong);
    memory.faulty(&given.faulty);
    findings.extend(wrong);
    let known = &*memory;
    let made = |(name, span, path): (Name, Span, PathBuf)| {
        let rests = modules.rests(&path, &rules);
        known.stack(&name, span, &rests).unwrap_or_else(|| {
            let mut found = Vec::new();
            let graph = Arc::new(stack(&modules, &library, &name, &path, &given, &mut found));
            let stack = Stack { name, span, file: path, graph, template: None };
            Kept { rests, stack, found: Arc::new(found), emitted: Arc::default() }
        })
    };
    let kept: Vec<Kept> = mains.into_par_iter().map(made).collect();
    memory.keep_stacks(&kept);
    collect(&modules, &library, &kept, &given, memory, &mut findings);
    let names: Vec<Name> = kept.iter().map(|k| k.stack.name.clone()).collect();
    let others = templates::read(&*files, &mut sources, project, &names, &mut findings)?;
    let mut allows = templates::allows(&others, &mut findings);
    for loaded in modules.loaded.values() {
        allow::collect(&loaded.module.allows, &mut allows, &mut findings);
    }
    let severities = Severities::of(&project.config.severities, &modules, &mut findings);
    tidy(&mut findings);
    severities.regrade(&mut findings);
    let mut suppressed = allow::suppress(&mut findings, &mut allows, options.as_of.as_deref());
    let rules = super::rulebook::own(&modules);
    let known = Known { severities: &severities, rules: &rules, as_of, config: &project.config, part: project.part };
    let (stacks, joined) = emitted(kept, others, &known, (&mut findings, &mut suppressed), &mut allows);
    Ok(Analysis { sources, stacks, joined, findings, suppressed, allows, rules, unknown_settings })
}

/// What findings are judged by.
struct Known<'a> {
    severities: &'a Severities,
    rules: &'a [Arc<Rule>],
    as_of: Option<&'a str>,
    config: &'a Config,
    part: bool,
}

/// Makes the templates if nothing denies them, with what is found in them and in the graph of all stacks; then judges the
/// permits.
fn emitted(
    mut kept: Vec<Kept>,
    others: Vec<Summary>,
    known: &Known<'_>,
    (findings, suppressed): (&mut Vec<Diagnostic>, &mut Vec<(Diagnostic, Name)>),
    allows: &mut [Allow],
) -> (Vec<Stack>, Option<Arc<crate::project::Project>>) {
    let mut later: Vec<Diagnostic> = Vec::new();
    let mut own: Vec<(&Stack, Arc<Summary>)> = Vec::new();
    if !denies(findings) {
        kept.par_iter_mut().for_each(emit);
        for kept in &kept {
            let Some(emitted) = kept.emitted.get() else { continue };
            later.extend(emitted.findings.iter().cloned());
            own.push((&kept.stack, emitted.summary.clone()));
        }
        let stacks: Vec<_> = kept.iter().filter_map(|k| Some((&k.stack, &*k.emitted.get()?.template))).collect();
        later.extend(super::names::names(&stacks));
    }
    let declared: Vec<&Diagnostic> = findings.iter().chain(suppressed.iter().map(|(finding, _)| finding)).collect();
    let Joined { project, findings: joined } = templates::join(others, &own, (known.config, known.part), &declared);
    later.extend(joined);
    known.severities.regrade(&mut later);
    suppressed.extend(allow::suppress(&mut later, allows, known.as_of));
    findings.extend(later);
    let complete = !denies(findings);
    let named: Vec<Name> = known.rules.iter().map(|rule| rule.name.clone()).collect();
    findings.extend(allow::review(allows, known.as_of, complete, &named));
    tidy(findings);
    let mut stacks: Vec<Stack> = kept.into_iter().map(|k| k.stack).collect();
    if denies(findings) {
        stacks.iter_mut().for_each(|s| s.template = None);
    }
    (stacks, project)
}

/// Collects what was found in stacks, what no stack reaches, and what nothing uses.
fn collect(
    modules: &Modules,
    library: &Arc<Library>,
    kept: &[Kept],
    given: &Given<'_>,
    memory: &mut Memory,
    findings: &mut Vec<Diagnostic>,
) {
    let broken = findings.iter().any(mistake);
    let mut reached = unreached::Reached::default();
    for Kept { stack, found, .. } in kept {
        reached.components.extend(&stack.graph.world.used);
        reached.passed_over.extend(&stack.graph.world.passed_over);
        reached.files.extend(modules.order(&stack.file, &mut Vec::new()));
        // What could not be understood is missing from the graph: advice on what is missing would be wrong.
        let advice = !broken && !found.iter().any(mistake);
        findings.extend(found.iter().filter(|f| advice || f.severity != Severity::Advice).cloned());
    }
    // What exceeds a budget where it is used would do so again.
    if !kept.iter().any(|k| k.stack.graph.world.spent()) {
        findings.extend(unreached::findings(modules, library, &reached, given, memory));
    }
    let wrong: Vec<Span> = findings.iter().filter(|f| mistake(f)).map(|f| f.primary.span).collect();
    findings.extend(super::unused::all(modules, &wrong, &reached.files, (given.rules, given.part)));
}

/// Reads the files of a project, and those that they use. Gives the files of rules too, by the paths they are known by.
fn read(
    files: &Arc<dyn FileSystem>,
    project: &Project,
    memory: &mut Memory,
    (sources, findings): (&mut Sources, &mut Vec<Diagnostic>),
) -> Result<(Modules, Vec<PathBuf>), String> {
    let mut modules = Modules::default();
    let rules: Vec<PathBuf> = project.rules.iter().map(|path| modules.name(&**files, path)).collect();
    let mut paths: Vec<PathBuf> = project.files.iter().map(|path| modules.name(&**files, path)).chain(rules.iter().cloned()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut unread = FxHashSet::default();
    let mut refused = |path: &Path, error: &Unread, sources: &mut Sources| {
        unread.insert(path.to_path_buf());
        if let Some(written) = project.named(path) {
            return Ok(error.finding(&written.value, written.span));
        }
        if !error.refused {
            return Err(format!("{}: {}", path.display(), error.why));
        }
        // The file itself is the only place there is. Nothing of it is shown.
        let file = sources.add(path.to_path_buf(), "".into());
        Ok(error.finding(&path.display().to_string(), Span::new(file, 0, 0)))
    };
    modules.read_ahead(&**files, sources, &paths, memory, findings, &mut refused)?;
    for path in paths.iter().filter(|path| !unread.contains(*path)) {
        modules.load(&**files, sources, path, memory, findings).map_err(|error| format!("{}: {}", path.display(), error.why))?;
    }
    if project.files.is_empty()
        && project.templates.is_empty()
        && let Some(sources) = &project.config.sources
    {
        let finding = Diagnostic::error("empty-sources", sources.span, "`sources` names no file, so that nothing is checked");
        findings
            .push(finding.help("name the files, as `sources = [\"main.purlin\"]`, or leave the key out to read all files of the folder"));
    }
    Ok((modules, rules))
}

/// Whether a finding is a mistake of the language, and not of what is described.
fn mistake(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && !finding.allowable
}

/// Whether a finding keeps templates from being written.
fn denies(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|f| f.severity == Severity::Error)
}

/// Makes a stack's template, unless it is made, and finds what is wrong with it.
fn emit(kept: &mut Kept) {
    let stack = &kept.stack;
    let emitted = kept.emitted.get_or_init(|| {
        // What others asked of the graph meanwhile is not of the template.
        stack.graph.world.take_findings();
        let (template, json) = template(&stack.graph);
        let mut findings = stack.graph.world.take_findings();
        findings.extend(super::conditional::conditional(stack, &template));
        findings.extend(super::verify::verify(stack, &template, &json));
        let summary = Arc::new(templates::read_back(stack, &template, &json));
        Emitted { template: Arc::new(template), findings, summary }
    });
    kept.stack.template = Some(emitted.template.clone());
}

/// The files that declare a stack, with its name.
fn mains(modules: &Modules, project: &Project, out: &mut Vec<Diagnostic>) -> Vec<(Name, Span, PathBuf)> {
    let mut mains: Vec<(Name, Span, PathBuf)> = Vec::new();
    let mut spans: FxHashMap<Name, Span> = FxHashMap::default();
    for (path, loaded) in &modules.loaded {
        let mut in_file: Option<Span> = None;
        for item in &loaded.module.items {
            let ItemNode::Stack { name, name_span, .. } = &item.node else { continue };
            if let Some(first) = in_file.replace(*name_span) {
                let message = "a file declares one stack; this is the second";
                out.push(
                    Diagnostic::error("second-stack", *name_span, message)
                        .also(first, "the first")
                        .help("move the second stack and its declarations into another file"),
                );
                continue;
            }
            if let Some(first) = spans.insert(name.clone(), *name_span) {
                out.push(
                    Diagnostic::error("duplicate-name", *name_span, format!("there are two stacks `{name}`")).also(first, "the other"),
                );
                continue;
            }
            mains.push((name.clone(), *name_span, path.clone()));
        }
    }
    if mains.is_empty()
        && let Some(file) = project.files.first().and_then(|p| modules.file(&normal(p)))
    {
        let message = "no file declares a stack";
        out.push(Diagnostic::error("no-stack", Span::new(file, 0, 0), message).help("begin the main file with `stack my_application`"));
    }
    mains
}

fn stack(modules: &Modules, library: &Arc<Library>, name: &Name, main: &Path, given: &Given<'_>, out: &mut Vec<Diagnostic>) -> Graph {
    let (world, frame) = world_of(World::new(library.clone(), name.clone()), modules, library, main, given, out);
    let mut graph = graph::build(world);
    if let Some(frame) = frame {
        graph.world.settle_outputs(frame);
    }
    graph.settle();
    let held = if graph.world.spent() { Vec::new() } else { crate::rules::findings(&graph) };
    let mistakes = spent_or_all(&graph);
    let broken = super::broken::Broken::of(&graph.world, &mistakes);
    out.extend(held.into_iter().filter(|f| !broken.concerns(f)));
    out.extend(mistakes);
    graph
}

/// The findings of a world. Where a budget is exceeded the world is not whole: what else is said of it may be wrong.
pub(super) fn spent_or_all(graph: &Graph) -> Vec<Diagnostic> {
    let mut found = graph.world.take_findings();
    if graph.world.spent() {
        found.retain(|f| &*f.rule == "budget-exceeded");
        found.truncate(1);
    }
    found
}

/// Fills a world with what a file and those that it uses declare; gives the frame of the file.
pub(super) fn world_of(
    mut world: World,
    modules: &Modules,
    library: &Arc<Library>,
    main: &Path,
    given: &Given<'_>,
    out: &mut Vec<Diagnostic>,
) -> (World, Option<FrameId>) {
    world.settings = given.settings.clone();
    world.setting_places = given.places.clone();
    world.as_of = given.as_of.map(Name::from);
    world.limits = given.limits.clone();
    world.files = Some(given.beside.clone());
    let mut frames: FxHashMap<PathBuf, FrameId> = FxHashMap::default();
    let mut last = None;
    for path in modules.order(main, out) {
        let Some(loaded) = modules.loaded.get(&path) else { continue };
        let frame = world.frame(None);
        world.allowed.extend(loaded.module.allows.iter().filter_map(|(a, region)| Some((a.rule()?.into(), *region))));
        for (alias, span, target) in &loaded.uses {
            if let Some(module) = frames.get(target) {
                world.bind(frame, alias, *span, Binding::Module(*module));
            }
        }
        for (alias, span, target) in &loaded.imports {
            if modules.leads_to(target, main) {
                let message = "that stack imports from this one, directly or through others: neither can be deployed first";
                out.push(Diagnostic::error("circular-import", *span, message).help("move what both need into a third stack"));
                continue;
            }
            let Some(items) = exported(modules, library, target, given, out, *span) else { continue };
            let stack = modules.loaded.get(target).and_then(|loaded| {
                loaded.module.items.iter().find_map(|item| match &item.node {
                    crate::model::ItemNode::Stack { name, .. } => Some(name.clone()),
                    _ => None,
                })
            });
            world.imported.extend(stack.filter(|stack| !world.imported.contains(stack)));
            let module = world.frame(None);
            world.expand_import(&items, module, alias);
            world.bind(frame, alias, *span, Binding::Module(module));
        }
        world.expand(&loaded.module.items, frame, path == main);
        frames.insert(path, frame);
        last = Some(frame);
    }
    for path in given.rules.iter().filter(|path| !frames.contains_key(*path)) {
        let Some(loaded) = modules.loaded.get(path) else { continue };
        let frame = world.frame(None);
        let items: Vec<Item> = loaded.module.items.iter().filter(|item| super::rulebook::belongs(item)).cloned().collect();
        world.expand(&items, frame, false);
    }
    world.rules.retain(|(rule, _)| !given.faulty.contains(&rule.span));
    (world, last)
}

/// The declarations that stand for what the stack of a file exports. None if there is no such file.
fn exported(
    modules: &Modules,
    library: &Arc<Library>,
    target: &Path,
    given: &Given<'_>,
    out: &mut Vec<Diagnostic>,
    span: Span,
) -> Option<Arc<Vec<Item>>> {
    let loaded = modules.loaded.get(target)?;
    let stack = loaded.module.items.iter().find_map(|item| match &item.node {
        ItemNode::Stack { name, .. } => Some(name.clone()),
        _ => None,
    });
    let Some(stack) = stack else {
        let message = "this file declares no stack, so there is nothing to import";
        out.push(Diagnostic::error("no-stack", span, message).help("use `use` to bring in its declarations"));
        return Some(Arc::default());
    };
    if let Some(known) = given.exported.lock().ok().and_then(|known| known.get(target).cloned()) {
        return Some(known);
    }
    // What is wrong with the other stack is told where that is made.
    let (world, frame) = world_of(World::new(library.clone(), stack), modules, library, target, given, &mut Vec::new());
    let mut graph = graph::build(world);
    if let Some(frame) = frame {
        graph.world.settle_outputs(frame);
    }
    let items = Arc::new(super::imports::items(&graph));
    if let Ok(mut known) = given.exported.lock() {
        known.insert(target.to_path_buf(), items.clone());
    }
    Some(items)
}

/// What is given from outside of the files.
pub(super) struct Given<'a> {
    settings: &'a FxHashMap<Name, Value>,
    places: &'a FxHashMap<Name, Span>,
    as_of: Option<&'a str>,
    /// Numbers for rules.
    limits: FxHashMap<Name, Value>,
    /// The files of rules that hold for every stack.
    pub(super) rules: &'a [PathBuf],
    /// The files that were named, if they are a part of the project only.
    part: Option<&'a [PathBuf]>,
    /// The rules that are wrong themselves, by the place of their names: they are not held against anything.
    pub(super) faulty: FxHashSet<Span>,
    /// The files beside the sources.
    beside: Arc<dyn crate::types::Files>,
    /// What stacks export, once it was asked for.
    exported: Mutex<FxHashMap<PathBuf, Arc<Vec<Item>>>>,
}

impl Given<'_> {
    fn around(&self, project: &Project) -> Around {
        Around {
            places: self.places.clone(),
            limits: self.limits.clone(),
            as_of: self.as_of.map(String::from),
            root: project.root.clone(),
            rules: self.rules.to_vec(),
        }
    }
}

/// Sorts findings by place and drops those that say the same of the same place.
fn tidy(findings: &mut Vec<Diagnostic>) {
    findings.sort_by(|a, b| {
        (a.primary.span, std::cmp::Reverse(a.severity), &a.rule, &a.message).cmp(&(
            b.primary.span,
            std::cmp::Reverse(b.severity),
            &b.rule,
            &b.message,
        ))
    });
    // A word that cannot stand where it stands is no property that there is not.
    let stray: FxHashSet<Span> = findings.iter().filter(|f| &*f.rule == "stray-text").map(|f| f.primary.span).collect();
    findings.retain(|f| &*f.rule != "unknown-property" || !stray.contains(&f.primary.span));
    findings.dedup_by(|a, b| a.primary.span == b.primary.span && a.rule == b.rule && a.message == b.message);
}
