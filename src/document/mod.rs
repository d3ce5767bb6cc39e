//! Documents of other tools, JSON and YAML, as trees whose every part has a place. Knows nothing of what they mean.

mod build;
mod entries;
mod json;
mod node;
mod problem;
mod scalar;
mod tags;
mod yaml;

use crate::base::{Diagnostic, FileId, Span, budget};
pub use node::{Data, Entry, Node};

/// The notation of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON, as RFC 8259 has it: no comments, no trailing commas.
    Json,
    /// YAML with the scalars of version 1.1, as CloudFormation reads them.
    Yaml,
}

impl Form {
    /// The notation of a file: by the end of its name, otherwise by how the text begins.
    pub fn of(path: &str, text: &str) -> Form {
        let end = path.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("json") => Form::Json,
            Some("yaml" | "yml") => Form::Yaml,
            _ if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) => Form::Json,
            _ => Form::Yaml,
        }
    }
}

/// Reads a document. What it gives is within the budgets of documents: a function may call itself for each level, and
/// may visit a part once for each place where an alias repeats it.
///
/// Nothing is given where the text is not a document at all: then a finding says why. A finding besides a tree is a
/// mistake that AWS refuses (an unknown tag) or resolves (a duplicate key).
pub fn read(text: &str, file: FileId, form: Form) -> (Option<Node>, Vec<Diagnostic>) {
    if text.len() > budget::DOCUMENT_BYTES {
        return (None, vec![problem::too_large(Span::new(file, 0, 0), "bytes", budget::DOCUMENT_BYTES)]);
    }
    let mut builder = build::Builder::new(file);
    match form {
        Form::Json => json::read(text, &mut builder),
        Form::Yaml => yaml::read(text, &mut builder),
    }
    builder.finish()
}
