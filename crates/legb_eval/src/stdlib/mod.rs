//! Small models of library modules, and what is known of those that are not run.
//!
//! A model gives values of the true kind, or unknown ones: an incomplete model must never look complete. Everything else of
//! the library is opaque: calling it raises nothing and touches only what it is given.

#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "all functions of the interpreter have one signature, so that tables can hold them"
)]

mod dataclasses;
mod functools;
mod import_tools;
mod model;
mod os_path;
mod system;

pub(crate) use legb_resolve::stdlib_names::{had_name, has_name};
pub(crate) use model::{has_model, run_model};

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::value::Value;

/// Puts what is loaded at start-up into `sys.modules`.
pub(crate) fn install(machine: &mut Machine<'_>) {
    for name in ["sys", "builtins"] {
        let reason = machine.reasons.add(format!("`{name}` belongs to the interpreter"));
        let dict = machine.new_dict();
        let module = crate::heap::Module { dict, opaque: Some(name.into()) };
        let module = Value::Obj(machine.heap.alloc(Object::Module(Box::new(module))));
        let namespace = machine.heap.dict_mut(dict);
        namespace.open = Some(reason);
        namespace.set_name("__name__", Value::str(name));
        machine.heap.dict_mut(machine.sys_modules).set_name(name, module.clone());
        fill(machine, name, &module);
    }
}

/// Gives an opaque module the names that are modelled.
pub(crate) fn fill(machine: &mut Machine<'_>, name: &str, module: &Value) {
    let Some(Object::Module(data)) = machine.heap.of(module) else { return };
    let dict = data.dict;
    let values: Vec<(&'static str, Value)> = match name {
        "sys" => system::sys(machine),
        "builtins" => {
            let source = machine.heap.dict(machine.builtins).clone();
            for entry in source.entries() {
                if let Some(name) = entry.key.as_str() {
                    machine.heap.dict_mut(dict).set_name(name, entry.value.clone());
                }
            }
            Vec::new()
        }
        "typing" | "typing_extensions" => system::typing(machine),
        "os" => system::os(machine),
        "os.path" | "posixpath" => os_path::names(machine),
        "functools" => functools::names(machine),
        "importlib" => import_tools::importlib(machine),
        "pkgutil" => import_tools::pkgutil(machine),
        "types" => system::types(machine),
        "threading" => import_tools::threading(machine),
        _ => Vec::new(),
    };
    for (name, value) in values {
        machine.heap.dict_mut(dict).set_name(name, value);
    }
}

/// `functools.partial(function, …)`
pub(crate) fn partial(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    if args.positional.is_empty() {
        return Err(machine.raise(crate::ty::Ty::TypeError, "type 'partial' takes at least one argument"));
    }
    let function = args.positional.remove(0);
    let dict = machine.new_dict();
    let partial = Object::Partial { function, args: args.positional, keywords: args.keywords, dict };
    Ok(Value::Obj(machine.heap.alloc(partial)))
}
