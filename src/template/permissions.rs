//! Permissions that resources give: to services, accounts, and roles of the same account.

use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{End, Permission, Standing};
use super::table::Reads;
use super::text::Text;
use crate::base::Name;
use crate::document::Node;
use crate::model::Cond;

/// Condition keys that say which resource a request comes from.
const SOURCES: [&str; 2] = ["aws:SourceArn", "aws:PrincipalArn"];

impl Reader<'_> {
    /// A permission whose parts are properties.
    pub(super) fn permission(&mut self, resource: &Written<'_>, reads: &Reads) {
        let Some(path) = reads.of.first() else { return };
        let properties = &resource.properties;
        let text = |path: &str| self.scope.texts_at(properties, path).into_iter().map(|(_, text, _)| text);
        let principals: Vec<Text> = text("Principal").collect();
        let actions = text("Action").map(|a| a.to_string().into()).collect::<Vec<_>>();
        let sources: Vec<(Option<Cond>, Option<Text>)> = match self.scope.texts_at(properties, "SourceArn") {
            none if none.is_empty() => vec![(None, None)],
            some => some.into_iter().map(|(c, text, _)| (c, Some(text))).collect(),
        };
        for (outer, function, node) in self.scope.texts_at(properties, path) {
            let on = self.names.end(&self.scope, &function, &reads.expects);
            for (inner, source) in &sources {
                let condition = both(both(resource.condition.as_ref(), outer.as_ref()).as_ref(), inner.as_ref());
                self.summary.permissions.push(Permission {
                    on: on.clone(),
                    principals: principals.clone(),
                    actions: actions.clone(),
                    source: source.clone(),
                    deny: false,
                    condition,
                    span: node.span,
                });
            }
        }
    }

    /// The policy that says who may act with a role. It triggers nothing.
    pub(super) fn trust(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let before = self.summary.permissions.len();
        self.resource_policy(at, resource, reads);
        let trusts: Vec<Permission> = self.summary.permissions.drain(before..).collect();
        self.summary.trusts.extend(trusts);
    }

    /// A policy of one or more resources.
    pub(super) fn resource_policy(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let mut on: Vec<End> = Vec::new();
        for path in &reads.of {
            for (_, text, _) in self.scope.texts_at(&resource.properties, path) {
                on.push(self.names.end(&self.scope, &text, &reads.expects));
            }
        }
        if reads.of.is_empty() {
            on.push(End::Own(at));
        }
        if let Some(default) = reads.of_default.as_deref().filter(|_| on.is_empty()) {
            on.push(self.names.end(&self.scope, &Text::literal(default), &reads.expects));
        }
        for (condition, document) in self.scope.select(&resource.properties, &reads.at).found {
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            for (inner, statement) in self.statements(at, &document) {
                let all = both(condition.as_ref(), inner.as_ref());
                on.iter().for_each(|on| self.permits(on, &statement, all.as_ref()));
            }
        }
    }

    fn permits(&mut self, on: &End, statement: &Node, condition: Option<&Cond>) {
        let mut principals: Vec<Text> = Vec::new();
        for (_, principal) in self.scope.select(statement, "Principal").found {
            if principal.entries().is_empty() || principal.as_call().is_some() {
                principals.extend(self.scope.texts(&principal).into_iter().map(|(_, text)| text));
            } else {
                for entry in principal.entries() {
                    principals.extend(self.scope.texts_at(&entry.value, "*").into_iter().map(|(_, text, _)| text));
                }
            }
        }
        let actions: Vec<Name> =
            self.scope.texts_at(statement, "Action.*").into_iter().map(|(_, text, _)| text.to_string().into()).collect();
        let conditions = self.conditions_of(statement);
        let source = conditions.iter().find(|(_, key, _)| SOURCES.iter().any(|s| key.eq_ignore_ascii_case(s)));
        let deny = statement.get("Effect").and_then(Node::as_str) == Some("Deny");
        self.named_roles(on, &principals, statement, condition);
        // A request may come from any of them.
        let sources: Vec<Option<Text>> = match source {
            Some((_, _, values)) if !values.is_empty() => values.iter().cloned().map(Some).collect(),
            _ => vec![None],
        };
        for source in sources {
            self.summary.permissions.push(Permission {
                on: on.clone(),
                principals: principals.clone(),
                actions: Vec::clone(&actions),
                source,
                deny,
                condition: condition.cloned(),
                span: statement.span,
            });
        }
    }

    /// A resource policy that names a role of the template is a right of that role.
    fn named_roles(&mut self, on: &End, principals: &[Text], statement: &Node, condition: Option<&Cond>) {
        for principal in principals {
            let actor = self.names.end(&self.scope, principal, &[]);
            let End::Own(_) = actor else { continue };
            let before = self.summary.rights.len();
            self.right(actor, statement, condition.cloned(), &Standing::Written);
            let own = match on {
                End::Own(at) => self.scope.resources.get(*at).map(|r| self.scope.arn(&r.id)),
                End::Named(text, _) => Some(text.clone()),
            };
            for right in self.summary.rights.iter_mut().skip(before).filter(|r| r.resources.is_empty()) {
                right.resources.extend(own.clone());
            }
        }
    }
}
