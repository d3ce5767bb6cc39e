//! The driver: files to one immutable analysis. Knows nothing of terminals and of editors' protocols.

mod allow;
mod analysis;
mod conditional;
mod imports;
mod modules;
mod picture;
mod project;
mod rulebook;
mod sources;
mod unreached;
mod unused;
mod verify;

pub use allow::Allow;
pub use analysis::{Analysis, Options, Stack, analyse};
pub use picture::{Picture, PictureEdge, PictureNode, picture};
pub use project::{Config, Project, find};
pub use sources::{FileSystem, Source, Sources};
