//! Secrets in plain text among the environment variables of a function.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::View;
use crate::project::words;
use crate::template::FactValue;

const RULE: &str = "secret-in-environment";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for function in view.nodes().filter(|id| view.fact(*id, "memory").is_some()) {
        let Some(FactValue::Texts(variables)) = view.fact(function, "environment").map(|f| &f.value) else { continue };
        for (name, value, span) in variables.iter().filter(|(name, _, _)| is_secret(name)) {
            // What is named by a reference is not in the template; a dynamic reference is resolved at the deployment.
            let Some(literal) = value.as_literal().filter(|text| text.len() > 3 && !text.starts_with("{{resolve:")) else { continue };
            if literal.parse::<f64>().is_ok() || ["true", "false"].contains(&literal) {
                continue;
            }
            let message = format!("`{name}` of {} looks like a secret in plain text", view.name(function));
            out.push(warning(RULE, *span, message, &[]));
        }
    }
    out
}

/// Whether a name is that of a secret, and not of something that leads to one.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = words::of(RULE);
    words.fields.iter().any(|part| name.contains(part.as_str())) && !words.endings.iter().any(|end| name.ends_with(end.as_str()))
}
