//! Routes of APIs: a method and a path, and the filters that they are.

use super::scope::Scope;
use super::text::{Segment, Text};
use crate::document::Node;
use crate::flow::filter::{Filter, Glob, Matcher};

/// How many resources a path has at most.
const DEPTH: usize = 64;

impl Scope<'_> {
    /// A filter for the route that a text names: `POST /orders`, `$default`, or a method whose path the resource gives that
    /// `path` leads to.
    pub(super) fn route(&self, takes: Filter, text: &str, path: Option<&Node>) -> Filter {
        match (text.split_once(' '), path) {
            (Some((method, path)), _) => route(takes, method, path),
            (None, Some(resource)) => match self.text(resource).and_then(|text| self.path_of(&text, DEPTH)) {
                Some(path) => route(takes, text, &path),
                None => takes,
            },
            // In a WebSocket API it takes what no other route takes, but neither the start nor the end of a connection.
            (None, None) if text == "$default" => {
                let others = ["$connect", "$disconnect"].map(Glob::exact);
                takes.with("kind", vec![Matcher::But(others.to_vec(), Vec::new()), Matcher::Absent])
            }
            // A route of a WebSocket API is a name.
            (None, None) => takes.with("kind", vec![Matcher::exact(text)]),
        }
    }

    /// The path that a resource of an API has below its root; none if some part is not known.
    fn path_of(&self, text: &Text, depth: usize) -> Option<String> {
        let (id, _) = text.as_attribute()?;
        let resource = self.resource(id)?;
        let Some((parent, part)) = resource.row()?.path.as_ref() else { return Some(String::new()) };
        let above = self.path_of(&self.text(resource.properties.get(parent)?)?, depth.checked_sub(1)?)?;
        let own = self.text(resource.properties.get(part)?)?;
        let own: String =
            own.segments().iter().map(|s| if let Segment::Literal(text) = s { text.to_string() } else { "*".into() }).collect();
        Some(if above.is_empty() { own } else { format!("{above}/{own}") })
    }
}

/// A filter for one route.
pub(super) fn route(takes: Filter, method: &str, path: &str) -> Filter {
    let method = method.to_ascii_uppercase();
    let takes = match method.as_str() {
        "ANY" | "X-AMAZON-APIGATEWAY-ANY-METHOD" => takes,
        _ => takes.with("method", vec![Matcher::exact(&method)]),
    };
    takes.with("path", vec![Matcher::glob(Glob::iam(&masked(path)))])
}

/// A path with `*` for its variables, and without the slash at its beginning.
pub(super) fn masked(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path.trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}
