//! Graph to CloudFormation: resources, least-privilege policies, intrinsics, ordered JSON.
//! Knows nothing of the command line and of how findings are shown.

mod collect;
mod conditions;
mod exports;
mod foreign;
mod json;
mod policy;
mod policy_size;
mod resource;
mod roles;
mod template;
mod text;

pub use policy_size::{ATTACHED, INLINE_MOST, MANAGED_MOST, statement_size};
pub use resource::{Resource, Statement};
pub use template::{Template, export_name, template};
pub use text::INLINE;
