//! What CloudFormation accepts, as data: every resource type with its properties, every IAM
//! action, the policies that AWS manages, and checks of JSON against them. Knows nothing of Purlin's syntax, names or graph.
//!
//! The data is embedded compressed and decoded only when asked for, one service at a time.
//! `SOURCE.md` says where it comes from and what it costs.

pub mod actions;
pub mod check;
mod intrinsic;
mod managed;
pub mod named;
mod near;
mod pattern;
mod schema;
mod shape;
mod store;

pub use managed::{Managed, ManagedStatement, managed, managed_names};
pub use near::nearest;
pub use pattern::{Pattern, uncompiled as uncompiled_patterns};
pub use schema::{Lifecycle, ResourceSchema};
pub use shape::{Kind, Kinds, Shape};
pub use store::{nearest_type, schema, type_names};
