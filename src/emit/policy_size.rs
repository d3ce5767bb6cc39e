//! What IAM counts of a policy, and how statements are spread over policies so that none is too large.
//! Knows nothing of where statements come from.

use super::resource::Statement;
use crate::model::{Cond, Deploy, Value};

/// The most characters of all inline policies of a role together, blanks not counted.
/// source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>, read 2026-11-20
pub const INLINE_MOST: usize = 10_240;
/// The most characters of a managed policy, blanks not counted.
/// source: as above
pub const MANAGED_MOST: usize = 6_144;
/// How many managed policies a role can have, unless the account's quota was raised; and the most that can be granted.
/// source: as above
pub const ATTACHED: (usize, usize) = (10, 25);

/// `{"Version":"2012-10-17","Statement":[]}`
const FRAME: usize = 39;
/// `{"Effect":"Allow","Action":,"Resource":}` and a comma.
const STATEMENT: usize = 41;
/// `,"Condition":`
const CONDITION: usize = 13;

/// The statements of a role, spread over policies.
pub(super) struct Spread {
    /// What stays in the role.
    pub inline: Vec<Statement>,
    /// What goes into managed policies of their own.
    pub managed: Vec<Vec<Statement>>,
}

/// Spreads statements: as many as fit stay in the role, in their order; what is left fills managed policies.
/// `taken` is what the role's inline policies have already.
pub(super) fn spread(statements: Vec<Statement>, stack: &str, taken: usize) -> Spread {
    let mut spread = Spread { inline: Vec::new(), managed: Vec::new() };
    let mut left = INLINE_MOST.saturating_sub(taken + FRAME);
    let mut room = 0;
    for statement in statements.into_iter().flat_map(|s| parts(s, stack)) {
        let size = statement_size(&statement, stack);
        if spread.managed.is_empty() && size <= left {
            left -= size;
            spread.inline.push(statement);
            continue;
        }
        match spread.managed.last_mut() {
            Some(last) if size <= room => {
                room -= size;
                last.push(statement);
            }
            _ => {
                room = MANAGED_MOST.saturating_sub(FRAME + size);
                spread.managed.push(vec![statement]);
            }
        }
    }
    spread
}

/// A statement as several, none larger than a managed policy can hold.
fn parts(statement: Statement, stack: &str) -> Vec<Statement> {
    let most = MANAGED_MOST - FRAME;
    if statement_size(&statement, stack) <= most || statement.resources.len() < 2 {
        return vec![statement];
    }
    let bare = Statement { resources: Vec::new(), ..statement.clone() };
    let fixed = statement_size(&bare, stack);
    let mut parts: Vec<Statement> = Vec::new();
    let mut room = 0;
    for resource in statement.resources {
        let size = size(&resource, stack) + 1;
        match parts.last_mut() {
            Some(last) if size <= room => {
                room -= size;
                last.resources.push(resource);
            }
            _ => {
                room = most.saturating_sub(fixed + size);
                parts.push(Statement { resources: vec![resource], ..bare.clone() });
            }
        }
    }
    parts
}

/// About how many characters a statement has once it is deployed.
pub fn statement_size(statement: &Statement, stack: &str) -> usize {
    let listed = |sizes: usize, count: usize| sizes + count.saturating_sub(1) + if count == 1 { 0 } else { 2 };
    let actions = statement.actions.iter().map(|a| a.len() + 2).sum();
    let resources = statement.resources.iter().map(|r| size(r, stack)).sum();
    let condition = statement.condition.as_ref().map_or(0, |c| CONDITION + size(c, stack));
    STATEMENT + listed(actions, statement.actions.len()) + listed(resources, statement.resources.len()) + condition
}

/// About how many characters a value has once it is deployed: what is known only then is taken to be long.
pub(super) fn size(value: &Value, stack: &str) -> usize {
    match value {
        Value::None | Value::Missing => 0,
        Value::List(values) => 2 + values.iter().map(|v| size(v, stack) + 1).sum::<usize>(),
        Value::Record(fields) => 2 + fields.iter().map(|(k, v)| k.len() + 4 + size(v, stack)).sum::<usize>(),
        Value::Deploy(deploy) => 2 + deployed(deploy, stack),
        Value::Resource(id) => 2 + physical(id, stack),
        other => other.to_string().len(),
    }
}

/// `stack-LogicalId-1A2B3C4D5E6F`: the name that CloudFormation makes up.
fn physical(id: &str, stack: &str) -> usize {
    stack.len() + id.len() + 14
}

fn deployed(deploy: &Deploy, stack: &str) -> usize {
    match deploy {
        Deploy::Param(..) => 64,
        Deploy::Pseudo("AWS::AccountId") => 12,
        Deploy::StackPart => 8,
        Deploy::Pseudo("AWS::Region") => 14,
        Deploy::Pseudo("AWS::Partition") => 10,
        Deploy::Pseudo("AWS::StackName") => stack.len(),
        Deploy::Pseudo(_) => 16,
        Deploy::Attr(id, name) if &**name == "Ref" => physical(id, stack),
        // arn:aws-us-gov:dynamodb:us-gov-east-1:123456789012:function:
        Deploy::Attr(id, _) => 60 + physical(id, stack),
        Deploy::Text(parts) => parts.iter().map(|part| part.as_str().map_or_else(|| size(part, stack), str::len)).sum(),
        Deploy::If(_, a, b) => size(a, stack).max(size(b, stack)),
        Deploy::Bool(Cond::Equals(..) | Cond::Not(_) | Cond::And(_) | Cond::Or(_)) => 5,
        Deploy::Call(_, argument) => size(argument, stack),
    }
}
