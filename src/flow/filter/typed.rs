//! Types of messages as filters: what each field of a message can be, if the message is as declared.

use super::{Constraint, Filter, Glob, Holds, Interval, Matcher, Number};
use crate::model::{Bounds, Refinement, Type, Value};

/// A path below which only some fields exist.
type Closed = (String, Vec<String>);

impl Filter {
    /// What is known of a message that has a value of a type at a path.
    pub fn of_type(ty: &Type, at: &str) -> Filter {
        let (constraints, closed) = parts(ty, at);
        closed.into_iter().fold(Filter::of(vec![constraints]), |filter, (below, fields)| filter.closed(&below, fields))
    }

    /// What is known of a message whose field `by` names the type of the value at a path. Nothing is known of one that names
    /// none of these types.
    pub fn of_types<'t>(by: &str, types: impl IntoIterator<Item = (&'t str, &'t Type)>, at: &str) -> Filter {
        let constraint = |matcher| Constraint { field: by.to_string(), matchers: vec![matcher], holds: Holds::One };
        let (mut alternatives, mut names) = (Vec::new(), Vec::new());
        for (name, ty) in types {
            // What exists below a path differs from one type to the next: it is compared where patterns are checked.
            let (mut constraints, _) = parts(ty, at);
            constraints.push(constraint(Matcher::exact(name)));
            alternatives.push(constraints);
            names.push(Glob::exact(name));
        }
        alternatives.push(vec![constraint(Matcher::But(names, Vec::new()))]);
        Filter::of(alternatives)
    }
}

fn parts(ty: &Type, at: &str) -> (Vec<Constraint>, Vec<Closed>) {
    let mut reader = Reader::default();
    reader.read(ty, at, Around::default());
    (reader.constraints, reader.closed)
}

#[derive(Default)]
struct Reader {
    constraints: Vec<Constraint>,
    closed: Vec<Closed>,
}

/// What is around a value.
#[derive(Clone, Copy, Default)]
struct Around {
    /// It is one of the elements of a list.
    many: bool,
    /// It may not be there.
    absent: bool,
    /// It may be null.
    null: bool,
}

impl Reader {
    fn read(&mut self, ty: &Type, at: &str, around: Around) {
        match ty {
            Type::Optional(inner) => self.read(inner, at, Around { absent: true, null: true, ..around }),
            Type::List(inner) => self.read(inner, at, Around { many: true, absent: true, ..around }),
            Type::Record(fields) => {
                self.closed.push((at.to_string(), fields.iter().map(|f| f.name.to_string()).collect()));
                for field in fields.iter() {
                    // What is left out of a message has no default there: the type says what messages are.
                    let around = Around { absent: around.absent || field.default.is_some(), null: false, ..around };
                    self.read(&field.ty, &format!("{at}.{}", field.name), around);
                }
            }
            other => {
                let Some(mut matchers) = scalar(other) else { return };
                matchers.extend(around.absent.then_some(Matcher::Absent));
                matchers.extend(around.null.then_some(Matcher::Null));
                let holds = if around.many { Holds::Every } else { Holds::One };
                self.constraints.push(Constraint { field: at.to_string(), matchers, holds });
                self.closed.push((at.to_string(), Vec::new()));
            }
        }
    }
}

/// The values of a type whose values are no records and no lists; none of any other type.
pub fn scalar(ty: &Type) -> Option<Vec<Matcher>> {
    Some(match ty {
        Type::Bool => vec![Matcher::Bool(true), Matcher::Bool(false)],
        Type::Int | Type::Float => vec![Matcher::Number(Interval::ALL)],
        Type::String | Type::Cidr | Type::Date => vec![Matcher::glob(Glob::prefix(""))],
        Type::Words(words) => words.iter().map(|word| Matcher::exact(word)).collect(),
        Type::Refined(inner, Refinement::In(bounds)) => match scalar(inner)?.as_slice() {
            [Matcher::Number(_)] => vec![Matcher::Number(interval(bounds))],
            other => other.to_vec(),
        },
        // A length and a regular expression narrow it further, which is not compared.
        Type::Refined(inner, _) => scalar(inner)?,
        Type::OneOf(types) => types.iter().map(scalar).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    })
}

fn interval(bounds: &Bounds) -> Interval {
    let number = |value: &Option<Value>| match value {
        Some(Value::Int(n)) => Number::of(&(*n).into()),
        Some(Value::Float(n)) => Number::of(&(*n).into()),
        _ => None,
    };
    let least = number(&bounds.least).and_then(|n| Interval::compared(">=", n)).unwrap_or(Interval::ALL);
    let most = number(&bounds.most).and_then(|n| Interval::compared("<=", n)).unwrap_or(Interval::ALL);
    least.and(most)
}
