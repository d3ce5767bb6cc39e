//! What a stack exports, as declarations of those who import it: values as imports, declarations as existing ones of
//! their kind whose outs are imports and whose properties are what their stack says. Knows nothing of how they are used.

use crate::base::{FxIndexMap, Name, Span};
use crate::emit::export_name;
use crate::graph::Graph;
use crate::model::{Argument, Body, Decl, Deploy, Entry, Expr, InstanceId, Item, ItemNode, Node, Type, Value};
use crate::types::{Env, KindInfo, StackOutput, World, deployed_name, read_through};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// The declarations that stand for the exports of a stack.
///
/// What a property of an exported declaration names is a declaration too, called `EXPORT.PROPERTY`, which no user's name
/// can be. It gives out what is exported of it (see [`read_through`]).
pub(super) fn items(graph: &Graph) -> Vec<Item> {
    let mut importing = Importing::new(&graph.world);
    let exports: Vec<&StackOutput> = graph.world.outputs.iter().filter(|output| output.export).collect();
    for output in &exports {
        if let Some((id, _)) = importing.declared(&output.value) {
            importing.names.entry(id).or_insert_with(|| output.name.clone());
        }
    }
    for output in &exports {
        match importing.declared(&output.value) {
            Some((id, info)) => importing.export(output, id, &info),
            None => {
                let value = import(&graph.world.stack, &output.name, output.span);
                let node = ItemNode::Let { name: output.name.clone(), name_span: output.span, ty: None, value };
                importing.items.push(item(output.span, node));
            }
        }
    }
    importing.follow();
    importing.items
}

fn item(span: Span, node: ItemNode) -> Item {
    Item { span, doc: String::new(), attributes: Vec::new(), node }
}

struct Importing<'w> {
    world: &'w World,
    /// What declarations of the other stack are called here.
    names: FxHashMap<InstanceId, Name>,
    /// What is exported of a declaration that is not exported itself, by out.
    through: FxHashMap<InstanceId, FxIndexMap<Name, Expr>>,
    /// Those that a property names and that are not declared here yet.
    named: VecDeque<(InstanceId, Span)>,
    items: Vec<Item>,
}

impl<'w> Importing<'w> {
    fn new(world: &'w World) -> Importing<'w> {
        Importing { world, names: FxHashMap::default(), through: FxHashMap::default(), named: VecDeque::new(), items: Vec::new() }
    }

    /// The declaration of a kind that a value is.
    fn declared(&self, value: &Value) -> Option<(InstanceId, Arc<KindInfo>)> {
        let Value::Ref(id) = value else { return None };
        Some((*id, self.world.instance(*id)?.kind()?.clone()))
    }

    fn export(&mut self, output: &StackOutput, id: InstanceId, info: &KindInfo) {
        let (name, span) = (&output.name, output.span);
        let env = Env::kind(self.world, id);
        let mut fields = FxIndexMap::default();
        for out in info.kind.outs.iter().filter(|(_, out)| !out.internal).map(|(name, _)| name) {
            let whole = import(&self.world.stack, &format!("{name}_{out}"), span);
            let value = env.of_instance(id, out, span);
            fields.insert(out.clone(), imported(&value, whole, span));
        }
        for (property, out) in read_through(info) {
            if let Some((other, _)) = self.declared(&env.of_instance(id, &property, span)) {
                let whole = import(&self.world.stack, &format!("{name}_{property}_{out}"), span);
                let value = imported(&env.of_instance(other, &out, span), whole, span);
                self.through.entry(other).or_default().entry(out).or_insert(value);
            }
        }
        self.declare(name.clone(), span, id, info, fields);
    }

    /// Declares what properties name, until nothing new is named.
    fn follow(&mut self) {
        while let Some((id, span)) = self.named.pop_front() {
            let Some((_, info)) = self.declared(&Value::Ref(id)) else { continue };
            let Some(name) = self.names.get(&id).cloned() else { continue };
            let fields = self.through.remove(&id).unwrap_or_default();
            self.declare(name, span, id, &info, fields);
        }
    }

    fn declare(&mut self, name: Name, span: Span, id: InstanceId, info: &KindInfo, mut fields: FxIndexMap<Name, Expr>) {
        let Some(instance) = self.world.instance(id) else { return };
        for property in info.kind.properties.keys() {
            let value = Env::kind(self.world, id).of_instance(id, property, span);
            let value = self.known(&value, &format!("{name}.{property}"), span);
            fields.insert(property.clone(), value);
        }
        let field = |(key, value)| Body::Entry(Entry::Field { key, key_span: span, value }, Vec::new());
        let decl = Decl {
            kind: info.kind.name.clone(),
            name,
            name_span: span,
            span,
            existing: true,
            imported: true,
            attributes: Vec::new(),
            body: fields.into_iter().map(field).collect(),
            ..(*instance.decl).clone()
        };
        self.items.push(item(span, ItemNode::Decl(Arc::new(decl))));
    }

    /// A property's value in the stack that imports it; missing where only the deployment of the other stack decides.
    fn known(&mut self, value: &Value, path: &str, span: Span) -> Expr {
        let node = match value {
            Value::Missing | Value::Deploy(_) | Value::Resource(_) | Value::Space(_) => Node::Missing,
            Value::Ref(id) if self.declared(value).is_some() => {
                let name = self.names.entry(*id).or_insert_with(|| {
                    self.named.push_back((*id, span));
                    path.into()
                });
                Node::Name(name.clone())
            }
            Value::Ref(_) => Node::Missing,
            Value::List(values) => {
                Node::List(values.iter().enumerate().map(|(at, v)| self.known(v, &format!("{path}.{at}"), span)).collect())
            }
            Value::Record(fields) => {
                let entry = |(key, v): (&Name, &Value)| Entry::Field {
                    key: key.clone(),
                    key_span: span,
                    value: self.known(v, &format!("{path}.{key}"), span),
                };
                Node::Record(fields.iter().map(entry).collect())
            }
            constant => Node::Literal(constant.clone()),
        };
        Expr::new(span, node)
    }
}

/// What stands for a value that is given out: the import of it, unless it is known, or is nothing and not exported.
fn imported(value: &Value, import: Expr, span: Span) -> Expr {
    match value {
        Value::None | Value::Int(_) | Value::Bool(_) | Value::Quantity(..) => Expr::new(span, Node::Literal(value.clone())),
        Value::List(values) if values.is_empty() => Expr::new(span, Node::Literal(value.clone())),
        // A list travels as one text.
        Value::List(_) => call("split", vec![text(",", span), import], span),
        _ => import,
    }
}

/// `import_value("${NAME OF THE DEPLOYED STACK}-name")`
fn import(stack: &Name, name: &str, span: Span) -> Expr {
    let deployed = Value::deploy(Deploy::Param(deployed_name(stack).name, Type::String));
    let whole = Value::deploy(Deploy::Text(vec![deployed, Value::text(format!("-{}", export_name(name)))]));
    call("import_value", vec![Expr::new(span, Node::Literal(whole))], span)
}

fn text(text: &str, span: Span) -> Expr {
    Expr::new(span, Node::Literal(Value::text(text)))
}

fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value }).collect();
    Expr::new(span, Node::Call(Box::new(Expr::new(span, Node::Name(function.into()))), arguments))
}
