//! How a loop is reported: its hops in order, each at its line, and why it is or is not certain.

use super::{Flow, Loop, Promiser, Proof, rule};
use crate::base::{Diagnostic, Severity, Span};
use crate::model::InstanceId;

/// The finding on a loop. `name` gives what messages call a node, and `help` what to do in the language at hand.
pub fn looped(found: &Loop, flows: &[&Flow], name: &dyn Fn(InstanceId) -> String, help: &Help) -> Diagnostic {
    let mut names: Vec<String> = Vec::new();
    let mut hops: Vec<(Span, String)> = Vec::new();
    for flow in flows {
        let (from, to) = (name(flow.from), name(flow.to));
        hops.push((flow.span, format!("{}. `{from}` {} `{to}`", hops.len() + 1, flow.what)));
        names.extend([from, to]);
    }
    names.dedup();
    let (first, path) = (names.first().cloned().unwrap_or_default(), names.join(" -> "));
    let (severity, message) = match &found.proof {
        Proof::Certain => (Severity::Error, format!("`{first}` triggers itself: {path}")),
        Proof::Undecided(..) => (Severity::Advice, format!("`{first}` may trigger itself: {path}")),
        Proof::Declared(.., Promiser::Sender) => {
            (Severity::Advice, format!("`{first}` triggers itself unless it sends only what it declares: {path}"))
        }
        Proof::Declared(.., Promiser::Type) => {
            (Severity::Advice, format!("`{first}` triggers itself unless all messages are of their declared type: {path}"))
        }
    };
    let mut hops = hops.into_iter();
    let (span, text) = hops.next().unwrap_or_default();
    let mut finding = Diagnostic::new(severity, rule(&found.proof), span, message).label(text);
    finding.allowable = true;
    for (span, text) in hops {
        finding = finding.also(span, text);
    }
    match &found.proof {
        Proof::Certain => finding.help(help.certain),
        Proof::Undecided(why, _) => finding
            .note(if why.is_empty() { "not proved: this depends on what the code does".to_string() } else { format!("not proved: {why}") })
            .help(help.not_proved),
        Proof::Declared(_, stops, Promiser::Sender) => finding.also(*stops, "what is declared does not pass here").help(
            "nothing on AWS enforces what a sender declares: a mistake in the code is a loop; narrow the trigger, which AWS enforces",
        ),
        Proof::Declared(declares, stops, Promiser::Type) => {
            finding.also(*declares, "the type is declared here").also(*stops, "no message of it passes here").help(
                "AWS does not enforce the type of messages: one of another type makes a loop; separate the messages by what AWS \
                 enforces, as an attribute, a topic or a queue for each",
            )
        }
    }
}

/// The places of the hops of a loop that was reported: those that [`looped`] numbers, and not what proves it.
pub fn hops(finding: &Diagnostic) -> impl Iterator<Item = Span> + '_ {
    let numbered = |text: &str| text.split_once(". ").is_some_and(|(number, _)| number.parse::<usize>().is_ok());
    std::iter::once(&finding.primary).chain(finding.related.iter().filter(move |l| numbered(&l.text))).map(|label| label.span)
}

/// What to do about a loop, in the language in which it is written.
#[derive(Debug)]
pub struct Help {
    /// About one that is certain.
    pub certain: &'static str,
    /// About one that could not be decided.
    pub not_proved: &'static str,
}

/// What to do where declarations make the loop.
pub const IN_DECLARATIONS: Help = Help {
    certain: "narrow the trigger or the capability so that they exclude each other (a prefix, a pattern, a filter), write elsewhere, or, if it ends by itself, say how: `@allow(event-loop, \"...\")`",
    not_proved: "declare the right with `can` and the trigger with `on`, narrow a filter to a field with one value, or say why it is no loop: `@allow(loop-not-proved, \"...\")`",
};

/// What to do where resources of a template make it.
pub const IN_TEMPLATES: Help = Help {
    certain: "narrow the filter of the trigger or the `Resource` of the statement so that they exclude each other, or write elsewhere; if the loop ends by itself, say how at the resource of one of these lines: `Metadata: {Purlin: {allow: {event-loop: {reason: ..., ends: ...}}}}`",
    not_proved: "narrow the statement to the resources that the code uses; if there is no loop, say why at the resource of one of these lines: `Metadata: {Purlin: {allow: {loop-not-proved: ...}}}`",
};
