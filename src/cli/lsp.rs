//! `purlin lsp`

use super::args::Lsp;
use super::{CLEAN, disk};

/// Runs it.
pub(super) fn run(arguments: &Lsp) -> Result<u8, String> {
    crate::lsp::serve(arguments.as_of.clone().unwrap_or_else(disk::today))?;
    Ok(CLEAN)
}
