//! What the page shows of a project, as data.

use crate::base::{FxIndexMap, Severity};
use crate::ide;
use crate::session::{Analysis, Stack, marked, records};
use crate::types::Instance;
use serde_json::{Value, json};

/// What is shown, newest first in its versions, and the last graph of each stack that could be drawn.
#[derive(Default)]
pub struct Shown {
    /// Counts what was shown: a page asks for what is newer.
    pub version: u64,
    /// The data.
    pub text: String,
    drawn: FxIndexMap<String, String>,
}

impl Shown {
    /// Shows a project, or why it cannot be read.
    pub fn show(&mut self, (title, root): (&str, &str), read: Result<&Analysis, &str>) {
        self.version += 1;
        let mut data = match read {
            Ok(analysis) => self.of(analysis),
            Err(error) => json!({ "error": error, "stacks": self.stacks(&[]), "declarations": [], "findings": [], "files": [] }),
        };
        if let Some(data) = data.as_object_mut() {
            data.extend([("version".into(), json!(self.version)), ("title".into(), json!(title)), ("root".into(), json!(root))]);
        }
        self.text = data.to_string();
    }

    fn of(&mut self, analysis: &Analysis) -> Value {
        // What a rule finds is drawn; a mistake leaves the graph as it was before.
        let mistaken = analysis.findings.iter().any(|f| f.severity == Severity::Error && !f.allowable);
        let mut fresh = Vec::new();
        if !mistaken {
            self.drawn.clear();
            for stack in &analysis.stacks {
                self.drawn.insert(stack.name.to_string(), crate::render::svg(&marked(stack, analysis)));
                fresh.push(stack.name.to_string());
            }
        }
        let files = analysis.sources.all().iter().map(|s| json!({ "path": s.path.display().to_string(), "text": &*s.text }));
        let files: Vec<Value> = files.collect();
        json!({
            "stacks": self.stacks(&fresh),
            "declarations": analysis.stacks.iter().flat_map(|s| declarations(analysis, s)).collect::<Vec<_>>(),
            "findings": records(analysis).into_iter().filter(|r| r.allowed.is_none()).collect::<Vec<_>>(),
            "files": files,
        })
    }

    fn stacks(&self, fresh: &[String]) -> Vec<Value> {
        self.drawn.iter().map(|(name, svg)| json!({ "name": name, "svg": svg, "old": !fresh.contains(name) })).collect()
    }
}

fn declarations(analysis: &Analysis, stack: &Stack) -> Vec<Value> {
    let emitted = ide::emitted_all(stack);
    let own = stack.graph.world.instances.iter().filter_map(|instance| {
        let (path, _) = analysis.sources.get(instance.decl.span.file)?;
        let (from, _) = analysis.sources.position(instance.decl.span);
        let end = crate::base::Span { start: instance.decl.span.end, ..instance.decl.span };
        Some(json!({
            "id": format!("{}/{}", stack.name, instance.name),
            "name": &*instance.name,
            "kind": instance.kind_name(),
            "stack": &*stack.name,
            "file": path.display().to_string(),
            "from": from,
            "to": analysis.sources.position(end).0,
            "cloudformation": emitted.get(&instance.id).and_then(|e| serde_json::to_string_pretty(e).ok()).unwrap_or_default(),
            "policy": policy(analysis, stack, instance),
        }))
    });
    own.collect()
}

/// The statements of the roles of a declaration, each with the lines that asked for it.
fn policy(analysis: &Analysis, stack: &Stack, instance: &Instance) -> Vec<Value> {
    let Some(template) = &stack.template else { return Vec::new() };
    let own = |role: &crate::base::Name| template.resources.get(role).is_some_and(|r| r.owner == instance.id);
    let statements = template.statements.iter().filter(|(role, _)| own(role)).flat_map(|(_, all)| all);
    statements
        .map(|statement| {
            let because = statement.spans.iter().filter_map(|span| {
                let (path, text) = analysis.sources.get(span.file)?;
                let line = text.get(span.range())?.lines().next().unwrap_or("");
                Some(json!({ "file": path.display().to_string(), "line": analysis.sources.position(*span).0, "text": line }))
            });
            json!({
                "actions": statement.actions.iter().map(|a| &**a).collect::<Vec<&str>>(),
                "resources": statement.resource_texts(),
                "condition": statement.condition.as_ref().map(ToString::to_string),
                "because": because.collect::<Vec<Value>>(),
            })
        })
        .collect()
}
