//! `sys`, `os`, `typing`, `types`: the facts that conditions at the top of modules ask for.

use std::sync::Arc;

use crate::machine::Machine;
use crate::ty::Ty;
use crate::value::Value;

type Names = Vec<(&'static str, Value)>;

/// `sys`
pub(super) fn sys(machine: &mut Machine<'_>) -> Names {
    let minor = machine.words.minor;
    let micro = machine.unknown("the micro version");
    let level = machine.unknown("the release level");
    let fields = [
        ("major", Value::Int(3)),
        ("minor", Value::Int(minor)),
        ("micro", micro),
        ("releaselevel", level.clone()),
        ("serial", level),
    ];
    let version_info = super::import_tools::named_tuple(machine, "version_info", &fields);
    let stderr = {
        let reason = machine.reasons.add("`sys.stderr` is not standard output");
        Value::Unknown(reason)
    };
    vec![
        ("modules", Value::Obj(machine.sys_modules)),
        ("path", Value::Obj(machine.sys_path)),
        ("version_info", version_info),
        ("platform", Value::str("linux")),
        ("byteorder", Value::str("little")),
        ("maxsize", Value::Int(i64::MAX)),
        ("stderr", stderr),
        (
            "exit",
            machine.new_native("exit", |m, args| {
                Err(crate::machine::Stop::Raise(m.new_exception(Ty::SystemExit, args.positional)))
            }),
        ),
        ("getrecursionlimit", machine.new_native("getrecursionlimit", |_, _| Ok(Value::Int(1000)))),
        (
            "setrecursionlimit",
            machine.new_native("setrecursionlimit", |m, _| {
                m.doubt("another recursion limit");
                Ok(Value::None)
            }),
        ),
        ("intern", machine.new_native("intern", |_, mut args| Ok(args.positional.pop().unwrap_or(Value::None)))),
    ]
}

/// `typing`
pub(super) fn typing(machine: &mut Machine<'_>) -> Names {
    vec![
        ("TYPE_CHECKING", Value::Bool(false)),
        ("overload", machine.new_native("overload", same)),
        ("final", machine.new_native("final", same)),
        ("no_type_check", machine.new_native("no_type_check", same)),
        ("override", machine.new_native("override", same)),
        ("runtime_checkable", machine.new_native("runtime_checkable", same)),
        ("cast", machine.new_native("cast", |_, mut args| Ok(args.positional.pop().unwrap_or(Value::None)))),
    ]
    .into_iter()
    .filter(|(name, _)| super::has_name("typing", name, machine.dialect.version) != Some(false))
    .collect()
}

/// A decorator that gives what it is given.
pub(super) fn same(_: &mut Machine<'_>, mut args: crate::native::Args) -> crate::machine::Eval<Value> {
    Ok(args.positional.pop().unwrap_or(Value::None))
}

/// `os`
pub(super) fn os(machine: &mut Machine<'_>) -> Names {
    let path = machine.load_module("posixpath").ok();
    if let Some(path) = &path {
        machine.heap.dict_mut(machine.sys_modules).set_name("os.path", path.clone());
    }
    let mut names: Names = vec![
        ("name", Value::str("posix")),
        ("sep", Value::str("/")),
        ("linesep", Value::str("\n")),
        ("curdir", Value::str(".")),
        ("pathsep", Value::str(":")),
    ];
    names.extend(path.map(|path| ("path", path)));
    names
}

/// `types`
pub(super) fn types(machine: &mut Machine<'_>) -> Names {
    let class = |ty: Ty| Value::Obj(ty.id());
    let all = [
        ("FunctionType", Ty::Function),
        ("LambdaType", Ty::Function),
        ("MethodType", Ty::Method),
        ("BuiltinFunctionType", Ty::BuiltinFunctionOrMethod),
        ("GeneratorType", Ty::Generator),
        ("CellType", Ty::Cell),
        ("MappingProxyType", Ty::Mappingproxy),
        ("NoneType", Ty::NoneType),
    ];
    let version = machine.dialect.version;
    all.into_iter()
        .filter(|(name, _)| super::has_name("types", name, version) == Some(true))
        .map(|(name, ty)| (name, class(ty)))
        .collect()
}

/// The text of an argument.
pub(super) fn text(machine: &Machine<'_>, value: Option<&Value>) -> Option<Arc<str>> {
    machine.text_of(value?)
}
