//! Makes declarations real: loops, conditions and components become instances. Knows nothing of properties' meaning.

use super::eval::Env;
use super::ids::{camel, is_valid, keyed};
use super::resolve::{Types, resolve};
use super::steps::both;
use super::world::{Binding, Component, FrameId, Instance, Made, StackOutput, StackParam, World};
use crate::base::budget::COMPONENT_DEPTH;
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Attribute, Cond, Decl, Deploy, Entry, Expr, InstanceId, Item, ItemNode, Node, Type, TypeExpr, Value};
use crate::names::nearest;
use std::sync::{Arc, OnceLock};

/// Where declarations are made real.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) frame: FrameId,
    /// The components and loops around, as in names: `workers.`.
    path: String,
    /// The same, as in logical ids.
    logical: String,
    /// The keys of the loops around, the outermost first.
    keys: Vec<Name>,
    /// The components around, by the place of their names, the outermost first.
    inside: Vec<Span>,
    condition: Option<Cond>,
    /// Whether this is never reached, and only looked through for mistakes.
    pub(super) rehearsal: bool,
}

impl Place {
    /// The place of what stands alone.
    fn outermost(frame: FrameId) -> Place {
        Place {
            frame,
            path: String::new(),
            logical: String::new(),
            keys: Vec::new(),
            inside: Vec::new(),
            condition: None,
            rehearsal: false,
        }
    }

    /// The same place, of what is never reached there.
    pub(super) fn rehearsed_in(&self, frame: FrameId) -> Place {
        Place { frame, rehearsal: true, ..self.clone() }
    }

    /// The place of what is never reached.
    pub(super) fn rehearsed(frame: FrameId) -> Place {
        Place { path: "?.".into(), rehearsal: true, ..Place::outermost(frame) }
    }
}

/// The types that a frame and the kinds give names to.
struct InFrame<'a>(&'a World, FrameId);

impl Types for InFrame<'_> {
    fn alias(&self, name: &str) -> Option<TypeExpr> {
        match self.0.lookup(self.1, name).map(|b| &b.to) {
            Some(Binding::Type(ty)) => Some(ty.clone()),
            _ => self.0.library.alias(name),
        }
    }
    fn is_kind(&self, name: &str) -> bool {
        self.0.library.is_kind(name) || matches!(self.0.lookup(self.1, name).map(|b| &b.to), Some(Binding::Component(_)))
    }
    fn known(&self) -> Vec<Name> {
        self.0.library.known()
    }
}

impl World {
    /// Resolves a type that is written in a frame.
    pub fn resolve_type(&self, frame: FrameId, ty: &TypeExpr) -> Type {
        let mut out = Vec::new();
        let resolved = resolve(ty, &InFrame(self, frame), &mut out);
        out.into_iter().for_each(|finding| self.report(finding));
        resolved
    }

    /// Makes the declarations of a file real, in a frame.
    pub fn expand(&mut self, items: &[Item], frame: FrameId, main: bool) {
        self.expand_in(items, &Place::outermost(frame), main);
    }

    /// Makes the declarations that stand for another stack's exports real, in a frame: they are called after the alias,
    /// as the user calls them.
    pub fn expand_import(&mut self, items: &[Item], frame: FrameId, alias: &str) {
        let place = Place { path: format!("{alias}."), logical: camel(alias), ..Place::outermost(frame) };
        self.expand_in(items, &place, false);
    }

    pub(super) fn expand_in(&mut self, items: &[Item], place: &Place, main: bool) {
        stacker::maybe_grow(256 << 10, 4 << 20, || self.expand_items(items, place, main));
    }

