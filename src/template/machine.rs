//! State machines: they do what their definition calls, cut by the rights of their role.

use super::calls::{CallRow, calls};
use super::condition::both;
use super::reader::Reader;
use super::scope::Written;
use super::summary::{Call, Edge, EdgeKind, End, Fact, FactValue, May, Opaque, Right, Standing};
use super::table::{Reads, arrives};
use super::text::Text;
use crate::base::{Name, Span};
use crate::document::{Data, Entry, Node};
use crate::flow::filter::Matcher;
use crate::model::{Cond, Mode};
use std::collections::BTreeMap;

/// How deep states nest.
const DEPTH: usize = 24;

/// A state machine whose definition was read.
pub struct Machine {
    /// Its place.
    pub at: usize,
    /// Its roles.
    pub roles: Vec<(Option<Cond>, End)>,
    /// What it calls besides what is an edge of its own.
    pub calls: Vec<Call>,
}

/// How a call is made.
struct Made<'c> {
    action: &'c str,
    /// Whether it waits for the end of what it starts.
    sync: bool,
    /// Whether it waits for a token.
    token: bool,
    state: &'c Node,
    span: Span,
}

impl Reader<'_> {
    pub(super) fn machine(&mut self, at: usize, resource: &Written<'_>, reads: &Reads) {
        let role = reads.of.first().map(String::as_str).unwrap_or_default();
        let mut roles = Vec::new();
        for (condition, text, node) in self.scope.texts_at(&resource.properties, role) {
            roles.push((condition, self.names.end(&self.scope, &text, &reads.expects), node.span));
        }
        let paths: Vec<&str> = reads.at.split(' ').collect();
        let written: Vec<(Option<Cond>, Node)> =
            paths.iter().flat_map(|path| self.scope.select(&resource.properties, path).found).collect();
        let mut machine = Machine { at, roles: roles.iter().map(|(c, end, _)| (c.clone(), end.clone())).collect(), calls: Vec::new() };
        let mut read = !written.is_empty();
        for (_, node) in &written {
            match self.definition(node, resource) {
                Some(definition) => {
                    self.states(&definition, &mut machine, DEPTH);
                    self.ways(at, &definition);
                }
                None => {
                    read = false;
                    // With a role it does no more than what that may.
                    if roles.is_empty() {
                        let why = "the definition of the state machine cannot be read".to_string();
                        self.opaque(Opaque { at: End::Own(at), may: May::Act, why, span: node.span });
                    }
                }
            }
        }
        if read {
            self.machines.push(machine);
            return;
        }
        for (condition, role, span) in roles {
            let condition = both(resource.condition.as_ref(), condition.as_ref());
            let edge = self.plain(EdgeKind::ActsAs, End::Own(at), role, span);
            self.push(Edge { condition, what: "acts with the rights of".into(), ..edge });
        }
    }

    /// A definition as a tree: an object, a text, or a file beside the template.
    fn definition(&self, node: &Node, resource: &Written<'_>) -> Option<Node> {
        let tree = self.scope.tree(node).filter(|tree| tree.get("States").is_some()).or_else(|| {
            let (_, text) = self.scope.texts(node).into_iter().next()?;
            self.scope.neighbours.read(text.as_literal()?).filter(|tree| tree.get("States").is_some())
        })?;
        let substitutions = self.scope.part(&resource.properties, "DefinitionSubstitutions");
        Some(match substitutions {
            Some(values) => substituted(&tree, &values, DEPTH * 4),
            None => tree,
        })
    }

    fn states(&mut self, definition: &Node, machine: &mut Machine, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for state in definition.get("States").map(Node::entries).unwrap_or_default() {
            for key in ["Iterator", "ItemProcessor"] {
                state.value.get(key).into_iter().for_each(|inner| self.states(inner, machine, depth));
            }
            state.value.get("Branches").map(Node::items).unwrap_or_default().iter().for_each(|inner| self.states(inner, machine, depth));
            for part in [Some(&state.value), state.value.get("ItemReader"), state.value.get("ResultWriter")].into_iter().flatten() {
                if let Some(resource) = part.get("Resource") {
                    let resource = resource.clone();
                    self.task(part, &resource, machine);
                }
            }
        }
    }

    fn task(&mut self, state: &Node, resource: &Node, machine: &mut Machine) {
        let Some((_, text)) = self.scope.texts(resource).into_iter().next() else { return };
        let written = text.to_string();
        let service = written.split_once(":states:::").map(|(_, rest)| rest.to_string());
        let Some(service) = service else {
            self.by_arn(state, &text, resource.span, machine);
            return;
        };
        let (call, token) = match service.strip_suffix(".waitForTaskToken") {
            Some(call) => (call, true),
            None => (service.as_str(), false),
        };
        let sync = call.split_once(".sync").is_some();
        let call = call.split_once(".sync").map_or(call, |(call, _)| call);
        let call = call.strip_prefix("aws-sdk:").unwrap_or(call);
        let Some((service, name)) = call.split_once(':') else { return };
        let action = calls().action_of(service, name);
        let made = Made { action: &action, sync, token, state, span: resource.span };
        let parameters = ["Parameters", "Arguments"].iter().find_map(|key| state.get(key)).cloned();
        let parameters = parameters.unwrap_or_else(|| Node::map::<Name>(state.span, []));
        match calls().call.iter().find(|row| row.action == action) {
            Some(row) => self.known_call(&made, row, &parameters, machine),
            None => {
                let target = self.target(&parameters);
                machine.calls.push(Call { action: action.as_str().into(), target, span: resource.span });
            }
        }
    }

    /// A task whose resource is the ARN of a function or an activity.
    fn by_arn(&mut self, state: &Node, text: &Text, span: Span, machine: &mut Machine) {
        let expects = calls().call.iter().find(|row| row.mode == "sync").map(|row| row.types.clone()).unwrap_or_default();
        let to = self.names.end(&self.scope, text, &expects);
        let made = Made { action: "", sync: true, token: false, state, span };
        self.called(&made, Mode::Sync, (to, span), None, machine);
    }

    fn known_call(&mut self, made: &Made<'_>, row: &CallRow, parameters: &Node, machine: &mut Machine) {
        for (condition, part) in self.scope.select(parameters, &row.each).found {
            let written = self.scope.texts_at(&part, &row.target).into_iter();
            let mut texts: Vec<(Text, Span)> = written.map(|(_, text, node)| (text, node.span)).collect();
            let computed = part.get(&format!("{}.$", row.target)).is_some() || texts.iter().any(|(text, _)| computed(text));
            if texts.is_empty() && !computed {
                texts.extend(row.default.as_deref().map(|text| (Text::literal(text), made.span)));
            }
            if computed || texts.is_empty() {
                machine.calls.push(Call { action: row.action.as_str().into(), target: None, span: made.span });
                continue;
            }
            let mode = if made.sync { Mode::Sync } else { Mode::of(&row.mode).filter(|_| !made.token).unwrap_or(Mode::Async) };
            for (text, span) in texts {
                let to = self.names.end(&self.scope, &text, &row.types);
                self.called(made, mode, (to, span), Some((row, &part, condition.clone())), machine);
            }
        }
    }

    /// Adds the edge of a call.
    fn called(
        &mut self,
        made: &Made<'_>,
        mode: Mode,
        (to, target): (End, Span),
        row: Option<(&CallRow, &Node, Option<Cond>)>,
        machine: &Machine,
    ) {
        let mut edge = self.plain(EdgeKind::Trigger(mode), End::Own(machine.at), to.clone(), made.span);
        edge.arrives = self.type_of(&to).as_deref().and_then(arrives).map(Name::from);
        edge.what = "calls".into();
        edge.condition = self.scope.resources.get(machine.at).and_then(|r| r.condition.clone());
        edge.facts = facts(made, machine.at, target);
        if let Some((row, part, condition)) = row {
            edge.condition = both(edge.condition.as_ref(), condition.as_ref());
            for (field, path) in &row.gives {
                let text = self.scope.texts_at(part, path).into_iter().next().map(|(_, text, _)| text);
                if let Some(known) = text.filter(|t| !computed(t)).as_ref().and_then(super::pattern::comparable) {
                    edge.gives = edge.gives.clone().with(field, vec![Matcher::exact(&known)]);
                }
            }
        }
        self.push(edge);
    }

    /// What the parameters of a call name.
    fn target(&self, parameters: &Node) -> Option<End> {
        for (name, types) in &calls().parameter {
            if let Some((_, text, _)) = self.scope.texts_at(parameters, name).into_iter().next().filter(|(_, text, _)| !computed(text)) {
                return Some(self.names.end(&self.scope, &text, types));
            }
        }
        None
    }

    /// Gives each machine the rights of its roles, cut by what it calls.
    pub(super) fn of_machines(&mut self) {
        for machine in std::mem::take(&mut self.machines) {
            let condition = self.scope.resources.get(machine.at).and_then(|r| r.condition.clone());
            for (inner, role) in &machine.roles {
                let held: Vec<Right> = self.summary.rights.iter().filter(|r| r.actor == *role).cloned().collect();
                let known = matches!(role, End::Own(_));
                for right in held {
                    let condition = both(both(right.condition.as_ref(), condition.as_ref()).as_ref(), inner.as_ref());
                    self.summary.rights.push(Right { actor: End::Own(machine.at), condition, only: Some(machine.calls.clone()), ..right });
                }
                let bounds: Vec<Right> = self.summary.bounds.iter().filter(|r| r.actor == *role).cloned().collect();
                self.summary.bounds.extend(bounds.into_iter().map(|bound| Right { actor: End::Own(machine.at), ..bound }));
                if !known {
                    machine.calls.iter().for_each(|call| self.unchecked(machine.at, call));
                }
            }
        }
    }

    /// A call with a role that is not in the template: nothing shows that it is not allowed.
    fn unchecked(&mut self, at: usize, call: &Call) {
        let resource = match &call.target {
            Some(End::Own(target)) => self.scope.resources.get(*target).map(|r| self.scope.arn(&r.id)),
            Some(End::Named(text, _)) => Some(text.clone()),
            None => None,
        };
        self.summary.rights.push(Right {
            actor: End::Own(at),
            deny: false,
            actions: vec![call.action.clone()],
            not_actions: false,
            resources: vec![resource.unwrap_or_else(|| Text::literal("*"))],
            not_resources: false,
            conditions: Vec::new(),
            standing: Standing::Written,
            condition: None,
            span: call.span,
            only: Some(vec![call.clone()]),
        });
    }
}

