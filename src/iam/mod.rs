//! The semantics of IAM: which actions a pattern stands for, which resources a statement covers, what a document allows,
//! and what an allowed action causes. Knows policy documents as plain data; nothing of templates, roles or graphs.
//!
//! What AWS's actions do is a table, `stdlib/templates/actions.toml`.

mod arn;
mod causes;

pub use arn::{ArnForm, Part};
pub use causes::{Cause, READ_ON, causes, own_arn};
