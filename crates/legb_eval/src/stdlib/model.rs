//! Modules of the library that are run from own code in place of the real one: exact as far as they go.
//!
//! A model is Python text beside, compiled once in a process. It runs when one of its names is first asked for, and its classes
//! may lack methods that the real ones have. What it cannot tell it says through functions that only models see.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::dataclasses;
use crate::heap::Object;
use crate::machine::{Eval, Machine};
use crate::native::NativeFn;
use crate::program::{Code, Op};
use crate::ty::Ty;
use crate::value::{ObjId, Reason, Value};

/// The text of a model.
fn text(name: &str) -> Option<&'static str> {
    Some(match name {
        "collections.abc" => include_str!("../models/collections_abc.py"),
        "abc" => include_str!("../models/abc.py"),
        "asyncio" => include_str!("../models/asyncio.py"),
        "collections" => include_str!("../models/collections.py"),
        "contextlib" => include_str!("../models/contextlib.py"),
        "dataclasses" => include_str!("../models/dataclasses.py"),
        "datetime" => include_str!("../models/datetime.py"),
        "enum" => include_str!("../models/enum.py"),
        "functools" => include_str!("../models/functools.py"),
        "itertools" => include_str!("../models/itertools.py"),
        "json" => include_str!("../models/json.py"),
        "operator" => include_str!("../models/operator.py"),
        "pathlib" => include_str!("../models/pathlib.py"),
        "typing" => include_str!("../models/typing.py"),
        _ => return None,
    })
}

/// A model that is ready to run.
#[derive(Clone)]
struct Model {
    code: Arc<Code>,
    /// The names that it binds for others.
    names: Arc<FxHashSet<Arc<str>>>,
}

/// The model of a module. Models are written for the newest version, the same for all.
fn prepared(name: &str) -> Option<Model> {
    static MODELS: LazyLock<Mutex<FxHashMap<String, Model>>> = LazyLock::new(Mutex::default);
    // The two are one module.
    let name = if name == "_collections_abc" { "collections.abc" } else { name };
    let source = text(name)?;
    let mut known = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = known.get(name) {
        return Some(model.clone());
    }
    let code = crate::unit::compile_model(&format!("<{name}>"), source)
        .expect("invariant: the models in this crate compile, as its tests show");
    let bound = code.ops.iter().filter_map(|op| match op {
        Op::StoreName(at) => Some(Arc::clone(&code.names[*at as usize])),
        _ => None,
    });
    let names = bound.filter(|name| !name.starts_with('_')).collect();
    let model = Model { code, names: Arc::new(names) };
    known.insert(name.to_owned(), model.clone());
    Some(model)
}

/// Whether a model gives a module this name.
pub(crate) fn has_model(module: &str, name: &str) -> bool {
    prepared(module).is_some_and(|model| model.names.contains(name))
}

/// Runs the model of a module, if it has not run, and gives the module its names.
pub(crate) fn run_model(machine: &mut Machine<'_>, name: &str, shown: ObjId, reason: Reason) -> Eval<()> {
    let Some(Model { code, names }) = prepared(name) else { return Ok(()) };
    let key = code.unit.path.to_string();
    let dict = match machine.models.get(&key) {
        Some(&known) => known,
        None => {
            // The functions of the model see their own names and the builtins, nothing that may be unknown.
            let dict = machine.new_dict();
            let shown = code.unit.path.trim_matches(['<', '>']).to_owned();
            machine.heap.dict_mut(dict).set_name("__name__", Value::str(&*shown));
            for &(tool, run) in TOOLS {
                let native = machine.new_native(tool, run);
                machine.heap.dict_mut(dict).set_name(tool, native);
            }
            machine.models.insert(key, dict);
            machine.run_module(&code, dict)?;
            // The abstract base classes have nothing that is not seen.
            if !matches!(shown.as_str(), "abc" | "collections.abc") {
                close_classes(machine, dict, reason, shown != "collections");
            }
            dict
        }
    };
    let entries: Vec<(Value, Value)> =
        machine.heap.dict(dict).entries().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
    let version = machine.dialect.version;
    for (key, value) in entries {
        if let Some(key) = key.as_str().filter(|key| names.contains(*key))
            && super::has_name(name, key, version) != Some(false)
            && machine.heap.dict(shown).name(key).is_none()
        {
            machine.heap.dict_mut(shown).set_name(key, value.clone());
        }
    }
    Ok(())
}

