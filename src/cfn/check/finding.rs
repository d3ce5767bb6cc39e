//! What may be wrong with a template, as data and as a sentence. Knows nothing of how it is found.

use std::fmt;

use super::Suggestion;
use super::problem::{PathSegment, ProblemKind};
use super::words::{did_you_mean, write_path};

/// Something CloudFormation would refuse in a template, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateProblem {
    /// The way to the value from the top of the template; for a reference, to the function.
    pub path: Vec<PathSegment>,
    /// What is wrong.
    pub kind: TemplateProblemKind,
}

/// What is wrong in a template.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateProblemKind {
    /// A value is not what it must be.
    Value(ProblemKind),
    /// There is no such resource type.
    UnknownType {
        /// The name that was written.
        name: String,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// There is no such resource, parameter, condition or mapping.
    UnknownTarget {
        /// What names it: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn`, `Condition`, `Fn::FindInMap`.
        by: &'static str,
        /// The name that was written.
        name: String,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// The type of a resource offers no such attribute.
    UnknownAttribute {
        /// The resource.
        resource: String,
        /// Its type.
        type_name: String,
        /// The attribute that was written.
        attribute: String,
        /// What there is instead.
        suggestion: Suggestion,
    },
    /// A function has arguments it does not take.
    Malformed {
        /// The function.
        function: &'static str,
        /// What it takes, as an example.
        takes: &'static str,
    },
    /// Resources wait for one another, each for the next and the last for the first.
    Cycle {
        /// The resources, in that order.
        resources: Vec<String>,
    },
}

impl fmt::Display for TemplateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(f, &self.path)?;
        match &self.kind {
            TemplateProblemKind::Value(kind) => kind.fmt(f),
            TemplateProblemKind::UnknownType { name, nearest } => {
                write!(f, "there is no resource type `{name}`{}", did_you_mean(nearest.as_deref()))
            }
            TemplateProblemKind::UnknownTarget { by, name, nearest } => {
                let what = match *by {
                    "Condition" => "condition",
                    "Fn::FindInMap" => "mapping",
                    "DependsOn" => "resource",
                    _ => "resource or parameter",
                };
                write!(f, "there is no {what} `{name}`{}", did_you_mean(nearest.as_deref()))
            }
            TemplateProblemKind::UnknownAttribute { resource, type_name, attribute, suggestion } => {
                let nearest = did_you_mean(suggestion.nearest.as_deref());
                write!(f, "`{resource}`, of type {type_name}, offers no attribute `{attribute}`{nearest}")
            }
            TemplateProblemKind::Malformed { function, takes } => {
                write!(f, "`{function}` must be written as {takes}")
            }
            TemplateProblemKind::Cycle { resources } => {
                let first = resources.first().map(String::as_str);
                let names: Vec<&str> = resources.iter().map(String::as_str).chain(first).collect();
                write!(f, "these resources wait for one another: {}", names.join(" -> "))
            }
        }
    }
}
