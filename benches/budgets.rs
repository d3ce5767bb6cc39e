//! What the stages cost, as ratios within one run: `cargo bench`; see docs/performance.md.
//!
//! Each comparison runs its sides by turns, so that whatever else the machine does falls on both, and takes the median.
//! Without `--bench`, which `cargo bench` passes, everything runs once and small: it must run, not be fast.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod generate;

use purlin::base::FileId;
use purlin::session::{Analysis, FileSystem, Options, Project, TemplateFile, analyse};
use std::any::Any;
use std::collections::HashMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Files in memory.
struct Memory(HashMap<PathBuf, String>);

impl FileSystem for Memory {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
    fn list(&self, _: &Path) -> std::io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn is_folder(&self, _: &Path) -> bool {
        false
    }
}

/// A project in memory, ready to be analysed again and again.
struct Case {
    texts: Vec<String>,
    files: Arc<dyn FileSystem>,
    project: Project,
}

impl Case {
    fn new(files: Vec<(String, String)>) -> Case {
        let project = Project { files: files.iter().map(|(path, _)| path.into()).collect(), ..Project::default() };
        Case::of(files, project)
    }

    /// A project of templates alone.
    fn of_templates(files: Vec<(String, String)>) -> Case {
        let template = |(path, _): &(String, String)| TemplateFile { path: path.into(), stack: None, named: true };
        let project = Project { templates: files.iter().map(template).collect(), ..Project::default() };
        Case::of(files, project)
    }

    fn of(files: Vec<(String, String)>, project: Project) -> Case {
        let texts = files.iter().map(|(_, text)| text.clone()).collect();
        let memory = Memory(files.into_iter().map(|(path, text)| (path.into(), text)).collect());
        Case { texts, files: Arc::new(memory), project }
    }

    /// What pest alone needs, and its tree.
    fn pest(&self) -> Done {
        Box::new(self.texts.iter().map(|text| purlin::syntax::parse_part(FileId(0), text, 0)).collect::<Vec<_>>())
    }

    fn analyse(&self) -> Analysis {
        analyse(&self.files, &self.project, &Options::default()).expect("it can be read")
    }

    /// The whole of `purlin check`, which makes the templates too: their limits are part of what it checks.
    fn check(&self) -> Done {
        Box::new(self.analyse())
    }
}

/// What an action made. It is taken apart outside of the measurement, as the program does not take it apart at all.
type Done = Box<dyn Any>;

/// The median times of some actions in milliseconds, taken by turns.
fn medians(rounds: usize, actions: &[&dyn Fn() -> Done]) -> Vec<f64> {
    let mut times = vec![Vec::new(); actions.len()];
    for _ in 0..rounds {
        for (action, times) in actions.iter().zip(&mut times) {
            let begun = Instant::now();
            let done = black_box(action());
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            drop(done);
        }
    }
    let middle = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    times.into_iter().map(middle).collect()
}

/// One row of the table in docs/performance.md.
fn row(what: &str, measured: String, budget: &str) {
    println!("| {what} | {measured} | {budget} |");
}

/// Measures and prints; the first argument says whether only to try whether it runs, the second how often.
type Part = fn(bool, usize);

fn main() {
    let smoke = !std::env::args().any(|a| a == "--bench");
    let rounds = if smoke { 1 } else { 7 };
    rayon::ThreadPoolBuilder::new().num_threads(if smoke { 2 } else { 0 }).build_global().expect("one pool");
    println!("threads: {}\n\n| what | measured | budget |\n|---|---|---|", rayon::current_num_threads());
    // `cargo bench -- templates` measures one part.
    let only: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let parts: [(&str, Part); 6] =
        [("stages", stages), ("scale", scale), ("pressure", pressure), ("edit", edit), ("library", library), ("templates", templates)];
    for (name, part) in parts {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            part(smoke, rounds);
        }
    }
}

