//! What the call around a place takes: an event, a verb or a built-in function.

use super::hover::documentation;
use super::place::Place;
use crate::model::{Parameter, Type};
use crate::session::Analysis;
use crate::syntax::Kind;
use crate::types::{BUILTINS, Library};

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// It, whole.
    pub label: String,
    /// What it does.
    pub documentation: String,
    /// Its parameters, as they stand in the label, with what they mean.
    pub parameters: Vec<(String, String)>,
    /// Which of them the place is at.
    pub active: usize,
}

/// The call that the place is in.
pub fn signature(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<Signature> {
    let around = place.around();
    let call = around.iter().rev().find(|n| n.kind() == Kind::call && n.span().start < place.at as u32)?;
    let inside = place.text().get(call.span().start as usize..place.at)?;
    if inside.ends_with(')') && call.text().ends_with(')') && call.span().end as usize == place.at {
        return None;
    }
    let before = place.text().get(..call.span().start as usize)?.rsplit('\n').next()?.trim_start();
    let word = |text: &str| text.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_string();
    let callee = word(before);
    let rest = before.strip_suffix(callee.as_str())?;
    let count = call.all(Kind::argument).filter(|n| (n.span().end as usize) < place.at).count();
    let written = inside.rsplit([',', '(', '\n']).next().unwrap_or("");
    let at_label = written.split_once(':').map(|(label, _)| label.trim().to_string());
    let active = |names: &[&str]| {
        at_label.as_ref().and_then(|l| names.iter().position(|n| n == l)).unwrap_or(count.min(names.len().saturating_sub(1)))
    };
    let kind_of = |name: &str| {
        let worlds = analysis.into_iter().flat_map(|a| &a.stacks).flat_map(|s| &s.graph.world.instances);
        worlds.into_iter().find(|i| &*i.decl.name == name || &*i.name == name).map(|i| i.kind_name().to_string())
    };
    if let Some(source) = rest.strip_suffix('.').filter(|_| before.starts_with("on ")) {
        let kind = kind_of(source.strip_prefix("on ")?.trim())?;
        let info = library.kind(&kind)?;
        let of = place.declaration().map(|(kind, _)| kind.to_string());
        let fits = |e: &&crate::model::Event| *e.name == *callee;
        let at = info.kind.events.iter().position(|e| fits(&e) && of.as_deref().is_none_or(|k| &*e.target == k))?;
        let event = info.kind.events.get(at)?;
        return Some(shown(&callee, &event.doc, &event.parameters, info.events.get(at)?, active));
    }
    if let Some(verb) = before.strip_prefix("can ").and_then(|r| r.split_whitespace().next()) {
        let info = library.kind(&kind_of(&callee)?)?;
        let found = info.kind.verbs.get(verb)?;
        return Some(shown(&format!("{verb} {callee}"), &found.doc, &found.parameters, info.verbs.get(&found.name)?, active));
    }
    let builtin = BUILTINS.iter().find(|b| b.name == callee)?;
    let inner = builtin.usage.split_once('(')?.1.strip_suffix(')')?;
    let parameters: Vec<(String, String)> = inner.split(", ").map(|p| (p.to_string(), String::new())).collect();
    let active = count.min(parameters.len().saturating_sub(1));
    Some(Signature { label: builtin.usage.into(), documentation: builtin.doc.into(), parameters, active })
}

fn shown(name: &str, doc: &str, parameters: &[Parameter], types: &[Type], active: impl Fn(&[&str]) -> usize) -> Signature {
    let shown = |(parameter, ty): (&Parameter, &Type)| {
        let default = parameter.default.as_ref().map(|d| Library::source_of(d.span)).filter(|d| !d.is_empty());
        (format!("{}: {ty}{}", parameter.name, default.map(|d| format!(" = {d}")).unwrap_or_default()), String::new())
    };
    let all: Vec<(String, String)> = parameters.iter().zip(types).map(shown).collect();
    let names: Vec<&str> = parameters.iter().map(|p| &*p.name).collect();
    let label = format!("{name}({})", all.iter().map(|(p, _)| p.as_str()).collect::<Vec<_>>().join(", "));
    Signature { label, documentation: documentation(doc), parameters: all, active: active(&names) }
}
