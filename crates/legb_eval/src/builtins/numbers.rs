//! Methods of numbers.

use super::Table;
use crate::value::Value;

pub(super) const FLOAT: Table = &[("is_integer", |m, mut a| {
    let value = m.receiver(&mut a)?;
    Ok(match m.plain(&value) {
        Value::Float(number) => Value::Bool(number.is_finite() && number.fract() == 0.0),
        _ => m.unmodelled("such a call of is_integer()"),
    })
})];
