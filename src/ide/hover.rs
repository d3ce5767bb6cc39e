//! What a word means, in Markdown.

use super::place::Place;
use crate::session::{Analysis, rules};
use crate::types::{KindInfo, Library, a_kind};

/// What the word at a place means.
pub fn hover(place: &Place, library: &Library, analysis: Option<&Analysis>) -> Option<String> {
    let (word, span) = place.word()?;
    let declaration = place.declaration();
    let line = place.text().get(..span.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("").trim_start().to_string();
    if let Some((kind, _)) = declaration
        && let Some(info) = library.kind(kind)
    {
        if line.is_empty()
            && let Some(text) = property(info, word)
        {
            return Some(text);
        }
        if line == "can " {
            return verb(library, word);
        }
    }
    if (line.is_empty() || line == "existing ")
        && let Some(info) = library.kind(word)
    {
        return Some(format!("**{}**\n\n{}", a_kind(word), documentation(&info.kind.doc)));
    }
    if line.contains("@allow(")
        && let Some(rule) = rule_at(place)
        && let Some(info) = rules().get(&rule)
    {
        return Some(format!("**{}** ({})\n\n{}", info.name, info.severity.word(), info.about));
    }
    event(place, library, analysis, word).or_else(|| instance(analysis?, word))
}

/// The kebab-case name at the place.
fn rule_at(place: &Place) -> Option<String> {
    let text = place.text();
    let part = |c: char| c.is_alphanumeric() || c == '-';
    let start = text.get(..place.at)?.char_indices().rev().take_while(|(_, c)| part(*c)).last().map_or(place.at, |(i, _)| i);
    Some(text.get(start..)?.chars().take_while(|c| part(*c)).collect())
}

fn property(info: &KindInfo, name: &str) -> Option<String> {
    let (at, _, property) = info.kind.properties.get_full(name)?;
    let ty = info.properties.get(at).map(ToString::to_string).unwrap_or_default();
    let default = property.default.as_ref().map(|d| crate::types::Library::source_of(d.span)).unwrap_or_default();
    let default = if default.is_empty() { String::new() } else { format!(" = {default}") };
    Some(format!("```purlin\n{name}: {ty}{default}\n```\n\n{}", documentation(&property.doc)))
}

fn verb(library: &Library, word: &str) -> Option<String> {
    let mut out = String::new();
    for info in library.kinds() {
        if let Some(verb) = info.kind.verbs.get(word).filter(|v| !v.internal()) {
            out.push_str(&format!("**can {word}** {}: {}\n\n", a_kind(&info.kind.name), documentation(&verb.doc)));
        }
    }
    (!out.is_empty()).then(|| out.trim_end().to_string())
}

fn event(place: &Place, library: &Library, analysis: Option<&Analysis>, word: &str) -> Option<String> {
    let before = place.before();
    let source = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').strip_suffix('.')?;
    let source = source.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    let instance = analysis?.stacks.iter().flat_map(|s| &s.graph.world.instances).find(|i| &*i.decl.name == source)?;
    let info = library.kind(instance.kind_name())?;
    let event = info.kind.events.iter().find(|e| &*e.name == word)?;
    Some(format!("**{}.{word}** ({})\n\n{}", instance.kind_name(), event.mode.word(), documentation(&event.doc)))
}

fn instance(analysis: &Analysis, word: &str) -> Option<String> {
    let instance = analysis.stacks.iter().flat_map(|s| &s.graph.world.instances).find(|i| &*i.decl.name == word)?;
    Some(format!("**{} {}**\n\n{}", instance.kind_name(), instance.name, documentation(&instance.decl.doc)))
}

/// A documentation comment with its source as a link.
pub(super) fn documentation(doc: &str) -> String {
    let line = |line: &str| match line.trim().strip_prefix("source: ") {
        Some(page) => format!("\n[source]({page})"),
        None => line.to_string(),
    };
    doc.lines().map(line).collect::<Vec<_>>().join("\n")
}
