//! The sentences for what is wrong. Knows nothing of how it is found.

use std::fmt;

use super::problem::{Count, PathSegment, Problem, ProblemKind};

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
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(", ")),
        _ => names.concat(),
    }
}

pub(super) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ProblemKind as Kind;
        match self {
            Kind::WrongType { expected, found } => {
                write!(f, "this must be {expected}, not {found}")
            }
            Kind::NotInEnum { value, allowed, nearest } => write_enum(f, value, allowed, nearest.as_deref()),
            Kind::Forbidden { forbidden } if forbidden.is_empty() => f.write_str("this value is not accepted"),
            Kind::Forbidden { forbidden } => write!(f, "this must not be {}", any_of(forbidden)),
            Kind::PatternMismatch { value, pattern } => {
                write!(f, "`{value}` does not match the pattern `{pattern}`")
            }
            Kind::Format { value, must_be } => write!(f, "`{value}` is not {must_be}"),
            Kind::OutOfRange { value, minimum, maximum } => {
                let limits = Limits(*minimum, *maximum);
                write!(f, "{value} is out of range: this must be {limits}")
            }
            Kind::NotMultiple { value, of } => write!(f, "{value} is not a multiple of {of}"),
            Kind::Length(count) => write_count(f, *count, "characters: this"),
            Kind::ItemCount(count) => write_count(f, *count, "items: this list"),
            Kind::PropertyCount(count) => write_count(f, *count, "properties: this object"),
            Kind::DuplicateItem { first, keys } if keys.is_empty() => {
                write!(f, "this item is the same as item {first}, and no two may be equal")
            }
            Kind::DuplicateItem { first, keys } => {
                write!(f, "this item has the same {} as item {first}", joined(keys, " and "))
            }
            about_presence => write_presence(f, about_presence),
        }
    }
}

/// What is said of properties that are there or are not.
fn write_presence(f: &mut fmt::Formatter<'_>, kind: &ProblemKind) -> fmt::Result {
    use ProblemKind as Kind;
    match kind {
        Kind::UnknownProperty { name, nearest } => {
            write!(f, "there is no property `{name}`{}", did_you_mean(nearest.as_deref()))
        }
        Kind::MissingRequired { name } => write!(f, "the property `{name}` is missing"),
        Kind::ReadOnly { name } => {
            write!(f, "`{name}` is read-only: AWS sets it, a template must not")
        }
        Kind::OneOf { choices, given } => write_choices(f, choices, given),
        Kind::Requires { name, needs } => write!(f, "`{name}` needs `{needs}` to be set as well"),
        Kind::Excludes { name, other } => {
            write!(f, "`{name}` and `{other}` must not be set together")
        }
        _ => Ok(()),
    }
}

fn write_count(f: &mut fmt::Formatter<'_>, count: Count, what: &str) -> fmt::Result {
    let limits = Limits(count.minimum, count.maximum);
    write!(f, "{} {what} must have {limits}", count.found)
}

fn write_enum(f: &mut fmt::Formatter<'_>, value: &str, allowed: &[String], nearest: Option<&str>) -> fmt::Result {
    const SHOWN: usize = 12;
    write!(f, "`{value}` is not accepted: this must be ")?;
    match allowed.get(..SHOWN) {
        Some(first) if allowed.len() > SHOWN => {
            let rest = allowed.len() - SHOWN;
            write!(f, "{} or one of {rest} others{}", joined(first, ", "), did_you_mean(nearest))
        }
        _ => write!(f, "{}{}", any_of(allowed), did_you_mean(nearest)),
    }
}

fn write_choices(f: &mut fmt::Formatter<'_>, choices: &[Vec<String>], given: &[String]) -> fmt::Result {
    let single: Option<Vec<&String>> = choices.iter().map(|set| set.first().filter(|_| set.len() == 1)).collect();
    let sets = single.as_ref().map_or_else(
        || {
            let sets: Vec<String> = choices.iter().map(|set| joined(set, " and ")).collect();
            sets.join("; or ")
        },
        |names| any_of(names),
    );
    if given.is_empty() {
        return write!(f, "one of these must be set: {sets}");
    }
    write!(f, "{} must not be set together", joined(given, " and "))?;
    if single.is_some_and(|names| names.len() == given.len()) {
        return Ok(());
    }
    write!(f, ": only one of {sets} may be")
}
