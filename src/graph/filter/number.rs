//! Ranges of numbers with open or closed ends.

/// The numbers between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end and whether it belongs to it.
    pub low: (f64, bool),
    /// The upper end and whether it belongs to it.
    pub high: (f64, bool),
}

impl Interval {
    /// Every number.
    pub const ALL: Interval = Interval { low: (f64::NEG_INFINITY, true), high: (f64::INFINITY, true) };

    /// Just one number.
    pub fn only(n: f64) -> Interval {
        Interval { low: (n, true), high: (n, true) }
    }

    /// The numbers for which a comparison with `n` holds; none for an operator that does not exist.
    pub fn compared(operator: &str, n: f64) -> Option<Interval> {
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
        let low = match self.low.0.total_cmp(&other.low.0) {
            std::cmp::Ordering::Equal => (self.low.0, self.low.1 && other.low.1),
            std::cmp::Ordering::Less => other.low,
            std::cmp::Ordering::Greater => self.low,
        };
        let high = match self.high.0.total_cmp(&other.high.0) {
            std::cmp::Ordering::Equal => (self.high.0, self.high.1 && other.high.1),
            std::cmp::Ordering::Less => self.high,
            std::cmp::Ordering::Greater => other.high,
        };
        Interval { low, high }
    }

    /// Whether it holds no number.
    pub fn is_empty(self) -> bool {
        self.low.0 > self.high.0 || self.low.0 == self.high.0 && !(self.low.1 && self.high.1)
    }

    /// Whether it holds a number.
    pub fn holds(self, n: f64) -> bool {
        !self.and(Interval::only(n)).is_empty()
    }
}
