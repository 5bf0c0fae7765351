//! `importlib`, `pkgutil`, `threading`: library functions that import modules or run code of the program.

use std::sync::Arc;

use super::system::text;
use crate::heap::{Object, Payload};
use crate::machine::{Eval, Machine};
use crate::native::Args;
use crate::source::Candidate;
use crate::ty::Ty;
use crate::value::Value;

/// `importlib`
pub(super) fn importlib(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("import_module", machine.new_native("import_module", import_module)),
        ("reload", machine.new_native("reload", reload)),
    ]
}

fn import_module(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let Some(name) = text(machine, args.get(0, "name")) else {
        machine.doubt("an import of an unknown name");
        return Ok(machine.unknown("an import of an unknown name"));
    };
    let level = name.chars().take_while(|c| *c == '.').count();
    if level == 0 {
        return machine.load_module(&name);
    }
    let package = match args.get(1, "package") {
        Some(value) if !value.is_none() => match machine.text_of(value) {
            Some(package) => package,
            None => {
                machine.doubt("an import relative to an unknown package");
                return Ok(machine.unknown("an import relative to an unknown package"));
            }
        },
        _ => {
            let message = format!("the 'package' argument is required to perform a relative import for '{name}'");
            return Err(machine.raise(Ty::TypeError, message));
        }
    };
    let mut base: Arc<str> = package;
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((parent, _)) => base = parent.into(),
            None => {
                let ty = if machine.words.beyond_top_is_import_error { Ty::ImportError } else { Ty::ValueError };
                return Err(machine.raise(ty, "attempted relative import beyond top-level package"));
            }
        }
    }
    let tail = &name[level..];
    let full = if tail.is_empty() { base.to_string() } else { format!("{base}.{tail}") };
    machine.load_module(&full)
}

/// `pkgutil`
pub(super) fn pkgutil(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    vec![
        ("iter_modules", machine.new_native("iter_modules", iter_modules)),
        ("extend_path", machine.new_native("extend_path", extend_path)),
    ]
}

/// `importlib.reload(module)`: the file is run again in the old namespace.
fn reload(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let module = args.get(0, "module").cloned().unwrap_or(Value::None);
    match machine.heap.of(&module) {
        Some(Object::Module(_)) => machine.reload(&module),
        _ if module.is_unknown() || machine.is_open(&module) => Ok(machine.unmodelled("reload() of something unknown")),
        _ => Err(machine.raise(Ty::TypeError, "reload() argument must be a module")),
    }
}

/// `pkgutil.extend_path(path, name)`: folders of the same name in all entries of `sys.path` belong to the package too.
fn extend_path(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let (Some(path), Some(name)) = (args.get(0, "path").cloned(), text(machine, args.get(1, "name"))) else {
        return Ok(machine.unmodelled("such a call of extend_path()"));
    };
    let Ok(mut folders) = machine.collect(&path)? else { return Ok(path) };
    let search = match name.rsplit_once('.') {
        None => Value::Obj(machine.sys_path),
        Some((parent, _)) => match machine.loaded(parent) {
            Some(parent) => match machine.get_attr_or(&parent, "__path__")? {
                Some(path) => path,
                None => return Ok(path),
            },
            None => return Ok(path),
        },
    };
    let tail = name.rsplit('.').next().unwrap_or_default();
    let Ok(entries) = machine.collect(&search)? else { return Ok(machine.unknown("where a package lies")) };
    for entry in entries {
        let Value::Str(entry) = entry else {
            machine.assumes.insert(format!("no other installed package brings a part of `{name}`"));
            continue;
        };
        let (Candidate::Package(_, found) | Candidate::Portion(found)) = machine.source.candidate(&entry, tail) else {
            continue;
        };
        if !folders.iter().any(|known| known.as_str() == Some(&found)) {
            folders.push(Value::str(found));
        }
    }
    Ok(machine.new_list(folders))
}

fn iter_modules(machine: &mut Machine<'_>, args: Args) -> Eval<Value> {
    let prefix = text(machine, args.get(1, "prefix")).unwrap_or_default();
    let Some(path) = args.get(0, "path").filter(|path| !path.is_none()).cloned() else {
        return Ok(machine.unmodelled("pkgutil.iter_modules() over everything"));
    };
    let folders = match machine.collect(&path)? {
        Ok(folders) => folders,
        Err(reason) => return Ok(Value::Unknown(reason)),
    };
    let mut items = Vec::new();
    for folder in folders {
        let Some(folder) = machine.text_of(&folder) else { return Ok(machine.unknown("an unknown folder")) };
        for (name, is_package) in machine.source.modules_in(&folder) {
            let finder = machine.unknown("a finder");
            let name = Value::str(format!("{prefix}{name}"));
            let fields = [("module_finder", finder), ("name", name), ("ispkg", Value::Bool(is_package))];
            items.push(named_tuple(machine, "ModuleInfo", &fields));
        }
    }
    Ok(machine.items_iter(items, "generator"))
}

/// A tuple of the library whose items have names.
pub(super) fn named_tuple(machine: &mut Machine<'_>, name: &str, fields: &[(&str, Value)]) -> Value {
    let tuple = machine.new_tuple(fields.iter().map(|(_, value)| value.clone()).collect());
    let reason = machine.reasons.add(format!("a `{name}` of the library"));
    let dict = machine.new_dict();
    let class = crate::heap::Class {
        name: name.into(),
        bases: vec![Value::Obj(Ty::Tuple.id())],
        mro: Vec::new(),
        dict,
        metaclass: Ty::Type.id(),
        open: None,
        is_user: false,
        partial: Some(reason),
        has_operators: true,
    };
    let class = machine.heap.alloc(Object::Class(Box::new(class)));
    machine.heap.class_mut(class).mro = vec![class, Ty::Tuple.id(), Ty::Object.id()];
    let instance = machine.new_instance(class, Payload::Value(tuple));
    if let Object::Instance(data) = machine.heap.get(instance) {
        let dict = data.dict;
        for (name, value) in fields {
            machine.heap.dict_mut(dict).set_name(name, value.clone());
        }
    }
    Value::Obj(instance)
}

/// `threading`: a thread runs when it is started.
pub(super) fn threading(machine: &mut Machine<'_>) -> Vec<(&'static str, Value)> {
    let _ = machine;
    Vec::new()
}
