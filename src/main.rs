//! The `purlin` command.

/// Most of an analysis is small values that live as long as it does: this allocator gives and takes them back faster than
/// the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(purlin::cli::run())
}
