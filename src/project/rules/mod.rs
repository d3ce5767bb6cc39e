//! What must not hold of a project. One concern is one file; each reads the joined summaries only. What a rule looks for
//! and why is said once for templates and declarations: in the standard library, in `src/rules` or in `compiler.toml`.

mod authorizer_outlives_request;
mod batches;
mod callee_outlives_caller;
mod callees_outlive_caller_together;
mod chain_of_waiting_functions;
mod cluster_without_capacity;
mod concurrency;
mod connections_beyond_database;
mod database_out_of_reach;
mod dead_letters;
mod event_loop;
mod fifo;
mod function_outlives_origin;
mod function_outlives_request;
mod function_outlives_task;
mod losses;
mod machine_outlives_request;
mod many_routes;
mod missing_network_right;
mod missing_permission;
mod missing_poller_right;
mod missing_task_right;
mod notifications;
mod patterns;
mod proxies_share_beyond_all;
mod proxy_bypassed;
mod public;
mod public_database;
mod readers;
mod rights;
mod schedules;
mod secret_in_environment;
mod service_out_of_reach;
mod shared_role;
mod slow_viewer_function;
mod state_without_end;
mod tasks;
mod unreachable_state;
mod visibility;

use super::view::View;
use super::{Project, flows, words};
use crate::base::{Diagnostic, FileId, Severity, Span};

/// What the reader reports of a part of SAM that it does not read.
const UNREAD: &str = "sam-not-read";

/// A rule over a project.
type Rule = fn(&View<'_>) -> Vec<Diagnostic>;

/// All rules.
const RULES: &[Rule] = &[
    batches::find,
    concurrency::find,
    dead_letters::find,
    fifo::find,
    losses::find,
    many_routes::find,
    missing_network_right::find,
    missing_permission::find,
    missing_poller_right::find,
    missing_task_right::find,
    notifications::find,
    patterns::find,
    public::find,
    readers::find,
    rights::find,
    schedules::find,
    service_out_of_reach::find,
    shared_role::find,
    tasks::find,
    visibility::find,
    proxies_share_beyond_all::find,
    proxy_bypassed::find,
    cluster_without_capacity::find,
    public_database::find,
    database_out_of_reach::find,
    connections_beyond_database::find,
    function_outlives_origin::find,
    machine_outlives_request::find,
    function_outlives_request::find,
    authorizer_outlives_request::find,
    function_outlives_task::find,
    chain_of_waiting_functions::find,
    callees_outlive_caller_together::find,
    callee_outlives_caller::find,
    unreachable_state::find,
    state_without_end::find,
    slow_viewer_function::find,
    secret_in_environment::find,
];

/// The findings on a project. What a template permits is among them: who shows them takes it out.
pub fn findings(project: &Project) -> Vec<Diagnostic> {
    let flows = flows::flows(project);
    let view = View::of(project, &flows);
    let mut found: Vec<Diagnostic> = RULES.iter().flat_map(|rule| rule(&view)).collect();
    // What SAM makes of a part that is not read may be the permission that is missed.
    let part = |f: &Diagnostic| (*f.rule == *UNREAD).then_some(f.primary.span.file);
    let unread: Vec<FileId> = project.stacks.iter().flat_map(|s| &s.findings).filter_map(part).collect();
    found.retain(|f| !(f.rule.starts_with("missing-") && unread.contains(&f.primary.span.file)));
    found.extend(event_loop::find(project, flows));
    found
}

/// What is wrong with the table of what rules need; for a test.
pub fn fault() -> Option<String> {
    words::fault()
}

/// A finding with what to type.
fn found(severity: Severity, rule: &str, span: Span, message: String, values: &[(&str, String)]) -> Diagnostic {
    let mut finding = Diagnostic::new(severity, rule, span, message).help(words::help(rule, values));
    finding.allowable = true;
    match words::of(rule).source.as_str() {
        "" => finding,
        source => finding.note(format!("source: {source}")),
    }
}

fn error(rule: &str, span: Span, message: String, values: &[(&str, String)]) -> Diagnostic {
    found(Severity::Error, rule, span, message, values)
}

fn warning(rule: &str, span: Span, message: String, values: &[(&str, String)]) -> Diagnostic {
    found(Severity::Warning, rule, span, message, values)
}

/// Names as a list in words.
fn list(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
