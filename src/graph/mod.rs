//! What wakes what and who may do what: instances and the edges between them.
//! Knows nothing of CloudFormation and of how findings are shown.

mod arguments;
mod build;
mod edge;
pub mod filter;
mod flow;
mod relate;
mod repeated;
mod waits;

pub use build::build;
pub use edge::{Edge, EdgeKind, Graph};
pub use flow::{Flow, Flows, Port, flows};
pub use waits::{Hop, Path, Waits};
