//! The functions of the module `builtins`.

use std::sync::Arc;

use num_traits::{Signed, ToPrimitive};

use super::Table;
use super::aggregate::{any_all, extreme, sorted, sum};
use super::attributes::{delattr, dir, getattr, hasattr, setattr, vars};
use super::print::print;
use crate::heap::{Iter, Object};
use crate::iterate::Next;
use crate::machine::{Eval, Machine, Stop};
use crate::native::Args;
use crate::number::in_base;
use crate::program::{BinaryOp, Comparison};
use crate::ty::Ty;
use crate::value::{Reason, Value};

pub(super) const FUNCTIONS: Table = &[
    ("print", print),
    ("len", |m, a| one(m, &a, "len").and_then(|v| m.len(&v))),
    ("repr", |m, a| one(m, &a, "repr").and_then(|v| m.repr_of(&v))),
    ("ascii", |m, a| one(m, &a, "ascii").and_then(|v| m.ascii_of(&v))),
    ("isinstance", |m, a| two(m, &a, "isinstance").and_then(|(v, c)| m.is_instance(&v, &c)).map(answer)),
    ("issubclass", |m, a| two(m, &a, "issubclass").and_then(|(v, c)| m.is_subclass_of(&v, &c)).map(answer)),
    ("getattr", getattr),
    ("setattr", setattr),
    ("hasattr", hasattr),
    ("delattr", delattr),
    ("callable", callable),
    ("iter", iter),
    ("next", next),
    ("sorted", sorted),
    ("min", |m, a| extreme(m, a, Comparison::Lt, "min")),
    ("max", |m, a| extreme(m, a, Comparison::Gt, "max")),
    ("sum", sum),
    ("any", |m, a| any_all(m, &a, true)),
    ("all", |m, a| any_all(m, &a, false)),
    ("abs", abs),
    ("round", round),
    ("divmod", divmod),
    ("pow", pow),
    ("chr", chr),
    ("ord", ord),
    ("hex", |m, a| base(m, &a, 16, "0x")),
    ("oct", |m, a| base(m, &a, 8, "0o")),
    ("bin", |m, a| base(m, &a, 2, "0b")),
    ("format", format_),
    ("id", |m, _| Ok(m.unknown("`id()` gives an address"))),
    ("hash", hash),
    ("globals", |m, _| Ok(namespace_elsewhere(m))),
    ("locals", |m, _| Ok(namespace_elsewhere(m))),
    ("vars", vars),
    ("dir", dir),
    ("__import__", dunder_import),
    ("exec", run_text),
    ("eval", run_text),
];

pub(super) fn answer(result: Result<bool, Reason>) -> Value {
    result.map_or_else(Value::Unknown, Value::Bool)
}

/// The only argument.
pub(super) fn one(machine: &mut Machine<'_>, args: &Args, name: &str) -> Eval<Value> {
    match &args.positional[..] {
        [value] if args.keywords.is_empty() => Ok(value.clone()),
        _ if !args.keywords.is_empty() => {
            Err(machine.raise(Ty::TypeError, format!("{name}() takes no keyword arguments")))
        }
        all => {
            let given = all.len();
            Err(machine.raise(Ty::TypeError, format!("{name}() takes exactly one argument ({given} given)")))
        }
    }
}

pub(super) fn two(machine: &mut Machine<'_>, args: &Args, name: &str) -> Eval<(Value, Value)> {
    match &args.positional[..] {
        [a, b] if args.keywords.is_empty() => Ok((a.clone(), b.clone())),
        all => {
            let given = all.len();
            machine.doubt("a call with a wrong number of arguments");
            Err(machine.raise(Ty::TypeError, format!("{name} expected 2 arguments, got {given}")))
        }
    }
}

fn callable(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "callable")?;
    Ok(match machine.heap.of(&value) {
        Some(
            Object::Function(_)
            | Object::Bound { .. }
            | Object::Native(_)
            | Object::Class(_)
            | Object::Partial { .. }
            | Object::Alias { .. },
        ) => Value::Bool(true),
        Some(Object::Instance(_)) => match machine.special(&value, "__call__")? {
            Some(_) => Value::Bool(true),
            None if machine.is_open(&value) => machine.unknown("an object of an unknown class"),
            None => Value::Bool(false),
        },
        _ if value.is_unknown() => value,
        _ => Value::Bool(false),
    })
}