/// Classes of a model may have more methods than are seen.
fn close_classes(machine: &mut Machine<'_>, dict: ObjId, reason: Reason, has_operators: bool) {
    let values: Vec<Value> = machine.heap.dict(dict).entries().map(|entry| entry.value.clone()).collect();
    for value in values {
        if let Some(id) = machine.user_class(&value)
            && machine.is_subclass(id, Ty::BaseException.id()) != Some(true)
        {
            let class = machine.heap.class_mut(id);
            class.partial = Some(reason);
            class.has_operators = has_operators;
        }
    }
}

/// What only models can ask and say.
const TOOLS: &[(&str, NativeFn)] = &[
    // Whether a value is known.
    ("__known__", |_, args| Ok(Value::Bool(args.positional.first().is_some_and(|value| !value.is_unknown())))),
    // An unknown value, with its reason.
    ("__opaque__", |m, args| {
        let text = args.positional.first().and_then(|text| m.text_of(text)).unwrap_or_default();
        Ok(m.unknown(&*text))
    }),
    // Nothing more is known of what happens.
    ("__halt__", |m, args| {
        let text = args.positional.first().and_then(|text| m.text_of(text)).unwrap_or_default();
        Err(m.halt(&*text))
    }),
    // The program may go otherwise.
    ("__doubt__", |m, args| {
        let text = args.positional.first().and_then(|text| m.text_of(text)).unwrap_or_default();
        m.doubt(&*text);
        Ok(Value::None)
    }),
    // A class may have more methods than are seen.
    ("__opaque_class__", |m, args| {
        let text = args.positional.get(1).and_then(|text| m.text_of(text)).unwrap_or_default();
        let reason = m.reason(&*text);
        if let Some(id) = args.positional.first().and_then(|class| m.user_class(class)) {
            let class = m.heap.class_mut(id);
            class.partial = Some(reason);
            class.has_operators = false;
        }
        Ok(Value::None)
    }),
    // Anything may be in a class or container.
    ("__open__", |m, args| {
        let text = args.positional.get(1).and_then(|text| m.text_of(text)).unwrap_or_default();
        let reason = m.reason(&*text);
        if let Some(id) = args.positional.first().and_then(Value::as_obj) {
            match m.heap.write(id) {
                Object::Class(class) => class.open = Some(reason),
                Object::List(list) => {
                    list.open = Some(reason);
                    list.items.clear();
                }
                Object::Dict(dict) => dict.open = Some(reason),
                _ => {}
            }
        }
        Ok(Value::None)
    }),
    // Whether a value is a descriptor.
    ("__is_descriptor__", |m, args| Ok(is_descriptor(m, args.positional.first().unwrap_or(&Value::None)))),
    // Whether one class in the order of resolution brings each of these methods, as `_check_methods` asks.
    ("__check_methods__", |m, args| {
        let Some(class) = args.positional.first().and_then(Value::as_obj) else { return Ok(Value::NotImplemented) };
        let names: Vec<Arc<str>> = args.positional[1..].iter().filter_map(|name| m.text_of(name)).collect();
        Ok(check_methods(m, class, &names))
    }),
    // Whether the version has a feature.
    ("__has__", |m, args| {
        let text = args.positional.first().and_then(|text| m.text_of(text)).unwrap_or_default();
        match m.words.feature(&text) {
            Some(has) => Ok(Value::Bool(has)),
            None => Err(m.halt(format!("a model asks for the unknown feature `{text}`"))),
        }
    }),
    // How many lines the traceback of an exception has, and cutting it back to that.
    ("__trace__", |m, args| {
        let id = args.positional.first().and_then(Value::as_obj);
        let Some(data) = id.and_then(|id| m.heap.exception_mut(id)) else { return Ok(Value::Int(0)) };
        if let Some(length) = args.positional.get(1).and_then(Value::as_i64) {
            data.trace.truncate(usize::try_from(length).unwrap_or(0));
        }
        Ok(Value::count(data.trace.len()))
    }),
    ("__annotations_of__", dataclasses::annotations_of),
    ("__plain_annotation__", dataclasses::is_plain_annotation),
    ("__abc_meta__", |m, _| Ok(Value::Obj(m.abc_meta()))),
    ("__generic__", |m, _| Ok(Value::Obj(m.generic_class()))),
    ("__protocol__", |m, _| Ok(Value::Obj(m.protocol_class()))),
    // A class that is subscripted like those of the interpreter.
    ("__alias__", |m, args| {
        let [origin, key] = &args.positional[..] else { return Ok(m.unmodelled("such an alias")) };
        let items = m.heap.tuple(key).map_or_else(|| vec![key.clone()], |items| items.to_vec());
        Ok(Value::Obj(m.heap.alloc(Object::Alias { origin: origin.clone(), args: items })))
    }),
    // A function, or something that is called like one, bound to an object.
    ("__bind__", |m, args| {
        let [function, this] = &args.positional[..] else { return Ok(m.unmodelled("such a bound method")) };
        let bound = Object::Bound { function: function.clone(), this: this.clone() };
        Ok(Value::Obj(m.heap.alloc(bound)))
    }),
    // `__name__` of the module that calls the function that asks.
    ("__caller__", |m, _| {
        let model = m.running.last().map(|running| running.globals);
        let caller = m.running.iter().rev().map(|running| running.globals).find(|&globals| Some(globals) != model);
        Ok(caller.and_then(|globals| m.heap.dict(globals).value_of("__name__").cloned()).unwrap_or(Value::None))
    }),
];

