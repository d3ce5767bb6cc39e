//! Graph to CloudFormation: resources, least-privilege policies, intrinsics, ordered JSON.
//! Knows nothing of the command line and of how findings are shown.

mod collect;
mod conditions;
mod deletion;
mod exports;
mod foreign;
mod grants;
mod json;
mod later;
mod policy;
mod policy_size;
mod references;
mod resource;
mod roles;
mod stamp;
mod statements;
mod template;
mod text;

pub use deletion::Deletion;
pub use policy_size::{ATTACHED, INLINE_MOST, MANAGED_MOST, statement_size};
pub use references::ids as resources_in;
pub use resource::{Asked, Resource, Statement};
pub use template::{Template, export_name, template};
pub use text::INLINE;
