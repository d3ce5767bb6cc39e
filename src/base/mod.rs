//! Ids, spans, diagnostics and edits as plain data. Knows nothing of any other layer.

mod diagnostic;
mod span;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
pub use span::{FileId, Span};

/// A shared, immutable name. Cloning costs one counter.
pub type Name = std::sync::Arc<str>;
