//! What must not hold of a project. Each rule is a file with its name; what several rules ask is a
//! question to the view. Each reads the joined summaries only. What a rule looks for
//! and why is said once for templates and declarations: in the standard library, in `src/rules` or in `compiler.toml`.

mod authorizer_outlives_request;
mod batch_beyond_fifo_limit;
mod batch_fails_as_a_whole;
mod callee_outlives_caller;
mod callees_outlive_caller_together;
mod chain_of_waiting_functions;
mod cluster_without_capacity;
mod competing_readers;
mod concurrency_beyond_reserved;
mod connections_beyond_database;
mod cron_names_two_days;
mod database_out_of_reach;
mod dead_letter_expires_first;
mod dead_letter_of_other_type;
mod dead_letters_in_a_circle;
mod dead_letters_of_wrong_order;
mod dead_letters_to_who_failed;
mod escalating_rights;
mod event_loop;
mod failed_events_lost;
mod failed_records_lost;
mod fifo_destination;
mod fifo_queue_of_standard_topic;
mod fifo_queue_without_group;
mod fifo_topic_wakes_function;
mod function_of_many_routes;
mod function_outlives_origin;
mod function_outlives_request;
mod function_outlives_task;
mod function_switched_off;
mod low_receive_count;
mod machine_outlives_request;
mod many_stream_readers;
mod mappings_beyond_reserved;
mod missing_network_right;
mod missing_permission;
mod missing_poller_right;
mod missing_task_right;
mod object_action_on_bucket;
mod overlapping_notifications;
mod overlapping_turns;
mod pass_any_role;
mod pattern_matches_nothing;
mod provisioned_beyond_account;
mod provisioned_beyond_reserved;
mod proxies_share_beyond_all;
mod proxy_bypassed;
mod public_database;
mod public_function_url;
mod public_route;
mod queue_without_dead_letter;
mod rate_unit_mismatch;
mod reserved_beyond_account;
mod rule_matches_everything;
mod secret_in_environment;
mod service_out_of_reach;
mod shard_blocked_by_bad_record;
mod shared_role;
mod slow_viewer_function;
mod state_without_end;
mod subscriptions_beyond_log;
mod task_without_retry;
mod token_in_express_machine;
mod token_without_timeout;
mod unknown_action;
mod unreachable_state;
mod visibility_below_timeout;
mod visibility_too_short;
mod wildcard_action;
mod wildcard_resource;
mod window_missing;
mod window_on_fifo_queue;

use super::view::View;
use super::{Project, flows, words};
use crate::base::{Diagnostic, FileId, Severity, Span};

/// What the reader reports of a part of SAM that it does not read.
const UNREAD: &str = "sam-not-read";

/// A rule over a project.
type Rule = fn(&View<'_>) -> Vec<Diagnostic>;

/// All rules.
const RULES: &[Rule] = &[
    authorizer_outlives_request::find,
    batch_beyond_fifo_limit::find,
    batch_fails_as_a_whole::find,
    callee_outlives_caller::find,
    callees_outlive_caller_together::find,
    chain_of_waiting_functions::find,
    cluster_without_capacity::find,
    competing_readers::find,
    concurrency_beyond_reserved::find,
    connections_beyond_database::find,
    cron_names_two_days::find,
    database_out_of_reach::find,
    dead_letter_expires_first::find,
    dead_letter_of_other_type::find,
    dead_letters_in_a_circle::find,
    dead_letters_of_wrong_order::find,
    dead_letters_to_who_failed::find,
    escalating_rights::find,
    failed_events_lost::find,
    failed_records_lost::find,
    fifo_destination::find,
    fifo_queue_of_standard_topic::find,
    fifo_queue_without_group::find,
    fifo_topic_wakes_function::find,
    function_of_many_routes::find,
    function_outlives_origin::find,
    function_outlives_request::find,
    function_outlives_task::find,
    function_switched_off::find,
    low_receive_count::find,
    machine_outlives_request::find,
    many_stream_readers::find,
    mappings_beyond_reserved::find,
    missing_network_right::find,
    missing_permission::find,
    missing_poller_right::find,
    missing_task_right::find,
    object_action_on_bucket::find,
    overlapping_notifications::find,
    overlapping_turns::find,
    pass_any_role::find,
    pattern_matches_nothing::find,
    provisioned_beyond_account::find,
    provisioned_beyond_reserved::find,
    proxies_share_beyond_all::find,
    proxy_bypassed::find,
    public_database::find,
    public_function_url::find,
    public_route::find,
    queue_without_dead_letter::find,
    rate_unit_mismatch::find,
    reserved_beyond_account::find,
    rule_matches_everything::find,
    secret_in_environment::find,
    service_out_of_reach::find,
    shard_blocked_by_bad_record::find,
    shared_role::find,
    slow_viewer_function::find,
    state_without_end::find,
    subscriptions_beyond_log::find,
    task_without_retry::find,
    token_in_express_machine::find,
    token_without_timeout::find,
    unknown_action::find,
    unreachable_state::find,
    visibility_below_timeout::find,
    visibility_too_short::find,
    wildcard_action::find,
    wildcard_resource::find,
    window_missing::find,
    window_on_fifo_queue::find,
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