    fn expand_items(&mut self, items: &[Item], place: &Place, main: bool) {
        if self.spent() {
            return;
        }
        let mut later: Vec<(&Item, Option<InstanceId>)> = Vec::new();
        for item in items.iter().filter(|i| matches!(i.node, ItemNode::Component { .. } | ItemNode::Type { .. })) {
            self.declare_shape(item, place);
        }
        for item in items {
            match &item.node {
                ItemNode::Let { name, name_span, ty, value } => {
                    let ty = ty.as_ref().map(|ty| self.resolve_type(place.frame, ty));
                    let lazy = Binding::Lazy { expr: Arc::new(value.clone()), frame: place.frame, ty, value: OnceLock::new() };
                    self.bind(place.frame, name, *name_span, lazy);
                }
                ItemNode::Param { name, name_span, ty, default, fields } => {
                    self.param(item, place, (name, *name_span), ty, default, fields)
                }
                ItemNode::Setting { name, name_span, ty, default } => self.setting(place, (name, *name_span), ty, default),
                ItemNode::Decl(decl) => {
                    let id = self.declare(decl, item, place);
                    if let Some(id) = id {
                        self.bind(place.frame, &decl.name, decl.name_span, Binding::One(id));
                        later.push((item, Some(id)));
                    }
                }
                ItemNode::Output { .. } | ItemNode::For { .. } | ItemNode::If { .. } => later.push((item, None)),
                ItemNode::Rule(rule) => self.rules.push((rule.clone(), place.frame)),
                ItemNode::Stack { name, name_span, fields } if main => {
                    self.about = self.block(fields, (name, *name_span), super::blocks::STACK, place.frame);
                }
                _ => {}
            }
        }
        for (item, id) in &later {
            match (&item.node, id) {
                (ItemNode::Decl(decl), Some(id)) => self.expand_component(decl, *id, place),
                (ItemNode::For { names, over, by, items }, _) => self.expand_loop(names, over, by.as_ref(), items, place),
                (ItemNode::If { condition, then, otherwise }, _) => self.expand_if(condition, then, otherwise, place, main),
                _ => {}
            }
        }
        for (item, _) in later {
            if let ItemNode::Output { name, name_span, value, export } = &item.node {
                self.output(item, (name, *name_span), value, *export, place);
            }
        }
    }

    /// An output of a component, or of the stack. Its value is computed when the graph is known.
    fn output(&mut self, item: &Item, (name, span): (&Name, Span), value: &Expr, export: bool, place: &Place) {
        let lazy = Binding::Lazy { expr: Arc::new(value.clone()), frame: place.frame, ty: None, value: OnceLock::new() };
        self.bind(place.frame, &format!("output {name}").into(), span, lazy);
        if !place.path.is_empty() {
            return;
        }
        if !place.keys.is_empty() {
            let message = "an output is not allowed in a loop: each iteration would set it again";
            self.report(
                Diagnostic::error("misplaced-statement", span, message)
                    .help("write it after the loop, of one iteration, as `jobs[\"eu\"].url`, or of all, as `join(\",\", jobs.url)`"),
            );
            return;
        }
        let condition = place.condition.clone();
        self.outputs.push(StackOutput { name: name.clone(), span, value: Value::None, doc: item.doc.clone(), export, condition });
    }

    fn declare_shape(&mut self, item: &Item, place: &Place) {
        match &item.node {
            ItemNode::Type { name, name_span, ty } => self.bind(place.frame, name, *name_span, Binding::Type(ty.clone())),
            ItemNode::Component { name, name_span, parameters, items } => {
                let component = Component {
                    name: name.clone(),
                    span: *name_span,
                    parameters: parameters.clone(),
                    items: items.clone(),
                    frame: place.frame,
                };
                self.bind(place.frame, name, *name_span, Binding::Component(Arc::new(component)));
            }
            _ => {}
        }
    }

    fn param(
        &mut self,
        item: &Item,
        place: &Place,
        (name, span): (&Name, Span),
        ty: &Option<TypeExpr>,
        default: &Option<Expr>,
        fields: &[Entry],
    ) {
        let env = Env::frame(self, place.frame);
        let type_span = ty.as_ref().map(|ty| ty.span);
        let ty = ty.as_ref().map_or(Type::String, |ty| self.resolve_type(place.frame, ty));
        let default = default.as_ref().map(|d| env.conform(env.eval(d), &ty, d, name));
        let about = self.block(fields, (name, span), super::blocks::PARAM, place.frame);
        self.check_param(name, &camel(name), span);
        let secret = about.get("secret") == Some(&Value::Bool(true));
        let scalar = matches!(
            ty.bare(),
            Type::Bool | Type::Int | Type::Float | Type::String | Type::Quantity(_) | Type::Words(_) | Type::Cidr | Type::Error
        );
        if !scalar {
            let message = format!("the parameter `{name}` cannot be a {ty}: CloudFormation's parameters are texts and numbers");
            self.report(
                Diagnostic::error("unsupported-parameter", span, message)
                    .help("use a `setting`: its value is given when the template is written"),
            );
        }
        let value = Value::deploy(Deploy::Param(camel(name).into(), ty.clone()));
        self.bind(place.frame, name, span, Binding::Value(value));
        let doc = about.get("description").and_then(Value::as_str).map_or_else(|| item.doc.clone(), str::to_string);
        self.params.push(StackParam { name: camel(name).into(), declared: name.clone(), span, ty, type_span, default, doc, secret });
    }

