//! The `purlin` command.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(purlin::cli::run())
}
