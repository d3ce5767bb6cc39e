//! What an author asks while writing: plain data in and out, one question per file.
//! Knows nothing of any editor's protocol.

mod actions;
mod complete;
mod derived;
mod emitted;
mod explain;
mod extract;
mod fill;
mod flow;
mod hover;
mod links;
mod permit;
mod place;
mod rename;
mod reshape;
mod scopes;
mod select;
mod signature;
mod symbols;
mod target;
mod tokens;

pub use actions::{Action, actions};
pub use complete::{Completion, CompletionKind, List, complete};
pub use derived::{Hint, hints, statement, statements};
pub use emitted::{emitted, emitted_all};
pub use explain::explained;
pub use extract::extractions;
pub use flow::{Hop, Summary, around, at, item, neighbours, summaries};
pub use hover::hover;
pub use links::{Link, links};
pub use permit::actions_in_template;
pub use place::Place;
pub use rename::{Index, Named};
pub use reshape::reshapings;
pub use select::selections;
pub use signature::{Signature, signature};
pub use symbols::{Symbol, folds, symbols};
pub use target::{definition, references, scope, type_definition};
pub use tokens::{MODIFIERS, TOKENS, Token, tokens};
