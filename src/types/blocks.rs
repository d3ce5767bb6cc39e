//! The blocks of `stack` and `param`: which keys they have. Knows nothing of what becomes of the values.

use super::eval::Env;
use super::world::{FrameId, World};
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Entry, Expr, Field, Node, Type, Value};

/// The keys of a `stack`.
pub(super) const STACK: &[(&str, Type)] = &[("description", Type::String)];
/// The keys of a `param`.
pub(super) const PARAM: &[(&str, Type)] = &[("description", Type::String), ("secret", Type::Bool)];

impl World {
    /// The fields of a block, each known now and of its type. What is left out is not in the result.
    pub(super) fn block(&self, fields: &[Entry], name: (&Name, Span), schema: &[(&str, Type)], frame: FrameId) -> FxIndexMap<Name, Value> {
        let env = Env::frame(self, frame);
        let mut written = FxIndexMap::default();
        env.entries(fields, &mut written);
        let at = Expr::new(name.1, Node::Record(fields.to_vec()));
        let optional =
            |(key, ty): &(&str, Type)| Field { name: (*key).into(), span: name.1, ty: Type::Optional(ty.clone().into()), default: None };
        let ty = Type::Record(schema.iter().map(optional).collect());
        let Value::Record(known) = env.conform(Value::record(written), &ty, &at, name.0) else { return FxIndexMap::default() };
        let mut known = (*known).clone();
        known.retain(|key, value| {
            if value.is_deploy() {
                let span = fields.iter().find(|e| matches!(e, Entry::Field { key: k, .. } if k == key));
                let span = if let Some(Entry::Field { value, .. }) = span { value.span } else { name.1 };
                env.needs_now(span, &format!("`{key}`"));
            }
            !matches!(value, Value::None | Value::Missing | Value::Deploy(_))
        });
        known
    }

    /// Reports that two parameters, or a parameter and one that Purlin adds, have one name in the template.
    pub(super) fn check_param(&self, name: &Name, logical: &str, span: Span) {
        if let Some(first) = self.params.iter().find(|p| &*p.name == logical) {
            let message = format!("`{name}` has the same name in the template as another parameter: {logical}");
            self.report(Diagnostic::error("duplicate-logical-id", span, message).also(first.span, "the other").help("rename one of them"));
        }
        if super::members::implicit_params().iter().any(|p| &*p.name == logical) {
            let message = format!("`{name}` has the name of a parameter that Purlin adds itself: {logical}");
            self.report(
                Diagnostic::error("duplicate-logical-id", span, message).help(format!("choose another name; its value is `aws.{name}`")),
            );
        }
    }
}