/// Whether the class of a value has `__get__`, `__set__` or `__delete__`.
fn is_descriptor(machine: &mut Machine<'_>, value: &Value) -> Value {
    let known = match machine.heap.of(value) {
        Some(Object::Function(_) | Object::Property(_) | Object::StaticMethod(_) | Object::ClassMethod(_)) => true,
        Some(Object::Native(native)) => native.owner.is_some() && native.this.is_none(),
        Some(Object::Partial { .. }) => return machine.unknown("whether a partial is a descriptor"),
        Some(Object::Instance(instance)) => {
            let class = instance.class;
            let has = ["__get__", "__set__", "__delete__"];
            let found = has.iter().any(|name| machine.class_entry(class, name).is_some());
            if !found && machine.is_open(value) {
                return machine.unknown("whether an object of an unknown class is a descriptor");
            }
            found
        }
        _ if value.is_unknown() => return value.clone(),
        _ => false,
    };
    Value::Bool(known)
}

fn check_methods(machine: &mut Machine<'_>, class: ObjId, names: &[Arc<str>]) -> Value {
    let Object::Class(data) = machine.heap.get(class) else { return Value::NotImplemented };
    let (mro, open) = (data.mro.clone(), data.open);
    'names: for name in names {
        for &owner in &mro {
            if &**name == "__hash__" && is_unhashable(owner) {
                return Value::NotImplemented;
            }
            let dict = machine.heap.class(owner).dict;
            if let Some(entry) = machine.heap.dict(dict).name(name) {
                if entry.value.is_none() {
                    return Value::NotImplemented;
                }
                continue 'names;
            }
            if machine.has_own_builtin_attribute(owner, name) {
                continue 'names;
            }
        }
        let partial = mro.iter().find_map(|&id| machine.heap.class(id).partial).filter(|_| {
            mro.iter().any(|&id| machine.heap.class(id).partial.is_some() && !is_plain_library(machine, id))
        });
        return match open.or(partial) {
            Some(reason) => Value::Unknown(reason),
            None => Value::NotImplemented,
        };
    }
    Value::Bool(true)
}

/// Classes of the library that bring no methods of protocols.
fn is_plain_library(machine: &Machine<'_>, id: ObjId) -> bool {
    ["Generic", "Protocol", "ABC", "ABCMeta"].iter().any(|name| machine.natives.get(name) == Some(&id))
}

fn is_unhashable(owner: ObjId) -> bool {
    matches!(Ty::of(owner), Some(Ty::List | Ty::Dict | Ty::Set | Ty::Bytearray | Ty::DictKeys | Ty::DictItems))
}
