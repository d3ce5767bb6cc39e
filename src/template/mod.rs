//! The reader of templates: CloudFormation and SAM as resources, edges, rights and opaque parts. It knows resource types
//! from a table (`stdlib/templates/`) and does not consult kinds: it is the second opinion on them.

mod neighbours;
pub mod sam;
mod summary;
mod text;

pub use neighbours::{Alone, Neighbours};
pub use summary::{
    Allowed, Call, Edge, EdgeKind, End, Fact, FactValue, May, Nested, Opaque, Permission, Resource, Right, Shared, Standing, Stored,
    Summary,
};
pub use text::{Segment, Text};
