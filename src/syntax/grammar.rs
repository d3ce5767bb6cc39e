//! The generated recogniser. Only this file and `parse.rs` name pest.

#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, clippy::unreachable, clippy::expect_used)]

/// The recogniser of `grammar/purlin.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/purlin.pest"]
pub struct Grammar;
