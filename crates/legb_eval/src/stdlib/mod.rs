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
mod os_path;
mod system;

use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::value::{Reason, Value};

pub(crate) use legb_resolve::stdlib_names::has_name;

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
        "contextlib" => functools::contextlib(machine),
        "threading" => import_tools::threading(machine),
        _ => Vec::new(),
    };
    for (name, value) in values {
        machine.heap.dict_mut(dict).set_name(name, value);
    }
}

/// Modules that are run from own code in place of the library's: exact as far as they go.
fn model(name: &str) -> Option<&'static str> {
    Some(match name {
        "collections" => include_str!("../models/collections.py"),
        "dataclasses" => include_str!("../models/dataclasses.py"),
        "json" => include_str!("../models/json.py"),
        _ => return None,
    })
}

/// Runs the model of a module, if there is one. Its classes may lack methods that the real ones have.
pub(crate) fn run_model(machine: &mut Machine<'_>, name: &str, module: &Value, reason: Reason) -> Eval<()> {
    let (Some(text), Some(Object::Module(data))) = (model(name), machine.heap.of(module)) else { return Ok(()) };
    let shown = data.dict;
    // The functions of the model see their own names and the builtins, nothing that may be unknown.
    let dict = machine.new_dict();
    machine.heap.dict_mut(dict).set_name("__name__", Value::str(name));
    let path = format!("<{name}>");
    let code = match crate::unit::compile_model(&path, text) {
        Ok(code) => code,
        Err(refused) => return Err(machine.halt(format!("the model of `{name}`: {}", refused.message))),
    };
    let tools: [(&'static str, crate::native::NativeFn); 5] = [
        ("__known__", |_, args| Ok(Value::Bool(args.positional.first().is_some_and(|value| !value.is_unknown())))),
        ("__opaque__", |m, args| {
            let text = args.positional.first().and_then(|text| m.text_of(text)).unwrap_or_default();
            Ok(m.unknown(&*text))
        }),
        ("__opaque_class__", |m, args| {
            let text = args.positional.get(1).and_then(|text| m.text_of(text)).unwrap_or_default();
            let reason = m.reason(&*text);
            if let Some(id) = args.positional.first().and_then(|class| m.user_class(class)) {
                m.heap.class_mut(id).partial = Some(reason);
            }
            Ok(Value::None)
        }),
        ("__annotations_of__", dataclasses::annotations_of),
        ("__plain_annotation__", dataclasses::is_plain_annotation),
    ];
    for (tool, run) in tools {
        let native = machine.new_native(tool, run);
        machine.heap.dict_mut(dict).set_name(tool, native);
    }
    machine.run_module(&code, dict)?;
    let entries: Vec<(Value, Value)> =
        machine.heap.dict(dict).entries().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    for (key, value) in entries {
        if let Some(key) = key.as_str().filter(|key| !key.starts_with('_')) {
            machine.heap.dict_mut(shown).set_name(key, value.clone());
        }
        if let Some(id) = machine.user_class(&value)
            && machine.is_subclass(id, crate::ty::Ty::BaseException.id()) != Some(true)
        {
            machine.heap.class_mut(id).partial = Some(reason);
        }
    }
    Ok(())
}

/// `functools.partial(function, …)`
pub(crate) fn partial(machine: &mut Machine<'_>, mut args: Args) -> Eval<Value> {
    if args.positional.is_empty() {
        return Err(machine.raise(crate::ty::Ty::TypeError, "type 'partial' takes at least one argument"));
    }
    let function = args.positional.remove(0);
    let partial = Object::Partial { function, args: args.positional, keywords: args.keywords };
    Ok(Value::Obj(machine.heap.alloc(partial)))
}
