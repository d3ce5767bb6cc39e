//! Files beside a template: definitions of state machines, bodies of APIs, templates of nested stacks.

use crate::document::Node;

/// What can be read beside a template.
pub trait Neighbours {
    /// The document that a path names as it is written in the template; none if there is no such file, or it lies outside
    /// the project.
    fn read(&self, written: &str) -> Option<Node>;
}

/// A template without neighbours.
pub struct Alone;

impl Neighbours for Alone {
    fn read(&self, _written: &str) -> Option<Node> {
        None
    }
}
