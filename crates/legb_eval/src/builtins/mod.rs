//! The module `builtins`: functions, classes and their methods.
//!
//! A name that is not modelled is unknown; that it exists is known from `data/builtins.tsv` and
//! `data/builtin_attributes.tsv`, so what does not exist is an error of the program.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "all functions of the interpreter have one signature, so that tables can hold them"
)]

mod aggregate;
mod arguments;
mod attributes;
mod construct;
mod functions;
mod methods;
mod numbers;
mod print;
mod sequences;
mod strings;
mod suspended;

use std::sync::LazyLock;

pub(crate) use arguments::refusal;
use legb_base::PyVersion;
use legb_scope::builtins::{Provider, provider};
use rustc_hash::FxHashMap;

use crate::heap::{Native, Object};
use crate::machine::{Eval, Machine};
use crate::native::{Args, NativeFn};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

/// A table of functions by name.
pub(super) type Table = &'static [(&'static str, NativeFn)];

/// The first and the last version that has an attribute of a type.
type Lifetimes = FxHashMap<(&'static str, &'static str), (PyVersion, PyVersion)>;

static ATTRIBUTES: LazyLock<Lifetimes> = LazyLock::new(|| {
    let rows = include_str!("../../../../data/builtin_attributes.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let key = (fields.next()?, fields.next()?);
        Some((key, (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?)))
    })
    .collect()
});

/// Fills the module `builtins` and the builtin classes.
pub(crate) fn install(machine: &mut Machine<'_>) {
    for &(name, run) in functions::FUNCTIONS {
        let value = machine.new_native(name, run);
        machine.heap.dict_mut(machine.builtins).set_name(name, value);
    }
    let version = machine.dialect.version;
    for &ty in Ty::ALL {
        if matches!(provider(ty.name(), version), Some(Provider::Builtins)) {
            machine.heap.dict_mut(machine.builtins).set_name(ty.name(), Value::Obj(ty.id()));
        }
    }
    for (name, value) in
        [("None", Value::None), ("Ellipsis", Value::Ellipsis), ("NotImplemented", Value::NotImplemented)]
    {
        machine.heap.dict_mut(machine.builtins).set_name(name, value);
    }
    machine.heap.dict_mut(machine.builtins).set_name("__name__", Value::str("builtins"));
    let os_error = Value::Obj(Ty::OSError.id());
    for alias in ["EnvironmentError", "IOError"] {
        machine.heap.dict_mut(machine.builtins).set_name(alias, os_error.clone());
    }
    for (ty, table) in methods::tables() {
        let dict = machine.heap.class(ty.id()).dict;
        for &(name, run) in table {
            let lifetime = ATTRIBUTES.get(&(ty.name(), name));
            if lifetime.is_some_and(|&(first, last)| version < first || last < version) {
                continue;
            }
            let native = Native { name, run, this: None, owner: Some(ty.name()) };
            let mut value = Value::Obj(machine.heap.alloc(Object::Native(Box::new(native))));
            if name == "fromkeys" {
                value = Value::Obj(machine.heap.alloc(Object::ClassMethod(value)));
            }
            machine.heap.dict_mut(dict).set_name(name, value);
        }
    }
    fill_unmodelled(machine);
}

/// Names that exist and are not modelled.
fn fill_unmodelled(machine: &mut Machine<'_>) {
    let names = [
        "open",
        "input",
        "compile",
        "memoryview",
        "bytearray",
        "complex",
        "breakpoint",
        "aiter",
        "anext",
        "help",
        "exit",
        "quit",
        "copyright",
        "credits",
        "license",
        "__build_class__",
        "__doc__",
        "__loader__",
        "__package__",
        "__spec__",
    ];
    for name in names {
        if provider(name, machine.dialect.version).is_some() && machine.heap.dict(machine.builtins).name(name).is_none()
        {
            let value = machine.unknown(format!("`{name}` is not modelled"));
            machine.heap.dict_mut(machine.builtins).set_name(name, value);
        }
    }
}

impl Machine<'_> {
    /// Whether a class of the interpreter, or one of its bases, has an attribute in this version.
    pub(crate) fn has_builtin_attribute(&self, class: ObjId, name: &str) -> bool {
        self.heap.class(class).mro.iter().any(|&id| self.has_own_builtin_attribute(id, name))
    }

    /// Whether a class of the interpreter itself has an attribute in this version.
    pub(crate) fn has_own_builtin_attribute(&self, class: ObjId, name: &str) -> bool {
        let version = self.dialect.version;
        let table: &FxHashMap<(&str, &str), (PyVersion, PyVersion)> = &ATTRIBUTES;
        let lifetime = Ty::of(class).and_then(|ty| table.get(&(ty.name(), name)));
        lifetime.is_some_and(|&(first, last)| first <= version && version <= last)
    }

    /// What a method is called on, and its arguments.
    pub(super) fn receiver(&mut self, args: &mut Args) -> Eval<Value> {
        if args.positional.is_empty() {
            self.doubt("an unbound method without an object");
            return Err(self.halt("an unbound method without an object"));
        }
        Ok(args.positional.remove(0))
    }
}
