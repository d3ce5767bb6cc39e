//! The actions of IAM: which exist, and which was meant. Knows nothing of policies or of who may
//! take an action.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex::RegexBuilder;
use ruzstd::decoding::FrameDecoder;

use super::{near, store};

static DATA: &[u8] = include_bytes!("actions.zst");
static TABLE: OnceLock<Table> = OnceLock::new();

/// The actions of each service prefix, in order of name.
type Table = BTreeMap<&'static str, Vec<&'static str>>;

fn table() -> &'static Table {
    TABLE.get_or_init(|| {
        let bytes = store::decode(&mut FrameDecoder::new(), DATA).unwrap_or_default();
        let text: &'static str = String::from_utf8(bytes).unwrap_or_default().leak();
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        lines.map(|(prefix, names)| (prefix, names.split(',').filter(|name| !name.is_empty()).collect())).collect()
    })
}

/// Whether an action exists. The letter case does not matter, and `*` and `?` stand for any
/// characters and any one: `s3:Get*` exists because some action begins so.
#[must_use]
pub fn exists(action: &str) -> bool {
    action == "*" || matching(action).next().is_some()
}

/// The actions that a name or a pattern such as `sqs:Send*` stands for.
pub fn matching(action: &str) -> impl Iterator<Item = String> {
    let (prefix, name) = action.split_once(':').unwrap_or_default();
    let known = table().get_key_value(prefix.to_lowercase().as_str());
    let wild = name.contains(['*', '?']).then(|| wildcard(name)).flatten();
    let name = name.to_owned();
    known.into_iter().flat_map(|(prefix, names)| names.iter().map(move |name| (prefix, name))).filter_map(move |(prefix, known)| {
        let fits = wild.as_ref().map_or_else(|| known.eq_ignore_ascii_case(&name), |wild| wild.is_match(known));
        fits.then(|| format!("{prefix}:{known}"))
    })
}

/// The action that was probably meant by one that does not exist.
#[must_use]
pub fn nearest(action: &str) -> Option<String> {
    let (prefix, name) = action.split_once(':').unwrap_or((action, ""));
    let lower = prefix.to_lowercase();
    if let Some((prefix, names)) = table().get_key_value(lower.as_str()) {
        let begun = names.iter().copied().filter(|known| begins(known, name));
        let shortest = begun.min_by_key(|known| known.len());
        let meant = near::nearest(name, names.iter().copied()).or(shortest);
        return meant.map(|name| format!("{prefix}:{name}"));
    }
    let holds = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let with_name = table().iter().filter(|(_, names)| holds(names)).map(|(prefix, _)| *prefix);
    let prefix = near::nearest(&lower, with_name)?;
    let name = table().get(prefix)?.iter().find(|known| known.eq_ignore_ascii_case(name))?;
    Some(format!("{prefix}:{name}"))
}

/// The service prefixes, in order.
pub fn prefixes() -> impl Iterator<Item = &'static str> {
    table().keys().copied()
}

/// The number of actions known.
#[must_use]
pub fn count() -> usize {
    table().values().map(Vec::len).sum()
}

/// Whether a name begins with what was written of it.
fn begins(known: &str, written: &str) -> bool {
    let head = known.get(..written.len()).filter(|head| head.len() >= 3);
    head.is_some_and(|head| head.eq_ignore_ascii_case(written))
}

fn wildcard(name: &str) -> Option<regex::Regex> {
    let escaped = regex::escape(name).replace(r"\*", ".*").replace(r"\?", ".");
    RegexBuilder::new(&format!("^{escaped}$")).case_insensitive(true).build().ok()
}
