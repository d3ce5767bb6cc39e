//! Purlin for tree-sitter: the language as a function, and the queries that belong to it.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_purlin() -> *const ();
}

/// The language, as tree-sitter's `Parser` takes it.
// Safe because the generated parser defines that function, and it takes nothing and gives a constant.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_purlin) };

/// What is highlighted as what.
pub const HIGHLIGHTS: &str = include_str!("../../queries/highlights.scm");
