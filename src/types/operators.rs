//! Operators and casts. Knows nothing of declarations.

use super::deploy::{condition, lift};
use super::eval::Env;
use crate::base::{Diagnostic, Name, Span};
use crate::model::{Cond, Deploy, Expr, Op, Type, Unit, Value};

impl Env<'_> {
    /// What a condition is: known now, or a condition of the template. `None` after a mistake.
    pub fn condition(&self, expr: &Expr) -> Option<Result<bool, Cond>> {
        let value = self.eval(expr);
        self.truth(&value, expr.span)
    }

    pub(super) fn truth(&self, value: &Value, span: Span) -> Option<Result<bool, Cond>> {
        match value {
            Value::Bool(b) => Some(Ok(*b)),
            Value::Missing => None,
            Value::Deploy(deploy) if condition(deploy).is_some() => condition(deploy).map(Err),
            Value::Deploy(_) if self.lenient => None,
            other => {
                let message = format!("expected a condition (`Bool`), found {other}");
                self.fail(
                    Diagnostic::error("type-mismatch", span, message).help("compare it with something, as `x != none` or `x == \"prod\"`"),
                );
                None
            }
        }
    }

    pub(super) fn not(&self, value: Value, span: Span) -> Value {
        match self.truth(&value, span) {
            Some(Ok(b)) => Value::Bool(!b),
            Some(Err(Cond::Not(inner))) => Value::deploy(Deploy::Bool((*inner).clone())),
            Some(Err(cond)) => Value::deploy(Deploy::Bool(Cond::Not(cond.into()))),
            None => Value::Missing,
        }
    }

    pub(super) fn negate(&self, value: Value, span: Span) -> Value {
        lift(&value, &mut |value| match value {
            Value::Int(n) => Value::Int(n.saturating_neg()),
            Value::Float(n) => Value::Float(-n),
            Value::Quantity(n, unit) => Value::Quantity(n.saturating_neg(), *unit),
            Value::Missing => Value::Missing,
            other => self.fail(Diagnostic::error("type-mismatch", span, format!("expected a number after `-`, found {other}"))),
        })
    }

    pub(super) fn binary(&self, op: Op, left: &Expr, right: &Expr) -> Value {
        if matches!(op, Op::And | Op::Or) {
            return self.logic(op, left, right);
        }
        let a = self.eval(left);
        if op == Op::Otherwise {
            return if a == Value::None { self.eval(right) } else { a };
        }
        let b = self.eval(right);
        let span = left.span.to(right.span);
        lift(&a, &mut |a| lift(&b, &mut |b| self.apply(op, a, b, span)))
    }

    fn logic(&self, op: Op, left: &Expr, right: &Expr) -> Value {
        let Some(a) = self.condition(left) else {
            if self.world.rehearsal {
                let _ = self.condition(right); // For the mistakes in it.
            }
            return Value::Missing;
        };
        let decided = op == Op::Or;
        if a == Ok(decided) {
            return Value::Bool(decided);
        }
        let Some(b) = self.condition(right) else { return Value::Missing };
        match (a, b) {
            (Ok(_), Ok(b)) => Value::Bool(b),
            (Ok(_), Err(cond)) => Value::deploy(Deploy::Bool(cond)),
            (Err(_), Ok(b)) if b == decided => Value::Bool(decided),
            (Err(cond), Ok(_)) => Value::deploy(Deploy::Bool(cond)),
            (Err(a), Err(b)) => Value::deploy(Deploy::Bool(if op == Op::And { Cond::And(vec![a, b]) } else { Cond::Or(vec![a, b]) })),
        }
    }

    fn apply(&self, op: Op, a: &Value, b: &Value, span: Span) -> Value {
        if *a == Value::Missing || *b == Value::Missing {
            return Value::Missing;
        }
        match op {
            Op::Equal | Op::Unequal => {
                let (Some(x), Some(y)) = (super::deploy::spread(a), super::deploy::spread(b)) else {
                    self.needs_now(span, "a text with so many choices in it");
                    return Value::Missing;
                };
                let same = lift(&x, &mut |x| lift(&y, &mut |y| equal(x, y)));
                if op == Op::Equal { same } else { self.not(same, span) }
            }
            _ if (a.is_deploy() || b.is_deploy()) && self.world.rehearsal => self.rehearsed(op, a, b, span),
            _ if (a.is_deploy() || b.is_deploy()) && self.lenient => Value::Missing,
            _ if a.is_deploy() || b.is_deploy() => {
                let message = format!("`{}` cannot compute with a value that is known only when the stack is deployed", op.sign());
                self.fail(
                    Diagnostic::error("deploy-time-choice", span, message)
                        .help("use a `setting` instead of a `param`, or choose between known values: `a if stage == \"prod\" else b`"),
                )
            }
            Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual => self.compare(op, a, b, span),
            Op::Add if !self.may_join(a, b, span) => Value::Missing,
            _ => match arithmetic(op, a, b) {
                Some(value) => value,
                None => {
                    let message = format!("`{}` is not defined for {a} and {b}", op.sign());
                    self.fail(Diagnostic::error("type-mismatch", span, message))
                }
            },
        }
    }

    /// Whether two texts or lists may be joined: the result is within the budgets.
    fn may_join(&self, a: &Value, b: &Value, span: Span) -> bool {
        match (a, b) {
            (Value::Str(x), Value::Str(y)) => self.may_make(x.len() + y.len(), span),
            (Value::List(x), Value::List(y)) => self.may_make(16 * (x.len() + y.len()), span),
            _ => true,
        }
    }

    /// Where only types are known: whether they go together at all.
    fn rehearsed(&self, op: Op, a: &Value, b: &Value, span: Span) -> Value {
        let unit = |value: &Value| match value {
            Value::Quantity(_, unit) => Some(Some(*unit)),
            Value::Int(_) | Value::Float(_) => Some(None),
            Value::Deploy(deploy) => match &**deploy {
                Deploy::Param(_, ty) => match ty.bare() {
                    Type::Quantity(unit) => Some(Some(*unit)),
                    Type::Int | Type::Float => Some(None),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let compares = matches!(op, Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual | Op::Add | Op::Subtract);
        match (unit(a), unit(b)) {
            (Some(x), Some(y)) if x != y && compares => {
                let shown = |value: &Value, unit: Option<Unit>| match unit {
                    _ if !value.is_deploy() => value.to_string(),
                    Some(unit) => format!("a {}", Type::Quantity(unit)),
                    None => "a number".into(),
                };
                let message = format!("{} and {} do not go together with `{}`", shown(a, x), shown(b, y), op.sign());
                self.fail(Diagnostic::error("type-mismatch", span, message))
            }
            _ => Value::Missing,
        }
    }

    /// Nothing is neither less nor greater than anything: a comparison with `none` is false.
    fn compare(&self, op: Op, a: &Value, b: &Value, span: Span) -> Value {
        if *a == Value::None || *b == Value::None {
            return Value::Bool(false);
        }
        let same = match (a, b) {
            (Value::Quantity(_, u), Value::Quantity(_, v)) => u == v,
            (Value::Quantity(..), _) | (_, Value::Quantity(..)) => false,
            _ => true,
        };
        let order = match (a.magnitude(), b.magnitude()) {
            (Some(x), Some(y)) if same => x.partial_cmp(&y),
            _ => match (a, b) {
                (Value::Date(x), Value::Date(y)) | (Value::Str(x), Value::Str(y)) => Some(x.cmp(y)),
                _ => None,
            },
        };
        let Some(order) = order else {
            let message = format!("{a} and {b} cannot be compared with `{}`", op.sign());
            return self.fail(Diagnostic::error("type-mismatch", span, message));
        };
        Value::Bool(match op {
            Op::Less => order.is_lt(),
            Op::LessEqual => order.is_le(),
            Op::Greater => order.is_gt(),
            _ => order.is_ge(),
        })
    }

    pub(super) fn cast(&self, value: &Value, unit: &Name, at: Span, span: Span) -> Value {
        let Some((kind, factor)) = Unit::of(unit) else {
            let finding = Diagnostic::error("unknown-unit", at, format!("`{unit}` is not a unit"));
            return self.fail(finding.help("units are ms, s, m, h, d and B, KB, MB, GB, TB"));
        };
        lift(value, &mut |value| match value {
            Value::Missing | Value::None => value.clone(),
            Value::Quantity(n, of) if *of == kind && n % factor == 0 => Value::Int(n / factor),
            Value::Quantity(n, of) if *of == kind => {
                let message = format!("{} is not a whole number of {unit}", of.show(*n));
                self.fail(Diagnostic::error("not-whole", span, message))
            }
            Value::Deploy(deploy) => match &**deploy {
                // A parameter for a duration is a number of seconds, one for a size a number of megabytes.
                Deploy::Param(name, ty) if *ty.bare() == Type::Quantity(kind) && factor == super::members::param_scale(kind) => {
                    Value::deploy(Deploy::Param(name.clone(), Type::Int))
                }
                _ => {
                    let message = "this is known only when the stack is deployed, and cannot be converted then";
                    self.fail(
                        Diagnostic::error("deploy-time-choice", span, message).help("use a `setting`, or choose between known values"),
                    )
                }
            },
            other => self.fail(Diagnostic::error("type-mismatch", span, format!("expected a quantity before `as {unit}`, found {other}"))),
        })
    }
}

fn equal(a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Deploy(_), Value::None) | (Value::None, Value::Deploy(_)) => Value::Bool(false),
        (Value::Deploy(deploy), Value::Bool(b)) | (Value::Bool(b), Value::Deploy(deploy)) if condition(deploy).is_some() => {
            match condition(deploy) {
                Some(cond) if *b => Value::deploy(Deploy::Bool(cond)),
                Some(cond) => Value::deploy(Deploy::Bool(Cond::Not(cond.into()))),
                None => Value::Bool(false),
            }
        }
        (Value::Deploy(_), _) | (_, Value::Deploy(_)) if a != b => Value::deploy(Deploy::Bool(Cond::Equals(a.clone(), b.clone()))),
        (Value::Int(x), Value::Float(y)) | (Value::Float(y), Value::Int(x)) => Value::Bool(*x as f64 == *y),
        _ => Value::Bool(a == b),
    }
}

