//! Text to a lossless tree, and views over it. Knows nothing of names, types or AWS.

mod grammar;
mod leaves;
mod mistakes;
mod parse;
mod repair;
mod tree;

pub use grammar::Rule as Kind;
pub use leaves::{Leaf, LeafKind, Leaves};
pub use mistakes::foreign_word;
pub use parse::{DEEPEST, Parsed, parse, parse_part};
pub use tree::{Node, Tree};
