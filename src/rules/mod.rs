//! What must not hold of a graph: the checks that kinds declare. Knows nothing of output formats.

mod checks;

pub use checks::checks;
