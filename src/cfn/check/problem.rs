//! What may be wrong with the properties of a resource, as data. Knows nothing of how it is
//! found.

use std::fmt;

use crate::cfn::shape::Kinds;

/// One step of the way to a value in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathSegment {
    /// A property, or a function such as `Fn::If`.
    Key(String),
    /// An item of a list, counted from nought.
    Index(usize),
}

impl fmt::Display for PathSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathSegment::Key(key) => f.write_str(key),
            PathSegment::Index(index) => write!(f, "{index}"),
        }
    }
}

/// A step that borrows its key, while the way is still being walked.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// The way so far, to keep.
pub(super) fn owned(path: &[Step<'_>]) -> Vec<PathSegment> {
    let keep = |step: &Step<'_>| match *step {
        Step::Key(key) => PathSegment::Key(key.to_owned()),
        Step::Index(index) => PathSegment::Index(index),
    };
    path.iter().map(keep).collect()
}

/// Something CloudFormation would refuse, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The way to the value, from the `Properties` object. What is missing has the path of the
    /// object that misses it.
    pub path: Vec<PathSegment>,
    /// What is wrong.
    pub kind: ProblemKind,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ProblemKind {
    /// The type has no such property.
    UnknownProperty {
        /// The name that was written.
        name: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// The value is of the wrong kind.
    WrongType {
        /// What is accepted.
        expected: Kinds,
        /// What was written, with its article.
        found: String,
    },
    /// A property is missing.
    MissingRequired {
        /// Its name.
        name: String,
    },
    /// The text is none of those accepted.
    NotInEnum {
        /// The text.
        value: String,
        /// The texts accepted.
        allowed: Vec<String>,
        /// The one that was probably meant.
        nearest: Option<String>,
    },
    /// The text is one of those not accepted.
    Forbidden {
        /// The texts not accepted.
        forbidden: Vec<String>,
    },
    /// The text does not match the pattern.
    PatternMismatch {
        /// The text.
        value: String,
        /// The pattern, as the schema writes it.
        pattern: String,
    },
    /// The text is not of the form it must have.
    Format {
        /// The text.
        value: String,
        /// What it must be, with its article.
        must_be: &'static str,
    },
    /// The number is too small or too great.
    OutOfRange {
        /// The number.
        value: f64,
        /// The least accepted.
        minimum: Option<f64>,
        /// The greatest accepted.
        maximum: Option<f64>,
    },
    /// The number is no multiple of another.
    NotMultiple {
        /// The number.
        value: f64,
        /// The other.
        of: f64,
    },
    /// The text is too short or too long.
    Length(Count),
    /// The list has too few or too many items.
    ItemCount(Count),
    /// The object has too few or too many properties.
    PropertyCount(Count),
    /// The list has the same item twice; the path is that of the second.
    DuplicateItem {
        /// The place of the first.
        first: usize,
        /// The properties that agree; empty where the whole items do.
        keys: Vec<String>,
    },
    /// AWS sets the property; a template must not.
    ReadOnly {
        /// Its name.
        name: String,
    },
    /// Several properties, of which one must be set.
    OneOf {
        /// The sets of properties to choose from.
        choices: Vec<Vec<String>>,
        /// Those set that exclude one another; empty where none is.
        given: Vec<String>,
    },
    /// A property needs another.
    Requires {
        /// The property that is set.
        name: String,
        /// The one it needs.
        needs: String,
    },
    /// A property excludes another.
    Excludes {
        /// The property that is set.
        name: String,
        /// The one that must not be set with it.
        other: String,
    },
}

/// A count and its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many there are.
    pub found: usize,
    /// The fewest accepted.
    pub minimum: Option<usize>,
    /// The most accepted.
    pub maximum: Option<usize>,
}

impl Count {
    /// The count, if it is outside its limits.
    pub(super) fn outside(found: usize, minimum: Option<usize>, maximum: Option<usize>) -> Option<Count> {
        let fits = minimum.is_none_or(|least| found >= least) && maximum.is_none_or(|most| found <= most);
        (!fits).then_some(Count { found, minimum, maximum })
    }
}