/// Whether a value is among others: where that is known only at deployment, a condition.
pub(super) fn one_of(values: &[Value], value: &Value) -> Value {
    let mut perhaps = Vec::new();
    for other in values {
        match equal(other, value) {
            Value::Bool(true) => return Value::Bool(true),
            Value::Deploy(deploy) => perhaps.extend(condition(&deploy)),
            _ => {}
        }
    }
    match perhaps.len() {
        0 => Value::Bool(false),
        1 => perhaps.pop().map_or(Value::Missing, |cond| Value::deploy(Deploy::Bool(cond))),
        _ => Value::deploy(Deploy::Bool(Cond::Or(perhaps))),
    }
}

fn arithmetic(op: Op, a: &Value, b: &Value) -> Option<Value> {
    Some(match (a, b) {
        (Value::Int(x), Value::Int(y)) => Value::Int(whole(op, *x, *y)?),
        (Value::Quantity(x, u), Value::Quantity(y, v)) if u == v => match op {
            Op::Divide => Value::Int(x.checked_div(*y)?),
            Op::Multiply => return None,
            _ => Value::Quantity(whole(op, *x, *y)?, *u),
        },
        (Value::Quantity(x, u), Value::Int(y)) if matches!(op, Op::Multiply | Op::Divide) => Value::Quantity(whole(op, *x, *y)?, *u),
        (Value::Float(x), Value::Quantity(y, u)) | (Value::Quantity(y, u), Value::Float(x)) if op == Op::Multiply => {
            Value::Quantity((x * *y as f64).round() as i64, *u)
        }
        (Value::Int(x), Value::Quantity(y, u)) if op == Op::Multiply => Value::Quantity(x.checked_mul(*y)?, *u),
        (Value::Str(x), Value::Str(y)) if op == Op::Add => Value::text(format!("{x}{y}")),
        (Value::List(x), Value::List(y)) if op == Op::Add => Value::list(x.iter().chain(y.iter()).cloned().collect()),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            let (x, y) = (a.magnitude()?, b.magnitude()?);
            Value::Float(match op {
                Op::Add => x + y,
                Op::Subtract => x - y,
                Op::Multiply => x * y,
                Op::Divide if y != 0.0 => x / y,
                _ => return None,
            })
        }
        _ => return None,
    })
}

fn whole(op: Op, x: i64, y: i64) -> Option<i64> {
    match op {
        Op::Add => x.checked_add(y),
        Op::Subtract => x.checked_sub(y),
        Op::Multiply => x.checked_mul(y),
        Op::Divide => x.checked_div(y),
        Op::Remainder => x.checked_rem(y),
        _ => None,
    }
}
