//! Findings and graphs as text for people and as data for tools. Knows nothing of how they were found.

pub mod difference;
pub mod escape;
mod excerpt;
mod github;
mod gitlab;
pub mod graph;
mod human;
mod json;
mod junit;
mod sarif;
mod svg;

pub use github::github;
pub use gitlab::gitlab;
pub use human::human;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use svg::svg;
