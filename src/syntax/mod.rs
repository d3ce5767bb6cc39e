//! Text to a lossless tree, and views over it. Knows nothing of names, types or AWS.

pub mod ast;
mod grammar;
mod parse;
mod tree;

pub use grammar::Rule as Kind;
pub use parse::{Parsed, parse};
pub use tree::{Node, Tree};
