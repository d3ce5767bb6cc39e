//! What can be done about a finding: its own ways to mend it, and `@allow` with a reason.

use crate::base::{Diagnostic, Edit, Span};
use crate::syntax::{Kind, Tree};

/// A set of edits with a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does.
    pub title: String,
    /// The edits.
    pub edits: Vec<Edit>,
    /// Whether it is what one would do first.
    pub preferred: bool,
}

/// What can be done about a finding in a file.
pub fn actions(finding: &Diagnostic, tree: &Tree) -> Vec<Action> {
    let mut out: Vec<Action> =
        finding.fixes.iter().map(|f| Action { title: f.title.clone(), edits: f.edits.clone(), preferred: f.safe }).collect();
    if finding.allowable {
        out.extend(allow(finding, tree));
    }
    out
}

/// `@allow(rule, "...")` before the statement that the finding stands in.
fn allow(finding: &Diagnostic, tree: &Tree) -> Option<Action> {
    let at = finding.primary.span;
    let file = tree.file();
    if at.file != file {
        return None;
    }
    let statement = tree.root().descendants().filter(|n| n.span().start <= at.start && at.end <= n.span().end).filter(|n| {
        matches!(
            n.kind(),
            Kind::entry
                | Kind::on_stmt
                | Kind::can_stmt
                | Kind::let_stmt
                | Kind::param_stmt
                | Kind::setting_stmt
                | Kind::component_stmt
                | Kind::type_stmt
        )
    });
    let start = statement.last()?.span().start;
    let before = tree.slice(0, start);
    let indent: String = before.rsplit('\n').next().unwrap_or("").chars().take_while(|c| c.is_whitespace()).collect();
    let text = format!("@allow({}, \"why this is right here\")\n{indent}", finding.rule);
    Some(Action {
        title: format!("allow `{}` here, with a reason", finding.rule),
        edits: vec![Edit { span: Span::new(file, start, start), text }],
        preferred: false,
    })
}