/// What rules ask of a call.
fn facts(made: &Made<'_>, at: usize, target: Span) -> BTreeMap<Name, Fact> {
    let mut facts: BTreeMap<Name, Fact> = BTreeMap::new();
    let mut add = |name: &str, value: FactValue, span: Span| drop(facts.insert(name.into(), Fact { value, span, written: true }));
    add("by", FactValue::Ends(vec![End::Own(at)]), made.span);
    add("task", FactValue::Bool(true), made.state.get("Type").map_or(made.span, |node| node.span));
    add("target", FactValue::Bool(true), target);
    if !made.action.is_empty() {
        add("action", FactValue::Text(Text::literal(made.action)), made.span);
    }
    for (name, keys) in [("timeout", ["TimeoutSeconds", "TimeoutSecondsPath"]), ("heartbeat", ["HeartbeatSeconds", "HeartbeatSecondsPath"])]
    {
        if let Some(node) = keys.iter().find_map(|key| made.state.get(key)) {
            add(name, node.as_f64().map_or(FactValue::Unknown, FactValue::Number), node.span);
        }
    }
    for (name, key) in [("retry", "Retry"), ("catch", "Catch")] {
        if let Some(node) = made.state.get(key) {
            add(name, FactValue::Number(node.items().len() as f64), node.span);
        }
    }
    if made.token {
        add("token", FactValue::Bool(true), made.span);
    }
    facts
}

