//! The functions of the module `builtins`.

use std::sync::Arc;

use num_traits::{Signed, ToPrimitive};

use super::Table;
use crate::event::Printed;
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

fn two(machine: &mut Machine<'_>, args: &Args, name: &str) -> Eval<(Value, Value)> {
    match &args.positional[..] {
        [a, b] if args.keywords.is_empty() => Ok((a.clone(), b.clone())),
        all => {
            let given = all.len();
            machine.doubt("a call with a wrong number of arguments");
            Err(machine.raise(Ty::TypeError, format!("{name} expected 2 arguments, got {given}")))
        }
    }
}

fn print(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let separator = args.take_keyword("sep").unwrap_or(Value::None);
    let end = args.take_keyword("end").unwrap_or(Value::None);
    let file = args.take_keyword("file").unwrap_or(Value::None);
    args.take_keyword("flush");
    if let Some((name, _)) = args.keywords.first() {
        let name = Arc::clone(name);
        machine.doubt("the words for an unexpected keyword");
        return Err(machine.raise(Ty::TypeError, format!("print() got an unexpected keyword argument '{name}'")));
    }
    for (name, value) in [("sep", &separator), ("end", &end)] {
        let is_text = value.is_none() || value.is_unknown() || machine.text_of(value).is_some();
        if !is_text {
            let shown = machine.type_name(value);
            return Err(machine.raise(Ty::TypeError, format!("{name} must be None or a string, not {shown}")));
        }
    }
    let mut parts = Vec::new();
    for (i, value) in args.positional.iter().enumerate() {
        if i > 0 {
            parts.push(if separator.is_none() { Value::str(" ") } else { separator.clone() });
        }
        let text = machine.str_of(value)?;
        parts.push(text);
    }
    parts.push(if end.is_none() { Value::str("\n") } else { end });
    if !file.is_none() {
        if let Value::Unknown(reason) = file
            && !machine.reasons.text(reason).contains("sys.stderr")
        {
            machine.events.other_output.get_or_insert(reason);
        }
        return Ok(Value::None);
    }
    let text = match machine.join_texts(&parts) {
        Value::Str(text) => Ok(text.to_string()),
        Value::Unknown(reason) => Err(reason),
        _ => Err(machine.reason("an unknown text")),
    };
    record(machine, text);
    Ok(Value::None)
}

/// Notes what a call of `print` wrote.
fn record(machine: &mut Machine<'_>, text: Result<String, Reason>) {
    // What a model prints was asked for by the program.
    let running = machine.running.iter().rev().find(|running| running.code.unit.is_first_party);
    let Some(running) = running else { return };
    let (unit, at) = (Arc::clone(&running.code.unit), running.offset);
    let end = unit.prints.iter().find(|(start, _)| *start == at).map_or(at, |(_, end)| *end);
    let mut names: Vec<(u32, crate::event::NameRead)> = machine
        .events
        .reads
        .iter()
        .filter(|((path, offset), _)| *path == unit.path && at < *offset && *offset < end)
        .map(|((_, offset), read)| (*offset, read.clone()))
        .collect();
    names.sort_by_key(|(offset, _)| *offset);
    let text = match machine.output_unknown {
        Some(reason) => Err(reason),
        None => text,
    };
    let is_pattern = text.as_ref().is_ok_and(|text| text.contains('\u{fffd}'));
    let mut unique: Vec<crate::event::NameRead> = Vec::new();
    for (_, read) in names {
        if !unique.contains(&read) {
            unique.push(read);
        }
    }
    machine.events.prints.push(Printed { at, path: Arc::clone(&unit.path), text, is_pattern, names: unique });
}

fn getattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (Some(object), Some(name)) = (args.positional.first(), args.positional.get(1)) else {
        return Ok(machine.unmodelled("getattr() with a wrong number of arguments"));
    };
    let Some(name) = machine.text_of(name) else {
        let name = &name.clone();
        if name.is_unknown() {
            return Ok(name.clone());
        }
        let shown = machine.type_name(name);
        let message = if machine.words.names_attribute_type {
            format!("attribute name must be string, not '{shown}'")
        } else {
            "getattr(): attribute name must be string".to_owned()
        };
        return Err(machine.raise(Ty::TypeError, message));
    };
    match args.positional.get(2) {
        Some(default) => Ok(maybe_attribute(machine, object, &name)?.unwrap_or_else(|| default.clone())),
        None => machine.get_attr(object, &name),
    }
}

