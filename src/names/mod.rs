//! From trees to declarations: collecting, modules, scopes and "did you mean". Knows nothing of types.

mod attributes;
mod collect;
mod expr;
mod kinds;
mod reserved;
mod rules;
mod suggest;
mod types;

pub use collect::collect;
pub use suggest::nearest;

/// The value of a literal as it stands in source: `5`, `30s`, `10.0.0.0/16`.
pub fn literal_value(text: &str) -> Option<crate::model::Value> {
    expr::literal(text).ok()
}
