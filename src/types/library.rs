//! The standard library, and the kinds that a project declares itself. Knows nothing of instances.

use super::resolve::{Types, resolve};
use crate::base::{Diagnostic, FileId, Name};
use crate::model::{Expr, ItemNode, Kind, Parameter, Type, TypeExpr, Value};
use crate::{names, syntax};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock};

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/stdlib.rs"));
}

/// The first file id of the standard library's files.
pub const STDLIB_FILES: u32 = 1 << 24;

/// A kind with its types resolved.
#[derive(Debug)]
pub struct KindInfo {
    /// The kind as declared.
    pub kind: Arc<Kind>,
    /// The types of its properties, in their order.
    pub properties: Vec<Type>,
    /// The types of its verbs' parameters.
    pub verbs: FxHashMap<Name, Vec<Type>>,
    /// The types of its events' parameters, in the order of events.
    pub events: Vec<Vec<Type>>,
}

/// All kinds, by name.
#[derive(Debug, Default)]
pub struct Library {
    kinds: IndexMap<Name, Arc<KindInfo>>,
    constants: FxHashMap<Name, (Expr, OnceLock<Value>)>,
    aliases: FxHashMap<Name, TypeExpr>,
}

impl Library {
    /// The standard library as it was built in.
    pub fn standard(out: &mut Vec<Diagnostic>) -> Library {
        let mut library = Library::default();
        let mut kinds = Vec::new();
        for (at, (_, text)) in embedded::FILES.iter().enumerate() {
            let parsed = syntax::parse(FileId(STDLIB_FILES + at as u32), Arc::from(*text));
            out.extend(parsed.diagnostics);
            let module = names::collect(&parsed.tree, out);
            for item in module.items {
                match item.node {
                    ItemNode::Kind(kind) => kinds.push(kind),
                    ItemNode::Type { name, ty, .. } => {
                        library.aliases.insert(name, ty);
                    }
                    ItemNode::Let { name, value, .. } => {
                        library.constants.insert(name, (value, OnceLock::new()));
                    }
                    _ => out.push(Diagnostic::error(
                        "misplaced-statement",
                        item.span,
                        "the standard library holds kinds, types and constants only",
                    )),
                }
            }
        }
        library.add(kinds, out);
        library
    }

    /// The path and the text of a file of the standard library.
    pub fn file(file: FileId) -> Option<(&'static str, &'static str)> {
        embedded::FILES.get(file.0.checked_sub(STDLIB_FILES)? as usize).copied()
    }

    /// Adds kinds, which may name each other.
    pub fn add(&mut self, kinds: Vec<Arc<Kind>>, out: &mut Vec<Diagnostic>) {
        let names: Vec<Name> = kinds.iter().map(|k| k.name.clone()).collect();
        for kind in &kinds {
            let empty = KindInfo { kind: kind.clone(), properties: Vec::new(), verbs: FxHashMap::default(), events: Vec::new() };
            if let Some(first) = self.kinds.insert(kind.name.clone(), Arc::new(empty)) {
                let message = format!("the kind `{}` is declared twice", kind.name);
                out.push(Diagnostic::error("duplicate-name", kind.span, message).also(first.kind.span, "declared here first"));
            }
        }
        for name in names {
            let Some(kind) = self.kinds.get(&name).map(|info| info.kind.clone()) else { continue };
            let info = self.resolved(kind, out);
            self.kinds.insert(name, Arc::new(info));
        }
    }

    fn resolved(&self, kind: Arc<Kind>, out: &mut Vec<Diagnostic>) -> KindInfo {
        let mut of = |ty: &TypeExpr| resolve(ty, self, out);
        let properties = kind.properties.values().map(|p| of(&p.ty)).collect();
        let mut parameters = |ps: &[Parameter]| ps.iter().map(|p| p.ty.as_ref().map_or(Type::Any, &mut of)).collect::<Vec<_>>();
        let verbs = kind.verbs.values().map(|v| (v.name.clone(), parameters(&v.parameters))).collect();
        let events = kind.events.iter().map(|e| parameters(&e.parameters)).collect();
        KindInfo { kind, properties, verbs, events }
    }

    /// A kind by its name.
    pub fn kind(&self, name: &str) -> Option<&Arc<KindInfo>> {
        self.kinds.get(name)
    }

    /// A constant of the standard library: a table of facts that kinds look things up in.
    pub(super) fn constant(&self, name: &str, compute: impl FnOnce(&Expr) -> Value) -> Option<Value> {
        let (expr, value) = self.constants.get(name)?;
        Some(value.get_or_init(|| compute(expr)).clone())
    }

    /// All kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<KindInfo>> {
        self.kinds.values()
    }
}

impl Types for Library {
    fn alias(&self, name: &str) -> Option<TypeExpr> {
        self.aliases.get(name).cloned()
    }

    fn is_kind(&self, name: &str) -> bool {
        self.kinds.contains_key(name)
    }

    fn known(&self) -> Vec<Name> {
        self.kinds.keys().cloned().chain(self.aliases.keys().cloned()).collect()
    }
}