fn maybe_attribute(machine: &mut Machine<'_>, object: &Value, name: &str) -> Eval<Option<Value>> {
    // An attribute that may be missing is no doubt here: the answer is one of two.
    let dict = match machine.heap.of(object) {
        Some(Object::Module(module)) => Some(module.dict),
        Some(Object::Instance(instance)) => Some(instance.dict),
        _ => None,
    };
    if let Some(dict) = dict
        && machine.heap.dict(dict).name(name).is_some_and(|entry| entry.maybe)
    {
        return Ok(Some(machine.unknown(format!("whether `{name}` is there"))));
    }
    if let Some(Object::Module(module)) = machine.heap.of(object)
        && let Some(own) = module.opaque.clone()
        && machine.heap.dict(module.dict).name(name).is_none()
        && machine.opaque_has(&own, name).is_none()
    {
        return Ok(Some(machine.unknown(format!("whether `{own}` has `{name}`"))));
    }
    machine.get_attr_or(object, name)
}

fn setattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let [object, name, value] = &args.positional[..] else {
        return Ok(machine.unmodelled("setattr() with a wrong number of arguments"));
    };
    match machine.text_of(name) {
        Some(name) => machine.set_attr(object, &name, value.clone())?,
        None => {
            machine.escape(object);
            if let Some(Object::Module(module)) = machine.heap.of(object) {
                let dict = module.dict;
                let reason = machine.reason("an attribute of an unknown name is set");
                machine.heap.dict_mut(dict).forget(reason);
            }
        }
    }
    Ok(Value::None)
}

fn hasattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (object, name) = two(machine, &args, "hasattr")?;
    let Some(name) = machine.text_of(&name) else { return Ok(machine.unknown("an attribute of an unknown name")) };
    Ok(match maybe_attribute(machine, &object, &name)? {
        Some(Value::Unknown(reason)) => Value::Unknown(reason),
        Some(_) => Value::Bool(true),
        None => Value::Bool(false),
    })
}

