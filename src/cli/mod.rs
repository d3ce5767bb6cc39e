//! The command line: arguments, files, the terminal. One command, one file.

mod allows;
mod args;
mod blast;
mod budget;
mod build;
mod check;
mod colour;
mod diff;
mod disk;
mod event;
mod fix;
mod fmt;
mod graph;
mod iam;
mod lsp;
mod new;
mod revision;
mod rules;
mod serve;
mod write;

use crate::render::escape;
use clap::{CommandFactory as _, Parser};

/// The exit code when nothing is wrong.
pub const CLEAN: u8 = 0;
/// The exit code when there are findings that deny.
pub const FINDINGS: u8 = 1;
/// The exit code when the program could not run.
pub const FAILED: u8 = 2;

/// Runs the command that the arguments name and gives the exit code.
pub fn run() -> u8 {
    let arguments = args::Arguments::parse();
    colour::choose(arguments.color);
    let result = match &arguments.command {
        args::Command::Check(check) => check::run(check),
        args::Command::Build(build) => build::run(build),
        args::Command::Lsp(lsp) => lsp::run(lsp),
        args::Command::Serve(serve) => serve::run(serve),
        args::Command::Fix(fix) => fix::run(fix),
        args::Command::Explain(explain) => rules::explain(explain),
        args::Command::Rules(list) => rules::list(list),
        args::Command::Allows(allows) => allows::run(allows),
        args::Command::Budget(budget) => budget::run(budget),
        args::Command::Blast(blast) => blast::run(blast),
        args::Command::Event(event) => event::run(event),
        args::Command::Graph(graph) => graph::run(graph),
        args::Command::Diff(diff) => diff::run(diff),
        args::Command::Iam(iam) => iam::run(iam),
        args::Command::Fmt(fmt) => fmt::run(fmt),
        args::Command::New(new) => new::run(new),
        args::Command::Completions(completions) => completions_for(completions.shell),
        args::Command::Man => man(),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            complain(&format!("purlin: {message}\n"));
            FAILED
        }
    }
}

/// Says something to people beside what is printed.
fn complain(text: &str) {
    complain_escaped(&escape::printed(text));
}

/// The same of a text whose parts are escaped already; a reader that has gone away is no failure.
fn complain_escaped(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a text for people.
fn say(text: &str) -> Result<(), String> {
    print(&escape::printed(text))
}

/// Prints a text for tools, as it is; a reader that has gone away is no failure.
fn print(text: &str) -> Result<(), String> {
    use std::io::Write as _;
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(()),
    }
}

fn completions_for(shell: clap_complete::Shell) -> Result<u8, String> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut args::Arguments::command(), "purlin", &mut text);
    print(String::from_utf8_lossy(&text).trim_end())?;
    Ok(CLEAN)
}

fn man() -> Result<u8, String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(args::Arguments::command()).render(&mut text).map_err(|error| error.to_string())?;
    print(String::from_utf8_lossy(&text).trim_end())?;
    Ok(CLEAN)
}