/// Templates of other tools: many small ones, and a project of many functions whose stacks import of each other. Each at a
/// size and at a quarter of it: four times is linear.
fn templates(smoke: bool, rounds: usize) {
    let sizes: [(&str, usize, usize); 2] = if smoke {
        [("templates of 100 resources", 8, 100), ("stacks of 74 functions", 4, 370)]
    } else {
        [("templates of 100 resources", 1_000, 100), ("stacks of 74 functions, which import of each other", 270, 370)]
    };
    for (what, count, resources) in sizes {
        let of = |count: usize| Case::of_templates(generate::templates(count, resources));
        let (small, large) = (of(count / 4), of(count));
        let loops = large.analyse().findings.iter().filter(|f| f.rule.contains("loop")).count();
        let times = medians(rounds.min(3), &[&|| small.check(), &|| large.check()]);
        let memory = checker_memory(&large).map(|m| format!(", {m:.0} MB")).unwrap_or_default();
        let measured = format!("{:.0} ms, {:.1} times a quarter of them{memory}, {loops} loops", times[1], times[1] / times[0]);
        row(&format!("{count} {what}"), measured, "4.5 times");
    }
}

/// The most memory of a `purlin check` of a project, in megabytes; none where the system does not say.
fn checker_memory(case: &Case) -> Option<f64> {
    let folder = tempfile::tempdir().ok()?;
    for (template, text) in case.project.templates.iter().zip(&case.texts) {
        std::fs::write(folder.path().join(&template.path), text).ok()?;
    }
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_purlin"))
        .args(["check", "."])
        .current_dir(folder.path())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most: Option<f64> = None;
    while child.try_wait().ok()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|l| l.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        most = peak.map(|kilobytes| kilobytes / 1024.0).into_iter().chain(most).reduce(f64::max);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    most
}

fn stages(smoke: bool, rounds: usize) {
    let functions = if smoke { 40 } else { 1_000 };
    let case = Case::new(generate::project(functions));
    let clean = case.analyse();
    assert!(!clean.has_errors(), "{:?}", clean.findings.first());
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    let times = medians(rounds, &[&|| case.pest(), &|| case.check(), &|| Box::new(one.install(|| case.analyse()))]);
    let bytes: usize = case.texts.iter().map(String::len).sum();
    row(&format!("pest and its tree, {functions} functions, {} KB", bytes >> 10), format!("{:.1} ms", times[0]), "");
    row("a whole check, templates and their verification included", format!("{:.1} times that", times[1] / times[0]), "4 (of build)");
    row("the same on one thread", format!("{:.1} times that", times[2] / times[0]), "");
}

fn scale(smoke: bool, rounds: usize) {
    let sizes: &[usize] = if smoke { &[10, 40] } else { &[10, 100, 1_000, 10_000, 100_000] };
    let mut base = None;
    for &functions in sizes {
        let case = Case::new(generate::project(functions));
        let each = medians(if functions > 10_000 { 1 } else { rounds }, &[&|| case.check()])[0] / functions as f64;
        base = if functions == 1_000 { Some(each) } else { base };
        let ratio = base.map(|base| format!(", {:.2} times that at 1,000", each / base)).unwrap_or_default();
        let budget = if functions == 100_000 { "1.3 times" } else { "" };
        row(&format!("check, per function at {functions}"), format!("{:.3} ms{ratio}", each), budget);
    }
}

/// Spots that invite quadratic work: each at a size and at a quarter of it.
fn pressure(smoke: bool, rounds: usize) {
    type Make = fn(usize) -> String;
    let spots: [(&str, Make, usize); 4] = [
        ("a ring of functions over queues", generate::ring, 2_000),
        ("rules on one bus", generate::rules, 10_000),
        ("conditions in one stack", generate::conditions, 1_000),
        ("subscribers of one topic", generate::fan, 2_000),
    ];
    for (what, make, size) in spots {
        let size = if smoke { 20 } else { size };
        let of = |size: usize| Case::new(vec![("main.purlin".into(), make(size))]);
        let (small, large) = (of(size / 4), of(size));
        let times = medians(rounds.min(3), &[&|| small.check(), &|| large.check()]);
        row(&format!("{size} {what}"), format!("{:.0} ms, {:.1} times a quarter of them", times[1], times[1] / times[0]), "4 times");
    }
}

