//! What a value of a template is before deployment: a list of segments, never a plain string. A name that a template
//! builds from a parameter and the account can so be compared with the name of a resource that is built the same way.

use crate::base::Name;
use std::fmt;

/// The most characters of a literal, which no value of a template has, and the most segments of a text.
const MOST_BYTES: usize = 1 << 20;
const MOST_SEGMENTS: usize = 4_000;
/// Why what follows in a text is not known.
const TOO_LONG: &str = "the text is too long";

/// A part of a text that is known only in part.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Characters.
    Literal(Name),
    /// An attribute of a resource of the same template: its logical id, and the attribute's name, `Ref` for what `Ref`
    /// gives.
    Attribute(Name, Name),
    /// A parameter of the template that has no known value.
    Parameter(Name),
    /// A pseudo parameter, as `AWS::Region`.
    Pseudo(Name),
    /// What another stack exports under this name.
    Import(Text),
    /// A value of the Parameter Store with this name, read by a dynamic reference or an SSM parameter.
    Stored(Text),
    /// Something that cannot be read, and why.
    Unknown(Name),
}

/// A text as segments. Neighbouring literals are one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Text(Vec<Segment>);

impl Text {
    /// A text of one segment.
    pub fn of(segment: Segment) -> Text {
        [segment].into_iter().collect()
    }

    /// A text that is known.
    pub fn literal(text: impl Into<Name>) -> Text {
        Text::of(Segment::Literal(text.into()))
    }

    /// Its segments.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The characters, if all are known.
    pub fn as_literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Segment::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The resource and its attribute, if it is nothing else.
    pub fn as_attribute(&self) -> Option<(&Name, &Name)> {
        match self.0.as_slice() {
            [Segment::Attribute(id, attribute)] => Some((id, attribute)),
            _ => None,
        }
    }

    /// Adds a segment at the end. Texts of texts can grow without a limit: what is too long ends with what is not known.
    pub fn push(&mut self, segment: Segment) {
        let (full, too_long) = (self.0.len() >= MOST_SEGMENTS, self.is_full());
        match (self.0.last_mut(), &segment) {
            (_, Segment::Literal(text)) if text.is_empty() => {}
            _ if too_long => {}
            (Some(Segment::Literal(before)), Segment::Literal(text)) if before.len() + text.len() <= MOST_BYTES => {
                *before = format!("{before}{text}").into();
            }
            (Some(Segment::Literal(_)), Segment::Literal(_)) => self.0.push(Segment::Unknown(TOO_LONG.into())),
            _ if full => self.0.push(Segment::Unknown(TOO_LONG.into())),
            _ => self.0.push(segment),
        }
    }

    /// Whether it is too long, and takes no more.
    fn is_full(&self) -> bool {
        matches!(self.0.last(), Some(Segment::Unknown(why)) if **why == *TOO_LONG)
    }

    /// Whether it has no segment.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Segment> for Text {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Text {
        let mut text = Text::default();
        segments.into_iter().for_each(|segment| text.push(segment));
        text
    }
}

impl Extend<Segment> for Text {
    fn extend<I: IntoIterator<Item = Segment>>(&mut self, segments: I) {
        for segment in segments {
            if self.is_full() {
                return;
            }
            self.push(segment);
        }
    }
}

impl fmt::Display for Text {
    /// As `Fn::Sub` writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            match segment {
                Segment::Literal(text) => f.write_str(text)?,
                Segment::Attribute(id, attribute) if &**attribute == "Ref" => write!(f, "${{{id}}}")?,
                Segment::Attribute(id, attribute) => write!(f, "${{{id}.{attribute}}}")?,
                Segment::Parameter(name) | Segment::Pseudo(name) => write!(f, "${{{name}}}")?,
                Segment::Import(name) => write!(f, "${{import {name}}}")?,
                Segment::Stored(name) => write!(f, "${{ssm {name}}}")?,
                Segment::Unknown(_) => f.write_str("${...}")?,
            }
        }
        Ok(())
    }
}
