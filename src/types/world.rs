//! Everything a program declares, made real: frames of names and instances of declarations.
//! Knows nothing of the event graph and of CloudFormation's JSON.

use super::library::{KindInfo, Library};
use crate::base::{Diagnostic, FxIndexMap, Name, Span};
use crate::model::{Cond, Decl, Expr, InstanceId, Item, Parameter, Type, TypeExpr, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// A frame of names, by its place in the world's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameId(pub u32);

/// The frame of what the standard library declares outside of kinds.
pub const STANDARD: FrameId = FrameId(u32::MAX);

/// Names that are visible together; what is not found is looked up in the parent.
#[derive(Debug, Default)]
pub struct Frame {
    /// The frame around it.
    pub parent: Option<FrameId>,
    /// What its names stand for.
    pub names: FxIndexMap<Name, Bound>,
}

/// What a name stands for, and where it was declared.
#[derive(Debug)]
pub struct Bound {
    /// Where it was declared.
    pub span: Span,
    /// What it stands for.
    pub to: Binding,
}

/// What a name can stand for.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Binding {
    /// A value: a loop's variable, a setting, a parameter.
    Value(Value),
    /// A value that is computed when it is first asked for.
    Lazy { expr: Arc<Expr>, frame: FrameId, ty: Option<Type>, value: OnceLock<Value> },
    /// A declaration.
    One(InstanceId),
    /// The declarations that a loop made.
    Many(Vec<InstanceId>),
    /// A component.
    Component(Arc<Component>),
    /// A type.
    Type(TypeExpr),
    /// What another file declares.
    Module(FrameId),
}

/// A component as declared.
#[derive(Debug)]
pub struct Component {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// What is passed to it.
    pub parameters: Vec<Parameter>,
    /// What it declares.
    pub items: Arc<Vec<Item>>,
    /// The frame in which it is declared.
    pub frame: FrameId,
}

/// What an instance is made of.
#[derive(Clone, Debug)]
pub enum Made {
    /// A kind.
    Kind(Arc<KindInfo>),
    /// A component, with the frame of what it declares.
    Component(Arc<Component>, FrameId),
    /// A CloudFormation type.
    Resource(Name),
    /// A kind that does not exist; reported already.
    Unknown,
}

/// A declaration made real.
#[derive(Debug)]
pub struct Instance {
    /// Its place in the world's list.
    pub id: InstanceId,
    /// Its name with the components and loops it is in: `workers.jobs`, `jobs[eu]`.
    pub name: Name,
    /// The logical id of its main resource.
    pub logical: Name,
    /// As it was written.
    pub decl: Arc<Decl>,
    /// What it is.
    pub made: Made,
    /// The frame in which its expressions are evaluated.
    pub frame: FrameId,
    /// When it is deployed; always if none.
    pub condition: Option<Cond>,
    /// The values of its properties, once asked for.
    pub(super) slots: Vec<OnceLock<Value>>,
    /// The resources that it emits, by label.
    pub(super) labels: OnceLock<FxHashMap<Name, Value>>,
}

/// A parameter of the stack.
#[derive(Clone, Debug)]
pub struct StackParam {
    /// Its name in the template.
    pub name: Name,
    /// Its name in the program.
    pub declared: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its type.
    pub ty: Type,
    /// Where its type is written.
    pub type_span: Option<Span>,
    /// What it is when not given.
    pub default: Option<Value>,
    /// What it is for.
    pub doc: String,
    /// Whether its value is a secret.
    pub secret: bool,
}

/// An output of the stack.
#[derive(Clone, Debug)]
pub struct StackOutput {
    /// Its name.
    pub name: Name,
    /// Where it is declared.
    pub span: Span,
    /// Its value.
    pub value: Value,
    /// What it tells.
    pub doc: String,
    /// Whether other stacks may import it.
    pub export: bool,
    /// When it is there.
    pub condition: Option<Cond>,
}

/// Reads the files that a program names. Given by the session.
pub trait Files: Send + Sync {
    /// The text of a file, by the path as written in the file `from`.
    fn read(&self, from: crate::base::FileId, path: &str) -> Result<String, String>;
    /// The bytes that a package has when it is unpacked: an archive or a folder, by the path as written in the file
    /// `from`. None if it is not there, or is neither.
    fn unpacked(&self, from: crate::base::FileId, path: &str) -> Option<u64>;
}

