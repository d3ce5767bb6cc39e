//! Gives each role the statements that edges ask for: in the role itself, what does not fit there in managed policies
//! beside it, and what would close a cycle in a policy that is made later. Knows nothing of JSON.

use super::collect::Collected;
use super::policy::{document, merge, policy};
use super::policy_size::{size, spread, statement_size};
use super::resource::{Resource, Statement};
use crate::base::{FxIndexMap, Name};
use crate::model::Value;
use rustc_hash::FxHashMap;

/// Writes the statements of each role into the resources, and gives them back merged.
pub(super) fn roles(collected: &mut Collected, stack: &str) -> FxIndexMap<Name, Vec<Statement>> {
    let mut merged = FxIndexMap::default();
    let mut own = own_policies(collected, stack);
    let mut later = super::later::take(collected);
    let mut added: Vec<Resource> = Vec::new();
    let all: Vec<(Name, Vec<Statement>)> = std::mem::take(&mut collected.statements).into_iter().map(|(r, s)| (r, merge(s))).collect();
    let mut split = all.clone();
    // Which of several rights is given later must not follow the order of declarations.
    split.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut split: FxHashMap<Name, _> = split.into_iter().map(|(role, s)| (role.clone(), later.split(&role, s))).collect();
    for (role, statements) in all {
        let Some((now, deferred)) = split.remove(&role) else { continue };
        if let Some(resource) = collected.resources.get_mut(&role) {
            let taken = own.entry(role.clone()).or_default();
            *taken += deferred.iter().map(|s| statement_size(s, stack)).sum::<usize>();
            let spread = spread(now, stack, *taken);
            if !spread.inline.is_empty() {
                super::collect::push_at(&mut resource.properties, &["Policies".into()], policy(&spread.inline));
            }
            for (at, statements) in spread.managed.iter().enumerate() {
                let policy = managed(resource, at + 2, statements);
                super::collect::push_at(&mut resource.properties, &["ManagedPolicyArns".into()], Value::attr(&policy.id, "Ref"));
                added.push(policy);
            }
        }
        merged.insert(role, statements);
    }
    later.place(collected);
    collected.resources.extend(added.into_iter().map(|policy| (policy.id.clone(), policy)));
    merged
}

/// The characters of the policies that a role has besides, by the role's logical id.
fn own_policies(collected: &Collected, stack: &str) -> FxIndexMap<Name, usize> {
    let mut sizes = FxIndexMap::default();
    for resource in collected.resources.values().filter(|r| &*r.ty == "AWS::IAM::RolePolicy") {
        let (Some(role), Some(document)) = (resource.properties.get("RoleName"), resource.properties.get("PolicyDocument")) else {
            continue;
        };
        let role = match role {
            Value::Deploy(deploy) => match &**deploy {
                crate::model::Deploy::Attr(id, _) => id.clone(),
                _ => continue,
            },
            Value::Resource(id) => id.clone(),
            _ => continue,
        };
        *sizes.entry(role).or_default() += size(document, stack);
    }
    for (id, resource) in &collected.resources {
        let policies = resource.properties.get("Policies").and_then(Value::as_list).unwrap_or_default();
        let documents = policies.iter().filter_map(|p| p.as_record()?.get("PolicyDocument"));
        *sizes.entry(id.clone()).or_default() += documents.map(|document| size(document, stack)).sum::<usize>();
    }
    sizes
}

fn managed(role: &Resource, number: usize, statements: &[Statement]) -> Resource {
    let properties = [("Description", Value::text("Rights that edges ask for")), ("PolicyDocument", document(statements))];
    Resource {
        id: format!("{}Rights{number}", role.id).into(),
        ty: "AWS::IAM::ManagedPolicy".into(),
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
