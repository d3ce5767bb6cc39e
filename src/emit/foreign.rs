//! What would have to change in another stack for an edge to work: an entry of a policy, a notification, rights of a role.
//! A template cannot change what another stack owns, so that each is a finding that prints what to add there.

use super::resource::Statement;
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Emit, InstanceId, Leaf, Step, Value};
use crate::types::{World, place};

/// What another stack would have to add.
#[derive(Default)]
pub(super) struct Foreign {
    entries: Vec<Entry>,
    rights: FxIndexMap<(InstanceId, Span), Vec<Statement>>,
}

/// An element for a list in a resource of another stack.
pub(super) struct Entry {
    /// The declaration whose resource it is.
    pub of: InstanceId,
    /// The label of the resource, and the path in it.
    pub path: Vec<Name>,
    /// The element.
    pub value: Value,
    /// The user's line that asks for it.
    pub span: Span,
    /// What the kind says of a way that needs no change there.
    pub instead: Option<String>,
}

impl Foreign {
    pub(super) fn entry(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// A statement for the role of a declaration that another stack owns.
    pub(super) fn right(&mut self, of: InstanceId, span: Span, statement: Statement) {
        self.rights.entry((of, span)).or_default().push(statement);
    }

    /// Reports everything that was asked for.
    pub(super) fn report(self, world: &World) {
        let mut entries: FxIndexMap<(InstanceId, Span), Vec<Entry>> = FxIndexMap::default();
        for entry in self.entries {
            let same = entries.entry((entry.of, entry.span)).or_default();
            if !same.iter().any(|e| e.path == entry.path && e.value == entry.value) {
                same.push(entry);
            }
        }
        entries.into_iter().for_each(|((of, span), entries)| entries_of(world, of, span, &entries));
        self.rights.into_iter().for_each(|((of, span), statements)| rights_of(world, of, span, statements));
    }
}

/// The rule that says so: it can be allowed once the other stack has what is needed.
const RULE: &str = "change-in-other-stack";

fn entries_of(world: &World, of: InstanceId, span: Span, entries: &[Entry]) {
    let Some((instance, info)) = world.instance(of).and_then(|i| Some((i, i.kind()?))) else { return };
    let Some(first) = entries.first() else { return };
    let path = |entry: &Entry| {
        let label = entry.path.first().map_or("main", |label| label);
        let ty = resource(&info.kind.steps, label).map_or("its resource", |emit| &*emit.resource);
        let rest: Vec<&str> = entry.path.iter().skip(1).map(|n| &**n).collect();
        format!("`{}` of its {ty}", rest.join("."))
    };
    let kind = instance.kind_name();
    let message = format!("the {kind} `{}` belongs to another stack, and this needs an entry in {}", instance.name, path(first));
    let texts: Vec<String> = entries.iter().map(|e| format!("add to {} there: {}", path(e), shown(world, &e.value))).collect();
    report(world, instance.decl.name_span, span, message, texts, first.instead.clone());
}

fn rights_of(world: &World, of: InstanceId, span: Span, statements: Vec<Statement>) {
    let Some(instance) = world.instance(of) else { return };
    let statements = super::policy::merge(statements);
    let text = |s: &Statement| {
        let condition = s.condition.as_ref().map(|c| format!(",\"Condition\":{}", shown(world, c))).unwrap_or_default();
        let actions: Vec<Value> = s.actions.iter().map(|a| Value::Str(a.clone())).collect();
        let (actions, resources) = (shown(world, &Value::list(actions)), shown(world, &Value::list(s.resources.clone())));
        format!("{{\"Effect\":\"Allow\",\"Action\":{actions},\"Resource\":{resources}{condition}}}")
    };
    let texts: Vec<String> = statements.iter().map(text).collect();
    let kind = instance.kind_name();
    let message = format!("the {kind} `{}` belongs to another stack, which must give its role the rights that this needs", instance.name);
    report(world, instance.decl.name_span, span, message, vec![format!("add to the role there: {}", texts.join(", "))], None);
}

fn report(world: &World, owned: Span, span: Span, message: String, texts: Vec<String>, instead: Option<String>) {
    let mut finding = Diagnostic::error(RULE, span, message);
    if owned != span {
        finding = finding.also(owned, "declared here");
    }
    let texts = texts.join("; ");
    let or = instead.map(|way| format!("; or {way}")).unwrap_or_default();
    finding = finding.help(format!("{texts}{or}; where it is there already, write `@allow({RULE}, \"...\")` before this"));
    finding.allowable = true;
    world.report(finding);
}

/// A value as JSON for people: what is known at deployment as `${Name.Attribute}`.
fn shown(world: &World, value: &Value) -> String {
    match value {
        Value::List(values) => format!("[{}]", values.iter().map(|v| shown(world, v)).collect::<Vec<_>>().join(",")),
        Value::Record(fields) => {
            let fields = fields.iter().filter(|(_, v)| **v != Value::None);
            let fields: Vec<String> = fields.map(|(k, v)| format!("{}:{}", quoted(k), shown(world, v))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => value.to_string(),
        Value::None => "null".into(),
        Value::Ref(id) => quoted(world.instance(*id).map_or("", |i| &i.name)),
        Value::Str(text) | Value::Cidr(text) | Value::Date(text) => quoted(text),
        other => quoted(&other.to_string()),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The resource that a kind emits under a label.
fn resource<'s>(steps: &'s [Step], label: &str) -> Option<&'s Emit> {
    steps.iter().find_map(|step| match step {
        Step::Leaf(Leaf::Emit(emit)) if *emit.label == *label => Some(emit),
        Step::If(_, then, otherwise) => resource(then, label).or_else(|| resource(otherwise, label)),
        Step::For { steps, .. } => resource(steps, label),
        _ => None,
    })
}

/// Where a declaration names what another stack owns; the declaration's own name if that is not plain.
pub(super) fn naming(world: &World, of: InstanceId, property: &str) -> Span {
    world.instance(of).map(|i| place(&i.decl, property)).unwrap_or_default()
}
