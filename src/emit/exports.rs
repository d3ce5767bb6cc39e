//! What is exported with a declaration besides what it gives out: what rights on it need of what its properties name.
//! Knows nothing of those who import it.

use crate::graph::Graph;
use crate::model::{InstanceId, Value};
use crate::types::{Env, StackOutput, read_through};

/// The name, the documentation and the value of each further output of an export: the ARN of the key that encrypts a
/// queue, as `NAME_encryption_key_arn`.
///
/// They are always there, so that a stack can be deployed before anything that imports from it is written.
pub(super) fn read_through_it<'g>(graph: &'g Graph, output: &StackOutput, id: InstanceId) -> Vec<(String, &'g str, Value)> {
    let Some(info) = graph.world.instance(id).and_then(|i| i.kind()) else { return Vec::new() };
    let env = Env::kind(&graph.world, id);
    let one = |(property, out)| {
        let Value::Ref(other) = env.of_instance(id, &property, output.span) else { return None };
        let doc = graph.world.instance(other)?.kind()?.kind.outs.get(&out).map(|out| &*out.doc)?;
        Some((format!("{}_{property}_{out}", output.name), doc, env.of_instance(other, &out, output.span)))
    };
    read_through(info).into_iter().filter_map(one).collect()
}
