//! The command line: arguments, files, the terminal. One command, one file.

mod args;
mod build;
mod check;
mod disk;

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
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            eprintln!("purlin: {message}");
            FAILED
        }
    }
}
