//! `purlin lsp`

use super::args::Lsp;
use super::{CLEAN, disk};
use crate::lsp::{End, serve};

/// The exit code that the protocol asks for when an editor ends the server without `shutdown`.
const ABRUPT: u8 = 1;

/// Runs it.
pub(super) fn run(arguments: &Lsp) -> Result<u8, String> {
    match serve(arguments.as_of.clone().unwrap_or_else(disk::today))? {
        End::ShutDown => Ok(CLEAN),
        End::Abrupt => Ok(ABRUPT),
    }
}
