//! What triggers what and who may do what: instances and the edges between them.
//! Knows nothing of CloudFormation and of how findings are shown.

mod arguments;
mod build;
mod carried;
mod edge;
mod flows;
mod patterns;
mod relate;
mod repeated;
pub mod unlike;
mod waits;

pub use build::build;
pub use carried::{Carried, Types};
pub use edge::{Edge, EdgeKind, Graph};
pub use flows::flows;
pub use flows::read::json as json_of;
pub use patterns::{Fault, faults};
pub use waits::{Hop, Path, Waits};
