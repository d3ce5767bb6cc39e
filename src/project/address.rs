//! Which node a text names: by the resource that it refers to, by ARN, or by physical name.
//!
//! Texts are compared as masks: what is known is characters, and what is not (a parameter, the name that CloudFormation
//! will make) is one opaque sign for each thing. So a name that two stacks build alike is one name.

use super::node::Node;
use crate::base::Name;
use crate::model::InstanceId;
use crate::template::{Segment, Text};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What encloses the sign of something that is not known.
pub(super) const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// An ARN as a mask, by its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arn {
    pub partition: String,
    pub service: String,
    pub region: String,
    pub account: String,
    pub resource: String,
}

/// The nodes of a project by what names them.
#[derive(Default)]
pub(super) struct Addresses {
    by_id: FxHashMap<Name, InstanceId>,
    /// By service and resource, in order: a pattern is looked for from its first characters on.
    by_arn: BTreeMap<(String, String), Vec<(InstanceId, Arn)>>,
    by_name: FxHashMap<(Name, String), InstanceId>,
    /// Nodes that no stack owns and that a parameter, an import or a stored value names, by its mask.
    by_sign: FxHashMap<String, InstanceId>,
}

/// A node that a text names, and what follows its ARN there: `/in/*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub node: InstanceId,
    pub rest: String,
}

/// A text as a mask. What cannot be read at all may be anything.
pub(super) fn mask(text: &Text) -> String {
    let mut out = String::new();
    for segment in text.segments() {
        let sign = match segment {
            Segment::Literal(text) => {
                out.push_str(text);
                continue;
            }
            Segment::Unknown(_) => {
                out.push('*');
                continue;
            }
            // Whatever attribute of a resource stands in the middle of a text is a form of its name.
            Segment::Attribute(id, _) => id.to_string(),
            Segment::Parameter(name) | Segment::Pseudo(name) => name.to_string(),
            Segment::Import(name) => format!("import {}", mask(name)),
            Segment::Stored(name) => format!("stored {}", mask(name)),
        };
        let sign: String = sign.chars().map(|c| if matches!(c, ':' | '*' | '?' | '/' | OPEN | CLOSE) { '.' } else { c }).collect();
        // Writing to a text cannot fail.
        let _ = write!(out, "{OPEN}{sign}{CLOSE}");
    }
    out
}

/// An ARN by its parts; none for what is none.
pub(super) fn arn(mask: &str) -> Option<Arn> {
    let mut parts = mask.splitn(6, ':');
    (parts.next()? == "arn").then_some(())?;
    let mut next = || parts.next().map(String::from);
    Some(Arn { partition: next()?, service: next()?, region: next()?, account: next()?, resource: next()? })
}

impl Arn {
    /// Whether both can be of one partition, region and account: what is not known can.
    fn fits(&self, other: &Arn) -> bool {
        let pairs = [(&self.partition, &other.partition), (&self.region, &other.region), (&self.account, &other.account)];
        let open = |text: &str| text.is_empty() || text.contains([OPEN, '*', '?']);
        pairs.iter().all(|(a, b)| a == b || open(a) || open(b))
    }
}

impl Addresses {
    /// Indexes all nodes, and unites those that are one thing on AWS.
    pub(super) fn of(nodes: &mut [Node]) -> Addresses {
        let mut addresses = Addresses::default();
        for at in 0..nodes.len() {
            addresses.index(nodes, InstanceId(u32::try_from(at).unwrap_or(u32::MAX)));
        }
        addresses
    }

