//! Findings and graphs as text for people and as data for tools. Knows nothing of how they were found.

pub mod graph;
mod human;

pub use human::human;
