//! The driver: files to one immutable analysis. Knows nothing of terminals and of editors' protocols.

mod analysis;
mod modules;
mod project;
mod sources;

pub use analysis::{Analysis, Options, Stack, analyse};
pub use project::{Config, Project, find};
pub use sources::{FileSystem, Source, Sources};