    /// Indexes a node. If one with its ARN or name is there, both are one.
    pub(super) fn index(&mut self, nodes: &mut [Node], id: InstanceId) {
        // The callers give the ids of nodes that are there.
        let Some(node) = nodes.get(id.0 as usize) else { return };
        let own = node.arn.as_ref().map(mask).and_then(|m| arn(&m));
        let same = own.as_ref().and_then(|own| {
            let key = (own.service.clone(), own.resource.clone());
            let same = self.by_arn.get(&key).into_iter().flatten().find(|(_, other)| other.fits(own)).map(|(id, _)| *id);
            same.filter(|other| {
                nodes.get(other.0 as usize).is_some_and(|other| other.ty.is_none() || node.ty.is_none() || other.ty == node.ty)
            })
        });
        let named = node.ty.clone().zip(node.name.as_ref().map(mask));
        let same = same.or_else(|| self.by_name.get(named.as_ref()?).copied());
        let one = same.unwrap_or(id);
        if let Some(own) = own {
            self.by_arn.entry((own.service.clone(), own.resource.clone())).or_default().push((one, own));
        }
        if let Some(named) = named {
            self.by_name.entry(named).or_insert(one);
        }
        if node.stack.is_none()
            && let Some([sign @ (Segment::Parameter(_) | Segment::Import(_) | Segment::Stored(_))]) = node.name.as_ref().map(Text::segments)
        {
            self.by_sign.entry(mask(&Text::of(sign.clone()))).or_insert(one);
        }
        if let (Some(stack), Some(node)) = (node.stack, nodes.get(id.0 as usize)) {
            self.by_id.insert(format!("{stack}/{}", node.id).into(), one);
        }
        if let Some(node) = nodes.get_mut(id.0 as usize) {
            node.one = one;
        }
    }

    /// The mask of a text.
    pub(super) fn mask(&self, text: &Text) -> String {
        mask(text)
    }

    /// The node that a text names.
    pub(super) fn find(&self, text: &Text, ty: Option<&Name>) -> Option<InstanceId> {
        if let Some(found) = self.covered(text) {
            return Some(found.node);
        }
        self.by_name.get(&(ty?.clone(), mask(text))).copied()
    }

    /// The node that the beginning of a text names, and what follows: of an ARN without a wildcard before its end.
    pub(super) fn covered(&self, text: &Text) -> Option<Found> {
        if let [Segment::Attribute(id, _), rest @ ..] = text.segments() {
            let rest: Text = rest.iter().cloned().collect();
            return Some(Found { node: *self.by_id.get(id)?, rest: mask(&rest) });
        }
        if let [sign @ (Segment::Parameter(_) | Segment::Import(_) | Segment::Stored(_)), rest @ ..] = text.segments()
            && let Some(node) = self.by_sign.get(&mask(&Text::of(sign.clone())))
        {
            return Some(Found { node: *node, rest: mask(&rest.iter().cloned().collect()) });
        }
        let own = arn(&mask(text))?;
        let wild = own.resource.find(['*', '?']).unwrap_or(own.resource.len());
        let ends = own.resource.char_indices().filter(|(at, c)| *at <= wild && matches!(c, ':' | '/')).map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.chain([wild]).collect();
        ends.sort_unstable();
        ends.iter().rev().find_map(|end| {
            let (head, rest) = (own.resource.get(..*end)?, own.resource.get(*end..)?);
            let known = self.by_arn.get(&(own.service.clone(), head.to_string()))?;
            let (node, _) = known.iter().find(|(_, other)| other.fits(&own))?;
            Some(Found { node: *node, rest: rest.to_string() })
        })
    }

    /// The nodes whose ARN may be among those of a pattern with a wildcard in it.
    pub(super) fn among(&self, pattern: &Arn) -> Vec<InstanceId> {
        let wild = pattern.service.contains(['*', '?']);
        // The first part of a split is always there.
        let head = pattern.resource.split(['*', '?']).next().unwrap_or_default();
        let glob = crate::flow::filter::Glob::iam;
        let mut out = Vec::new();
        let from = if wild { (String::new(), String::new()) } else { (pattern.service.clone(), head.to_string()) };
        for ((service, resource), nodes) in self.by_arn.range(from..) {
            if !wild && (*service != pattern.service || !resource.starts_with(head)) {
                break;
            }
            if wild && !glob(&pattern.service).matches(service) {
                continue;
            }
            // The pattern may end behind the ARN, among the objects of a bucket.
            let whole = glob(&pattern.resource).matches(resource) || begins(&pattern.resource, resource);
            out.extend(nodes.iter().filter(|(_, other)| whole && other.fits(pattern)).map(|(id, _)| *id));
        }
        out.sort_unstable_by_key(|id| id.0);
        out.dedup();
        out
    }
}

/// Whether some text that begins with a resource and goes on behind a slash or colon fits a pattern.
fn begins(pattern: &str, resource: &str) -> bool {
    pattern.char_indices().filter(|(_, c)| matches!(c, '/' | ':')).any(|(at, _)| {
        pattern.get(..at).is_some_and(|head| head.contains(['*', '?']) && crate::flow::filter::Glob::iam(head).matches(resource))
    })
}