fn delattr(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (object, name) = two(machine, &args, "delattr")?;
    match machine.text_of(&name) {
        Some(name) => machine.del_attr(&object, &name)?,
        None => machine.doubt("an attribute of an unknown name is deleted"),
    }
    Ok(Value::None)
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

fn sorted(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    let key = args.take_keyword("key").filter(|key| !key.is_none());
    let reverse = args.take_keyword("reverse").unwrap_or(Value::Bool(false));
    let iterable = one(machine, &args, "sorted")?;
    match machine.collect_unordered(&iterable)? {
        Ok(items) => {
            let set = matches!(machine.heap.of(&iterable), Some(Object::Set { .. })) && key.is_some();
            match machine.sort(items, key.as_ref(), &reverse)? {
                Ok(items) if !set => Ok(machine.new_list(items)),
                Ok(items) => {
                    let distinct = items.len() < 2;
                    if distinct {
                        Ok(machine.new_list(items))
                    } else {
                        Ok(machine.unknown("equal keys of a set keep its order"))
                    }
                }
                Err(reason) => Ok(Value::Unknown(reason)),
            }
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}

impl Machine<'_> {
    /// Sorts stably, as `list.sort` does.
    pub(super) fn sort(
        &mut self,
        items: Vec<Value>,
        key: Option<&Value>,
        reverse: &Value,
    ) -> Eval<Result<Vec<Value>, Reason>> {
        let reverse = match self.truth(reverse)? {
            Ok(reverse) => reverse,
            Err(reason) => return Ok(Err(reason)),
        };
        let mut keyed = Vec::with_capacity(items.len());
        for item in items {
            let key = match key {
                Some(function) => self.call(function, Args::of([item.clone()]))?,
                None => item.clone(),
            };
            if let Value::Unknown(reason) = key {
                return Ok(Err(reason));
            }
            keyed.push((key, item));
        }
        if reverse {
            keyed.reverse();
        }
        // Insertion into a sorted list by halves: comparisons may run code, and may raise.
        let mut sorted: Vec<(Value, Value)> = Vec::with_capacity(keyed.len());
        for (key, item) in keyed {
            let (mut low, mut high) = (0, sorted.len());
            while low < high {
                self.tick()?;
                let middle = usize::midpoint(low, high);
                let less = self.compare(Comparison::Lt, &key, &sorted[middle].0)?;
                match self.truth(&less)? {
                    Ok(true) => high = middle,
                    Ok(false) => low = middle + 1,
                    Err(reason) => return Ok(Err(reason)),
                }
            }
            sorted.insert(low, (key, item));
        }
        if reverse {
            sorted.reverse();
        }
        Ok(Ok(sorted.into_iter().map(|(_, item)| item).collect()))
    }
}

fn extreme(machine: &mut Machine<'_>, mut args: Args, op: Comparison, name: &'static str) -> Eval<Value> {
    let key = args.take_keyword("key").filter(|key| !key.is_none());
    let default = args.take_keyword("default");
    let items = if args.positional.len() == 1 {
        match machine.collect_unordered(&args.positional[0])? {
            Ok(items) => items,
            Err(reason) => return Ok(Value::Unknown(reason)),
        }
    } else {
        args.positional
    };
    let mut best: Option<(Value, Value)> = None;
    for item in items {
        let rank = match &key {
            Some(function) => machine.call(function, Args::of([item.clone()]))?,
            None => item.clone(),
        };
        let better = match &best {
            None => Ok(true),
            Some((known, _)) => {
                let less = machine.compare(op, &rank, known)?;
                machine.truth(&less)?
            }
        };
        match better {
            Ok(true) => best = Some((rank, item)),
            Ok(false) => {}
            Err(reason) => return Ok(Value::Unknown(reason)),
        }
    }
    match best.map(|(_, item)| item).or(default) {
        Some(item) => Ok(item),
        None => {
            let what = if machine.words.says_iterable_is_empty {
                "iterable argument is empty"
            } else {
                "arg is an empty sequence"
            };
            Err(machine.raise(Ty::ValueError, format!("{name}() {what}")))
        }
    }
}

fn sum(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let mut total = args.get(1, "start").cloned().unwrap_or(Value::Int(0));
    let Some(iterable) = args.positional.first() else {
        return Ok(machine.unmodelled("sum() without an iterable"));
    };
    if matches!(total, Value::Str(_)) {
        return Err(machine.raise(Ty::TypeError, "sum() can't sum strings [use ''.join(seq) instead]"));
    }
    match machine.collect_unordered(iterable)? {
        Ok(items) => {
            // From 3.12 on floats are summed with compensation.
            let floats = items.iter().filter(|item| matches!(item, Value::Float(_))).count();
            if floats > 1 && machine.words.compensates_sums {
                return Ok(compensated(machine, &items, &total));
            }
            for item in items {
                total = machine.binary(BinaryOp::Add, &total, &item)?;
            }
            Ok(total)
        }
        Err(reason) => Ok(Value::Unknown(reason)),
    }
}

/// Neumaier summation (`cs_add`, `Python/bltinmodule.c`).
fn compensated(machine: &mut Machine<'_>, items: &[Value], start: &Value) -> Value {
    let Some(mut high) = crate::operate::as_float(start) else { return machine.unmodelled("such a sum") };
    let mut low = 0.0;
    for item in items {
        let Some(x) = crate::operate::as_float(item) else { return machine.unmodelled("such a sum") };
        let total = high + x;
        if high.abs() >= x.abs() {
            low += (high - total) + x;
        } else {
            low += (x - total) + high;
        }
        high = total;
    }
    Value::Float(if low != 0.0 && f64::is_finite(low) { high + low } else { high })
}

fn any_all(machine: &mut Machine<'_>, args: &Args, wanted: bool) -> Eval<Value> {
    let iterable = one(machine, args, if wanted { "any" } else { "all" })?;
    let iterator = machine.iter(&iterable)?;
    loop {
        match machine.next(&iterator)? {
            Next::Item(item) => match machine.truth(&item)? {
                Ok(truth) if truth == wanted => return Ok(Value::Bool(wanted)),
                Ok(_) => {}
                Err(reason) => return Ok(Value::Unknown(reason)),
            },
            Next::End => return Ok(Value::Bool(!wanted)),
            Next::Unknown(reason) => return Ok(Value::Unknown(reason)),
        }
    }
}

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

fn vars(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "vars")?;
    match machine.get_attr_or(&value, "__dict__")? {
        Some(dict) => Ok(dict),
        None => Err(machine.raise(Ty::TypeError, "vars() argument must have __dict__ attribute")),
    }
}

fn dir(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let value = one(machine, &args, "dir")?;
    if let Some(Object::Module(module)) = machine.heap.of(&value)
        && machine.heap.dict(module.dict).is_exact()
        && machine.heap.dict(module.dict).name("__dir__").is_none()
    {
        let mut names = machine.text_keys(module.dict);
        names.sort();
        return Ok(machine.new_list(names.into_iter().map(Value::Str).collect()));
    }
    Ok(machine.unknown("the names that `dir()` lists"))
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
