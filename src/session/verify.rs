//! What CloudFormation would refuse of a template: its limits, with who uses how much. Knows nothing of how it was made.

use super::analysis::Stack;
use crate::base::{Diagnostic, FxIndexMap, Severity, Span};
use crate::emit::{ATTACHED, INLINE, INLINE_MOST, MANAGED_MOST, Resource, Template, statement_size};
use crate::model::Value;
use serde_json::Value as Json;

/// A limit of CloudFormation on a whole template.
/// source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>, read 2026-11-20
struct Limit {
    rule: &'static str,
    what: &'static str,
    most: usize,
    help: &'static str,
}

const SIZE: Limit = Limit {
    rule: "template-too-large",
    what: "bytes",
    most: 1_000_000,
    help: "split the stack: move declarations that change together into a second file with its own `stack`, and `export` what both need",
};
const RESOURCES: Limit = Limit { rule: "too-many-resources", what: "resources", most: 500, help: SIZE.help };
const PARAMETERS: Limit = Limit {
    rule: "too-many-parameters",
    what: "parameters",
    most: 200,
    help: "use a `setting` for what is known when the template is written",
};
const OUTPUTS: Limit = Limit { rule: "too-many-outputs", what: "outputs", most: 200, help: "remove outputs that are not used" };
/// The share of a limit from which on it is worth a warning.
const NEAR: f64 = 0.9;

/// The findings on a stack's template.
pub(super) fn verify(stack: &Stack, template: &Template, json: &Json) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let span = stack.span;
    let count = |key: &str| template.counts.get(key).copied().unwrap_or_default();
    let size = template.text.len();
    let users = users(stack, template);
    for (limit, value) in
        [(&RESOURCES, count("Resources")), (&PARAMETERS, count("Parameters")), (&OUTPUTS, count("Outputs")), (&SIZE, size)]
    {
        out.extend(exceeded(limit, value, span, &users));
    }
    out.extend(super::refused::refused(stack, template, json));
    out.extend(super::unknown_actions::unknown_actions(stack, template));
    out.extend(super::policies::policies(stack, template));
    out.extend(template.resources.values().filter_map(|role| too_many_policies(stack, template, role)));
    if size > INLINE {
        let message =
            format!("the template of `{}` has {size} bytes: more than {INLINE} must be uploaded to a bucket to be deployed", stack.name);
        let mut finding = Diagnostic::new(crate::base::Severity::Advice, "template-needs-bucket", span, message);
        finding.allowable = true;
        out.push(finding.help("`aws cloudformation deploy --s3-bucket NAME ...` does it"));
    }
    out
}

/// How much of each limit of CloudFormation a stack uses: what, how much, of how much, who.
pub(super) fn uses(stack: &Stack, template: &Template) -> Vec<(&'static str, usize, usize, String)> {
    let count = |key: &str| template.counts.get(key).copied().unwrap_or_default();
    let users = users(stack, template);
    let all = of_template([count("Resources"), count("Parameters"), count("Outputs")], template.text.len());
    all.into_iter().map(|(rule, value, most)| (rule, value, most, users.clone())).collect()
}

/// The limits of CloudFormation on a template with so many resources, parameters and outputs, and of so many bytes.
pub(super) fn of_template([resources, parameters, outputs]: [usize; 3], bytes: usize) -> [(&'static str, usize, usize); 4] {
    [(&RESOURCES, resources), (&PARAMETERS, parameters), (&OUTPUTS, outputs), (&SIZE, bytes)]
        .map(|(limit, value)| (limit.rule, value, limit.most))
}

fn exceeded(limit: &Limit, value: usize, span: Span, users: &str) -> Option<Diagnostic> {
    let share = value as f64 / limit.most as f64;
    if share < NEAR {
        return None;
    }
    let message = format!("the template has {value} {} of at most {}", limit.what, limit.most);
    let mut finding =
        if value > limit.most { Diagnostic::error(limit.rule, span, message) } else { Diagnostic::warning(limit.rule, span, message) };
    finding.allowable = value <= limit.most;
    Some(finding.help(limit.help).note(format!("most of it is used by {users}")))
}

/// A role whose rights need more managed policies than one can have.
fn too_many_policies(stack: &Stack, template: &Template, role: &Resource) -> Option<Diagnostic> {
    let count = role.properties.get("ManagedPolicyArns").and_then(Value::as_list).map_or(0, <[Value]>::len);
    let (usual, most) = ATTACHED;
    if &*role.ty != "AWS::IAM::Role" || count <= usual {
        return None;
    }
    let instance = stack.graph.world.instance(role.owner)?;
    let message = format!("the rights of `{}` fill {count} managed policies, and a role has at most {usual}", instance.name);
    let severity = if count > most { Severity::Error } else { Severity::Warning };
    let mut finding = Diagnostic::new(severity, "too-many-policies", instance.decl.name_span, message);
    finding.allowable = count <= most;
    let mut largest: Vec<_> =
        template.statements.get(&role.id)?.iter().map(|s| (statement_size(s, &stack.name), s.spans.first().copied())).collect();
    largest.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    for (size, span) in largest.into_iter().take(3) {
        finding = finding.also(span?, format!("about {size} characters"));
    }
    Some(
        finding
            .help("split it into several functions, or grant on one pattern of names what is now granted one by one")
            .note(format!(
                "beyond {INLINE_MOST} characters in the role, each {MANAGED_MOST} need a managed policy; the quota can be raised to {most}"
            ))
            .note("source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"),
    )
}

/// The declarations with the most resources.
fn users(stack: &Stack, template: &Template) -> String {
    let mut counts: FxIndexMap<&str, usize> = FxIndexMap::default();
    for resource in template.resources.values() {
        let name = stack.graph.world.instance(resource.owner).map_or("", |i| &i.name);
        *counts.entry(name).or_default() += 1;
    }
    counts.sort_by(|a, x, b, y| y.cmp(x).then(a.cmp(b)));
    counts.iter().take(5).map(|(name, n)| format!("{name} ({n})")).collect::<Vec<_>>().join(", ")
}