fn iter(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    match &args.positional[..] {
        [value] => machine.iter(value),
        [function, sentinel] => {
            let iter = Iter::Call { function: function.clone(), sentinel: sentinel.clone() };
            Ok(Value::Obj(machine.heap.alloc(Object::Iter(iter))))
        }
        _ => Ok(machine.unmodelled("iter() with a wrong number of arguments")),
    }
}

fn next(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let Some(iterator) = args.positional.first() else {
        return Ok(machine.unmodelled("next() without an iterator"));
    };
    let is_iterator =
        matches!(machine.heap.of(iterator), Some(Object::Iter(_) | Object::Generator(_) | Object::Instance(_)))
            || iterator.is_unknown();
    if !is_iterator {
        let name = machine.type_name(iterator);
        return Err(machine.raise(Ty::TypeError, format!("'{name}' object is not an iterator")));
    }
    match machine.next_with_result(iterator)? {
        (Next::Item(item), _) => Ok(item),
        (Next::Unknown(reason), _) => Ok(Value::Unknown(reason)),
        (Next::End, result) => match args.positional.get(1) {
            Some(default) => Ok(default.clone()),
            None => {
                let args = if result.is_none() { Vec::new() } else { vec![result] };
                Err(Stop::Raise(machine.new_exception(Ty::StopIteration, args)))
            }
        },
    }
}

impl Machine<'_> {}

fn abs(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "abs")?;
    if let Some(method) = machine.user_special(&value, "__abs__")? {
        return machine.call(&method, Args::default());
    }
    match machine.plain(&value) {
        Value::Float(number) => Ok(Value::Float(number.abs())),
        plain => match plain.as_bigint() {
            Some(number) => Ok(Value::int(number.abs())),
            None if plain.is_unknown() || machine.is_open(&value) => Ok(machine.unknown("an absolute value")),
            None => {
                let name = machine.type_name(&value);
                Err(machine.raise(Ty::TypeError, format!("bad operand type for abs(): '{name}'")))
            }
        },
    }
}

fn round(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let Some(value) = args.get(0, "number") else { return Ok(machine.unmodelled("round() without a number")) };
    let digits = args.get(1, "ndigits").filter(|digits| !digits.is_none());
    match (machine.plain(value), digits) {
        (Value::Float(number), None) if number.is_finite() => {
            let rounded = number.round_ties_even();
            Ok(num_traits::FromPrimitive::from_f64(rounded).map_or_else(|| Value::Float(rounded), Value::int))
        }
        (Value::Float(number), Some(Value::Int(digits @ 0..=20))) if number.is_finite() => {
            let digits = usize::try_from(*digits).unwrap_or(0);
            Ok(Value::Float(format!("{number:.digits$}").parse().unwrap_or(number)))
        }
        (plain @ (Value::Int(_) | Value::Bool(_) | Value::Big(_)), digits) => match digits {
            None => Ok(plain.as_bigint().map_or(Value::None, Value::int)),
            Some(Value::Int(0..)) => Ok(plain.as_bigint().map_or(Value::None, Value::int)),
            Some(_) => Ok(machine.unmodelled("round() of an integer to tens")),
        },
        (Value::Unknown(reason), _) => Ok(Value::Unknown(reason)),
        _ => Ok(machine.unmodelled("such a call of round()")),
    }
}

fn divmod(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (a, b) = two(machine, &args, "divmod")?;
    let quotient = machine.binary(BinaryOp::FloorDiv, &a, &b)?;
    let rest = machine.binary(BinaryOp::Mod, &a, &b)?;
    Ok(machine.new_tuple(vec![quotient, rest]))
}

fn pow(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    match &args.positional[..] {
        [a, b] => machine.binary(BinaryOp::Pow, a, b),
        [a, b, m] => match (a.as_bigint(), b.as_bigint(), m.as_bigint()) {
            (Some(a), Some(b), Some(m)) if !b.is_negative() && m.is_positive() => {
                Ok(Value::int(num_integer::Integer::mod_floor(&a, &m).modpow(&b, &m)))
            }
            _ => Ok(machine.unmodelled("such a call of pow()")),
        },
        _ => Ok(machine.unmodelled("such a call of pow()")),
    }
}

