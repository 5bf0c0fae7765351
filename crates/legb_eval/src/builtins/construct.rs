//! Calls of the classes of the interpreter: `int("3")`, `list(…)`, `ValueError("…")`.

use num_bigint::BigInt;

use crate::heap::{Iter, Object};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// Calls a class of the interpreter.
    pub(crate) fn construct(&mut self, ty: Ty, mut args: Args) -> Eval<Value> {
        if ty.is_a(Ty::BaseException) {
            return self.new_builtin_exception(ty, args);
        }
        match ty {
            Ty::Int => self.int_of(&args),
            Ty::Float => self.float_of(&args),
            Ty::Bool => match args.positional.first() {
                None => Ok(Value::Bool(false)),
                Some(value) => {
                    let value = value.clone();
                    Ok(self.truth(&value)?.map_or_else(Value::Unknown, Value::Bool))
                }
            },
            Ty::Str => match &args.positional[..] {
                [] => Ok(args.keyword("object").cloned().map_or_else(|| Ok(Value::str("")), |v| self.str_of(&v))?),
                [value] if args.keywords.is_empty() => {
                    let value = value.clone();
                    self.str_of(&value)
                }
                _ => Ok(self.unmodelled("decoding by str()")),
            },
            Ty::Bytes => match &args.positional[..] {
                [] => Ok(Value::Bytes([].into())),
                [value] => match self.plain(value) {
                    Value::Bytes(bytes) => Ok(Value::Bytes(bytes)),
                    Value::Int(len @ 0..=100_000) => {
                        Ok(Value::Bytes(vec![0; usize::try_from(len).unwrap_or(0)].into()))
                    }
                    Value::Obj(_) => self.bytes_of(value),
                    _ => Ok(self.unmodelled("such a call of bytes()")),
                },
                _ => Ok(self.unmodelled("such a call of bytes()")),
            },
            Ty::List | Ty::Tuple | Ty::Set | Ty::Frozenset => self.container_of(ty, &args),
            Ty::Dict => {
                let dict = self.new_dict();
                if let Some(source) = args.positional.first().cloned() {
                    self.dict_update(dict, &source)?;
                }
                for (name, value) in args.keywords {
                    self.heap.dict_mut(dict).set_name(&name, value);
                }
                Ok(Value::Obj(dict))
            }
            Ty::Object => Ok(Value::Obj(self.new_instance(ty.id(), crate::heap::Payload::None))),
            Ty::Type => match args.positional.len() {
                1 => Ok(match self.class_of(&args.positional[0]) {
                    Some(class) if class == Ty::Type.id() && self.is_open(&args.positional[0]) => {
                        self.unknown("the metaclass of such a class")
                    }
                    Some(class) => Value::Obj(class),
                    None => self.unknown("the type of an unknown value"),
                }),
                3 => self.call_metaclass(Ty::Type.id(), &args),
                _ => Err(self.raise(Ty::TypeError, "type() takes 1 or 3 arguments")),
            },
            Ty::Range => self.range_of(&args),
            Ty::Slice => {
                let [start, stop, step] = match &args.positional[..] {
                    [stop] => [Value::None, stop.clone(), Value::None],
                    [start, stop] => [start.clone(), stop.clone(), Value::None],
                    [start, stop, step] => [start.clone(), stop.clone(), step.clone()],
                    _ => return Ok(self.unmodelled("such a call of slice()")),
                };
                Ok(Value::Obj(self.heap.alloc(Object::Slice(Box::new([start, stop, step])))))
            }
            Ty::Enumerate => {
                let start =
                    args.take_keyword("start").or_else(|| args.positional.get(1).cloned()).unwrap_or(Value::Int(0));
                let Some(iterable) = args.get(0, "iterable").cloned() else {
                    return Err(self.raise(Ty::TypeError, "enumerate() missing required argument 'iterable' (pos 1)"));
                };
                let inner = self.iter(&iterable)?;
                match start.as_i64() {
                    Some(next) => Ok(self.alloc_iter(Iter::Enumerate { inner, next })),
                    None => Ok(self.unmodelled("such a start of enumerate()")),
                }
            }
            Ty::Zip => {
                let strict = args.take_keyword("strict");
                if strict.is_some() && !self.words.zip_strict {
                    return Err(self.raise(Ty::TypeError, "zip() takes no keyword arguments"));
                }
                let strict = matches!(strict, Some(Value::Bool(true)));
                let mut inner = Vec::new();
                for iterable in &args.positional {
                    inner.push(self.iter(iterable)?);
                }
                Ok(self.alloc_iter(Iter::Zip { inner, strict }))
            }
            Ty::Map => {
                if args.positional.len() < 2 {
                    return Err(self.raise(Ty::TypeError, "map() must have at least two arguments."));
                }
                let function = args.positional.remove(0);
                let mut inner = Vec::new();
                for iterable in &args.positional {
                    inner.push(self.iter(iterable)?);
                }
                Ok(self.alloc_iter(Iter::Map { function, inner }))
            }
            Ty::Filter => match &args.positional[..] {
                [function, iterable] => {
                    let (function, iterable) = (function.clone(), iterable.clone());
                    let inner = self.iter(&iterable)?;
                    Ok(self.alloc_iter(Iter::Filter { function, inner }))
                }
                _ => Ok(self.unmodelled("such a call of filter()")),
            },
            Ty::Reversed => self.reversed(&args),
            Ty::Property => {
                let part = |at, name| args.get(at, name).cloned().unwrap_or(Value::None);
                let parts = [part(0, "fget"), part(1, "fset"), part(2, "fdel")];
                Ok(Value::Obj(self.heap.alloc(Object::Property(Box::new(parts)))))
            }
            Ty::Staticmethod | Ty::Classmethod => {
                let inner = args.positional.first().cloned().unwrap_or(Value::None);
                let object =
                    if ty == Ty::Staticmethod { Object::StaticMethod(inner) } else { Object::ClassMethod(inner) };
                Ok(Value::Obj(self.heap.alloc(object)))
            }
            Ty::Super => Ok(self.two_argument_super(&args)),
            Ty::Partial => crate::stdlib::partial(self, args),
            _ => {
                self.escape_all(&args);
                Ok(self.unmodelled(format!("a call of `{}`", ty.name())))
            }
        }
    }

    /// `bytes(iterable)`
    fn bytes_of(&mut self, value: &Value) -> Eval<Value> {
        if self.special(value, "__bytes__")?.is_some() || self.is_open(value) {
            return Ok(self.unmodelled("such a call of bytes()"));
        }
        let items = match self.collect_unordered(value)? {
            Ok(items) => items,
            Err(reason) => return Ok(Value::Unknown(reason)),
        };
        let mut bytes = Vec::with_capacity(items.len());
        for item in items {
            match self.plain(&item).as_bigint().map(u8::try_from) {
                Some(Ok(byte)) => bytes.push(byte),
                Some(Err(_)) => return Err(self.raise(Ty::ValueError, "bytes must be in range(0, 256)")),
                None => return Ok(self.unmodelled("such an item of bytes")),
            }
        }
        Ok(Value::Bytes(bytes.into()))
    }

    fn alloc_iter(&mut self, iter: Iter) -> Value {
        Value::Obj(self.heap.alloc(Object::Iter(iter)))
    }

    fn new_builtin_exception(&mut self, ty: Ty, args: Args) -> Eval<Value> {
        let import_error = ty.is_a(Ty::ImportError);
        if !args.keywords.is_empty() && !import_error {
            if ty.is_a(Ty::AttributeError) || ty.is_a(Ty::NameError) {
                let exception = self.new_exception(ty, args.positional);
                return Ok(Value::Obj(exception));
            }
            let name = ty.name();
            return Err(self.raise(Ty::TypeError, format!("{name}() takes no keyword arguments")));
        }
        if ty.is_a(Ty::OSError) && args.positional.len() >= 2 {
            // `OSError(2, "…")` makes a `FileNotFoundError`.
            if ty == Ty::OSError {
                return Ok(self.unmodelled("an OSError with an error number"));
            }
        }
        if ty.is_a(Ty::BaseExceptionGroup) {
            return self.new_group(ty.id(), &args);
        }
        if ty.is_a(Ty::UnicodeError) && ty != Ty::UnicodeError {
            return Ok(self.unmodelled(format!("a `{}`", ty.name())));
        }
        let exception = self.new_exception(ty, args.positional.clone());
        if import_error {
            self.import_error_fields(&Value::Obj(exception), &args);
        }
        Ok(Value::Obj(exception))
    }

    fn container_of(&mut self, ty: Ty, args: &Args) -> Eval<Value> {
        let items = match args.positional.first() {
            None => Ok(Vec::new()),
            Some(source) if matches!(ty, Ty::Set | Ty::Frozenset) => self.collect_unordered(source)?,
            Some(source) => self.collect(source)?,
        };
        match (ty, items) {
            (Ty::List, Ok(items)) => Ok(self.new_list(items)),
            (Ty::Tuple, Ok(items)) => match args.positional.first() {
                Some(source) if matches!(self.heap.of(source), Some(Object::Tuple(_))) => Ok(source.clone()),
                _ => Ok(self.new_tuple(items)),
            },
            (_, Ok(items)) => self.new_set(items, ty == Ty::Frozenset),
            (Ty::List, Err(reason)) => {
                let list = crate::heap::List { items: Vec::new(), open: Some(reason) };
                Ok(Value::Obj(self.heap.alloc(Object::List(list))))
            }
            (Ty::Tuple, Err(reason)) => Ok(Value::Unknown(reason)),
            (_, Err(reason)) => {
                let set = self.new_set(Vec::new(), ty == Ty::Frozenset)?;
                if let Value::Obj(id) = set {
                    self.heap.dict_mut(id).open = Some(reason);
                }
                Ok(set)
            }
        }
    }

    fn range_of(&mut self, args: &Args) -> Eval<Value> {
        let mut numbers = Vec::new();
        for value in &args.positional {
            match self.plain(value) {
                Value::Unknown(reason) => return Ok(Value::Unknown(reason)),
                plain => match plain.as_i64() {
                    Some(number) => numbers.push(number),
                    None if plain.as_bigint().is_some() => return Ok(self.unmodelled("so large a range")),
                    None if self.is_open(value) || self.special(value, "__index__")?.is_some() => {
                        return Ok(self.unmodelled("such a bound of a range"));
                    }
                    None => {
                        let name = self.type_name(value);
                        let message = format!("'{name}' object cannot be interpreted as an integer");
                        return Err(self.raise(Ty::TypeError, message));
                    }
                },
            }
        }
        let (start, stop, step) = match numbers[..] {
            [stop] => (0, stop, 1),
            [start, stop] => (start, stop, 1),
            [start, stop, step] => (start, stop, step),
            _ => return Ok(self.unmodelled("such a call of range()")),
        };
        if step == 0 {
            return Err(self.raise(Ty::ValueError, "range() arg 3 must not be zero"));
        }
        Ok(Value::Obj(self.heap.alloc(Object::Range { start, stop, step })))
    }

    fn reversed(&mut self, args: &Args) -> Eval<Value> {
        let Some(value) = args.positional.first() else { return Ok(self.unmodelled("reversed() of nothing")) };
        if let Some(method) = self.user_special(value, "__reversed__")? {
            return self.call(&method, Args::default());
        }
        let sequence = matches!(
            self.heap.of(&self.plain(value)),
            Some(Object::List(_) | Object::Tuple(_) | Object::Range { .. } | Object::Dict(_) | Object::DictView { .. })
        ) || matches!(self.plain(value), Value::Str(_));
        if sequence {
            let plain = self.plain(value);
            return match self.collect(&plain)? {
                Ok(mut items) => {
                    items.reverse();
                    Ok(self.items_iter(items, "reversed"))
                }
                Err(reason) => Ok(Value::Unknown(reason)),
            };
        }
        if self.is_open(value) {
            return Ok(self.unknown("an object of an unknown class"));
        }
        let name = self.type_name(value);
        Err(self.raise(Ty::TypeError, format!("'{name}' object is not reversible")))
    }

    fn int_of(&mut self, args: &Args) -> Eval<Value> {
        let Some(value) = args.positional.first() else { return Ok(Value::Int(0)) };
        let base = args.get(1, "base").cloned();
        if let Some(method) = self.user_special(value, "__int__")? {
            return self.call(&method, Args::default());
        }
        match self.plain(value) {
            Value::Unknown(reason) => Ok(Value::Unknown(reason)),
            Value::Float(number) => {
                if number.is_nan() {
                    return Err(self.raise(Ty::ValueError, "cannot convert float NaN to integer"));
                }
                if number.is_infinite() {
                    return Err(self.raise(Ty::OverflowError, "cannot convert float infinity to integer"));
                }
                let whole: Option<BigInt> = num_traits::FromPrimitive::from_f64(number.trunc());
                Ok(whole.map_or(Value::None, Value::int))
            }
            Value::Str(text) => {
                let radix = match &base {
                    None => 10,
                    Some(base) => match base.as_i64() {
                        Some(base @ 2..=36) => u32::try_from(base).unwrap_or(10),
                        _ => return Ok(self.unmodelled("such a base of int()")),
                    },
                };
                match integer(&text, radix) {
                    Some(number) => Ok(Value::int(number)),
                    None => {
                        let Value::Str(shown) = self.repr_of(&Value::Str(text))? else { return Ok(Value::None) };
                        let message = format!("invalid literal for int() with base {radix}: {shown}");
                        Err(self.raise(Ty::ValueError, message))
                    }
                }
            }
            plain => match plain.as_bigint() {
                Some(number) => Ok(Value::int(number)),
                None if self.is_open(value)
                    || matches!(plain, Value::Bytes(_))
                    || self.special(value, "__index__")?.is_some() =>
                {
                    Ok(self.unmodelled("such a call of int()"))
                }
                None => {
                    let name = self.type_name(value);
                    let kind = if self.words.speaks_of_real_numbers { "real number" } else { "number" };
                    let message =
                        format!("int() argument must be a string, a bytes-like object or a {kind}, not '{name}'");
                    Err(self.raise(Ty::TypeError, message))
                }
            },
        }
    }

    fn float_of(&mut self, args: &Args) -> Eval<Value> {
        let Some(value) = args.positional.first() else { return Ok(Value::Float(0.0)) };
        if let Some(method) = self.user_special(value, "__float__")? {
            return self.call(&method, Args::default());
        }
        match self.plain(value) {
            Value::Unknown(reason) => Ok(Value::Unknown(reason)),
            Value::Str(text) => {
                let cleaned = text.trim().replace('_', "");
                let number = cleaned.parse::<f64>().ok().filter(|_| !text.contains("__") && !cleaned.is_empty());
                match number {
                    Some(number) => Ok(Value::Float(number)),
                    None => {
                        let Value::Str(shown) = self.repr_of(&Value::Str(text))? else { return Ok(Value::None) };
                        Err(self.raise(Ty::ValueError, format!("could not convert string to float: {shown}")))
                    }
                }
            }
            plain => match crate::operate::as_float(&plain) {
                Some(number) => Ok(Value::Float(number)),
                None if matches!(plain, Value::Bytes(_))
                    || plain.as_bigint().is_some()
                    || self.is_open(value)
                    || self.special(value, "__index__")?.is_some() =>
                {
                    Ok(self.unmodelled("such a call of float()"))
                }
                None => {
                    let name = self.type_name(value);
                    let kind = if self.words.speaks_of_real_numbers { "real number" } else { "number" };
                    Err(self
                        .raise(Ty::TypeError, format!("float() argument must be a string or a {kind}, not '{name}'")))
                }
            },
        }
    }

    /// Whether a value is a class of the program that is not the interpreter's own.
    pub(crate) fn user_class(&self, value: &Value) -> Option<ObjId> {
        let id = value.as_obj()?;
        matches!(self.heap.get(id), Object::Class(class) if class.is_user).then_some(id)
    }
}

/// An integer as `int()` reads it.
fn integer(text: &str, radix: u32) -> Option<BigInt> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefix = match radix {
        16 => ["0x", "0X"],
        8 => ["0o", "0O"],
        2 => ["0b", "0B"],
        _ => ["\0", "\0"],
    };
    let digits = prefix.iter().find_map(|prefix| digits.strip_prefix(prefix)).unwrap_or(digits);
    let wrong = digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__");
    if wrong || !digits.chars().all(|c| c == '_' || c.is_digit(radix)) {
        return None;
    }
    let number = BigInt::parse_bytes(digits.replace('_', "").as_bytes(), radix)?;
    Some(if negative { -number } else { number })
}
