//! Written types from trees. Knows nothing of what their names mean.

use super::collect::Collector;
use super::expr::literal;
use crate::base::budget::TYPE_DEPTH;
use crate::base::{Diagnostic, Name};
use crate::model::{Bounds, TypeExpr, TypeNode, Value};
use crate::syntax::{Kind, Node};

impl Collector<'_> {
    /// The type of a node that has a `typed` child.
    pub(super) fn typed(&mut self, node: Node<'_>) -> Option<TypeExpr> {
        let ty = node.child(Kind::typed)?.child(Kind::type_expr)?;
        Some(self.type_expr(ty))
    }

    /// A `type_expr` node.
    pub(super) fn type_expr(&mut self, node: Node<'_>) -> TypeExpr {
        let mut parts: Vec<TypeExpr> = node.all(Kind::type_atom).map(|atom| self.type_atom(atom)).collect();
        match parts.len() {
            1 => parts.pop().unwrap_or(TypeExpr { span: node.span(), node: TypeNode::Missing }),
            _ => TypeExpr { span: node.span(), node: TypeNode::Union(parts) },
        }
    }

    fn type_atom(&mut self, atom: Node<'_>) -> TypeExpr {
        let span = atom.span();
        let mut ty = TypeNode::Missing;
        for (at, part) in atom.children().enumerate() {
            if at > TYPE_DEPTH {
                self.too_deep(span, TYPE_DEPTH as u32, "a type", "give a part of it a name with `type`");
                break;
            }
            let wrap = |ty| Box::new(TypeExpr { span, node: ty });
            ty = match part.kind() {
                Kind::path => TypeNode::Named(part.text().into()),
                Kind::string => match self.text(part).node {
                    crate::model::Node::Literal(Value::Str(word)) => TypeNode::Word(word),
                    _ => TypeNode::Missing,
                },
                Kind::type_list => TypeNode::List(Box::new(self.inner(part))),
                Kind::type_paren => self.inner(part).node,
                Kind::type_record => self.type_record(part),
                Kind::maybe => TypeNode::Optional(wrap(ty)),
                Kind::in_range => TypeNode::In(wrap(ty), self.range(part)),
                Kind::length => TypeNode::Len(wrap(ty), self.range(part)),
                Kind::matching => match part.child(Kind::string).map(|s| self.text(s).node) {
                    Some(crate::model::Node::Literal(Value::Str(pattern))) => TypeNode::Matching(wrap(ty), pattern),
                    _ => ty,
                },
                _ => ty,
            };
        }
        TypeExpr { span, node: ty }
    }

    fn inner(&mut self, node: Node<'_>) -> TypeExpr {
        match node.child(Kind::type_expr) {
            Some(ty) => self.type_expr(ty),
            None => TypeExpr { span: node.span(), node: TypeNode::Missing },
        }
    }

    fn type_record(&mut self, node: Node<'_>) -> TypeNode {
        let mut fields = Vec::new();
        for field in node.all(Kind::type_field) {
            let Some(name) = field.child(Kind::ident) else { continue };
            let ty = self.typed(field).unwrap_or(TypeExpr { span: field.span(), node: TypeNode::Missing });
            let default = field.child(Kind::assign).map(|a| self.child_expr(a, Kind::expr));
            fields.push((Name::from(name.text()), name.span(), ty, default));
        }
        let is_map = matches!(fields.as_slice(), [(name, ..)] if &**name == "String");
        match fields.pop() {
            Some((_, _, ty, _)) if is_map => TypeNode::Map(Box::new(ty)),
            Some(last) => {
                fields.push(last);
                TypeNode::Record(fields)
            }
            None => TypeNode::Record(fields),
        }
    }

    fn range(&mut self, node: Node<'_>) -> Bounds {
        let mut bounds = Bounds { least: None, most: None };
        let Some(range) = node.child(Kind::range) else { return bounds };
        let upper_only = range.text().starts_with("..");
        let single = !range.text().contains("..");
        for (at, bound) in range.all(Kind::bound).enumerate() {
            let Ok(value) = literal(bound.text()) else {
                let message = format!("`{}` is not a bound", bound.text());
                self.report(Diagnostic::error("unknown-unit", bound.span(), message));
                continue;
            };
            if single {
                bounds = Bounds { least: Some(value.clone()), most: Some(value) };
            } else if at == 0 && !upper_only {
                bounds.least = Some(value);
            } else {
                bounds.most = Some(value);
            }
        }
        bounds
    }
}
