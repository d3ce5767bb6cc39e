//! The algebra of filters: whether what is sent can be what is listened for. Knows nothing of who sends and who listens.
//!
//! A filter is a set of [`Matcher`]s for each field: fields are joined by "and", the matchers of one field by "or".
//! Each language of patterns is read by its own rules ([`Language`]) into that one form.

mod address;
mod fields;
#[allow(clippy::module_inception)]
mod filter;
mod glob;
mod language;
mod matcher;
mod number;
mod operator;
mod pattern;
mod typed;

pub use fields::{Amiss, What, amiss};
pub use filter::{Constraint, Filter, Holds};
pub use glob::Glob;
pub use language::{Language, Texts};
pub use matcher::Matcher;
pub use number::{Interval, Number};
pub use operator::{decoded, text};
pub use pattern::{Part, UNKNOWN, Wrong, read};
pub use typed::scalar;

/// What is known of two filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing that one accepts is accepted by the other.
    Disjoint,
    /// It could not be decided within the bound on work.
    CannotTell,
    /// Something is accepted by both.
    Meet,
}

impl Verdict {
    /// What is known when either of two ways can lead to a meeting.
    pub fn or(self, other: Verdict) -> Verdict {
        self.max(other)
    }

    /// What is known when both must meet.
    pub fn and(self, other: Verdict) -> Verdict {
        self.min(other)
    }
}
