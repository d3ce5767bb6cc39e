//! Numbers of patterns, compared exactly, and ranges of them with open or closed ends.

/// A number as JSON writes it: the nearest double, and what a whole number of 64 bits differs from it. Two doubles hold
/// every such number exactly, and compare in its order.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number {
    near: f64,
    rest: f64,
}

impl Number {
    const LEAST: Number = Number { near: f64::NEG_INFINITY, rest: 0.0 };
    const MOST: Number = Number { near: f64::INFINITY, rest: 0.0 };

    /// The number of a JSON value; none if it is no number.
    pub fn of(value: &serde_json::Value) -> Option<Number> {
        let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        Some(match whole {
            Some(whole) => Number { near: whole as f64, rest: (whole - (whole as f64) as i128) as f64 },
            None => Number { near: value.as_f64()?, rest: 0.0 },
        })
    }

    /// The number that a text is when it travels as a number; none if it is not written as one.
    pub fn read(text: &str) -> Option<Number> {
        Number::of(&serde_json::from_str::<serde_json::Number>(text.trim()).ok()?.into())
    }
}

/// The numbers between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end and whether it belongs to it.
    pub low: (Number, bool),
    /// The upper end and whether it belongs to it.
    pub high: (Number, bool),
}

impl Interval {
    /// Every number.
    pub const ALL: Interval = Interval { low: (Number::LEAST, true), high: (Number::MOST, true) };

    /// Just one number.
    pub fn only(n: Number) -> Interval {
        Interval { low: (n, true), high: (n, true) }
    }

    /// The numbers for which a comparison with `n` holds; none for an operator that does not exist.
    pub fn compared(operator: &str, n: Number) -> Option<Interval> {
        Some(match operator {
            "=" => Interval::only(n),
            "<" => Interval { high: (n, false), ..Interval::ALL },
            "<=" => Interval { high: (n, true), ..Interval::ALL },
            ">" => Interval { low: (n, false), ..Interval::ALL },
            ">=" => Interval { low: (n, true), ..Interval::ALL },
            _ => return None,
        })
    }

    /// The numbers in both.
    pub fn and(self, other: Interval) -> Interval {
        let low = if self.low.0 == other.low.0 {
            (self.low.0, self.low.1 && other.low.1)
        } else if self.low.0 < other.low.0 {
            other.low
        } else {
            self.low
        };
        let high = if self.high.0 == other.high.0 {
            (self.high.0, self.high.1 && other.high.1)
        } else if self.high.0 < other.high.0 {
            self.high
        } else {
            other.high
        };
        Interval { low, high }
    }

    /// Whether it holds no number.
    pub fn is_empty(self) -> bool {
        self.low.0 > self.high.0 || self.low.0 == self.high.0 && !(self.low.1 && self.high.1)
    }

    /// Whether it holds a number.
    pub fn holds(self, n: Number) -> bool {
        !self.and(Interval::only(n)).is_empty()
    }

    /// Whether it holds a number besides some.
    pub fn holds_besides(self, numbers: &[Number]) -> bool {
        !self.is_empty() && (self.low.0 < self.high.0 || !numbers.contains(&self.low.0))
    }
}
