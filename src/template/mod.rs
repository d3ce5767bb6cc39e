//! The reader of templates: CloudFormation and SAM as resources, edges, rights and opaque parts. It knows resource types
//! from a table (`stdlib/templates/`) and does not consult kinds: it is the second opinion on them.

mod action;
mod api;
mod arn;
mod boundary;
mod calls;
mod condition;
mod custom;
mod each;
mod edges;
mod ends;
mod evidence;
mod facts;
mod filters;
mod machine;
mod neighbours;
mod operation;
mod other_names;
mod pattern;
mod permissions;
mod read;
mod reader;
mod rights;
mod route;
pub mod sam;
mod scope;
mod select;
mod summary;
mod table;
mod text;
mod value;
mod ways;

pub use calls::calls;
pub use filters::any_of;
pub use neighbours::{Alone, Neighbours};
pub use read::summary;
pub use summary::{
    Allowed, Call, Edge, EdgeKind, End, Fact, FactValue, May, Nested, Opaque, Permission, Resource, Right, Shared, Standing, Stored,
    Summary,
};
pub use table::{EdgeRow, Kind, Reader as Documents, Row, Table, Takes, arrives, fault, polled, polled_language, table};
pub use text::{Segment, Text};
