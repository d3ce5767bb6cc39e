//! What becomes of a resource that leaves its stack. Knows nothing of which resources hold data.

use crate::base::{Diagnostic, Span};
use crate::model::Value;
use crate::types::Env;

/// The policies of a resource for when it is deleted, and for when an update replaces it.
/// source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html>, read 2026-11-20
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// `DeletionPolicy`.
    pub deleted: &'static str,
    /// `UpdateReplacePolicy`, which does not know `RetainExceptOnCreate`.
    pub replaced: &'static str,
}

impl Deletion {
    /// It stays; but what a failed creation made holds no data yet, and would be in the way of the next attempt.
    pub const RETAIN: Deletion = Deletion { deleted: "RetainExceptOnCreate", replaced: "Retain" };

    /// The policy that a word of the library or of a property names; none if it names none.
    pub fn of(env: &Env<'_>, value: &Value, span: Span) -> Option<Deletion> {
        match value {
            Value::None | Value::Missing => None,
            Value::Str(word) => Some(Deletion::named(&crate::types::camel(word))),
            _ => {
                let message = "a deletion policy must be known when the template is generated, not at deployment";
                // At the property that it comes from: the library's line is only related.
                env.report(Diagnostic::error("deploy-time-choice", span, message).help("use a `setting` instead of a `param` for it"));
                None
            }
        }
    }

    /// The policy of a name as CloudFormation writes it.
    pub fn named(name: &str) -> Deletion {
        match name {
            "Delete" => Deletion { deleted: "Delete", replaced: "Delete" },
            "Snapshot" => Deletion { deleted: "Snapshot", replaced: "Snapshot" },
            "RetainAlways" => Deletion { deleted: "Retain", replaced: "Retain" },
            _ => Deletion::RETAIN,
        }
    }
}
