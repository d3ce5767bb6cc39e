//! Findings of kinds at the places of those who use them: what a library line cannot compute is the mistake of a
//! declaration, of one of its properties, or of an edge. Knows nothing of what was computed.

use super::eval::{Env, Scope};
use super::fields::place;
use super::library::{Library, STDLIB_FILES};
use crate::base::{Diagnostic, Name, Span};

impl Env<'_> {
    /// Reports a finding; one of a line of the standard library at the user's own line.
    pub fn report(&self, finding: Diagnostic) {
        self.world.report(self.anchored(finding));
    }

    fn anchored(&self, mut finding: Diagnostic) -> Diagnostic {
        let library = finding.primary.span;
        let (true, Scope::Kind(id)) = (library.file.0 >= STDLIB_FILES, self.scope) else { return finding };
        let Some(instance) = self.world.instance(id) else { return finding };
        let property = self.only_property(library);
        let named = match &property {
            Some(name) => format!("{}.{name}", instance.name),
            None => instance.name.to_string(),
        };
        let own = property.as_ref().map(|name| place(&instance.decl, name)).filter(|span| *span != instance.decl.name_span);
        finding.primary.span = own.or(self.asked).unwrap_or(instance.decl.name_span);
        finding.message = if &*finding.rule == "deploy-time-choice" {
            format!("`{named}` must be known when the template is written, and it is known only when the stack is deployed")
        } else {
            format!("`{named}`: {}", finding.message)
        };
        finding.fixes.clear(); // They would change the library.
        let own = finding.primary.span;
        finding.related.retain(|label| label.span != own);
        if own != instance.decl.name_span && instance.decl.name_span.file.0 < STDLIB_FILES && self.asked == Some(own) {
            finding = finding.also(instance.decl.name_span, format!("`{}` is declared here", instance.name));
        }
        finding.also(library, "computed here")
    }

    /// The property of the declaration that an expression of its kind reads, if it reads exactly one.
    fn only_property(&self, span: Span) -> Option<Name> {
        let Scope::Kind(id) = self.scope else { return None };
        let kind = &self.world.instance(id)?.kind()?.kind;
        let words = Library::source_of(span).split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let mut found: Option<&Name> = None;
        for (name, _) in words.filter_map(|word| kind.properties.get_key_value(word)) {
            if found.is_some_and(|first| first != name) {
                return None;
            }
            found = Some(name);
        }
        found.cloned()
    }
}
