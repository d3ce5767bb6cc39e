//! The command line: arguments, files, the terminal. One command, one file.

mod args;
mod build;
mod check;
mod disk;
mod graph;

use clap::Parser;

/// The exit code when nothing is wrong.
pub const CLEAN: u8 = 0;
/// The exit code when there are findings that deny.
pub const FINDINGS: u8 = 1;
/// The exit code when the program could not run.
pub const FAILED: u8 = 2;

/// Runs the command that the arguments name and gives the exit code.
pub fn run() -> u8 {
    let arguments = args::Arguments::parse();
    let result = match &arguments.command {
        args::Command::Check(check) => check::run(check),
        args::Command::Build(build) => build::run(build),
        args::Command::Graph(graph) => graph::run(graph),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            eprintln!("purlin: {message}");
            FAILED
        }
    }
}

/// Prints a text; a reader that has gone away is no failure.
fn print(text: &str) -> Result<(), String> {
    use std::io::Write as _;
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(()),
    }
}
