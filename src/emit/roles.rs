//! Gives each role the statements that edges ask for: in the role itself, and what does not fit there in managed
//! policies beside it. Knows nothing of JSON.

use super::collect::Collected;
use super::policy::{document, merge, policies};
use super::policy_size::{size, spread};
use super::resource::{Resource, Statement};
use crate::base::{FxIndexMap, Name};
use crate::model::Value;

/// Writes the statements of each role into the resources, and gives them back merged.
pub(super) fn roles(collected: &mut Collected, stack: &str) -> FxIndexMap<Name, Vec<Statement>> {
    let mut merged = FxIndexMap::default();
    let own = own_policies(collected, stack);
    let mut added: Vec<Resource> = Vec::new();
    for (role, statements) in std::mem::take(&mut collected.statements) {
        let statements = merge(statements);
        if let Some(resource) = collected.resources.get_mut(&role) {
            let spread = spread(statements.clone(), stack, own.get(&role).copied().unwrap_or_default());
            if !spread.inline.is_empty() {
                // Those that `raw` gives stay: among them may be what denies.
                for policy in policies(&spread.inline).as_list().unwrap_or_default() {
                    super::collect::push_at(&mut resource.properties, &["Policies".into()], policy.clone());
                }
            }
            for (at, statements) in spread.managed.iter().enumerate() {
                let policy = managed(resource, at + 2, statements);
                super::collect::push_at(&mut resource.properties, &["ManagedPolicyArns".into()], Value::attr(&policy.id, "Ref"));
                added.push(policy);
            }
        }
        merged.insert(role, statements);
    }
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
        principal: false,
        owner: role.owner,
        span: role.span,
    }
}
