//! SAM as plain CloudFormation.

use super::Neighbours;
use crate::base::Diagnostic;
use crate::document::Node;

/// A document of SAM as a document of CloudFormation.
pub fn expand(document: &Node, _neighbours: &dyn Neighbours, _findings: &mut Vec<Diagnostic>) -> Node {
    document.clone()
}
