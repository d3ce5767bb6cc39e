//! Rights that would close a cycle: a role that names what waits for the role. They become a policy of their own, made
//! after both, and what starts the work waits for that policy. Knows nothing of JSON.

use super::collect::Collected;
use super::policy::document;
use super::references::{References, ids};
use super::resource::{Resource, Statement};
use crate::base::{FxIndexMap, Name};
use crate::model::Value;

/// The rights of a stack that are given later.
pub(super) struct Later {
    references: References,
    /// For each role: the documents of its later policies.
    documents: FxIndexMap<Name, Vec<(String, Value)>>,
}

/// Takes the statements that close a cycle out of the policies that roles are declared with.
pub(super) fn take(collected: &mut Collected) -> Later {
    let mut later = Later { references: References::without(collected, "Policies"), documents: FxIndexMap::default() };
    let mut roles: Vec<Name> =
        collected.resources.iter().filter(|(_, r)| r.properties.contains_key("Policies")).map(|(id, _)| id.clone()).collect();
    // Which of several rights is given later must not follow the order of declarations.
    roles.sort();
    for role in roles {
        let Some(policies) = collected.resources.get(&role).and_then(|r| r.properties.get("Policies")).and_then(Value::as_list) else {
            continue;
        };
        let mut kept = Vec::new();
        for policy in policies {
            match later.split_policy(&role, policy) {
                Some(rest) => kept.extend(rest),
                None => kept.push(policy.clone()),
            }
        }
        if let Some(resource) = collected.resources.get_mut(&role) {
            if kept.is_empty() {
                resource.properties.shift_remove("Policies");
            } else {
                resource.properties.insert("Policies".into(), Value::list(kept));
            }
        }
    }
    later
}

impl Later {
    /// A policy without the statements that close a cycle; nothing of it if all do. `None` if it has another form.
    fn split_policy(&mut self, role: &Name, policy: &Value) -> Option<Option<Value>> {
        let fields = policy.as_record()?;
        let name = fields.get("PolicyName")?.as_str()?.to_string();
        let body = fields.get("PolicyDocument")?.as_record()?;
        let statements = body.get("Statement")?.as_list()?;
        let (now, deferred): (Vec<Value>, Vec<Value>) = statements.iter().cloned().partition(|s| {
            let mut found = Vec::new();
            ids(s, &mut found);
            self.fits(role, found)
        });
        if deferred.is_empty() {
            return Some(Some(policy.clone()));
        }
        let with = |statements: Vec<Value>| {
            let mut body = body.clone();
            body.insert("Statement".into(), Value::list(statements));
            Value::record(body)
        };
        self.documents.entry(role.clone()).or_default().push((format!("{name}-later"), with(deferred)));
        Some((!now.is_empty()).then(|| {
            let mut fields = fields.clone();
            fields.insert("PolicyDocument".into(), with(now));
            Value::record(fields)
        }))
    }

    /// The statements that the role can have itself, and those that are given later.
    pub fn split(&mut self, role: &Name, statements: Vec<Statement>) -> (Vec<Statement>, Vec<Statement>) {
        let mut now = Vec::new();
        let mut deferred = Vec::new();
        for statement in statements {
            // Each resource by itself: one that closes a cycle does not defer the others.
            let (fit, close): (Vec<Value>, Vec<Value>) = statement.resources.iter().cloned().partition(|resource| {
                let mut found = Vec::new();
                ids(resource, &mut found);
                statement.condition.iter().for_each(|c| ids(c, &mut found));
                self.fits(role, found)
            });
            for (resources, list) in [(fit, &mut now), (close, &mut deferred)] {
                if !resources.is_empty() {
                    list.push(Statement { resources, ..statement.clone() });
                }
            }
        }
        if !deferred.is_empty() {
            self.documents.entry(role.clone()).or_default().push(("derived-later".into(), document(&deferred)));
        }
        (now, deferred)
    }

    /// Whether a role can refer to some resources without a cycle. If so, from now on it does.
    fn fits(&mut self, role: &Name, found: Vec<Name>) -> bool {
        let fits = found.iter().all(|id| !self.references.from(id).contains(role));
        if fits {
            self.references.add(role, found);
        }
        fits
    }

    /// Makes the later policies, and what starts the work of their roles wait for them.
    pub fn place(mut self, collected: &mut Collected) {
        for (role, documents) in std::mem::take(&mut self.documents) {
            let Some(owner) = collected.resources.get(&role).cloned() else { continue };
            for (at, (name, document)) in documents.into_iter().enumerate() {
                let number = if at == 0 { String::new() } else { (at + 1).to_string() };
                let policy = later_policy(&owner, &format!("{role}LaterRights{number}"), &name, document);
                let mut found = Vec::new();
                policy.properties.values().for_each(|v| ids(v, &mut found));
                self.references.add(&policy.id, found);
                self.starters(&role, &policy.id, collected);
                collected.resources.insert(policy.id.clone(), policy);
            }
        }
    }

    /// What needs the role and is not needed by the policy waits for the policy: the nearest of it, the rest follows.
    fn starters(&mut self, role: &Name, policy: &Name, collected: &mut Collected) {
        let needed = self.references.from(policy);
        let reached: Vec<(Name, rustc_hash::FxHashSet<Name>)> = collected
            .resources
            .keys()
            .filter(|id| !needed.contains(*id))
            .map(|id| (id.clone(), self.references.from(id)))
            .filter(|(_, reached)| reached.contains(role))
            .collect();
        for (id, before) in &reached {
            let nearest = !reached.iter().any(|(other, _)| other != id && before.contains(other));
            if nearest && let Some(resource) = collected.resources.get_mut(id) {
                resource.after.push(policy.clone());
                self.references.add(id, vec![policy.clone()]);
            }
        }
    }
}

fn later_policy(role: &Resource, id: &str, name: &str, document: Value) -> Resource {
    let properties = [("RoleName", Value::attr(&role.id, "Ref")), ("PolicyName", Value::text(name)), ("PolicyDocument", document)];
    Resource {
        id: id.into(),
        ty: "AWS::IAM::RolePolicy".into(),
        properties: properties.into_iter().map(|(key, value)| (Name::from(key), value)).collect(),
        after: Vec::new(),
        condition: role.condition.clone(),
        deletion: None,
        on_demand: false,
        hashed: None,
        stamped: None,
        principal: false,
        owner: role.owner,
        span: role.span,
        asked: Vec::new(),
    }
}
