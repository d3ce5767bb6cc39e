//! The mistakes of a document, as findings.

use crate::base::{Diagnostic, Span};

/// The text is not a document of its notation.
pub(super) fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("document-syntax", span, message)
}

/// The document exceeds a budget.
pub(super) fn too_large(span: Span, unit: &str, limit: usize) -> Diagnostic {
    Diagnostic::error("document-too-large", span, format!("this document has more than {limit} {unit}, and is not read"))
        .help("exclude it, or give its path only to tools that need it; CloudFormation accepts templates of up to 1 MB")
}

/// A key occurs twice in a map.
pub(super) fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::warning("duplicate-key", second, format!("`{key}` is set twice"))
        .label("this value is used")
        .also(first, "this value is ignored")
        .help("remove one of the two")
        .note("CloudFormation uses the last value and reports no error")
}

/// A tag that is neither a short form of an intrinsic function nor one of YAML's own types.
pub(super) fn unknown_tag(span: Span, tag: &str, near: Option<&str>) -> Diagnostic {
    let finding = Diagnostic::error("unknown-tag", span, format!("`{tag}` is not a short form of an intrinsic function"));
    match near {
        Some(near) => finding.fix(format!("change it to `{near}`"), span, near),
        None => finding.help("CloudFormation reads `!Ref`, `!GetAtt`, `!Sub` and the other intrinsic functions; put other texts that begin with `!` in quotes"),
    }
}
