//! What an author asks while writing: plain data in and out, one question per file.
//! Knows nothing of any editor's protocol.

mod actions;
mod complete;
mod hover;
mod place;
mod symbols;
mod target;

pub use actions::{Action, actions};
pub use complete::{Completion, CompletionKind, complete};
pub use hover::hover;
pub use place::Place;
pub use symbols::{Symbol, folds, symbols};
pub use target::{definition, references};