/// Everything that one stack declares.
pub struct World {
    /// The kinds.
    pub library: Arc<Library>,
    /// The stack's name.
    pub stack: Name,
    /// The stack's description and tags.
    pub about: FxIndexMap<Name, Value>,
    /// The frames.
    pub frames: Vec<Frame>,
    /// The instances.
    pub instances: Vec<Instance>,
    /// The parameters.
    pub params: Vec<StackParam>,
    /// The stacks that it imports from.
    pub imported: Vec<Name>,
    /// The outputs.
    pub outputs: Vec<StackOutput>,
    /// The settings' values as given from outside.
    pub settings: FxHashMap<Name, Value>,
    /// The places of those of the settings' values that a file gives.
    pub setting_places: FxHashMap<Name, Span>,
    /// Numbers that the project sets for rules: quotas of its account, thresholds of its team.
    pub limits: FxHashMap<Name, Value>,
    /// The day by which dates are judged, as `yyyy-mm-dd`.
    pub as_of: Option<Name>,
    /// The door to files.
    pub files: Option<Arc<dyn Files>>,
    /// For each instance and event: whom it wakes, with the arguments. Set when the graph is known.
    pub incoming: OnceLock<FxHashMap<(InstanceId, Name), Vec<Value>>>,
    /// The project's own rules and assertions, with the frames that they are written in.
    pub rules: Vec<(Arc<crate::model::rule::Rule>, FrameId)>,
    /// How declarations stand to each other. Set when the graph is known.
    pub relations: OnceLock<super::relations::Relations>,
    /// Where something stands that was not made real: branches not taken, loops that never turn.
    pub passed_over: Vec<Span>,
    /// The components that were used, by the place of their names.
    pub used: FxHashSet<Span>,
    /// Whether what is never reached is made real too, to find the mistakes in it.
    pub(super) rehearsal: bool,
    /// What stands for arguments that nobody gives.
    pub(super) stand_ins: FxHashSet<InstanceId>,
    /// Who defined each logical id.
    pub(super) logical: FxHashMap<Name, InstanceId>,
    /// What is used of the budgets.
    pub(super) fuel: super::fuel::Fuel,
    /// What an `@allow` permits, with the text that it is about.
    pub allowed: Vec<(Name, Span)>,
    /// The declarations on loops that are allowed. Set when the graph is known.
    pub looped: OnceLock<FxHashSet<InstanceId>>,
    found: Mutex<Vec<Diagnostic>>,
}

impl World {
    /// An empty world.
    pub fn new(library: Arc<Library>, stack: Name) -> World {
        World {
            library,
            stack,
            about: FxIndexMap::default(),
            frames: Vec::new(),
            instances: Vec::new(),
            params: Vec::new(),
            imported: Vec::new(),
            outputs: Vec::new(),
            settings: FxHashMap::default(),
            setting_places: FxHashMap::default(),
            limits: FxHashMap::default(),
            as_of: None,
            files: None,
            incoming: OnceLock::new(),
            rules: Vec::new(),
            relations: OnceLock::new(),
            passed_over: Vec::new(),
            used: FxHashSet::default(),
            rehearsal: false,
            stand_ins: FxHashSet::default(),
            logical: FxHashMap::default(),
            fuel: super::fuel::Fuel::default(),
            allowed: Vec::new(),
            looped: OnceLock::new(),
            found: Mutex::new(Vec::new()),
        }
    }

    /// Adds a finding.
    pub fn report(&self, finding: Diagnostic) {
        if let Ok(mut found) = self.found.lock() {
            found.push(finding);
        }
    }

    /// Takes the findings out.
    pub fn take_findings(&self) -> Vec<Diagnostic> {
        self.found.lock().map(|mut f| std::mem::take(&mut *f)).unwrap_or_default()
    }

    /// An instance by its id.
    pub fn instance(&self, id: InstanceId) -> Option<&Instance> {
        self.instances.get(id.0 as usize)
    }

    /// A new frame.
    pub fn frame(&mut self, parent: Option<FrameId>) -> FrameId {
        self.frames.push(Frame { parent, names: FxIndexMap::default() });
        FrameId(self.frames.len() as u32 - 1)
    }

    /// What a name stands for in a frame or around it.
    pub fn lookup(&self, frame: FrameId, name: &str) -> Option<&Bound> {
        let mut at = Some(frame);
        while let Some(frame) = at.and_then(|id| self.frames.get(id.0 as usize)) {
            if let Some(bound) = frame.names.get(name) {
                return Some(bound);
            }
            at = frame.parent;
        }
        None
    }

    /// Every name that is visible in a frame.
    pub fn visible(&self, frame: FrameId) -> Vec<Name> {
        let mut names = Vec::new();
        let mut at = Some(frame);
        while let Some(frame) = at.and_then(|id| self.frames.get(id.0 as usize)) {
            names.extend(frame.names.keys().cloned());
            at = frame.parent;
        }
        names
    }

    /// Declares a name; a second declaration in the same frame is a finding.
    pub fn bind(&mut self, frame: FrameId, name: &Name, span: Span, to: Binding) {
        if name.is_empty() {
            return;
        }
        let Some(names) = self.frames.get_mut(frame.0 as usize).map(|f| &mut f.names) else { return };
        if let Some(first) = names.get(name) {
            let message = format!("`{name}` is declared twice");
            let finding =
                Diagnostic::error("duplicate-name", span, message).label("declared again here").also(first.span, "declared here first");
            self.report(finding.help("give one of them another name"));
            return;
        }
        names.insert(name.clone(), Bound { span, to });
    }
}

impl Instance {
    /// Its kind, if it is of one.
    pub fn kind(&self) -> Option<&Arc<KindInfo>> {
        match &self.made {
            Made::Kind(info) => Some(info),
            _ => None,
        }
    }

    /// The name of its kind.
    pub fn kind_name(&self) -> &str {
        match &self.made {
            Made::Kind(info) => &info.kind.name,
            Made::Component(component, _) => &component.name,
            Made::Resource(name) => name,
            Made::Unknown => "?",
        }
    }
}
