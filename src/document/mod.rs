//! Documents of other tools, JSON and YAML, as trees whose every part has a place. Knows nothing of what they mean.

mod node;

pub use node::{Data, Entry, Node};