    fn setting(&mut self, place: &Place, (name, span): (&Name, Span), ty: &Option<TypeExpr>, default: &Option<Expr>) {
        let env = Env::frame(self, place.frame);
        let ty = ty.as_ref().map_or(Type::String, |ty| self.resolve_type(place.frame, ty));
        let at = Expr::new(self.setting_places.get(name).copied().unwrap_or(span), Node::Missing);
        let value = match (self.settings.get(name), default) {
            (Some(given), _) => env.conform(super::settings::read(given, &ty), &ty, &at, name),
            (None, Some(default)) => env.conform(env.eval(default), &ty, default, name),
            (None, None) if self.rehearsal => Value::Missing,
            (None, None) => {
                let message = format!("the setting `{name}` has no value");
                env.fail(
                    Diagnostic::error("setting-without-value", span, message)
                        .help(format!("give it one with `--set {name}=...` or in `purlin.toml`, or a default here")),
                )
            }
        };
        self.bind(place.frame, name, span, Binding::Value(value));
    }

    fn declare(&mut self, decl: &Arc<Decl>, item: &Item, place: &Place) -> Option<InstanceId> {
        if !(place.keys.is_empty() && place.inside.is_empty() || self.may_declare(decl.name_span)) {
            return None;
        }
        let made = self.made(decl, place.frame);
        let id = InstanceId(u32::try_from(self.instances.len()).ok()?);
        let slots = match &made {
            Made::Kind(info) => info.kind.properties.iter().map(|_| OnceLock::new()).collect(),
            _ => Vec::new(),
        };
        let own = self.own_id(&item.attributes).unwrap_or_else(|| format!("{}{}", place.logical, camel(&decl.name)));
        let logical: Name = keyed(&own, &place.keys).into();
        let keys: String = place.keys.iter().map(|key| format!("[{key}]")).collect();
        let name: Name = format!("{}{}{keys}", place.path, decl.name).into();
        if place.rehearsal || decl.imported {
            // It takes no name from what is real.
        } else if let Some(first) = self.logical.get(&logical).and_then(|id| self.instance(*id)) {
            if first.name != name {
                let message = format!("`{name}` and `{}` both produce the logical id `{logical}`", first.name);
                let finding = Diagnostic::error("duplicate-logical-id", decl.name_span, message).also(first.decl.name_span, "the other");
                self.report(finding.help("rename one, or set another logical id with `@id(\"...\")`"));
            }
        } else if !matches!(made, Made::Component(..)) {
            self.logical.insert(logical.clone(), id);
        }
        let condition = place.condition.clone();
        self.instances.push(Instance {
            id,
            name,
            logical,
            decl: decl.clone(),
            made,
            frame: place.frame,
            condition,
            slots,
            labels: OnceLock::new(),
        });
        Some(id)
    }

    /// The logical id that `@id("...")` asks for.
    fn own_id(&self, attributes: &[Attribute]) -> Option<String> {
        let attribute = super::steps::attribute(attributes, "id")?;
        let (span, found) = match attribute.arguments.as_slice() {
            [only] => match &only.value.node {
                Node::Literal(Value::Str(text)) if is_valid(text) => return Some(text.to_string()),
                Node::Literal(Value::Str(text)) => (only.value.span, format!(", found \"{text}\"")),
                _ => (only.value.span, String::new()),
            },
            _ => (attribute.span, String::new()),
        };
        let message = format!("a logical id has 1 to 255 letters and digits{found}");
        self.report(Diagnostic::error("bad-logical-id", span, message).help("write `@id(\"OrdersQueue\")`: A-Z, a-z and 0-9 only"));
        None
    }

