//! The structure of a state machine in the Amazon States Language: the one lowering that the standard library cannot
//! write itself, because branches nest. What a task does comes from the standard library; this only knows the shape.

use super::eval::Env;
use crate::base::{FxIndexMap, Name, Span};
use crate::model::{Unit, Value};

type Fields = FxIndexMap<Name, Value>;

/// `states(start, states, tasks)`: the definition, and the substitutions for what is known only at deployment.
pub(super) fn definition(_env: &Env<'_>, arguments: &[Value], _span: Span) -> Option<Value> {
    let [Value::Str(start), Value::Record(states), Value::Record(tasks)] = arguments else { return None };
    let mut lowering = Lowering { states, tasks, substitutions: FxIndexMap::default() };
    let definition = lowering.machine(start, 0)?;
    let fields = [("definition", definition), ("substitutions", Value::record(lowering.substitutions))];
    Some(Value::record(fields.into_iter().map(|(k, v)| (Name::from(k), v)).collect()))
}

struct Lowering<'a> {
    states: &'a Fields,
    tasks: &'a Fields,
    substitutions: Fields,
}

impl Lowering<'_> {
    /// The states that are reached from one, as a machine of their own.
    fn machine(&mut self, start: &Name, depth: u8) -> Option<Value> {
        if depth > 8 {
            return None;
        }
        let mut states = Fields::default();
        for name in self.reached(start) {
            let Some(Value::Record(state)) = self.states.get(&name).cloned() else { continue };
            states.insert(name.clone(), self.state(&name, &state, depth)?);
        }
        Some(record([("StartAt", Value::Str(start.clone())), ("States", Value::record(states))]))
    }

    /// The states that follow one, in the order in which they are declared.
    fn reached(&self, start: &Name) -> Vec<Name> {
        let mut open = vec![start.clone()];
        let mut seen: Vec<Name> = Vec::new();
        while let Some(name) = open.pop() {
            if seen.contains(&name) {
                continue;
            }
            if let Some(Value::Record(state)) = self.states.get(&name) {
                open.extend(followers(state));
            }
            seen.push(name);
        }
        self.states.keys().filter(|name| seen.contains(name)).cloned().collect()
    }

    fn state(&mut self, name: &Name, state: &Fields, depth: u8) -> Option<Value> {
        let kind = word(state, "type")?;
        let mut out = Fields::default();
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value.filter(|v| *v != Value::None) {
                out.insert(key.into(), value);
            }
        };
        set("Type", Some(Value::text(super::ids::camel(&kind))));
        set("Comment", state.get("comment").cloned());
        match &*kind {
            "task" => {
                if let Some(Value::Record(task)) = self.tasks.get(name).cloned() {
                    for (key, value) in task.iter() {
                        set(key, Some(self.known(value)));
                    }
                }
                set("TimeoutSeconds", seconds(state, "timeout"));
                set("HeartbeatSeconds", seconds(state, "heartbeat"));
            }
            "choice" => {
                set("Choices", Some(Value::list(list(state, "choices").iter().filter_map(choice).collect())));
                set("Default", state.get("otherwise").cloned());
            }
            "parallel" => {
                let mut branches = Vec::new();
                for branch in list(state, "branches") {
                    if let Value::Str(start) = branch {
                        branches.push(self.machine(&start, depth + 1)?);
                    }
                }
                set("Branches", Some(Value::list(branches)));
            }
            "map" => {
                if let Some(start) = word(state, "each") {
                    set("ItemProcessor", Some(self.machine(&start, depth + 1)?));
                }
                set("ItemsPath", state.get("items").cloned());
                set("MaxConcurrency", state.get("at_once").cloned());
            }
            "wait" => {
                set("Seconds", seconds(state, "pause"));
                set("TimestampPath", state.get("until").cloned());
            }
            "pass" => set("Result", state.get("input").cloned().map(|v| self.known(&v))),
            "fail" => {
                set("Error", state.get("error").cloned());
                set("Cause", state.get("cause").cloned());
            }
            _ => {}
        }
        if matches!(&*kind, "task" | "parallel" | "map" | "pass") {
            set("ResultPath", state.get("result").cloned());
            set("OutputPath", state.get("output").cloned());
        }
        if matches!(&*kind, "task" | "parallel" | "map") {
            let retries: Vec<Value> = list(state, "retry").iter().filter_map(retry).collect();
            set("Retry", (!retries.is_empty()).then(|| Value::list(retries)));
            let catches: Vec<Value> = list(state, "catch").iter().filter_map(catch).collect();
            set("Catch", (!catches.is_empty()).then(|| Value::list(catches)));
        }
        if !matches!(&*kind, "choice" | "succeed" | "fail") {
            match state.get("next").filter(|v| **v != Value::None) {
                Some(next) => set("Next", Some(next.clone())),
                None => set("End", Some(Value::Bool(true))),
            }
        }
        Some(Value::record(out))
    }

    /// A value in which what is known only at deployment is a placeholder.
    fn known(&mut self, value: &Value) -> Value {
        match value {
            Value::Deploy(_) => {
                let known = self.substitutions.iter().find(|(_, v)| *v == value).map(|(k, _)| k.clone());
                let name = known.unwrap_or_else(|| format!("S{}", self.substitutions.len() + 1).into());
                self.substitutions.insert(name.clone(), value.clone());
                Value::text(format!("${{{name}}}"))
            }
            Value::List(values) => Value::list(values.iter().map(|v| self.known(v)).collect()),
            Value::Record(fields) => {
                Value::record(fields.iter().filter(|(_, v)| **v != Value::None).map(|(k, v)| (k.clone(), self.known(v))).collect())
            }
            other => other.clone(),
        }
    }
}

