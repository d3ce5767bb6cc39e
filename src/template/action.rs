//! Addresses of actions: a property that names no resource but what a service does, such as
//! `arn:aws:scheduler:::aws-sdk:sqs:sendMessage` or `arn:aws:apigateway:eu-west-1:sqs:path/...`. What it is done to is named
//! in another part.

use super::arn::Arn;
use super::calls::calls;
use super::machine::Machine;
use super::reader::Reader;
use super::summary::{Call, Edge, End, Fact, FactValue, May, Opaque};
use super::text::{Segment, Text};
use crate::base::{Name, Span};
use crate::document::{Data, Node};
use crate::flow::filter::Matcher;
use crate::iam::{Cause, causes};

/// How deep the part nests that names what an action is called on.
const DEPTH: usize = 24;
/// What is before a function's ARN in the address of an integration, and what is after it.
const INVOKED: (&str, &str) = ("/functions/", "/invocations");

/// An action of a service, by its name in IAM.
pub struct Action(String);

/// What is called, in which part it is named, and with which roles.
pub struct Called<'n> {
    pub action: Action,
    pub on: &'n Node,
    pub roles: Vec<End>,
    pub span: Span,
}

impl Action {
    /// The action that an address names; none if the text is no such address. `method` is the HTTP method that tells which
    /// action a path means, `short` whether the address may be `SERVICE-ACTION`.
    pub fn read(text: &Text, method: Option<&str>, short: bool) -> Option<Action> {
        if let Some((service, call)) = text.as_literal().filter(|t| short && !t.starts_with("arn:")).and_then(|t| t.split_once('-')) {
            return Some(Action(calls().action_of(&service.to_ascii_lowercase(), call)));
        }
        let arn = Arn::read(text)?;
        let forms = calls().address.get(arn.service.as_literal()?)?;
        let rest = format!("{}:{}", arn.account, arn.resource);
        forms.iter().find_map(|form| {
            let (before, after) = form.split_once("{service}")?;
            let rest = rest.strip_prefix(before)?;
            let (between, name) = after.split_once('{')?;
            let (service, call) = rest.split_once(between)?;
            // A host name may be before the service: `bucket.s3`.
            let service = service.rsplit('.').next().unwrap_or(service);
            let path = || {
                let by_method = method.and_then(|m| calls().path.get(&format!("{service} {}", m.to_ascii_uppercase())));
                by_method.or_else(|| calls().path.get(service)).cloned().unwrap_or_else(|| format!("{service}:"))
            };
            Some(Action(if name == "call}" { calls().action_of(service, call) } else { path() }))
        })
    }

    fn causes(&self) -> impl Iterator<Item = &'static Cause> + '_ {
        causes().iter().filter(|cause| cause.at.is_none() && cause.actions.iter().any(|a| a.eq_ignore_ascii_case(&self.0)))
    }
}

