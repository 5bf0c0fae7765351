//! Methods of numbers.

use super::Table;
use num_bigint::BigInt;
use num_traits::Signed;

use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::value::Value;

pub(super) const INT: Table = &[
    ("bit_length", |m, a| on_int(m, a, |number| Value::count(usize::try_from(number.bits()).unwrap_or(usize::MAX)))),
    ("bit_count", |m, a| {
        on_int(m, a, |number| {
            let ones: u32 = number.abs().iter_u64_digits().map(u64::count_ones).sum();
            Value::Int(i64::from(ones))
        })
    }),
    ("conjugate", |m, a| on_int(m, a, |number| Value::int(number.clone()))),
    ("is_integer", |m, a| on_int(m, a, |_| Value::Bool(true))),
];

fn on_int(machine: &mut Machine<'_>, mut args: Args, compute: fn(&BigInt) -> Value) -> Eval<Value> {
    let value = machine.receiver(&mut args)?;
    match machine.plain(&value).as_bigint() {
        Some(number) if args.positional.is_empty() && args.keywords.is_empty() => Ok(compute(&number)),
        _ => Ok(machine.unmodelled("such a call of a method of `int`")),
    }
}

pub(super) const FLOAT: Table = &[("is_integer", |m, mut a| {
    let value = m.receiver(&mut a)?;
    Ok(match m.plain(&value) {
        Value::Float(number) => Value::Bool(number.is_finite() && number.fract() == 0.0),
        _ => m.unmodelled("such a call of is_integer()"),
    })
})];
