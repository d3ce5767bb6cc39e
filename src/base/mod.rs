//! Ids, spans, diagnostics and edits as plain data. Knows nothing of any other layer.

pub mod budget;
mod diagnostic;
pub mod line_ends;
mod matcher;
mod span;
pub mod tables;

pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity};
pub use matcher::{Matcher, MatcherFault};
pub use span::{FileId, Span};

/// A shared, immutable name. Cloning costs one counter.
pub type Name = std::sync::Arc<str>;

/// A map that keeps the order in which it was filled. Its keys are the program's own names: nobody gains by collisions
/// but who compiles his own program slowly.
pub type FxIndexMap<K, V> = indexmap::IndexMap<K, V, rustc_hash::FxBuildHasher>;

/// A set that keeps the order in which it was filled.
pub type FxIndexSet<T> = indexmap::IndexSet<T, rustc_hash::FxBuildHasher>;