/// Whether a text is computed by the machine: a path into its data, or an expression of JSONata.
fn computed(text: &Text) -> bool {
    let written = text.to_string();
    written.starts_with("$.") || written.starts_with("$$.") || written.starts_with("{%") || written.starts_with("States.")
}

/// A definition with `${name}` replaced where the name is among the substitutions.
fn substituted(node: &Node, values: &Node, depth: usize) -> Node {
    let Some(depth) = depth.checked_sub(1) else { return node.clone() };
    match &node.data {
        Data::Text(text) if values.entries().iter().any(|e| text.contains(&format!("${{{}}}", e.key))) => {
            let only = values.entries().iter().find(|e| **text == *format!("${{{}}}", e.key));
            match only {
                Some(entry) => entry.value.clone(),
                None => Node::call(node.span, "Fn::Sub", Node::list(node.span, vec![node.clone(), values.clone()])),
            }
        }
        Data::List(items) => Node::new(node.span, Data::List(items.iter().map(|i| substituted(i, values, depth)).collect())),
        Data::Map(entries) => {
            let entry = |e: &Entry| Entry { value: substituted(&e.value, values, depth), ..e.clone() };
            Node::new(node.span, Data::Map(entries.iter().map(entry).collect()))
        }
        _ => node.clone(),
    }
}
