//! Walks the steps of kinds, verbs and events with their loops and conditions, and names what they emit.
//! Knows nothing of what becomes of a step.

use super::eval::Env;
use super::ids::labelled;
use crate::base::Name;
use crate::model::{Attribute, Cond, Emit, InstanceId, Leaf, Step, Value};
use rustc_hash::FxHashMap;

/// A step in its place: with its environment, the keys of the loops around it and its condition.
pub struct Placed<'s, 'w> {
    /// The step.
    pub leaf: &'s Leaf,
    /// Where its expressions are evaluated.
    pub env: Env<'w>,
    /// What tells the turns of the loops around it apart.
    pub keys: Vec<Name>,
    /// When it is there; always if none.
    pub condition: Option<Cond>,
}

/// Both conditions.
pub fn both(a: &Option<Cond>, b: Option<Cond>) -> Option<Cond> {
    Cond::all([a.clone(), b])
}

/// The attribute of a name, if there.
pub fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes.iter().find(|a| &*a.name == name)
}

impl<'w> Env<'w> {
    /// Visits each step, in its place.
    pub fn walk<'s>(&self, steps: &'s [Step], visit: &mut dyn FnMut(Placed<'s, 'w>)) {
        self.walk_in(steps, &[], &None, visit);
    }

    fn walk_in<'s>(&self, steps: &'s [Step], keys: &[Name], condition: &Option<Cond>, visit: &mut dyn FnMut(Placed<'s, 'w>)) {
        let mut env = self.clone();
        for step in steps {
            match step {
                Step::Leaf(leaf) => visit(Placed { leaf, env: env.clone(), keys: keys.to_vec(), condition: condition.clone() }),
                Step::Let(name, expr) => {
                    let value = env.eval(expr);
                    env.set(name, value);
                }
                Step::If(test, then, otherwise) => match env.condition(test) {
                    Some(Ok(true)) => env.walk_in(then, keys, condition, visit),
                    Some(Ok(false)) => env.walk_in(otherwise, keys, condition, visit),
                    Some(Err(cond)) => {
                        env.walk_in(then, keys, &both(condition, Some(cond.clone())), visit);
                        env.walk_in(otherwise, keys, &both(condition, Some(Cond::Not(cond.into()))), visit);
                    }
                    None => {}
                },
                Step::For { names, over, by, steps } => {
                    for (turn, id) in env.turns(names, over) {
                        let key = by.as_ref().and_then(|by| turn.constant_text(by)).unwrap_or(id);
                        let mut keys = keys.to_vec();
                        keys.push(key);
                        turn.bind_labels(steps, &keys).walk_in(steps, &keys, condition, visit);
                    }
                }
            }
        }
    }

    /// Inside a loop, a label means the resource of this turn.
    fn bind_labels(mut self, steps: &[Step], keys: &[Name]) -> Env<'w> {
        let owner = self.owner();
        for step in steps {
            if let Step::Leaf(Leaf::Emit(emit)) = step {
                self.set(&emit.label, Value::Resource(labelled(&owner, &emit.label, keys)));
            }
        }
        self
    }

    /// What the logical ids of emitted resources begin with: of the edge, if one is walked, or of the declaration.
    pub fn owner(&self) -> Name {
        if let Some(Value::Resource(owner)) = self.locals.get("edge owner") {
            return owner.clone();
        }
        match self.scope {
            super::eval::Scope::Kind(id) => self.world.instance(id).map_or("".into(), |i| i.logical.clone()),
            super::eval::Scope::Frame(_) => "".into(),
        }
    }

    /// The logical id of a resource that is emitted here.
    pub fn logical(&self, emit: &Emit, keys: &[Name]) -> Name {
        labelled(&self.owner(), &emit.label, keys)
    }

    /// The environment of an edge's steps: its labels, and a name of its own for what they emit.
    pub fn for_edge(mut self, owner: &Name, steps: &[Step]) -> Env<'w> {
        self.set(&"edge owner".into(), Value::Resource(owner.clone()));
        for (label, value) in self.labels_of(steps) {
            self.set(&label, value);
        }
        self
    }

    fn labels_of(&self, steps: &[Step]) -> FxHashMap<Name, Value> {
        let mut labels: FxHashMap<Name, Value> = FxHashMap::default();
        let looped = |labels: &mut FxHashMap<Name, Value>, label: &Name, id: Name, keys: &[Name]| {
            if keys.is_empty() {
                labels.insert(label.clone(), Value::Resource(id));
                return;
            }
            let before = labels.remove(label);
            let list = before.as_ref().and_then(Value::as_list).unwrap_or(&[]);
            let list = list.iter().cloned().chain([Value::Resource(id)]).collect();
            labels.insert(label.clone(), Value::list(list));
        };
        self.walk(steps, &mut |placed| {
            if let Leaf::Emit(emit) = placed.leaf {
                let id = placed.env.logical(emit, &placed.keys);
                looped(&mut labels, &emit.label, id, &placed.keys);
            }
        });
        declare_empty(steps, false, &mut labels);
        labels
    }

    /// What a label of a kind means: a resource, the resources of a loop, nothing if it is not emitted.
    pub fn label(&self, id: InstanceId, name: &str) -> Option<Value> {
        let instance = self.world.instance(id)?;
        let info = instance.kind()?;
        if let Some(labels) = instance.labels.get() {
            return labels.get(name).cloned();
        }
        if name == "main" {
            return Some(Value::Resource(instance.logical.clone()));
        }
        if !has_label(&info.kind.steps, name) {
            return None;
        }
        let env = Env { trail: self.trail, ..Env::kind(self.world, id) };
        let labels = env.labels_of(&info.kind.steps);
        instance.labels.get_or_init(|| labels).get(name).cloned()
    }
}

pub(super) fn has_label(steps: &[Step], name: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Leaf(Leaf::Emit(emit)) => *emit.label == *name,
        Step::If(_, a, b) => has_label(a, name) || has_label(b, name),
        Step::For { steps, .. } => has_label(steps, name),
        _ => false,
    })
}

/// A label that is not emitted means nothing, or no resources at all in a loop.
fn declare_empty(steps: &[Step], looped: bool, labels: &mut FxHashMap<Name, Value>) {
    for step in steps {
        match step {
            Step::Leaf(Leaf::Emit(emit)) => {
                labels.entry(emit.label.clone()).or_insert_with(|| if looped { Value::list(Vec::new()) } else { Value::None });
            }
            Step::If(_, a, b) => {
                declare_empty(a, looped, labels);
                declare_empty(b, looped, labels);
            }
            Step::For { steps, .. } => declare_empty(steps, true, labels),
            _ => {}
        }
    }
}
