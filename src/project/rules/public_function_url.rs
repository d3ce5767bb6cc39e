//! URLs of functions that anybody can call.

use super::warning;
use crate::base::Diagnostic;
use crate::project::view::{View, text};
use crate::project::words;

const RULE: &str = "public-function-url";

pub(super) fn find(view: &View<'_>) -> Vec<Diagnostic> {
    let open = words::of(RULE).texts.get("open").map(String::as_str);
    let mut out = Vec::new();
    // Only a URL has a mode in which it is invoked.
    for url in view.nodes().filter(|id| view.fact(*id, "invoke_mode").is_some() && open.is_some() && text(view.fact(*id, "auth")) == open) {
        for function in view.ends(url, "of") {
            let message = format!("everybody on the internet can call {} by its URL", view.name(function));
            out.push(warning(RULE, view.span_of(url, "auth"), message, &[]).also(view.span(function), "the function"));
        }
    }
    out
}
