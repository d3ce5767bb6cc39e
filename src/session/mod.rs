//! The driver: files to one immutable analysis. Knows nothing of terminals and of editors' protocols.

mod allow;
mod analysis;
mod baseline;
mod blast;
mod catalogue;
mod conditional;
mod difference;
mod gauge;
mod imports;
mod memory;
mod meters;
mod modules;
mod package;
mod picture;
mod project;
mod record;
mod replaced;
mod rulebook;
mod severities;
mod sources;
mod unreached;
mod unused;
mod verify;

pub use allow::{Allow, expired};
pub use analysis::{Analysis, Options, Stack, analyse, analyse_again};
pub use baseline::{Baseline, Known};
pub use blast::{Blow, blast};
pub use catalogue::{RuleInfo, rules, rules_of};
pub use difference::{Change, Difference, Moved, differences};
pub use gauge::{Deadline, Gauge, deadlines, gauges};
pub use memory::Memory;
pub use picture::{Marked, Picture, PictureEdge, PictureNode, marked, picture};
pub use project::{Config, Project, find};
pub use record::{Place, Record, Related, Remedy, place, records};
pub use replaced::Replaced;
pub use sources::{FileSystem, ReadSeek, Source, Sources};
