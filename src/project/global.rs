//! Texts that mean the same in every stack: logical ids and parameters with the stack that they are of, and in place of
//! an import, a parameter or a stored value that is known, that value.

use crate::base::{Name, Span};
use crate::template::{Segment, Shared, Summary, Text};
use rustc_hash::{FxHashMap, FxHashSet};

/// What only the team knows: a parameter of one stack is given an output of another.
#[derive(Clone, Debug)]
pub struct Link {
    /// The stack and its parameter.
    pub parameter: (Name, Name),
    /// The stack and its output.
    pub output: (Name, Name),
    /// Where it is written.
    pub span: Span,
}

/// The most values that lead to each other: an import of an export of an import.
const MOST_STEPS: usize = 8;

/// What the names of each stack stand for.
#[derive(Default)]
pub(super) struct Globals {
    /// By stack and parameter: the stack in which its value is to be read, and the value.
    parameters: FxHashMap<(usize, Name), (usize, Text)>,
    /// The parameters among them that another stack gives, and that are not only defaults.
    given: FxHashMap<usize, FxHashSet<Name>>,
    /// By stack, logical id of a nested stack, and output.
    outputs: FxHashMap<(usize, Name, Name), (usize, Text)>,
    /// By name: the stack that exports it, and the value.
    exports: FxHashMap<String, (usize, Text)>,
    /// By name: the stack that writes it to the Parameter Store, and the value.
    stored: FxHashMap<String, (usize, Text)>,
    /// The names of the stacks.
    names: Vec<Name>,
    /// Links that name something that does not exist.
    pub unlinked: Vec<Link>,
}

impl Globals {
    /// Collects what all stacks give each other.
    pub(super) fn of(stacks: &[Summary], links: &[Link]) -> Globals {
        let mut globals = Globals { names: stacks.iter().map(|stack| stack.name.clone()).collect(), ..Globals::default() };
        let by_name: FxHashMap<&Name, usize> = stacks.iter().enumerate().map(|(at, s)| (&s.name, at)).collect();
        for (at, stack) in stacks.iter().enumerate() {
            for parameter in &stack.parameters {
                if let (Some(name), Some(value)) = (parameter.name.as_literal(), &parameter.value) {
                    globals.parameters.insert((at, name.into()), (at, value.clone()));
                }
            }
        }
        for link in links {
            let stack = |name: &Name| by_name.get(name).and_then(|at| Some((*at, stacks.get(*at)?)));
            let named = |shared: &[Shared], name: &Name| shared.iter().find(|s| s.name.as_literal() == Some(name)).cloned();
            let to = stack(&link.parameter.0).filter(|(_, s)| named(&s.parameters, &link.parameter.1).is_some());
            let from = stack(&link.output.0).and_then(|(at, s)| Some((at, named(&s.outputs, &link.output.1)?.value?)));
            match (to, from) {
                (Some((to, _)), Some(from)) => globals.give(to, &link.parameter.1, from),
                _ => globals.unlinked.push(link.clone()),
            }
        }
        for (at, stack) in stacks.iter().enumerate() {
            globals.nested(at, stack, stacks, &by_name);
        }
        // Names of exports and of stored values can be built from parameters: they come last.
        for (at, stack) in stacks.iter().enumerate() {
            for export in &stack.exports {
                if let Some(value) = &export.value {
                    let name = globals.of_text(at, &export.name).to_string();
                    globals.exports.entry(name).or_insert_with(|| (at, value.clone()));
                }
            }
            for stored in &stack.stored {
                let name = globals.of_text(at, &stored.name).to_string();
                globals.stored.entry(name).or_insert_with(|| (at, stored.value.clone()));
            }
        }
        globals
    }

    /// The parameters and outputs of the stacks that a stack nests.
    fn nested(&mut self, at: usize, stack: &Summary, stacks: &[Summary], by_name: &FxHashMap<&Name, usize>) {
        for nested in &stack.nested {
            let Some(child) = nested.file.as_ref().and_then(|file| by_name.get(file)).copied() else { continue };
            for parameter in &nested.parameters {
                if let (Some(name), Some(value)) = (parameter.name.as_literal(), &parameter.value) {
                    self.give(child, &name.into(), (at, value.clone()));
                }
            }
            for output in stacks.get(child).into_iter().flat_map(|s| &s.outputs) {
                if let (Some(name), Some(value)) = (output.name.as_literal(), &output.value) {
                    self.outputs.insert((at, nested.id.clone(), name.into()), (child, value.clone()));
                }
            }
        }
    }

