//! Visits what a declaration is made of: every expression and every written type. Knows nothing of what they mean.

use super::rule::RuleStep;
use super::{Body, Decl, Entry, Expr, Item, ItemNode, Node, Parameter, Piece, TypeExpr, TypeNode};

/// What is met on the way.
#[derive(Clone, Copy, Debug)]
pub enum Met<'a> {
    /// An expression, before what it is made of.
    Expr(&'a Expr),
    /// A written type, before what it is made of.
    Type(&'a TypeExpr),
    /// A declaration of a kind, before its body.
    Decl(&'a Decl),
}

/// Visits some items and everything in them.
pub fn items<'a>(all: &'a [Item], visit: &mut dyn FnMut(Met<'a>)) {
    for item in all {
        match &item.node {
            ItemNode::Stack { fields, .. } => entries(fields, visit),
            ItemNode::Use { path, .. } | ItemNode::Import { path, .. } => expr(path, visit),
            ItemNode::Param { ty, default, fields, .. } => {
                ty.iter().for_each(|t| written(t, visit));
                default.iter().for_each(|e| expr(e, visit));
                entries(fields, visit);
            }
            ItemNode::Setting { ty, default, .. } => {
                ty.iter().for_each(|t| written(t, visit));
                default.iter().for_each(|e| expr(e, visit));
            }
            ItemNode::Let { ty, value, .. } => {
                ty.iter().for_each(|t| written(t, visit));
                expr(value, visit);
            }
            ItemNode::Type { ty, .. } => written(ty, visit),
            ItemNode::Component { parameters: own, items: inner, .. } => {
                parameters(own, visit);
                items(inner, visit);
            }
            ItemNode::Output { value, .. } => expr(value, visit),
            ItemNode::Decl(decl) => {
                visit(Met::Decl(decl));
                body(&decl.body, visit);
            }
            ItemNode::For { over, by, items: inner, .. } => {
                expr(over, visit);
                by.iter().for_each(|e| expr(e, visit));
                items(inner, visit);
            }
            ItemNode::If { condition, then, otherwise } => {
                expr(condition, visit);
                items(then, visit);
                items(otherwise, visit);
            }
            ItemNode::Rule(rule) => {
                rule.asserts.iter().for_each(|e| expr(e, visit));
                rule_steps(&rule.steps, visit);
            }
            ItemNode::Kind(kind) => {
                kind.properties.values().for_each(|p| {
                    written(&p.ty, visit);
                    p.default.iter().for_each(|e| expr(e, visit));
                });
                kind.verbs.values().for_each(|v| parameters(&v.parameters, visit));
                kind.events.iter().for_each(|e| parameters(&e.parameters, visit));
                kind.outs.values().for_each(|o| expr(&o.value, visit));
            }
        }
    }
}

fn rule_steps<'a>(steps: &'a [RuleStep], visit: &mut dyn FnMut(Met<'a>)) {
    for step in steps {
        match step {
            RuleStep::Let(_, value) => expr(value, visit),
            RuleStep::Each { binders, filter, steps } => {
                binders.iter().for_each(|b| written(&b.ty, visit));
                filter.iter().for_each(|f| expr(f, visit));
                rule_steps(steps, visit);
            }
            RuleStep::For { over, steps, .. } => {
                expr(over, visit);
                rule_steps(steps, visit);
            }
            RuleStep::If(condition, then, otherwise) => {
                expr(condition, visit);
                rule_steps(then, visit);
                rule_steps(otherwise, visit);
            }
            RuleStep::Report(report) => {
                expr(&report.at, visit);
                expr(&report.message, visit);
                report.fields.values().for_each(|e| expr(e, visit));
            }
        }
    }
}

fn parameters<'a>(all: &'a [Parameter], visit: &mut dyn FnMut(Met<'a>)) {
    for parameter in all {
        parameter.ty.iter().for_each(|t| written(t, visit));
        parameter.default.iter().for_each(|e| expr(e, visit));
    }
}

/// Visits the parts of a declaration.
pub fn body<'a>(parts: &'a [Body], visit: &mut dyn FnMut(Met<'a>)) {
    for part in parts {
        match part {
            Body::Entry(entry, _) => entries(std::slice::from_ref(entry), visit),
            Body::Edge(edge) => expr(&edge.subject, visit),
            Body::If(condition, then, otherwise) => {
                expr(condition, visit);
                body(then, visit);
                body(otherwise, visit);
            }
            Body::For(_, over, inner) => {
                expr(over, visit);
                body(inner, visit);
            }
        }
    }
}

/// Visits the parts of a record.
pub fn entries<'a>(all: &'a [Entry], visit: &mut dyn FnMut(Met<'a>)) {
    for entry in all {
        match entry {
            Entry::Field { value, .. } => expr(value, visit),
            Entry::Computed { key, value } => {
                expr(key, visit);
                expr(value, visit);
            }
            Entry::If(condition, then, otherwise) => {
                expr(condition, visit);
                entries(then, visit);
                entries(otherwise, visit);
            }
            Entry::For(_, over, inner) => {
                expr(over, visit);
                entries(inner, visit);
            }
        }
    }
}

/// Visits an expression and what it is made of.
pub fn expr<'a>(at: &'a Expr, visit: &mut dyn FnMut(Met<'a>)) {
    visit(Met::Expr(at));
    match &at.node {
        Node::Missing | Node::Literal(_) | Node::Name(_) => {}
        Node::Text(pieces) => pieces.iter().for_each(|piece| {
            if let Piece::Value(value) = piece {
                expr(value, visit);
            }
        }),
        Node::Member(inner, ..) | Node::Cast(inner, ..) | Node::Not(inner) | Node::Negate(inner) => expr(inner, visit),
        Node::Call(callee, arguments) => {
            expr(callee, visit);
            arguments.iter().for_each(|a| expr(&a.value, visit));
        }
        Node::Index(a, b) | Node::Binary(_, a, b) | Node::Relation(_, a, b) => {
            expr(a, visit);
            expr(b, visit);
        }
        Node::If(a, b, c) => {
            expr(a, visit);
            expr(b, visit);
            c.iter().for_each(|c| expr(c, visit));
        }
        Node::List(elements) => elements.iter().for_each(|e| expr(e, visit)),
        Node::For { element, over, filter, .. } => {
            expr(element, visit);
            expr(over, visit);
            filter.iter().for_each(|f| expr(f, visit));
        }
        Node::Record(fields) => entries(fields, visit),
    }
}

/// Visits a written type and what it is made of.
pub fn written<'a>(ty: &'a TypeExpr, visit: &mut dyn FnMut(Met<'a>)) {
    visit(Met::Type(ty));
    match &ty.node {
        TypeNode::Missing | TypeNode::Named(_) | TypeNode::Word(_) => {}
        TypeNode::Union(parts) => parts.iter().for_each(|t| written(t, visit)),
        TypeNode::List(inner)
        | TypeNode::Map(inner)
        | TypeNode::Optional(inner)
        | TypeNode::In(inner, _)
        | TypeNode::Len(inner, _)
        | TypeNode::Matching(inner, _) => written(inner, visit),
        TypeNode::Record(fields) => fields.iter().for_each(|(_, _, ty, default)| {
            written(ty, visit);
            default.iter().for_each(|e| expr(e, visit));
        }),
    }
}