fn chr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "chr")?;
    let code = machine.plain(&value).as_i64();
    match code.map(u32::try_from) {
        Some(Ok(code)) if code <= 0x10_ffff => Ok(match char::from_u32(code) {
            Some(c) => Value::str(c.to_string()),
            None => machine.unknown("a lone surrogate"),
        }),
        Some(_) => Err(machine.raise(Ty::ValueError, "chr() arg not in range(0x110000)")),
        None => Ok(machine.unmodelled("such a call of chr()")),
    }
}

fn ord(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "ord")?;
    let Some(text) = machine.text_of(&value) else { return Ok(machine.unmodelled("such a call of ord()")) };
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(Value::Int(i64::from(c as u32))),
        _ => {
            let len = text.chars().count();
            let message = format!("ord() expected a character, but string of length {len} found");
            Err(machine.raise(Ty::TypeError, message))
        }
    }
}

fn base(machine: &mut Machine<'_>, args: &Args, base: u32, prefix: &str) -> Eval<Value> {
    let value = one(machine, args, "hex")?;
    match machine.plain(&value).as_bigint() {
        Some(number) => {
            let sign = if number.is_negative() { "-" } else { "" };
            Ok(Value::str(format!("{sign}{prefix}{}", in_base(&number.abs(), base))))
        }
        None if value.is_unknown() => Ok(value),
        None => {
            let name = machine.type_name(&value);
            Err(machine.raise(Ty::TypeError, format!("'{name}' object cannot be interpreted as an integer")))
        }
    }
}

fn format_(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let spec = args.positional.get(1).cloned().unwrap_or_else(|| Value::str(""));
    match args.positional.first() {
        Some(value) => machine.format_value(value, &spec),
        None => Ok(machine.unmodelled("format() without a value")),
    }
}

fn hash(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "hash")?;
    match machine.key(&value) {
        crate::machine::Hashed::Unhashable(name) => {
            Err(machine.raise(Ty::TypeError, format!("unhashable type: '{name}'")))
        }
        _ => match value.as_i64().map(|number| number.to_i64()) {
            Some(Some(number)) if (0..(1 << 60)).contains(&number) => Ok(Value::Int(number)),
            _ => Ok(machine.unknown("`hash()` may differ from run to run")),
        },
    }
}

fn namespace_elsewhere(machine: &mut Machine<'_>) -> Value {
    match machine.running.last().map(|running| running.globals) {
        Some(globals) => {
            let _ = globals;
            machine.unmodelled("a namespace asked for in such a way")
        }
        None => machine.unmodelled("a namespace asked for outside of a program"),
    }
}

fn dunder_import(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let Some(name) = args.get(0, "name").and_then(|name| machine.text_of(name)) else {
        machine.doubt("an import of an unknown name");
        return Ok(machine.unknown("an import of an unknown name"));
    };
    let level = args.get(4, "level").and_then(Value::as_i64).and_then(|level| u32::try_from(level).ok()).unwrap_or(0);
    let globals = match args.get(1, "globals") {
        Some(Value::Obj(id)) if matches!(machine.heap.get(*id), Object::Dict(_)) => *id,
        _ => machine.running.last().map_or(machine.builtins, |running| running.globals),
    };
    let from = match args.get(3, "fromlist") {
        Some(list) if !list.is_none() => match machine.collect(list)? {
            Ok(items) => {
                let names: Vec<Arc<str>> = items.iter().filter_map(|item| machine.text_of(item)).collect();
                (!names.is_empty()).then_some(names)
            }
            Err(_) => {
                machine.doubt("an import with an unknown list of names");
                None
            }
        },
        _ => None,
    };
    machine.import(&name, from.as_deref(), level, globals)
}

/// `exec` and `eval`: code that is not seen may do anything to the namespaces that it gets.
fn run_text(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let reason = machine.reason("code that is made at run time");
    machine.doubt_because(reason);
    machine.events.other_output.get_or_insert(reason);
    match args.positional.get(1) {
        Some(namespace) => {
            let namespaces = [Some(namespace.clone()), args.positional.get(2).cloned()];
            namespaces.iter().flatten().for_each(|namespace| machine.escape(namespace));
        }
        None => {
            if let Some(globals) = machine.running.last().map(|running| running.globals) {
                machine.heap.dict_mut(globals).open = Some(reason);
            }
        }
    }
    Ok(Value::Unknown(reason))
}