    fn give(&mut self, stack: usize, parameter: &Name, value: (usize, Text)) {
        self.given.entry(stack).or_default().insert(parameter.clone());
        self.parameters.insert((stack, parameter.clone()), value);
    }

    /// Whether another stack gives a stack any parameter.
    pub(super) fn is_given(&self, stack: usize) -> bool {
        self.given.contains_key(&stack)
    }

    /// What another stack gives to a parameter, and the name of the stack in which that is to be read.
    pub(super) fn given(&self, stack: usize, parameter: &str) -> Option<(&Name, &Text)> {
        let mut key = (stack, Name::from(parameter));
        let mut found = None;
        for _ in 0..MOST_STEPS {
            let Some((at, text)) = self.parameters.get(&key).filter(|_| self.given.get(&key.0).is_some_and(|g| g.contains(&key.1))) else {
                break;
            };
            found = Some((self.names.get(*at)?, text));
            let [Segment::Parameter(name)] = text.segments() else { break };
            key = (*at, name.clone());
        }
        found
    }

    /// A text of a stack, as every stack can compare it.
    pub(super) fn of_text(&self, stack: usize, text: &Text) -> Text {
        self.within(stack, text, MOST_STEPS)
    }

    fn within(&self, stack: usize, text: &Text, steps: usize) -> Text {
        let mut out = Text::default();
        self.add(stack, text, steps, &mut out);
        out
    }

    fn add(&self, stack: usize, text: &Text, steps: usize, out: &mut Text) {
        for segment in text.segments() {
            let Some(steps) = steps.checked_sub(1) else {
                out.push(Segment::Unknown("it leads to itself".into()));
                continue;
            };
            match self.value(stack, segment, steps) {
                Some((at, value)) => self.add(*at, value, steps, out),
                None => out.push(self.owned(stack, segment, steps)),
            }
        }
    }

    /// What a segment stands for, and the stack in which that is to be read.
    fn value(&self, stack: usize, segment: &Segment, steps: usize) -> Option<&(usize, Text)> {
        match segment {
            Segment::Parameter(name) => self.parameters.get(&(stack, name.clone())),
            Segment::Attribute(id, attribute) => {
                let output = attribute.strip_prefix("Outputs.")?;
                self.outputs.get(&(stack, id.clone(), output.into()))
            }
            Segment::Import(name) => self.exports.get(&self.within(stack, name, steps).to_string()),
            Segment::Stored(name) => self.stored.get(&self.within(stack, name, steps).to_string()),
            Segment::Literal(_) | Segment::Pseudo(_) | Segment::Unknown(_) => None,
        }
    }

    /// A segment with the stack that it is of. Stacks of a project are deployed to one account and one region.
    fn owned(&self, stack: usize, segment: &Segment, steps: usize) -> Segment {
        let of = |name: &Name| -> Name { format!("{stack}/{name}").into() };
        match segment {
            Segment::Attribute(id, attribute) => Segment::Attribute(of(id), attribute.clone()),
            Segment::Parameter(name) => Segment::Parameter(of(name)),
            // A stack is deployed under the name by which the project knows it.
            Segment::Pseudo(name) if &**name == "AWS::StackName" => {
                self.names.get(stack).map_or_else(|| Segment::Pseudo(of(name)), |known| Segment::Literal(known.clone()))
            }
            Segment::Pseudo(name) if &**name == "AWS::StackId" => Segment::Pseudo(of(name)),
            Segment::Import(name) => Segment::Import(self.within(stack, name, steps)),
            Segment::Stored(name) => Segment::Stored(self.within(stack, name, steps)),
            Segment::Literal(_) | Segment::Pseudo(_) | Segment::Unknown(_) => segment.clone(),
        }
    }
}
