//! What triggers what and who may do what: instances and the edges between them.
//! Knows nothing of CloudFormation and of how findings are shown.

mod arguments;
mod build;
mod edge;
pub mod filter;
mod flows;
mod loops;
mod patterns;
mod relate;
mod repeated;
mod waits;

pub use build::build;
pub use edge::{Edge, EdgeKind, Graph};
pub use flows::{Flow, Flows, Port, flows};
pub use loops::{Loop, Loops, Proof, rule};
pub use patterns::{Fault, faults};
pub use waits::{Hop, Path, Waits};