/// The states that a state names as its followers in the same machine.
fn followers(state: &Fields) -> Vec<Name> {
    let mut names: Vec<Name> = [word(state, "next"), word(state, "otherwise")].into_iter().flatten().collect();
    for field in ["choices", "catch"] {
        names.extend(list(state, field).iter().filter_map(|c| word(c.as_record()?, "next")));
    }
    names
}

fn choice(value: &Value) -> Option<Value> {
    const TESTS: [(&str, &str); 6] = [
        ("equals", "Equals"),
        ("greater", "GreaterThan"),
        ("at_least", "GreaterThanEquals"),
        ("less", "LessThan"),
        ("at_most", "LessThanEquals"),
        ("matches", "Matches"),
    ];
    let fields = value.as_record()?;
    let mut out = Fields::default();
    out.insert("Variable".into(), fields.get("variable")?.clone());
    for (name, test) in TESTS {
        let Some(against) = fields.get(name).filter(|v| **v != Value::None) else { continue };
        let kind = match against {
            Value::Int(_) | Value::Float(_) => "Numeric",
            Value::Bool(_) => "Boolean",
            _ => "String",
        };
        out.insert(format!("{kind}{test}").into(), against.clone());
    }
    if let Some(present) = fields.get("present").filter(|v| **v != Value::None) {
        out.insert("IsPresent".into(), present.clone());
    }
    out.insert("Next".into(), fields.get("next")?.clone());
    Some(Value::record(out))
}

fn retry(value: &Value) -> Option<Value> {
    let fields = value.as_record()?;
    let mut out = Fields::default();
    out.insert("ErrorEquals".into(), fields.get("errors")?.clone());
    out.insert("IntervalSeconds".into(), seconds(fields, "interval")?);
    out.insert("MaxAttempts".into(), fields.get("attempts")?.clone());
    out.insert("BackoffRate".into(), fields.get("backoff")?.clone());
    if let Some(most) = seconds(fields, "max_delay") {
        out.insert("MaxDelaySeconds".into(), most);
    }
    Some(Value::record(out))
}

fn catch(value: &Value) -> Option<Value> {
    let fields = value.as_record()?;
    let mut out = Fields::default();
    out.insert("ErrorEquals".into(), fields.get("errors")?.clone());
    if let Some(path) = fields.get("result").filter(|v| **v != Value::None) {
        out.insert("ResultPath".into(), path.clone());
    }
    out.insert("Next".into(), fields.get("next")?.clone());
    Some(Value::record(out))
}

fn word(fields: &Fields, name: &str) -> Option<Name> {
    match fields.get(name) {
        Some(Value::Str(text)) => Some(text.clone()),
        _ => None,
    }
}

fn list(fields: &Fields, name: &str) -> Vec<Value> {
    fields.get(name).and_then(Value::as_list).unwrap_or_default().to_vec()
}

fn seconds(fields: &Fields, name: &str) -> Option<Value> {
    match fields.get(name) {
        Some(Value::Quantity(n, Unit::Time)) => Some(Value::Int(n / 1_000)),
        _ => None,
    }
}

fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::record(fields.into_iter().map(|(k, v)| (Name::from(k), v)).collect())
}
