//! Values from JSON and as JSON text. Knows nothing of CloudFormation.

use crate::base::Name;
use crate::model::{Deploy, Value};

/// A value of the language from one of JSON.
pub(super) fn value(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(f64::NAN)), Value::Int),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(values) => Value::list(values.iter().map(value).collect()),
        serde_json::Value::Object(fields) => Value::record(fields.iter().map(|(k, v)| (Name::from(k.as_str()), value(v))).collect()),
    }
}

/// A value as a JSON text, which may hold parts that are known only at deployment.
pub(super) fn text(value: &Value) -> Option<Value> {
    let mut parts = Vec::new();
    write(value, &mut parts)?;
    Some(match parts.len() {
        1 => parts.pop()?,
        _ => Value::deploy(Deploy::Text(parts)),
    })
}

fn write(value: &Value, parts: &mut Vec<Value>) -> Option<()> {
    let mut push = |text: String| super::deploy::push_text(parts, Value::text(text));
    match value {
        Value::None => push("null".into()),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => push(value.to_string()),
        Value::Str(text) | Value::Cidr(text) | Value::Date(text) => push(serde_json::to_string(&**text).ok()?),
        Value::Quantity(..) => push(serde_json::to_string(&value.to_string()).ok()?),
        Value::Deploy(_) => {
            push("\"".into());
            super::deploy::push_text(parts, value.clone());
            super::deploy::push_text(parts, Value::text("\""));
        }
        Value::List(values) => {
            push("[".into());
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    super::deploy::push_text(parts, Value::text(","));
                }
                write(value, parts)?;
            }
            super::deploy::push_text(parts, Value::text("]"));
        }
        Value::Record(fields) => {
            push("{".into());
            for (at, (key, value)) in fields.iter().filter(|(_, v)| **v != Value::None).enumerate() {
                let key = serde_json::to_string(&**key).ok()?;
                super::deploy::push_text(parts, Value::text(format!("{}{key}:", if at > 0 { "," } else { "" })));
                write(value, parts)?;
            }
            super::deploy::push_text(parts, Value::text("}"));
        }
        Value::Missing | Value::Ref(_) | Value::Resource(_) | Value::Space(_) | Value::Type(..) => return None,
    }
    Some(())
}
