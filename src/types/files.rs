//! The built-in functions that look at files beside the source. Knows nothing of where files are.

use super::eval::Env;
use crate::base::{Diagnostic, Span};
use crate::model::{Unit, Value};

impl Env<'_> {
    /// The built-in `read_text`.
    pub(super) fn read(&self, path: &str, span: Span) -> Value {
        let Some(files) = &self.world.files else { return Value::Missing };
        match files.read(span.file, path) {
            Ok(text) => Value::text(text),
            Err(error) => self.fail(Diagnostic::error("unreadable-file", span, format!("`{path}` cannot be read: {error}"))),
        }
    }

    /// The built-in `read_json`.
    pub(super) fn read_json(&self, path: &str, span: Span) -> Value {
        let Value::Str(text) = self.read(path, span) else { return Value::Missing };
        match serde_json::from_str(&text) {
            Ok(value) => super::json::value(&value),
            Err(error) => self.fail(Diagnostic::error("unreadable-file", span, format!("invalid JSON: {error}"))),
        }
    }

    /// The built-in `unpacked_size`.
    pub(super) fn unpacked_size(&self, arguments: &[Value]) -> Option<Value> {
        match arguments {
            [Value::Ref(id), Value::Str(path)] => {
                let from = self.world.instance(*id)?.decl.span.file;
                let size = self.world.files.as_ref().and_then(|files| files.unpacked(from, path)).and_then(|n| i64::try_from(n).ok());
                Some(size.map_or(Value::None, |size| Value::Quantity(size, Unit::Size)))
            }
            [_, Value::None] => Some(Value::None),
            _ => None,
        }
    }
}
