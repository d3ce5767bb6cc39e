//! Whether findings are shown in colours.

use super::args::Color;
use std::io::IsTerminal as _;
use std::sync::OnceLock;

/// What the arguments ask for; it holds for the whole run.
static CHOICE: OnceLock<Color> = OnceLock::new();

/// Keeps what the arguments ask for.
pub(super) fn choose(choice: Color) {
    // The arguments are read once; a second choice in one process would be the same.
    let _ = CHOICE.set(choice);
}

/// Whether standard error gets colours. `NO_COLOR` counts if it is not empty.
/// source: <https://no-color.org/>, read 2026-11-25
pub(super) fn wanted() -> bool {
    match CHOICE.get() {
        Some(Color::Always) => true,
        Some(Color::Never) => false,
        Some(Color::Auto) | None => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
            std::io::stderr().is_terminal() && !refused && !dumb
        }
    }
}