    fn made(&mut self, decl: &Decl, frame: FrameId) -> Made {
        if let Some((resource, _)) = &decl.resource {
            return Made::Resource(resource.clone());
        }
        let (scope, name) = match decl.kind.split_once('.') {
            Some((alias, name)) => match self.lookup(frame, alias).map(|b| &b.to) {
                Some(Binding::Module(module)) => (*module, Name::from(name)),
                _ => (frame, decl.kind.clone()),
            },
            None => (frame, decl.kind.clone()),
        };
        if let Some(Binding::Component(component)) = self.lookup(scope, &name).map(|b| &b.to) {
            let component = component.clone();
            self.used.insert(component.span);
            let inner = self.frame(Some(component.frame));
            return Made::Component(component, inner);
        }
        if let Some(info) = self.library.kind(&name) {
            return Made::Kind(info.clone());
        }
        let mut finding = Diagnostic::error("unknown-kind", decl.kind_span, format!("there is no kind `{name}`"));
        let known: Vec<Name> = self.library.names().cloned().collect();
        match nearest(&name, known.iter().map(|n| &**n)) {
            Some(near) => {
                finding = finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), decl.kind_span, near)
            }
            None => {
                finding = finding.help(format!(
                    "kinds are {}; `resource \"AWS::...\" {}` takes any CloudFormation type",
                    known.join(", "),
                    decl.name
                ))
            }
        }
        self.report(finding);
        Made::Unknown
    }

    fn expand_component(&mut self, decl: &Arc<Decl>, id: InstanceId, place: &Place) {
        let Some(Made::Component(component, inner)) = self.instance(id).map(|i| i.made.clone()) else { return };
        if place.inside.contains(&component.span) {
            let message = format!("the component `{}` uses itself", component.name);
            self.report(Diagnostic::error("recursive-component", decl.kind_span, message).also(component.span, "declared here"));
            return;
        }
        if place.inside.len() >= COMPONENT_DEPTH {
            let message = format!("components are nested more than {COMPONENT_DEPTH} deep here");
            return self.exceeded(decl.kind_span, &message, "use fewer components within components");
        }
        let mut around = place.inside.clone();
        around.push(component.span);
        let known = || component.parameters.iter().map(|p| &*p.name);
        for parameter in &component.parameters {
            let ty = parameter.ty.as_ref().map(|ty| self.resolve_type(component.frame, ty));
            // A default is of the component's own file: under `if` it stands there as a value.
            let otherwise = || {
                let env = Env::frame(self, component.frame);
                let value = parameter.default.as_ref().map_or(Value::None, |default| env.eval(default));
                Expr::new(decl.name_span, Node::Literal(value))
            };
            let given = super::fields::given(decl, &parameter.name, &otherwise).map(std::borrow::Cow::into_owned);
            let (expr, frame) = match (given, &parameter.default) {
                (Some(expr), _) => (expr, place.frame),
                (None, Some(default)) => (default.clone(), component.frame),
                (None, None) if ty.as_ref().is_some_and(Type::optional) => {
                    (Expr::new(parameter.span, Node::Literal(Value::None)), component.frame)
                }
                (None, None) if super::fields::misspelt(decl, known, &parameter.name) => (Expr::missing(decl.name_span), place.frame),
                (None, None) => {
                    let message = format!("`{}` has no `{}`", decl.name, parameter.name);
                    let finding = Diagnostic::error("missing-property", decl.name_span, message)
                        .also(parameter.span, "the component asks for it here");
                    self.report(finding.help(format!("add `{} = ...`", parameter.name)));
                    (Expr::missing(decl.name_span), place.frame)
                }
            };
            let lazy = Binding::Lazy { expr: Arc::new(expr), frame, ty, value: OnceLock::new() };
            self.bind(inner, &parameter.name, parameter.span, lazy);
        }
        let mut unknown = Vec::new();
        super::fields::each(&decl.body, &mut |field| {
            let super::fields::Written::Field(key, span) = field else { return }; // Misplaced fields are reported with those of kinds.
            if component.parameters.iter().any(|p| p.name == *key) {
                return;
            }
            let message = format!("the component `{}` has no `{key}`", component.name);
            let finding = Diagnostic::error("unknown-property", span, message).also(component.span, "declared here");
            unknown.push(match nearest(key, known()) {
                Some(near) => finding.help(format!("did you mean `{near}`?")).fix(format!("change it to `{near}`"), span, near),
                None if component.parameters.is_empty() => finding.help("it takes no parameters"),
                None => finding.help(format!("it has {}", known().collect::<Vec<_>>().join(", "))),
            });
        });
        unknown.into_iter().for_each(|finding| self.report(finding));
        let Some(instance) = self.instance(id) else { return };
        let inside = Place {
            frame: inner,
            path: format!("{}.", instance.name),
            logical: instance.logical.to_string(),
            keys: Vec::new(),
            inside: around,
            condition: place.condition.clone(),
            rehearsal: place.rehearsal,
        };
        self.expand_in(&component.items, &inside, false);
    }

    fn expand_loop(&mut self, names: &[Name], over: &Expr, by: Option<&Expr>, items: &[Item], place: &Place) {
        let env = Env::frame(self, place.frame);
        let mut turns: Vec<(Vec<(Name, Value)>, Name)> = Vec::new();
        let mut keyless = false;
        for (turn, id) in env.turns(names, over) {
            let key = by.and_then(|by| turn.constant_text(by));
            let locals = turn.locals.oldest_first();
            keyless |= key.is_none() && matches!(locals.first(), Some((_, Value::Record(_) | Value::List(_))));
            turns.push((locals, key.unwrap_or(id)));
        }
        if keyless {
            let message = "each iteration of this loop needs a unique key";
            self.report(
                Diagnostic::error("loop-without-key", over.span, message)
                    .help("name the key, as in `for x in xs by x.name`; it becomes part of the logical ids"),
            );
            return;
        }
        if turns.is_empty() {
            self.pass_over(items);
            if self.rehearsal {
                self.rehearse_loop(names, over, items, place);
            }
        }
        if let Some(key) = repeated(turns.iter().map(|(_, key)| key)) {
            let span = by.map_or(over.span, |by| by.span);
            let message = format!("two iterations of this loop have the key \"{key}\"");
            self.report(
                Diagnostic::error("duplicate-loop-key", span, message)
                    .help("each iteration needs a unique key: remove the repetition, or choose another key, as `for x in xs by x.name`"),
            );
            return;
        }
        let mut made: crate::base::FxIndexMap<Name, (Span, Vec<InstanceId>)> = crate::base::FxIndexMap::default();
        for (locals, key) in turns {
            // An iteration costs as much as a declaration, also an empty one.
            if !self.may_declare(over.span) {
                return;
            }
            let frame = self.frame(Some(place.frame));
            for (name, value) in locals {
                self.bind(frame, &name, over.span, Binding::Value(value));
            }
            let mut keys = place.keys.clone();
            keys.push(key);
            let inside = Place { frame, keys, ..place.clone() };
            self.expand_in(items, &inside, false);
            let Some(frame) = self.frames.get(frame.0 as usize) else { continue };
            for (name, bound) in &frame.names {
                let ids: &[InstanceId] = match &bound.to {
                    Binding::One(id) => std::slice::from_ref(id),
                    Binding::Many(ids) => ids,
                    _ => &[],
                };
                if !ids.is_empty() {
                    made.entry(name.clone()).or_insert((bound.span, Vec::new())).1.extend(ids);
                }
            }
        }
        for (name, (span, ids)) in made {
            self.bind(place.frame, &name, span, Binding::Many(ids));
        }
    }

    fn expand_if(&mut self, condition: &Expr, then: &[Item], otherwise: &[Item], place: &Place, main: bool) {
        let decided = Env::frame(self, place.frame).condition(condition);
        match decided {
            Some(Ok(taken)) => {
                let (taken, other) = if taken { (then, otherwise) } else { (otherwise, then) };
                self.expand_in(taken, place, main);
                self.pass_over(other);
                if self.rehearsal {
                    self.rehearse_branch(condition, other, place);
                }
            }
            Some(Err(cond)) => {
                let condition = both(&place.condition, Some(cond.clone()));
                self.expand_in(then, &Place { condition, ..place.clone() }, main);
                let condition = both(&place.condition, Some(Cond::Not(cond.into())));
                self.expand_in(otherwise, &Place { condition, ..place.clone() }, main);
            }
            None => {}
        }
    }
}

/// The first key that occurs twice.
fn repeated<'a>(keys: impl Iterator<Item = &'a Name>) -> Option<&'a Name> {
    let mut seen = rustc_hash::FxHashSet::default();
    keys.into_iter().find(|key| !seen.insert(*key))
}
