//! The reader of templates: CloudFormation and SAM as resources, edges, rights and opaque parts. It knows resource types
//! from a table (`stdlib/templates/`) and does not consult kinds: it is the second opinion on them.

mod api;
mod arn;
mod calls;
mod condition;
mod custom;
mod edges;
mod ends;
mod evidence;
mod facts;
mod filters;
mod machine;
mod neighbours;
mod pattern;
mod permissions;
mod read;
mod reader;
mod rights;
pub mod sam;
mod scope;
mod select;
mod summary;
mod table;
mod text;
mod value;

pub use neighbours::{Alone, Neighbours};
pub use read::summary;
pub use summary::{
    Allowed, Call, Edge, EdgeKind, End, Fact, FactValue, May, Nested, Opaque, Permission, Resource, Right, Shared, Standing, Stored,
    Summary,
};
pub use table::{Table, arrives, fault, polled, table};
pub use text::{Segment, Text};
