//! The values of a stack's outputs: texts, numbers, true or false. Knows nothing of the template.

use super::eval::Env;
use super::members::a_kind;
use super::world::{FrameId, StackOutput, World};
use crate::base::Diagnostic;
use crate::model::{Deploy, Expr, Node, Value};

impl World {
    /// Computes the outputs' values, and reports those that CloudFormation cannot hold.
    pub fn settle_outputs(&mut self, frame: FrameId) {
        let mut outputs = std::mem::take(&mut self.outputs);
        for output in &mut outputs {
            let expr = Expr::new(output.span, Node::Name(format!("output {}", output.name).into()));
            let value = Env::frame(self, frame).eval(&expr);
            output.value = if self.is_output(output, &value) { value } else { Value::Missing };
        }
        self.outputs = outputs;
    }

    fn is_output(&self, output: &StackOutput, value: &Value) -> bool {
        let word = if output.export { "export" } else { "output" };
        let name = &output.name;
        let (found, help) = match value {
            Value::Deploy(deploy) => match &**deploy {
                Deploy::If(_, then, otherwise) => {
                    return [then, otherwise].into_iter().all(|arm| self.is_output(output, arm));
                }
                _ => return true,
            },
            Value::Ref(id) => {
                let Some(instance) = self.instance(*id) else { return true };
                if output.export && instance.kind().is_some() || matches!(instance.made, super::world::Made::Unknown) {
                    return true;
                }
                let outs: Vec<String> = match instance.kind() {
                    Some(info) => {
                        info.kind.outs.values().filter(|o| !o.internal).map(|o| format!("`{}.{}`", instance.name, o.name)).collect()
                    }
                    None => vec![format!("`{}.NAME`", instance.name)],
                };
                let help = format!("name one of its values: {}", outs.join(", "));
                (format!("{} `{}`", a_kind(instance.kind_name()), instance.name), help)
            }
            Value::List(_) => ("a list".into(), "write `join(\",\", list)`, or one element, as `list[0]`".into()),
            Value::Record(_) => ("a record".into(), "write an output for each field, or `json(record)`".into()),
            Value::None => ("none".into(), format!("remove it, or write it under `if`: `if condition {{ {word} {name} = ... }}`")),
            Value::Resource(id) => (format!("the resource {id}"), "name one of its attributes".into()),
            Value::Space(space) => (format!("`{space}`"), format!("name one of its members, as `{space}.name`")),
            Value::Type(name, _) => (format!("the type `{name}`"), "a type is known here alone".into()),
            _ => return true,
        };
        let message = format!("the {word} `{name}` must be a text, a number or a Bool; found {found}");
        self.report(Diagnostic::error("type-mismatch", output.span, message).help(help));
        false
    }
}
