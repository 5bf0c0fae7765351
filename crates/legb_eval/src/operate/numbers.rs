//! Arithmetic of integers and floats, and how they compare.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::machine::{Eval, Machine, Stop};
use crate::program::BinaryOp;
use crate::ty::Ty;
use crate::value::Value;

impl Machine<'_> {
    pub(super) fn integers(&mut self, op: BinaryOp, x: BigInt, y: BigInt, bools: bool) -> Eval<Value> {
        let zero = y.is_zero();
        let result = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => {
                self.check_bits(x.bits() + y.bits())?;
                x * y
            }
            BinaryOp::Div if zero => return Err(self.raise(Ty::ZeroDivisionError, "division by zero")),
            BinaryOp::Div => return self.true_division(&x, &y),
            BinaryOp::FloorDiv if zero => return Err(self.zero_division("integer division or modulo by zero")),
            BinaryOp::FloorDiv => x.div_floor(&y),
            BinaryOp::Mod if zero => {
                let text = if self.words.names_modulo {
                    "integer modulo by zero"
                } else {
                    "integer division or modulo by zero"
                };
                return Err(self.zero_division(text));
            }
            BinaryOp::Mod => x.mod_floor(&y),
            BinaryOp::Pow => return self.power(&x, &y),
            BinaryOp::LShift | BinaryOp::RShift if y.is_negative() => {
                return Err(self.raise(Ty::ValueError, "negative shift count"));
            }
            BinaryOp::LShift => {
                let by = y.to_u64().unwrap_or(u64::MAX);
                if !x.is_zero() {
                    self.check_bits(x.bits().saturating_add(by))?;
                }
                if x.is_zero() { x } else { x << by }
            }
            BinaryOp::RShift => match y.to_u64() {
                Some(by) if by <= x.bits() + 1 => x >> by,
                _ => BigInt::from(if x.is_negative() { -1 } else { 0 }),
            },
            BinaryOp::Or | BinaryOp::Xor | BinaryOp::And => {
                let result = match op {
                    BinaryOp::Or => x | y,
                    BinaryOp::Xor => x ^ y,
                    _ => x & y,
                };
                if bools {
                    return Ok(Value::Bool(!result.is_zero()));
                }
                result
            }
            BinaryOp::MatMul => {
                return Err(self.raise(Ty::TypeError, "unsupported operand type(s) for @: 'int' and 'int'"));
            }
        };
        Ok(Value::int(result))
    }

    /// From 3.14 on the words are the same for all divisions.
    pub(super) fn zero_division(&mut self, text: &str) -> Stop {
        let text = if self.words.one_zero_division { "division by zero" } else { text };
        self.raise(Ty::ZeroDivisionError, text)
    }

    pub(super) fn check_bits(&mut self, bits: u64) -> Eval<()> {
        if bits > 400_000 { Err(self.halt("budget: an integer grows too large")) } else { Ok(()) }
    }

    pub(super) fn true_division(&mut self, x: &BigInt, y: &BigInt) -> Eval<Value> {
        // Exact where both sides are floats without rounding; the general case rounds once, which this does not model.
        let exact = |n: &BigInt| n.bits() <= 53;
        if exact(x) && exact(y) {
            return Ok(Value::Float(x.to_f64().unwrap_or(f64::NAN) / y.to_f64().unwrap_or(f64::NAN)));
        }
        Ok(self.unmodelled("division of such large integers"))
    }

    pub(super) fn power(&mut self, x: &BigInt, y: &BigInt) -> Eval<Value> {
        if y.is_negative() {
            if x.is_zero() {
                let text = if self.words.names_zero_power {
                    "zero to a negative power"
                } else {
                    "0.0 cannot be raised to a negative power"
                };
                return Err(self.raise(Ty::ZeroDivisionError, text));
            }
            return Ok(match (x.to_f64(), y.to_i32()) {
                (Some(x), Some(y)) if x.abs() < 1e15 => Value::Float(x.powf(f64::from(y))),
                _ => self.unmodelled("a power of such large integers"),
            });
        }
        let exponent = y.to_u32().unwrap_or(u32::MAX);
        if x.bits() > 1 {
            self.check_bits(x.bits().saturating_mul(u64::from(exponent)))?;
        } else if exponent == u32::MAX {
            return Ok(self.unmodelled("such a power"));
        }
        Ok(Value::int(x.pow(exponent)))
    }

    pub(super) fn floats(&mut self, op: BinaryOp, x: f64, y: f64) -> Eval<Option<Value>> {
        let result = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Sub => x - y,
            BinaryOp::Mul => x * y,
            BinaryOp::Div if y == 0.0 => return Err(self.zero_division("float division by zero")),
            BinaryOp::Div => x / y,
            BinaryOp::FloorDiv if y == 0.0 => {
                let text =
                    if self.words.names_floor_division { "float floor division by zero" } else { "float divmod()" };
                return Err(self.zero_division(text));
            }
            BinaryOp::FloorDiv => float_divmod(x, y).0,
            BinaryOp::Mod if y == 0.0 => {
                let text = if self.words.names_float_modulo { "float modulo by zero" } else { "float modulo" };
                return Err(self.zero_division(text));
            }
            BinaryOp::Mod => float_divmod(x, y).1,
            BinaryOp::Pow => {
                if x == 0.0 && y < 0.0 || x < 0.0 && y.fract() != 0.0 {
                    return Ok(Some(self.unmodelled("such a power of floats")));
                }
                let result = x.powf(y);
                if result.is_infinite() && x.is_finite() && y.is_finite() {
                    return Ok(Some(self.unmodelled("a power of floats that overflows")));
                }
                result
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Float(result)))
    }
}

/// `float_divmod` (`Objects/floatobject.c`).
pub(super) fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut modulo = x % y;
    let mut quotient = (x - modulo) / y;
    if modulo == 0.0 {
        modulo = 0.0_f64.copysign(y);
    } else if (y < 0.0) != (modulo < 0.0) {
        modulo += y;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        quotient = 0.0_f64.copysign(x / y);
    } else {
        let floor = quotient.floor();
        quotient = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
    }
    (quotient, modulo)
}

/// The value as a float, of `int`, `bool` and `float`; integers that would be rounded are left out.
pub(crate) fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(value) => Some(*value),
        other => {
            let number = other.as_bigint()?;
            number.to_f64().filter(|float| float.is_finite())
        }
    }
}

/// The order of two numbers; `Some(None)` if one is `nan`.
#[expect(clippy::option_option, reason = "values that are no numbers differ from numbers without an order")]
pub(super) fn compare_numbers(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        return Some(Some(x.cmp(&y)));
    }
    match (a, b) {
        (Value::Float(x), Value::Float(y)) => Some(x.partial_cmp(y)),
        (Value::Float(x), _) => Some(compare_float(*x, &b.as_bigint()?)),
        (_, Value::Float(y)) => Some(compare_float(*y, &a.as_bigint()?).map(Ordering::reverse)),
        _ => Some(Some(a.as_bigint()?.cmp(&b.as_bigint()?))),
    }
}

pub(super) fn compare_float(x: f64, y: &BigInt) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Greater } else { Ordering::Less });
    }
    let whole = num_traits::FromPrimitive::from_f64(x.trunc());
    let whole: BigInt = whole?;
    Some(whole.cmp(y).then_with(|| x.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}
