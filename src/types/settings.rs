//! Values of settings as they are given from outside: texts of the command line, values of `purlin.toml`.

use crate::model::{Type, Value};

/// The value that a text means for a type; values of other forms stay as they are.
pub(super) fn read(given: &Value, ty: &Type) -> Value {
    let (Value::Str(text), false) = (given, matches!(ty.bare(), Type::String | Type::Words(_))) else { return given.clone() };
    match (ty.bare(), &**text) {
        (Type::Bool, "true") => Value::Bool(true),
        (Type::Bool, "false") => Value::Bool(false),
        (Type::List(inner), text) => Value::list(text.split(',').map(|part| read(&Value::text(part.trim()), inner)).collect()),
        (_, text) => crate::names::literal_value(text).unwrap_or_else(|| given.clone()),
    }
}