/// What the language server does after a keystroke, by the size of the project: findings, completion and hover.
fn edit(smoke: bool, rounds: usize) {
    use purlin::ide::{Place, complete, hover};
    use purlin::session::{Memory as Kept, analyse_again};
    let sizes: &[usize] = if smoke { &[40] } else { &[16, 164, 760] };
    for &functions in sizes {
        let case = Case::new(generate::project(functions));
        let lines: usize = case.texts.iter().map(|text| text.lines().count()).sum();
        // A keystroke in the file in the middle: its text with one comment more or less.
        let (path, text) = (case.project.files[case.project.files.len() / 2].clone(), case.texts[case.texts.len() / 2].clone());
        let texts: HashMap<PathBuf, String> = case.project.files.iter().cloned().zip(case.texts.iter().cloned()).collect();
        let with = |text: String| -> Arc<dyn FileSystem> {
            let mut texts = texts.clone();
            texts.insert(path.clone(), text);
            Arc::new(Memory(texts))
        };
        let typed = [with(text.clone()), with(format!("{text}// a"))];
        let kept = std::cell::RefCell::new(Kept::default());
        let turn = std::cell::Cell::new(0);
        let again = || {
            turn.set(turn.get() + 1);
            analyse_again(&mut kept.borrow_mut(), &typed[turn.get() % 2], &case.project, &Options::default()).expect("it can be read")
        };
        let first = again();
        let library = first.stacks[0].graph.world.library.clone();
        let at = text.find("timeout").expect("a function has one") + 3;
        let asked = |place: &Place| Box::new((complete(place, &library, Some(&first), &|_| Vec::new()), at)) as Done;
        let times = medians(
            rounds * 3,
            &[&|| Box::new(again()), &|| asked(&Place::new(&text, at)), &|| {
                Box::new(hover(&Place::new(&text, at), &library, Some(&first), FileId(0)))
            }],
        );
        let memory = server_memory(&case).map(|m| format!(", {m:.0} MB in the server")).unwrap_or_default();
        let measured = format!("{:.1} ms, completion {:.1} ms, hover {:.1} ms{memory}", times[0], times[1], times[2]);
        row(&format!("findings after a keystroke in a project of {lines} lines"), measured, "10 ms at 10,000");
    }
}

/// The memory of a language server with a project open, in megabytes; none where the system does not tell.
fn server_memory(case: &Case) -> Option<f64> {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let folder = tempfile::tempdir().ok()?;
    for (path, text) in case.project.files.iter().zip(&case.texts) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(path, text).ok()?;
    }
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_purlin"))
        .arg("lsp")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let (mut input, mut output) = (child.stdin.take()?, BufReader::new(child.stdout.take()?));
    let mut send = |message: serde_json::Value| {
        let text = message.to_string();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| input.flush()).expect("it listens");
    };
    let uri = format!("file://{}", folder.path().join(&case.project.files[0]).display());
    send(serde_json::json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
    send(serde_json::json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let document = serde_json::json!({ "uri": uri, "languageId": "purlin", "version": 1, "text": case.texts[0] });
    send(serde_json::json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    send(serde_json::json!({ "jsonrpc": "2.0", "id": 2, "method": "workspace/diagnostic", "params": { "previousResultIds": [] } }));
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            output.read_line(&mut line).ok()?;
            match line.trim().strip_prefix("Content-Length: ") {
                Some(number) => length = number.parse().ok()?,
                None if line.trim().is_empty() => break,
                None => {}
            }
        }
        let mut text = vec![0; length];
        output.read_exact(&mut text).ok()?;
        let message: serde_json::Value = serde_json::from_slice(&text).ok()?;
        if message["id"] == 2 {
            break;
        }
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok();
    child.kill().ok()?;
    child.wait().ok()?;
    let resident = status?.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    resident.map(|kilobytes| kilobytes / 1024.0)
}

fn library(_: bool, rounds: usize) {
    let small = Case::new(vec![("main.purlin".into(), generate::twenty())]);
    let all = || -> Done {
        let library = purlin::types::Library::standard();
        Box::new((library.kinds().count(), library))
    };
    let times = medians(rounds * 3, &[&|| small.check(), &all]);
    row("a file of 20 resources, what it names of the standard library included", format!("{:.1} ms", times[0]), "15 ms with the process");
    row("the whole standard library, which no program asks for", format!("{:.1} ms", times[1]), "");
}
