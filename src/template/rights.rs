//! Who may do what: the statements of policies of roles, users and groups, one right for each statement and holder.

use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{Edge, End, May, Opaque, Right, Standing};
use super::table::Reads;
use super::text::{Segment, Text};
use crate::base::{Name, Span};
use crate::document::Node;
use crate::model::Cond;

/// The key under which the expansion of SAM says where a statement comes from.
const STANDING: &str = "Purlin::Standing";

impl Reader<'_> {
    /// The statements of a document.
    pub(super) fn statements(&mut self, at: usize, document: &Node) -> Vec<(Option<Cond>, Node)> {
        let mut all = Vec::new();
        for (condition, document) in self.scope.branches(document) {
            let Some(document) = self.scope.tree(&document) else {
                let why = "the policy cannot be read".to_string();
                self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span: document.span });
                continue;
            };
            let selected = self.scope.select(&document, "Statement.*");
            for node in &selected.missed {
                let why = format!("the policy statement `{}` cannot be read", node.to_json());
                self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span: node.span });
            }
            all.extend(selected.found.into_iter().map(|(c, node)| (both(condition.as_ref(), c.as_ref()), node)));
        }
        all
    }

    /// A policy of its own: its statements are rights of those that it is attached to.
    pub(super) fn policy(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let mut actors: Vec<(Option<Cond>, End)> = Vec::new();
        for path in &reads.of {
            for (condition, text, _) in self.scope.texts_at(&resource.properties, path) {
                actors.push((condition, self.names.end(&self.scope, &text, &reads.expects)));
            }
        }
        if reads.of.is_empty() {
            actors.push((None, End::Own(at)));
        }
        for (condition, document) in self.scope.select(&resource.properties, &reads.at).found {
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            for (inner, statement) in self.statements(at, &document) {
                for (outer, actor) in &actors {
                    let all = both(both(condition.as_ref(), inner.as_ref()).as_ref(), outer.as_ref());
                    self.right(actor.clone(), &statement, all, &Standing::Written);
                }
            }
        }
    }

    /// Policies within a role, a user or a group.
    pub(super) fn policies(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let selected = self.scope.select(&resource.properties, &format!("{}.*", reads.at));
        self.unread(at, &selected.missed);
        for (condition, policy) in selected.found {
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            let document = self.scope.select(&policy, "PolicyDocument");
            self.unread(at, &document.missed);
            for (inner, document) in document.found {
                for (last, statement) in self.statements(at, &document) {
                    let all = both(both(condition.as_ref(), inner.as_ref()).as_ref(), last.as_ref());
                    self.right(End::Own(at), &statement, all, &Standing::Written);
                }
            }
        }
    }

    fn unread(&mut self, at: usize, parts: &[Node]) {
        for node in parts {
            let why = format!("the policy `{}` cannot be read", node.to_json());
            self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span: node.span });
        }
    }

    /// Managed policies: those of the template, those of AWS that are known, and others, which are not.
    pub(super) fn managed(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let selected = self.scope.select(&resource.properties, &format!("{}.*", reads.at));
        self.unread(at, &selected.missed);
        for (condition, node) in selected.found {
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            let texts = self.scope.texts(&node);
            for (inner, text) in texts {
                let all = both(condition.as_ref(), inner.as_ref());
                match self.names.end(&self.scope, &text, &reads.expects) {
                    End::Own(policy) => self.attached(at, policy, all),
                    End::Named(..) => self.named_policy(at, &text, all, node.span),
                }
            }
        }
    }

    /// The statements of a managed policy of the template, as rights of who names it.
    fn attached(&mut self, at: usize, policy: usize, condition: Option<Cond>) {
        let Some(properties) = self.scope.resources.get(policy).map(|r| r.properties.clone()) else { return };
        for (outer, document) in self.scope.select(&properties, "PolicyDocument").found {
            for (inner, statement) in self.statements(policy, &document) {
                let all = both(both(condition.as_ref(), outer.as_ref()).as_ref(), inner.as_ref());
                self.right(End::Own(at), &statement, all, &Standing::Written);
            }
        }
    }

    fn named_policy(&mut self, at: usize, text: &Text, condition: Option<Cond>, span: Span) {
        let name = text.segments().last().and_then(|s| match s {
            Segment::Literal(literal) => literal.split_once(":policy/").map(|(_, path)| path.to_string()),
            _ => None,
        });
        let of_aws = text.to_string().contains(":iam::aws:policy/");
        let known = name.as_deref().filter(|_| of_aws).and_then(super::managed::document);
        let Some(document) = known else {
            let why = format!("the managed policy `{text}` is not known");
            self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span });
            return;
        };
        let short = name.as_deref().and_then(|n| n.rsplit('/').next()).unwrap_or_default();
        let standing = Standing::Managed(short.into());
        let document = Node::of_json(&document, span);
        for (_, statement) in self.statements(at, &document) {
            self.right(End::Own(at), &statement, condition.clone(), &standing);
        }
    }

    /// A policy that bounds what others give: it takes rights away, which only makes less happen.
    pub(super) fn boundary(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        for (_, text, node) in self.scope.texts_at(&resource.properties, &reads.at) {
            let edge = self.plain(super::summary::EdgeKind::Watches, End::Named(text, None), End::Own(at), node.span);
            self.summary.edges.push(Edge { what: "bounds".into(), ..edge });
        }
    }

    /// Adds the right of a statement.
    pub(super) fn right(&mut self, actor: End, statement: &Node, condition: Option<Cond>, standing: &Standing) {
        let list = |key: &str| -> Option<Vec<Text>> {
            self.scope.select(statement, key).found.first()?;
            let texts = self.scope.texts_at(statement, &format!("{key}.*"));
            Some(texts.into_iter().map(|(_, text, _)| text).collect())
        };
        let (actions, not_actions) = match (list("Action"), list("NotAction")) {
            (Some(actions), _) => (actions, false),
            (None, Some(actions)) => (actions, true),
            (None, None) => return,
        };
        let (resources, not_resources) = match (list("Resource"), list("NotResource")) {
            (Some(resources), _) => (resources, false),
            (None, Some(resources)) => (resources, true),
            // A statement of a resource policy without one is about the resource itself.
            (None, None) => (Vec::new(), false),
        };
        let deny = statement.get("Effect").and_then(Node::as_str) == Some("Deny");
        let standing = match statement.get(STANDING).and_then(Node::as_str) {
            Some("added") => Standing::Added,
            Some(text) => text.strip_prefix("sam:").map_or(Standing::Added, |name| Standing::SamPolicy(name.into())),
            None => standing.clone(),
        };
        let actions = actions.iter().map(|a| a.as_literal().map_or_else(|| a.to_string().into(), Name::from)).collect();
        let conditions = self.conditions_of(statement);
        let span = statement.span;
        self.summary.rights.push(Right {
            actor,
            deny,
            actions,
            not_actions,
            resources,
            not_resources,
            conditions,
            standing,
            condition,
            span,
            only: None,
        });
    }

    /// The conditions of a statement: the operator, the key and the values.
    pub(super) fn conditions_of(&self, statement: &Node) -> Vec<(Name, Name, Vec<Text>)> {
        let mut all = Vec::new();
        for (_, conditions) in self.scope.select(statement, "Condition").found {
            for operator in conditions.entries() {
                for (_, keys) in self.scope.branches(&operator.value) {
                    for key in keys.entries() {
                        let values = self.scope.texts_at(&key.value, "*").into_iter().map(|(_, text, _)| text).collect();
                        all.push((operator.key.clone(), key.key.clone(), values));
                    }
                }
            }
        }
        all
    }
}
