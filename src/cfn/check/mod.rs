//! Checks of templates and their parts against the schemas: what CloudFormation would refuse.
//! Knows nothing of where a template came from.

mod constraint;
mod cycle;
mod finding;
mod problem;
mod reference;
mod scalar;
mod scope;
mod template;
mod walk;
mod words;

use serde_json::Value;

pub use finding::{TemplateProblem, TemplateProblemKind};
pub use problem::{Count, PathSegment, Problem, ProblemKind};
pub use template::template;

use super::intrinsic::Gives;
use super::near;
use super::schema::ResourceSchema;

/// Checks the `Properties` of a resource. Functions may stand anywhere: what they give is believed
/// where their kind of value may stand, both branches of an `Fn::If` are checked, and
/// `AWS::NoValue` counts as absent.
#[must_use]
pub fn properties(schema: &ResourceSchema, properties: &Value) -> Vec<Problem> {
    properties_in(schema, properties, None, &|_| None)
}

/// As `properties`, for a resource that may exist only under a condition, in a template that tells
/// what some functions give.
fn properties_in(
    schema: &ResourceSchema,
    properties: &Value,
    condition: Option<&str>,
    gives: &dyn Fn(&Value) -> Option<Gives>,
) -> Vec<Problem> {
    let mut walk = walk::Walk::new(schema, gives);
    walk.assume(condition);
    walk.value(schema.root(), properties);
    walk.finish()
}

/// What to say of an attribute that `Fn::GetAtt` does not offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The attribute that was probably meant.
    pub nearest: Option<String>,
    /// All that are offered.
    pub offered: Vec<String>,
}

/// Checks that `Fn::GetAtt` offers an attribute.
///
/// # Errors
///
/// What it offers instead, if it does not.
pub fn attribute(schema: &ResourceSchema, name: &str) -> Result<(), Suggestion> {
    if schema.has_attribute(name) {
        return Ok(());
    }
    let offered = schema.attributes();
    let nearest = near::nearest(name, offered.iter().map(String::as_str)).map(str::to_owned);
    Err(Suggestion { nearest, offered: offered.to_vec() })
}
