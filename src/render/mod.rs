//! Findings as text for people and as data for tools. Knows nothing of how they were found.

mod human;

pub use human::human;
