//! The policies that AWS manages: what the ones that a template names by ARN allow. `SOURCE.md` says where they come from
//! and of which day they are. Knows nothing of what a statement means.

use std::collections::HashMap;
use std::sync::OnceLock;

use ruzstd::decoding::FrameDecoder;
use serde::Deserialize;

use super::store;

static DATA: &[u8] = include_bytes!("managed.zst");
static FRAMES: OnceLock<Vec<Frame>> = OnceLock::new();

/// A policy that AWS manages. Its documents are those of the partition `aws`: elsewhere the ARNs within name the other
/// partition.
#[derive(Debug)]
pub struct Managed {
    /// Its name, such as `AWSLambdaBasicExecutionRole`.
    pub name: &'static str,
    /// What stands before the name in its ARN, such as `/service-role/`; `/` for most.
    pub path: &'static str,
    /// Its version, such as `v2`.
    pub version: &'static str,
    /// The day of its last change, such as `2018-06-14`.
    pub changed: &'static str,
    /// What it says.
    pub statements: Vec<ManagedStatement>,
}

/// A statement of a policy that AWS manages.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ManagedStatement {
    #[serde(default)]
    effect: Option<String>,
    /// The actions of which it speaks. Empty if `not_action` is not.
    #[serde(default)]
    pub action: Vec<String>,
    /// The actions of which it does not speak; it speaks of all others.
    #[serde(default)]
    pub not_action: Vec<String>,
    /// The resources of which it speaks. Empty if `not_resource` is not.
    #[serde(default)]
    pub resource: Vec<String>,
    /// The resources of which it does not speak.
    #[serde(default)]
    pub not_resource: Vec<String>,
    /// Operator, key and values of each condition.
    #[serde(default)]
    pub condition: indexmap::IndexMap<String, indexmap::IndexMap<String, Vec<String>>>,
}

impl ManagedStatement {
    /// Whether it denies.
    #[must_use]
    pub fn denies(&self) -> bool {
        self.effect.is_some()
    }
}

/// A part of the data, decoded when it is needed.
struct Frame {
    packed: &'static [u8],
    entries: OnceLock<HashMap<&'static str, Entry>>,
}

/// A policy of a decoded frame.
struct Entry {
    /// Path, version, day and statements.
    line: &'static str,
    policy: OnceLock<Option<Managed>>,
}

/// The policy of an ARN such as `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`, of any partition, or
/// of a plain name. Nothing if AWS manages no policy of that name, or has it under another path.
///
/// The first call decodes the short policies; one that is not among them the long ones as well.
#[must_use]
pub fn managed(arn_or_name: &str) -> Option<&'static Managed> {
    let (path, name) = match arn_or_name.split_once(":iam::aws:policy") {
        Some((partition, path)) => {
            partition.strip_prefix("arn:").filter(|p| !p.is_empty() && !p.contains(':'))?;
            let (before, name) = path.rsplit_once('/')?;
            (Some(before), name)
        }
        None => (None, arn_or_name),
    };
    let found = frames().iter().find_map(|frame| frame.entries().get_key_value(name));
    let (name, entry) = found?;
    let policy = entry.policy.get_or_init(|| read(name, entry.line)).as_ref()?;
    path.is_none_or(|path| policy.path.strip_suffix('/') == Some(path)).then_some(policy)
}

/// The names of all policies, in order.
#[must_use]
pub fn managed_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = frames().iter().flat_map(|frame| frame.entries().keys().copied()).collect();
    names.sort_unstable();
    names
}

fn frames() -> &'static [Frame] {
    FRAMES.get_or_init(|| cut(DATA).unwrap_or_default())
}

/// Reads the head line; a test sees that the data is whole.
fn cut(data: &'static [u8]) -> Option<Vec<Frame>> {
    let end = data.iter().position(|&byte| byte == b'\n')?;
    let (head, mut rest) = (std::str::from_utf8(data.get(..end)?).ok()?, data.get(end + 1..)?);
    let mut frames = vec![];
    for size in head.split(' ').skip(2) {
        let (packed, after) = rest.split_at_checked(size.parse().ok()?)?;
        rest = after;
        frames.push(Frame { packed, entries: OnceLock::new() });
    }
    Some(frames)
}

impl Frame {
    fn entries(&self) -> &HashMap<&'static str, Entry> {
        self.entries.get_or_init(|| {
            let bytes = store::decode(&mut FrameDecoder::new(), self.packed).unwrap_or_default();
            let text: &'static str = String::from_utf8(bytes).unwrap_or_default().leak();
            let lines = text.lines().filter_map(|line| line.split_once('\t'));
            lines.map(|(name, line)| (name, Entry { line, policy: OnceLock::new() })).collect()
        })
    }
}

fn read(name: &'static str, line: &'static str) -> Option<Managed> {
    let mut fields = line.splitn(4, '\t');
    let (path, version, changed, json) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let mut statements: Vec<ManagedStatement> = serde_json::from_str(json).ok()?;
    for statement in &mut statements {
        if statement.resource.is_empty() && statement.not_resource.is_empty() {
            statement.resource.push("*".to_owned());
        }
    }
    Some(Managed { name, path, version, changed, statements })
}
