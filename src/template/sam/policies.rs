//! The policies of a resource of SAM: names of managed policies, documents, and templates with parameters.

use super::edit;
use super::fill::is_no_value;
use super::table::TABLE;
use crate::base::{Diagnostic, Name, Span, tables};
use crate::cfn::nearest;
use crate::document::{Data, Entry, Node};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The policy templates of SAM as aws-sam-translator 1.115 ships them (`policy_templates_data/policy_templates.json`),
/// without their descriptions; `generate_policies.py` beside this file makes the table.
const FILE: &str = "templates/sam-policies.json";

/// The templates of policies.
#[derive(Default, Deserialize)]
struct Templates {
    #[serde(rename = "Templates")]
    by_name: BTreeMap<String, Template>,
}

#[derive(Deserialize)]
struct Template {
    #[serde(rename = "Definition")]
    definition: Json,
    #[serde(rename = "Parameters")]
    parameters: Vec<String>,
}

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    // A test reads the table with its error; a compiler with a broken one knows no template.
    tables::table(FILE).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
});

/// What a role gets.
#[derive(Default)]
pub(super) struct Policies {
    /// ARNs of managed policies.
    pub managed: Vec<Node>,
    /// Policy documents.
    pub documents: Vec<Node>,
}

impl Policies {
    /// Adds a managed policy, once.
    pub fn manage(&mut self, arn: Node) {
        if !self.managed.iter().any(|other| edit::same(other, &arn)) {
            self.managed.push(arn);
        }
    }

    /// Adds a statement that SAM adds without being asked.
    pub fn add(&mut self, statement: &Node) {
        let document =
            Node::map(statement.span, [(TABLE.policies.statement.as_str(), Node::list(statement.span, vec![marked(statement, "added")]))]);
        if !self.documents.iter().any(|other| edit::same(other, &document)) {
            self.documents.push(document);
        }
    }

    /// Adds what the user wrote.
    pub fn read(&mut self, written: &Node, findings: &mut Vec<Diagnostic>) {
        for policy in written.one_or_many() {
            match self.entry(policy, findings) {
                Some(Policy::Managed(arn)) => self.manage(arn),
                Some(Policy::Document(document)) => self.documents.push(document),
                None => {}
            }
        }
    }

    fn entry(&self, policy: &Node, findings: &mut Vec<Diagnostic>) -> Option<Policy> {
        if policy.is_null() || is_no_value(policy) {
            return None;
        }
        if let Some(("Fn::If", arguments)) = policy.as_call() {
            return self.choice(policy, arguments.items(), findings);
        }
        if let Some(name) = policy.as_str() {
            return Some(Policy::Managed(Node::text(policy.span, arn_of(name))));
        }
        if policy.as_call().is_some() {
            return Some(Policy::Managed(policy.clone()));
        }
        if policy.get(&TABLE.policies.statement).is_some() {
            return Some(Policy::Document(policy.clone()));
        }
        match policy.entries() {
            [entry] => template(entry, findings).map(Policy::Document),
            _ => {
                findings.push(not_a_policy(policy.span));
                None
            }
        }
    }

    /// A policy that depends on a condition.
    fn choice(&self, written: &Node, arguments: &[Node], findings: &mut Vec<Diagnostic>) -> Option<Policy> {
        let [condition, branches @ ..] = arguments else { return None };
        let mut documents = false;
        let mut parts = vec![condition.clone()];
        for branch in branches {
            parts.push(match self.entry(branch, findings) {
                Some(Policy::Document(document)) => {
                    documents = true;
                    document
                }
                Some(Policy::Managed(arn)) => arn,
                None => Node::call(branch.span, "Ref", Node::text(branch.span, "AWS::NoValue")),
            });
        }
        let choice = Node::call(written.span, "Fn::If", Node::list(written.span, parts));
        Some(if documents { Policy::Document(choice) } else { Policy::Managed(choice) })
    }
}

enum Policy {
    Managed(Node),
    Document(Node),
}

/// The ARN of a managed policy that is given by its name or its ARN.
pub(super) fn arn_of(name: &str) -> Name {
    match name.starts_with("arn:") {
        true => name.into(),
        false => {
            // SAM knows the path of each policy that AWS manages.
            let path = crate::cfn::managed(name).map_or("", |policy| policy.path.trim_start_matches('/'));
            format!("{}{path}{name}", TABLE.policies.managed).into()
        }
    }
}

/// The document that a template gives: each statement at the line of the template, its parameters where they are written.
fn template(written: &Entry, findings: &mut Vec<Diagnostic>) -> Option<Node> {
    let Some(template) = TEMPLATES.by_name.get(&*written.key) else {
        let mut finding = Diagnostic::error("sam-unknown-policy", written.span, format!("SAM has no policy template `{}`", written.key));
        if let Some(near) = nearest(&written.key, TEMPLATES.by_name.keys().map(String::as_str)) {
            finding = finding.help(format!("use `{near}`"));
        }
        findings.push(finding);
        return None;
    };
    for parameter in &template.parameters {
        if written.value.get(parameter).is_none() {
            let message = format!("the policy template `{}` needs `{parameter}`", written.key);
            findings.push(Diagnostic::error("sam-policy-parameter", written.span, message));
        }
    }
    for given in written.value.entries() {
        if !template.parameters.iter().any(|p| **p == *given.key) {
            let mut finding = Diagnostic::error(
                "sam-policy-parameter",
                given.span,
                format!("the policy template `{}` has no parameter `{}`", written.key, given.key),
            );
            if let Some(near) = nearest(&given.key, template.parameters.iter().map(String::as_str)) {
                finding = finding.help(format!("use `{near}`"));
            }
            findings.push(finding);
        }
    }
    let document = filled(&Node::of_json(&template.definition, written.span), &written.value);
    let standing = format!("sam:{}", written.key);
    Some(edit::at(&document, &[TABLE.policies.statement.as_str()], &|statements| match statements {
        Some(list) => Node::list(list.span, list.one_or_many().iter().map(|s| marked(s, &standing)).collect()),
        None => Node::list(written.span, Vec::new()),
    }))
}

/// The definition with its parameters replaced by what is given for them.
fn filled(node: &Node, given: &Node) -> Node {
    if let Some(("Ref", name)) = node.as_call()
        && let Some(value) = name.as_str().and_then(|name| given.get(name))
    {
        return value.clone();
    }
    match &node.data {
        Data::List(items) => Node::new(node.span, Data::List(items.iter().map(|i| filled(i, given)).collect())),
        Data::Map(entries) => {
            Node::new(node.span, Data::Map(entries.iter().map(|e| Entry { value: filled(&e.value, given), ..e.clone() }).collect()))
        }
        _ => node.clone(),
    }
}

/// A statement with the mark of where it comes from.
fn marked(statement: &Node, standing: &str) -> Node {
    let value = Node::text(statement.span, standing);
    edit::with(statement, Entry { key: TABLE.policies.standing.as_str().into(), span: statement.span, value })
}

fn not_a_policy(span: Span) -> Diagnostic {
    Diagnostic::error(
        "sam-unknown-policy",
        span,
        "this is no policy: expected a name, an ARN, a document with `Statement`, or one policy template",
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_templates_are_readable() {
        let table = serde_json::from_str::<super::Templates>(crate::base::tables::table(super::FILE).unwrap_or_default());
        assert!(table.is_ok_and(|t| t.by_name.len() > 70));
    }
}
