//! `repr()` and `str()`.
//!
//! A text with an address in it is a pattern: the address is written as [`ADDRESS`].

#![expect(clippy::format_push_string, reason = "the pieces are short, and `write!` would have to be checked")]

use std::sync::Arc;

use crate::heap::{Object, View};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::number::{float_repr, too_long_for_decimal};
use crate::program::Conversion;
use crate::text::quote::{escape, quote, quote_bytes};
use crate::ty::Ty;
use crate::value::{Reason, Value};

/// What stands for an address.
pub(crate) const ADDRESS: &str = "0x\u{fffd}";

impl Machine<'_> {
    /// `str(value)`
    pub(crate) fn str_of(&mut self, value: &Value) -> Eval<Value> {
        match value {
            Value::Str(_) | Value::Unknown(_) => return Ok(value.clone()),
            Value::Obj(_) => {}
            _ => return self.repr_of(value),
        }
        if let Some(method) = self.user_special(value, "__str__")? {
            return self.text_result(&method, "__str__");
        }
        if let Some(exception) = value.as_obj().filter(|&id| self.heap.exception(id).is_some()) {
            if self.class_of(value).is_some_and(|class| self.heap.class(class).open.is_some()) {
                return Ok(self.unknown("the text of an exception of an unknown class"));
            }
            return self.exception_str(exception);
        }
        if let Some(Value::Str(text)) = self.payload(value)
            && self.user_special(value, "__repr__")?.is_none()
        {
            return Ok(Value::Str(text));
        }
        if matches!(self.payload(value), Some(Value::Str(_))) {
            return Ok(self.plain(value));
        }
        self.repr_of(value)
    }

    fn exception_str(&mut self, id: crate::value::ObjId) -> Eval<Value> {
        if let Some(text) = self.group_text(id) {
            return Ok(text);
        }
        let data = self.heap.exception(id).cloned().unwrap_or_default();
        let value = Value::Obj(id);
        match &data.args[..] {
            [] => Ok(Value::str("")),
            [only] if self.layout(&value) == Some(Ty::KeyError) => self.repr_of(only),
            [only] => self.str_of(only),
            args if self.is_a(&value, Ty::OSError)
                || self.is_a(&value, Ty::SyntaxError)
                || self.is_a(&value, Ty::UnicodeError) =>
            {
                if args.len() == 2 && self.layout(&value).is_some_and(|ty| ty.is_a(Ty::OSError)) {
                    let (number, text) = (self.str_of(&args[0])?, self.str_of(&args[1])?);
                    return Ok(self.join_texts(&[Value::str("[Errno "), number, Value::str("] "), text]));
                }
                Ok(self.unmodelled("the text of such an exception"))
            }
            args => {
                let tuple = self.new_tuple(args.to_vec());
                self.repr_of(&tuple)
            }
        }
    }

    fn text_result(&mut self, method: &Value, name: &str) -> Eval<Value> {
        let text = self.call(method, Args::default())?;
        match self.plain(&text) {
            plain @ (Value::Str(_) | Value::Unknown(_)) => Ok(plain),
            other => {
                let shown = self.type_name(&other);
                Err(self.raise(Ty::TypeError, format!("{name} returned non-string (type {shown})")))
            }
        }
    }

    /// `repr(value)`: a text, or unknown.
    pub(crate) fn repr_of(&mut self, value: &Value) -> Eval<Value> {
        let mut text = String::new();
        let mut open = Vec::new();
        Ok(match self.write_repr(value, &mut text, &mut open)? {
            None => Value::str(text),
            Some(reason) => Value::Unknown(reason),
        })
    }

    /// Appends the `repr`; a reason where it is not known. `open`: the containers around, for cycles.
    fn write_repr(
        &mut self,
        value: &Value,
        out: &mut String,
        open: &mut Vec<crate::value::ObjId>,
    ) -> Eval<Option<Reason>> {
        self.tick()?;
        if out.len() > self.budget.size || open.len() > 200 {
            return Err(self.halt("budget: a text grows too large"));
        }
        match value {
            Value::None => out.push_str("None"),
            Value::Ellipsis => out.push_str("Ellipsis"),
            Value::NotImplemented => out.push_str("NotImplemented"),
            Value::Bool(value) => out.push_str(if *value { "True" } else { "False" }),
            Value::Int(value) => out.push_str(&value.to_string()),
            Value::Big(value) if too_long_for_decimal(value) => {
                return Ok(Some(self.reason("an integer with too many digits")));
            }
            Value::Big(value) => out.push_str(&value.to_string()),
            Value::Float(value) => out.push_str(&float_repr(*value)),
            Value::Str(text) => quote(text, out, false),
            Value::Bytes(bytes) => quote_bytes(bytes, out),
            Value::Unknown(reason) => return Ok(Some(*reason)),
            Value::Obj(id) => return self.write_object(*id, value, out, open),
        }
        Ok(None)
    }

    fn write_object(
        &mut self,
        id: crate::value::ObjId,
        value: &Value,
        out: &mut String,
        open: &mut Vec<crate::value::ObjId>,
    ) -> Eval<Option<Reason>> {
        if open.contains(&id) {
            out.push_str(match self.heap.get(id) {
                Object::List(_) => "[...]",
                Object::Tuple(_) => "(...)",
                Object::Dict(_) => "{...}",
                _ => "...",
            });
            return Ok(None);
        }
        match self.heap.get(id) {
            Object::Tuple(items) => {
                let items = Arc::clone(items);
                let end = if items.len() == 1 { ",)" } else { ")" };
                self.write_items("(", &items, end, id, out, open)
            }
            Object::List(list) => {
                if let Some(reason) = list.open {
                    return Ok(Some(reason));
                }
                let items = list.items.clone();
                self.write_items("[", &items, "]", id, out, open)
            }
            Object::Dict(_) => self.write_dict(id, out, open),
            Object::Set { dict, frozen } => {
                let (dict, frozen) = (dict.clone(), *frozen);
                if !dict.is_exact() || dict.len() > 1 {
                    return Ok(Some(self.reason("the order of a set")));
                }
                let items: Vec<Value> = dict.entries().map(|entry| entry.key.clone()).collect();
                let (start, end) = match (frozen, items.is_empty()) {
                    (false, true) => ("set(", ")"),
                    (true, true) => ("frozenset(", ")"),
                    (false, false) => ("{", "}"),
                    (true, false) => ("frozenset({", "})"),
                };
                self.write_items(start, &items, end, id, out, open)
            }
            Object::Function(function) => {
                let own = self.heap.dict(function.dict).value_of("__qualname__").and_then(Value::as_str);
                out.push_str(&format!("<function {} at {ADDRESS}>", own.unwrap_or(&function.code.qualname)));
                Ok(None)
            }
            Object::Class(class) => {
                let (metaclass, unknown) = (class.metaclass, class.open);
                if let Some((owner, method)) = self.class_entry(metaclass, "__repr__")
                    && Ty::of(owner).is_none()
                {
                    let bound = self.bind(&method, value, metaclass)?;
                    return self.write_text_of(&bound, "__repr__", out);
                }
                if let Some(reason) = unknown {
                    return Ok(Some(reason));
                }
                let name = self.class_name(id);
                out.push_str(&format!("<class '{name}'>"));
                Ok(None)
            }
            Object::Instance(_) => self.write_instance(id, value, out, open),
            Object::Module(_) => self.write_module(value, out),
            Object::Range { start, stop, step } => {
                out.push_str(&if *step == 1 {
                    format!("range({start}, {stop})")
                } else {
                    format!("range({start}, {stop}, {step})")
                });
                Ok(None)
            }
            Object::Slice(parts) => {
                let parts = parts.clone();
                self.write_items("slice(", &*parts, ")", id, out, open)
            }
            Object::Generator(generator) => {
                let kind = generator.kind.words().replace(' ', "_");
                out.push_str(&format!("<{kind} object {} at {ADDRESS}>", generator.name));
                Ok(None)
            }
            Object::Bound { function, this } => {
                let (function, this) = (function.clone(), this.clone());
                let Some(Value::Str(name)) = self.get_attr_or(&function, "__qualname__")? else {
                    return Ok(Some(self.reason("the name of a bound method")));
                };
                out.push_str(&format!("<bound method {name} of "));
                let unknown = self.write_repr(&this, out, open)?;
                out.push('>');
                Ok(unknown)
            }
            Object::Native(native) => {
                let native = native.clone();
                match (&native.this, native.owner) {
                    (None, None) => {
                        out.push_str(&format!("<built-in function {}>", native.name));
                        Ok(None)
                    }
                    (Some(this), Some(_)) if !native.name.starts_with("__") => {
                        let shown = self.type_name(this);
                        out.push_str(&format!("<built-in method {} of {shown} object at {ADDRESS}>", native.name));
                        Ok(None)
                    }
                    (None, Some(owner)) if !native.name.starts_with("__") => {
                        out.push_str(&format!("<method '{}' of '{owner}' objects>", native.name));
                        Ok(None)
                    }
                    _ => Ok(Some(self.reason("how a method of the interpreter is shown"))),
                }
            }
            Object::Cell(slot) => {
                match slot {
                    crate::heap::Slot::Bound(inner) => {
                        let inner = inner.clone();
                        let shown = self.type_name(&inner);
                        if inner.is_unknown() {
                            return Ok(Some(self.reason("what a cell holds")));
                        }
                        out.push_str(&format!("<cell at {ADDRESS}: {shown} object at {ADDRESS}>"));
                    }
                    crate::heap::Slot::Unbound => out.push_str(&format!("<cell at {ADDRESS}: empty>")),
                    crate::heap::Slot::Maybe(_) => return Ok(Some(self.reason("what a cell holds"))),
                }
                Ok(None)
            }
            Object::Iter(_) => {
                let shown = self.type_name(value);
                out.push_str(&format!("<{shown} object at {ADDRESS}>"));
                Ok(None)
            }
            Object::DictView { dict, view } => {
                let (dict, view) = (*dict, *view);
                if dict == self.sys_modules {
                    return Ok(Some(self.reason("which modules are loaded besides those that are followed")));
                }
                let name = match view {
                    View::Keys => "dict_keys([",
                    View::Values => "dict_values([",
                    View::Items => "dict_items([",
                };
                match self.collect(value)? {
                    Ok(items) => self.write_items(name, &items, "])", dict, out, open),
                    Err(reason) => Ok(Some(reason)),
                }
            }
            Object::Property(_) => {
                out.push_str(&format!("<property object at {ADDRESS}>"));
                Ok(None)
            }
            Object::Lazy(lazy) => {
                let name = match &lazy.attribute {
                    Some(attribute) if !attribute.is_empty() => format!("{}.{attribute}", lazy.module),
                    _ => lazy.module.to_string(),
                };
                out.push_str(&format!("<lazy_import '{name}'>"));
                Ok(None)
            }
            Object::Partial { function, args, keywords, .. } => {
                let (function, args, keywords) = (function.clone(), args.clone(), keywords.clone());
                out.push_str("functools.partial(");
                let mut unknown = self.write_repr(&function, out, open)?;
                for arg in &args {
                    out.push_str(", ");
                    unknown = unknown.or(self.write_repr(arg, out, open)?);
                }
                for (name, arg) in &keywords {
                    out.push_str(&format!(", {name}="));
                    unknown = unknown.or(self.write_repr(arg, out, open)?);
                }
                out.push(')');
                Ok(unknown)
            }
            Object::Super { .. } | Object::StaticMethod(_) | Object::ClassMethod(_) | Object::Alias { .. } => {
                Ok(Some(self.reason("how such an object is shown")))
            }
        }
    }

    fn write_items(
        &mut self,
        start: &str,
        items: &[Value],
        end: &str,
        id: crate::value::ObjId,
        out: &mut String,
        open: &mut Vec<crate::value::ObjId>,
    ) -> Eval<Option<Reason>> {
        open.push(id);
        out.push_str(start);
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if let Some(reason) = self.write_repr(item, out, open)? {
                return Ok(Some(reason));
            }
        }
        out.push_str(end);
        open.pop();
        Ok(None)
    }

    fn write_dict(
        &mut self,
        id: crate::value::ObjId,
        out: &mut String,
        open: &mut Vec<crate::value::ObjId>,
    ) -> Eval<Option<Reason>> {
        if id == self.sys_modules {
            return Ok(Some(self.reason("which modules are loaded besides those that are followed")));
        }
        let dict = self.heap.dict(id).clone();
        if !dict.is_exact() {
            return Ok(Some(dict.open.unwrap_or_else(|| self.reason("which keys a dictionary has"))));
        }
        open.push(id);
        out.push('{');
        for (i, entry) in dict.entries().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if let Some(reason) = self.write_repr(&entry.key, out, open)? {
                return Ok(Some(reason));
            }
            out.push_str(": ");
            if let Some(reason) = self.write_repr(&entry.value, out, open)? {
                return Ok(Some(reason));
            }
        }
        out.push('}');
        open.pop();
        Ok(None)
    }

    fn write_text_of(&mut self, method: &Value, name: &str, out: &mut String) -> Eval<Option<Reason>> {
        match self.text_result(method, name)? {
            Value::Str(text) => {
                out.push_str(&text);
                Ok(None)
            }
            Value::Unknown(reason) => Ok(Some(reason)),
            _ => Ok(Some(self.reason("an unknown text"))),
        }
    }

    fn write_instance(
        &mut self,
        id: crate::value::ObjId,
        value: &Value,
        out: &mut String,
        open: &mut Vec<crate::value::ObjId>,
    ) -> Eval<Option<Reason>> {
        if let Some(method) = self.special(value, "__repr__")?
            && self.user_or_model(value, "__repr__")
        {
            open.push(id);
            let unknown = self.write_text_of(&method, "__repr__", out)?;
            open.pop();
            return Ok(unknown);
        }
        let class = self.class_of(value).unwrap_or(Ty::Object.id());
        if let Some(reason) = self.heap.class(class).open {
            return Ok(Some(reason));
        }
        if let Some(data) = self.heap.exception(id).cloned() {
            out.push_str(&self.heap.class(class).name.clone());
            let end = ")";
            return self.write_items("(", &data.args, end, id, out, open);
        }
        if let Some(inner) = self.payload(value) {
            return self.write_repr(&inner, out, open);
        }
        let name = self.class_name(class);
        out.push_str(&format!("<{name} object at {ADDRESS}>"));
        Ok(None)
    }

    fn user_or_model(&self, value: &Value, name: &str) -> bool {
        self.class_of(value)
            .and_then(|class| self.class_entry(class, name))
            .is_some_and(|(owner, _)| Ty::of(owner).is_none())
    }

    /// `module.qualname`, or the bare name of a class of the interpreter.
    pub(crate) fn class_name(&self, id: crate::value::ObjId) -> String {
        let class = self.heap.class(id);
        let dict = self.heap.dict(class.dict);
        let qualname = dict.value_of("__qualname__").and_then(Value::as_str).unwrap_or(&class.name);
        match dict.value_of("__module__").and_then(Value::as_str) {
            Some(module) if module != "builtins" => format!("{module}.{qualname}"),
            _ => qualname.to_owned(),
        }
    }

    fn write_module(&mut self, value: &Value, out: &mut String) -> Eval<Option<Reason>> {
        let Some(Object::Module(module)) = self.heap.of(value) else { return Ok(None) };
        let dict = self.heap.dict(module.dict);
        if module.opaque.is_some() {
            return Ok(Some(self.reason("how a module of the library is shown")));
        }
        let name = dict.value_of("__name__").and_then(Value::as_str).unwrap_or("?").to_owned();
        match dict.value_of("__file__").and_then(Value::as_str) {
            Some(file) => out.push_str(&format!("<module '{name}' from '{file}'>")),
            None => return Ok(Some(self.reason("how a module without a file is shown"))),
        }
        Ok(None)
    }

    /// Texts put together; unknown if one of them is.
    pub(crate) fn join_texts(&mut self, parts: &[Value]) -> Value {
        let mut out = String::new();
        for part in parts {
            match part {
                Value::Str(text) => out.push_str(text),
                other => return other.clone(),
            }
        }
        if out.len() > self.budget.size {
            return self.unknown("budget: a text grows too large");
        }
        Value::str(out)
    }

    /// A replacement field of an f-string.
    pub(crate) fn format_field(&mut self, value: &Value, conversion: Conversion, spec: &Value) -> Eval<Value> {
        let converted = match conversion {
            Conversion::None => value.clone(),
            Conversion::Str => self.str_of(value)?,
            Conversion::Repr => self.repr_of(value)?,
            Conversion::Ascii => self.ascii_of(value)?,
        };
        self.format_value(&converted, spec)
    }

    /// `ascii(value)`
    pub(crate) fn ascii_of(&mut self, value: &Value) -> Eval<Value> {
        Ok(match self.repr_of(value)? {
            Value::Str(text) => {
                let mut out = String::new();
                for c in text.chars() {
                    if c.is_ascii() { out.push(c) } else { escape(c, &mut out) }
                }
                Value::str(out)
            }
            other => other,
        })
    }
}
