//! Who may do what: the statements of policies of roles, users and groups, one right for each statement and holder.

use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{End, May, Opaque, Right, Standing};
use super::table::Reads;
use super::text::Text;
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
            // A document of one statement may be that statement itself.
            if document.get("Statement").is_none() && document.get("Principal").is_some() {
                all.push((condition, document));
                continue;
            }
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

    /// A managed policy that the template names: the rights that it gives, if AWS manages it.
    fn named_policy(&mut self, at: usize, text: &Text, condition: Option<Cond>, span: Span) {
        match self.managed_by_aws(at, text, condition, span) {
            Some(rights) => self.summary.rights.extend(rights),
            None => {
                let why = format!("the managed policy `{text}` is not known");
                self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span });
            }
        }
    }

    /// The rights that a policy gives if AWS manages it.
    pub(super) fn managed_by_aws(&self, at: usize, text: &Text, condition: Option<Cond>, span: Span) -> Option<Vec<Right>> {
        let written = text.to_string();
        let (_, path) = written.split_once(":iam::aws:policy")?;
        let policy = crate::cfn::managed(&format!("arn:aws:iam::aws:policy{path}"))?;
        let right = |statement: &crate::cfn::ManagedStatement| {
            let names = |list: &[String]| list.iter().map(|a| a.as_str().into()).collect::<Vec<Name>>();
            let texts = |list: &[String]| list.iter().map(|text| Text::literal(text.as_str())).collect::<Vec<Text>>();
            let choose = |yes: &[String], no: &[String]| yes.is_empty() && !no.is_empty();
            let not_actions = choose(&statement.action, &statement.not_action);
            let not_resources = choose(&statement.resource, &statement.not_resource);
            let condition_keys = statement
                .condition
                .iter()
                .flat_map(|(operator, keys)| keys.iter().map(move |(key, values)| (operator.as_str().into(), key.as_str().into(), values)));
            Right {
                actor: End::Own(at),
                deny: statement.denies(),
                actions: names(if not_actions { &statement.not_action } else { &statement.action }),
                not_actions,
                resources: texts(if not_resources { &statement.not_resource } else { &statement.resource }),
                not_resources,
                conditions: condition_keys.map(|(operator, key, values)| (operator, key, texts(values))).collect(),
                standing: Standing::Managed(policy.name.into()),
                condition: condition.clone(),
                span,
                only: None,
            }
        };
        Some(policy.statements.iter().map(right).collect())
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
