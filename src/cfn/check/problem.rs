//! What may be wrong with the properties of a resource, as data and as a sentence. Knows nothing of
//! how it is found.

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
    pub(super) fn outside(
        found: usize,
        minimum: Option<usize>,
        maximum: Option<usize>,
    ) -> Option<Count> {
        let fits =
            minimum.is_none_or(|least| found >= least) && maximum.is_none_or(|most| found <= most);
        (!fits).then_some(Count {
            found,
            minimum,
            maximum,
        })
    }
}

/// Limits as words: `between 1 and 5`.
struct Limits<T>(Option<T>, Option<T>);

impl<T: fmt::Display + PartialEq> fmt::Display for Limits<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limits(Some(low), Some(high)) if low == high => write!(f, "exactly {low}"),
            Limits(Some(low), Some(high)) => write!(f, "between {low} and {high}"),
            Limits(Some(low), None) => write!(f, "at least {low}"),
            Limits(None, Some(high)) => write!(f, "at most {high}"),
            Limits(None, None) => f.write_str("any number"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_path(f, &self.path)?;
        self.kind.fmt(f)
    }
}

/// Writes a path as `Code.S3Bucket: `, and nothing for the top.
pub(super) fn write_path(f: &mut fmt::Formatter<'_>, path: &[PathSegment]) -> fmt::Result {
    for (place, segment) in path.iter().enumerate() {
        match segment {
            PathSegment::Index(index) => write!(f, "[{index}]")?,
            PathSegment::Key(key) if place > 0 => write!(f, ".{key}")?,
            PathSegment::Key(key) => f.write_str(key)?,
        }
    }
    f.write_str(if path.is_empty() { "" } else { ": " })
}

/// Writes names as `A, B or C`.
pub(super) fn any_of(names: &[impl AsRef<str>]) -> String {
    joined(names, " or ")
}

fn joined(names: &[impl AsRef<str>], last: &str) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(", ")),
        _ => names.concat(),
    }
}

pub(super) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProblemKind::UnknownProperty { name, nearest } => {
                write!(f, "there is no property `{name}`{}", did_you_mean(nearest.as_deref()))
            }
            ProblemKind::WrongType { expected, found } => {
                write!(f, "this must be {expected}, not {found}")
            }
            ProblemKind::MissingRequired { name } => write!(f, "the property `{name}` is missing"),
            ProblemKind::NotInEnum { value, allowed, nearest } => write_enum(f, value, allowed, nearest.as_deref()),
            ProblemKind::Forbidden { forbidden } if forbidden.is_empty() => {
                f.write_str("this value is not accepted")
            }
            ProblemKind::Forbidden { forbidden } => {
                write!(f, "this must not be {}", any_of(forbidden))
            }
            ProblemKind::PatternMismatch { value, pattern } => {
                write!(f, "`{value}` does not match the pattern `{pattern}`")
            }
            ProblemKind::OutOfRange { value, minimum, maximum } => {
                write!(f, "{value} is out of range: this must be {}", Limits(*minimum, *maximum))
            }
            ProblemKind::NotMultiple { value, of } => {
                write!(f, "{value} is not a multiple of {of}")
            }
            ProblemKind::Length(count) => {
                let limits = Limits(count.minimum, count.maximum);
                write!(f, "{} characters: this must have {limits}", count.found)
            }
            ProblemKind::ItemCount(count) => {
                write!(f, "{} items: this list must have {}", count.found, Limits(count.minimum, count.maximum))
            }
            ProblemKind::PropertyCount(count) => {
                let limits = Limits(count.minimum, count.maximum);
                write!(f, "{} properties: this object must have {limits}", count.found)
            }
            ProblemKind::DuplicateItem { first, keys } if keys.is_empty() => {
                write!(f, "this item is the same as item {first}, and no two may be equal")
            }
            ProblemKind::DuplicateItem { first, keys } => {
                write!(f, "this item has the same {} as item {first}", joined(keys, " and "))
            }
            ProblemKind::ReadOnly { name } => {
                write!(f, "`{name}` is read-only: AWS sets it, a template must not")
            }
            ProblemKind::OneOf { choices, given } => write_choices(f, choices, given),
            ProblemKind::Requires { name, needs } => {
                write!(f, "`{name}` needs `{needs}` to be set as well")
            }
            ProblemKind::Excludes { name, other } => {
                write!(f, "`{name}` and `{other}` must not be set together")
            }
        }
    }
}

fn write_enum(
    f: &mut fmt::Formatter<'_>,
    value: &str,
    allowed: &[String],
    nearest: Option<&str>,
) -> fmt::Result {
    const SHOWN: usize = 12;
    write!(f, "`{value}` is not accepted: this must be ")?;
    match allowed.get(..SHOWN) {
        Some(first) if allowed.len() > SHOWN => {
            let rest = allowed.len() - SHOWN;
            write!(
                f,
                "{} or one of {rest} others{}",
                joined(first, ", "),
                did_you_mean(nearest)
            )
        }
        _ => write!(f, "{}{}", any_of(allowed), did_you_mean(nearest)),
    }
}

fn write_choices(
    f: &mut fmt::Formatter<'_>,
    choices: &[Vec<String>],
    given: &[String],
) -> fmt::Result {
    let sets: Vec<String> = choices.iter().map(|set| joined(set, " and ")).collect();
    if given.is_empty() {
        write!(f, "one of these must be set: {}", sets.join("; "))
    } else {
        write!(
            f,
            "{} must not be set together: only one of {} may be",
            joined(given, " and "),
            sets.join("; ")
        )
    }
}
