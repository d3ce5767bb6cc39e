//! A random value of a type, as it is written.

use super::random::Random;
use purlin::model::{Bounds, Refinement, Type, Unit, Value};

/// Texts, of which the first that a pattern accepts is taken, beginning at a random place.
const TEXTS: [&str; 34] = [
    "GET /x",
    "POST /x/{id}",
    "$default",
    "$connect",
    "send",
    "/mnt/data",
    "/a/b",
    "abc",
    "name_1",
    "name-2",
    "DE",
    "FR",
    "123456789012",
    "example.com",
    "https://example.com",
    "https://example.com/feed",
    "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
    "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/12345678-1234-1234-1234-123456789012",
    "arn:aws:iam::123456789012:role/other",
    "db.t4g.medium",
    "rate(5 minutes)",
    "cron(0 12 * * ? *)",
    "$request.header.Authorization",
    "$.a",
    "optimized",
    "all_viewer",
    "security",
    "index.handler",
    "python3.13",
    "a.zip",
    "16.11",
    "us-east-1",
    "AWS/SQS",
    "a\u{e9} \u{1f600}",
];

pub struct Values<'a> {
    pub random: &'a mut Random,
    /// The declarations that can be named: kind and reference.
    pub known: &'a [(String, String)],
}

impl Values<'_> {
    /// None if nothing of the type can be written here.
    pub fn of(&mut self, ty: &Type) -> Option<String> {
        self.within(ty, None, None)
    }

    fn within(&mut self, ty: &Type, bounds: Option<&Bounds>, length: Option<&Bounds>) -> Option<String> {
        Some(match ty {
            Type::Error => return None,
            Type::Any => ["{ source = [\"shop\"] }", "[\"a\", 1, true]", "\"a\"", "none"][self.random.below(4)].into(),
            Type::Type => "String".into(),
            Type::Bool => self.random.once_in(2).to_string(),
            Type::Int | Type::Quantity(_) | Type::Float => self.number(ty, bounds),
            Type::String => format!("{:?}", TEXTS[self.random.below(TEXTS.len())]),
            Type::Cidr => ["10.0.0.0/16", "10.0.1.0/24"][self.random.below(2)].into(),
            Type::Date => "2027-01-01".into(),
            Type::Words(words) => format!("{:?}", &**self.random.pick(words)?),
            Type::List(inner) => {
                let (least, most) = lengths(length);
                let count = least + self.random.below(3.min(most - least + 1));
                let values: Option<Vec<String>> = (0..count).map(|_| self.of(inner)).collect();
                format!("[{}]", values?.join(", "))
            }
            Type::Map(inner) => format!("{{ key_1 = {} }}", self.of(inner)?),
            Type::Record(fields) => {
                let mut parts = Vec::new();
                for field in fields.iter() {
                    let needed = field.default.is_none() && !field.ty.optional();
                    if needed || self.random.once_in(3) {
                        match self.of(&field.ty) {
                            Some(value) => parts.push(format!("{} = {value}", field.name)),
                            None if needed => return None,
                            None => {}
                        }
                    }
                }
                format!("{{ {} }}", parts.join(", "))
            }
            Type::Optional(inner) => return self.within(inner, bounds, length),
            Type::Ref(kinds) => {
                let fits: Vec<&String> =
                    self.known.iter().filter(|(kind, _)| kinds.is_empty() || kinds.iter().any(|k| **k == **kind)).map(|(_, r)| r).collect();
                self.random.pick(&fits)?.to_string()
            }
            Type::OneOf(types) => {
                let ty = self.random.pick(types)?.clone();
                return self.within(&ty, bounds, length);
            }
            Type::Refined(inner, Refinement::In(bounds)) => return self.within(inner, Some(bounds), length),
            Type::Refined(inner, Refinement::Len(length)) => return self.within(inner, bounds, Some(length)),
            Type::Refined(_, Refinement::Matching(pattern)) => {
                let start = self.random.below(TEXTS.len());
                let text = TEXTS.iter().cycle().skip(start).take(TEXTS.len()).find(|text| pattern.accepts(text))?;
                format!("{text:?}")
            }
        })
    }

    fn number(&mut self, ty: &Type, bounds: Option<&Bounds>) -> String {
        let plain = match ty {
            Type::Quantity(Unit::Time) => ["5s", "1m", "1h", "1d", "30d"][self.random.below(5)],
            Type::Quantity(Unit::Size) => ["1KB", "1MB", "512MB", "1GB"][self.random.below(4)],
            Type::Quantity(Unit::Percent) => ["10%", "100%"][self.random.below(2)],
            Type::Float => ["0.5", "1.0", "4.0"][self.random.below(3)],
            _ => ["0", "1", "2", "5", "100"][self.random.below(5)],
        };
        let edges: Vec<&Value> = bounds.iter().flat_map(|b| [&b.least, &b.most]).flatten().collect();
        match self.random.pick(&edges) {
            Some(edge) if !self.random.once_in(3) => edge.to_string(),
            _ => plain.into(),
        }
    }
}

fn lengths(length: Option<&Bounds>) -> (usize, usize) {
    let number = |value: Option<&Value>| match value {
        Some(Value::Int(n)) => usize::try_from(*n).ok(),
        _ => None,
    };
    let least = number(length.and_then(|l| l.least.as_ref())).unwrap_or(0);
    (least, number(length.and_then(|l| l.most.as_ref())).unwrap_or(least + 3).max(least))
}
