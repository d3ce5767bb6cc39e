//! The six parts of an ARN.

use super::text::{Segment, Text};

/// An ARN in its parts.
pub struct Arn {
    /// As `sqs`.
    pub service: Text,
    /// As `eu-west-1`; may be empty.
    pub region: Text,
    /// As `123456789012`; may be empty.
    pub account: Text,
    /// Everything after it.
    pub resource: Text,
}

impl Arn {
    /// Whether it can be of the same account and region as another: what is not known can be anything.
    pub fn may_be_beside(&self, other: &Arn) -> bool {
        let open = |text: &Text| text.as_literal().is_none_or(|l| l.is_empty() || l.contains(['*', '?']));
        let fits = |a: &Text, b: &Text| a == b || open(a) || open(b);
        fits(&self.region, &other.region) && fits(&self.account, &other.account)
    }

    /// The region or the account that is written in it, and so may be another than that of the stack.
    pub fn written_place(&self) -> Option<&str> {
        [&self.region, &self.account].into_iter().find_map(|part| part.as_literal().filter(|l| !l.is_empty()))
    }

    /// The parts of a text that is an ARN as far as can be seen.
    pub fn read(text: &Text) -> Option<Arn> {
        let Some(Segment::Literal(first)) = text.segments().first() else { return None };
        if !first.starts_with("arn:") {
            return None;
        }
        let mut parts = vec![Text::default()];
        for segment in text.segments() {
            match segment {
                Segment::Literal(literal) => {
                    let open = 6usize.saturating_sub(parts.len());
                    for (at, piece) in literal.splitn(open + 1, ':').enumerate() {
                        if at > 0 {
                            parts.push(Text::default());
                        }
                        if let Some(last) = parts.last_mut() {
                            last.push(Segment::Literal(piece.into()));
                        }
                    }
                }
                other => {
                    if let Some(last) = parts.last_mut() {
                        last.push(other.clone());
                    }
                }
            }
        }
        let mut parts = parts.into_iter().skip(2);
        Some(Arn { service: parts.next()?, region: parts.next()?, account: parts.next()?, resource: parts.next()? })
    }
}
