//! What a stack exports, as declarations of those who import it: values as imports, declarations as existing ones of
//! their kind whose outs are imports. Knows nothing of how they are used.

use crate::base::{Diagnostic, Name, Span};
use crate::emit::export_name;
use crate::model::{Argument, Body, Decl, Entry, Expr, Item, ItemNode, Module, Node, TypeNode, Value};
use crate::types::{Library, World};
use std::sync::Arc;

/// The declarations that stand for the exports of a file's stack.
pub(super) fn items(module: &Module, library: &Library, span: Span, world: &World) -> Vec<Item> {
    let stack = module.items.iter().find_map(|item| match &item.node {
        ItemNode::Stack { name, .. } => Some(name.clone()),
        _ => None,
    });
    let Some(stack) = stack else {
        let message = "this file declares no stack, so there is nothing to import";
        world.report(Diagnostic::error("no-stack", span, message).help("use `use` to bring in its declarations"));
        return Vec::new();
    };
    let exports = module.items.iter().filter_map(|item| match &item.node {
        ItemNode::Output { name, name_span, value, export: true } => Some((name, *name_span, value)),
        _ => None,
    });
    let item = |node| Item { span, doc: String::new(), attributes: Vec::new(), node };
    let one = |(name, name_span, value): (&Name, Span, &Expr)| match declared(module, value) {
        Some(decl) if library.kind(&decl.kind).is_some() => {
            item(ItemNode::Decl(Arc::new(existing(library, decl, &stack, name, name_span))))
        }
        _ => item(ItemNode::Let { name: name.clone(), name_span, ty: None, value: import(&stack, name, name_span) }),
    };
    exports.map(one).collect()
}

/// The declaration that an export names plainly.
fn declared<'m>(module: &'m Module, value: &Expr) -> Option<&'m Arc<Decl>> {
    let Node::Name(name) = &value.node else { return None };
    module.items.iter().find_map(|item| match &item.node {
        ItemNode::Decl(decl) if decl.name == *name => Some(decl),
        _ => None,
    })
}

/// `import_value("stack-name")`
fn import(stack: &str, name: &str, span: Span) -> Expr {
    call("import_value", vec![text(&export_name(stack, name), span)], span)
}

fn text(text: &str, span: Span) -> Expr {
    Expr::new(span, Node::Literal(Value::text(text)))
}

fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value }).collect();
    Expr::new(span, Node::Call(Box::new(Expr::new(span, Node::Name(function.into()))), arguments))
}

fn existing(library: &Library, decl: &Decl, stack: &str, name: &Name, span: Span) -> Decl {
    let outs = library.kind(&decl.kind).into_iter().flat_map(|info| info.kind.outs.values()).filter(|out| !out.internal);
    let body = outs.map(|out| {
        let whole = import(stack, &format!("{name}_{}", out.name), span);
        let is_list = out.ty.as_ref().is_some_and(|ty| matches!(ty.node, TypeNode::List(_)));
        // A list travels as one text.
        let value = if is_list { call("split", vec![text(",", span), whole], span) } else { whole };
        Body::Entry(Entry::Field { key: out.name.clone(), key_span: span, value }, Vec::new())
    });
    Decl { name: name.clone(), name_span: span, span, existing: true, attributes: Vec::new(), body: body.collect(), ..decl.clone() }
}