impl Reader<'_> {
    /// Adds what an action does, each time with the parts of `edge`.
    pub(super) fn act(&mut self, edge: &Edge, called: Called<'_>) {
        let mut types: Vec<&str> = called.action.causes().flat_map(|cause| cause.types.iter().map(String::as_str)).collect();
        types.dedup();
        if types.is_empty() {
            // The action changes nothing that something listens to.
            return;
        }
        let row = calls().call.iter().find(|row| row.action == called.action.0);
        let mut targets = Vec::new();
        self.mentioned(called.on, &types, &mut targets, DEPTH);
        if let Some(row) = row.filter(|_| targets.is_empty()) {
            let names = self.scope.select(called.on, &row.each).found;
            let texts = names.iter().flat_map(|(_, part)| self.scope.texts_at(part, &row.target)).map(|(_, text, _)| text);
            let texts: Vec<Text> = texts.chain(row.default.as_deref().map(Text::literal)).take(1).collect();
            targets.extend(texts.iter().map(|text| self.names.end(&self.scope, text, &row.types)));
        }
        if targets.is_empty() {
            self.by_role(edge, called);
            return;
        }
        for target in targets {
            let ty = self.type_of(&target).unwrap_or_default();
            for cause in called.action.causes().filter(|cause| cause.types.iter().any(|t| **t == *ty)) {
                if self.happens(&target, cause) {
                    let arrives = (!cause.runs()).then(|| Name::from(cause.event.as_str()));
                    let mut edge = Edge { to: target.clone(), arrives, span: called.span, ..edge.clone() };
                    let action = FactValue::Text(Text::literal(called.action.0.as_str()));
                    edge.facts.insert("action".into(), Fact { value: action, span: called.span, written: true });
                    if !cause.kinds.is_empty() {
                        let kinds = cause.kinds.iter().map(|kind| Matcher::exact(kind)).collect();
                        edge.gives = edge.gives.with(cause.kind_field(), kinds);
                    }
                    self.push(edge);
                }
            }
        }
    }

    /// Whether a resource has the property without which a cause does nothing.
    fn happens(&self, target: &End, cause: &Cause) -> bool {
        let (Some(property), End::Own(at)) = (cause.when.as_deref(), target) else { return true };
        self.scope.resources.get(*at).is_none_or(|r| self.scope.part(&r.properties, property).is_some())
    }

    /// What an action is called on is not written: it is whatever the rights of the role allow.
    fn by_role(&mut self, edge: &Edge, called: Called<'_>) {
        let End::Own(at) = edge.from else { return };
        if called.roles.is_empty() {
            let why = format!("it is not written what `{}` is called on", called.action.0);
            self.opaque(Opaque { at: edge.from.clone(), may: May::Trigger, why, span: called.span });
            return;
        }
        if edge.event.is_some() {
            self.push(Edge { to: edge.from.clone(), arrives: None, span: called.span, ..edge.clone() });
        }
        let call = Call { action: called.action.0.into(), target: None, span: called.span };
        let roles = called.roles.into_iter().map(|role| (None, role)).collect();
        self.machines.push(Machine { at, roles, calls: vec![call] });
    }

    /// The resources of some types that a part mentions anywhere.
    pub(super) fn mentioned(&self, node: &Node, types: &[&str], out: &mut Vec<End>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let expects: Vec<String> = types.iter().map(|ty| (*ty).to_string()).collect();
        let mut add = |end: End| {
            let fits = self.type_of(&end).is_some_and(|ty| types.contains(&&*ty));
            if fits && !out.contains(&end) {
                out.push(end);
            }
        };
        if node.as_call().is_some() || node.scalar().is_some() {
            for (_, text) in self.scope.texts(node) {
                let quoted: Text = text.segments().iter().map(unquoted).collect();
                let last = last_part(&quoted);
                for own in [Some(quoted), last].into_iter().flatten().map(|t| self.names.end(&self.scope, &t, &expects)) {
                    if matches!(own, End::Own(_)) {
                        add(own);
                    }
                }
                // A text may name them between quotes: the rule of a composite alarm.
                for quoted in text.as_literal().unwrap_or_default().split(['"', '\'']).skip(1).step_by(2) {
                    if let own @ End::Own(_) = self.names.end(&self.scope, &Text::literal(quoted), &expects) {
                        add(own);
                    }
                }
                let within = |s: &Segment| if let Segment::Attribute(id, _) = s { self.scope.places.get(id).copied() } else { None };
                text.segments().iter().filter_map(within).for_each(|at| add(End::Own(at)));
            }
            return;
        }
        match &node.data {
            Data::List(items) => items.iter().for_each(|item| self.mentioned(item, types, out, depth)),
            Data::Map(entries) => entries.iter().for_each(|e| self.mentioned(&e.value, types, out, depth)),
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
        }
    }
}

/// A segment without the quotes that a mapping of parameters puts around constants.
fn unquoted(segment: &Segment) -> Segment {
    match segment {
        Segment::Literal(text) => Segment::Literal(text.trim_matches('\'').into()),
        other => other.clone(),
    }
}

/// The part of a text after its last slash.
fn last_part(text: &Text) -> Option<Text> {
    super::value::split(text, "/").into_iter().next_back()
}

/// The function that the address of an integration invokes.
pub fn invoked(text: &Text) -> Option<Text> {
    between(text, INVOKED.0, INVOKED.1)
}

/// The part of a text between two others.
fn between(text: &Text, from: &str, to: &str) -> Option<Text> {
    let (mut out, mut inside) = (Text::default(), false);
    for segment in text.segments() {
        match segment {
            Segment::Literal(literal) => {
                let mut rest: &str = literal;
                if !inside && let Some((_, after)) = rest.split_once(from) {
                    inside = true;
                    rest = after;
                }
                if inside {
                    match rest.split_once(to) {
                        Some((before, _)) => {
                            out.push(Segment::Literal(before.into()));
                            return Some(out);
                        }
                        None => out.push(Segment::Literal(rest.into())),
                    }
                }
            }
            other if inside => out.push(other.clone()),
            _ => {}
        }
    }
    inside.then_some(out).filter(|t| !t.is_empty())
}
