//! `prefer-pathlib` (LEGB401): a function of `os` or `glob` for which `pathlib` has a method.

use legb_base::{Applicability, Edit, Severity};
use legb_syntax::ast::{Expr, ExprCall};

use crate::context::FileCx;
use crate::fix;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};
use crate::tree::{Node, Nodes, Spot};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB401",
    name: "prefer-pathlib",
    group: Group::Idioms,
    severity: Severity::Info,
    on_by_default: false,
    summary: "a function of `os` or `glob` for which `pathlib` has a method",
    twins: &[
        "PTH100", "PTH101", "PTH102", "PTH103", "PTH104", "PTH105", "PTH106", "PTH107", "PTH108", "PTH109", "PTH110",
        "PTH111", "PTH112", "PTH113", "PTH114", "PTH115", "PTH116", "PTH117", "PTH118", "PTH119", "PTH120", "PTH121",
        "PTH122", "PTH123", "PTH124", "PTH202", "PTH203", "PTH204", "PTH205", "PTH207", "PTH208",
    ],
    doc: DOC,
    check: Check::Nodes(Nodes { wanted, look }),
};

const DOC: &str = r"## What it reports
A call of a function of `os`, `os.path` or `glob`, or of `open`, for which a `Path` object has a method.

## Why
A `Path` keeps what belongs together: its parts are attributes, joining is `/`, and the same object opens, lists and removes.

## Example
```python
import os

name = os.path.basename(path)  # Path(path).name
```

## Repair
Make a `Path` and use the method that the message names.

## How sure
Certain that there is such a method. A fix is offered for calls with one positional argument. It is safe where the argument is a text that names a file plainly and the function only asks a question, such as `os.path.exists('setup.py')`; otherwise unsafe, because the argument may be a file descriptor, bytes or a name that ends with a slash, and because messages of errors may differ.
";

/// The function, what replaces it, and the text behind `Path(argument)` where the result is equal.
const METHODS: [(&str, &str, Option<&str>); 34] = [
    ("os.path.abspath", "Path.absolute", None),
    ("os.path.basename", "Path.name", Some(".name")),
    ("os.path.dirname", "Path.parent", None),
    ("os.path.exists", "Path.exists", Some(".exists()")),
    ("os.path.expanduser", "Path.expanduser", None),
    ("os.path.getatime", "Path.stat().st_atime", Some(".stat().st_atime")),
    ("os.path.getctime", "Path.stat().st_ctime", Some(".stat().st_ctime")),
    ("os.path.getmtime", "Path.stat().st_mtime", Some(".stat().st_mtime")),
    ("os.path.getsize", "Path.stat().st_size", Some(".stat().st_size")),
    ("os.path.isabs", "Path.is_absolute", Some(".is_absolute()")),
    ("os.path.isdir", "Path.is_dir", Some(".is_dir()")),
    ("os.path.isfile", "Path.is_file", Some(".is_file()")),
    ("os.path.islink", "Path.is_symlink", Some(".is_symlink()")),
    ("os.path.ismount", "Path.is_mount", None),
    ("os.path.join", "the operator `/` of Path", None),
    ("os.path.realpath", "Path.resolve", None),
    ("os.path.samefile", "Path.samefile", None),
    ("os.path.split", "Path.parent and Path.name", None),
    ("os.path.splitext", "Path.stem and Path.suffix", None),
    ("os.chmod", "Path.chmod", None),
    ("os.getcwd", "Path.cwd", None),
    ("os.listdir", "Path.iterdir", None),
    ("os.makedirs", "Path.mkdir(parents=True)", None),
    ("os.mkdir", "Path.mkdir", Some(".mkdir()")),
    ("os.readlink", "Path.readlink", None),
    ("os.remove", "Path.unlink", Some(".unlink()")),
    ("os.rename", "Path.rename", None),
    ("os.replace", "Path.replace", None),
    ("os.rmdir", "Path.rmdir", Some(".rmdir()")),
    ("os.stat", "Path.stat", Some(".stat()")),
    ("os.unlink", "Path.unlink", Some(".unlink()")),
    ("glob.glob", "Path.glob", None),
    ("glob.iglob", "Path.glob", None),
    ("builtins.open", "Path.open", None),
];

/// Functions that answer the same as the method, and raise nothing, where the argument is a text.
const ASKING: [&str; 5] = ["os.path.exists", "os.path.isabs", "os.path.isdir", "os.path.isfile", "os.path.islink"];

/// Whether an argument is a literal that stays as it is when a `Path` is made of it.
fn names_a_file_plainly(argument: &Expr) -> bool {
    let Expr::StringLiteral(text) = argument else { return false };
    let text = text.value.to_str();
    !text.contains('\0') && text.strip_prefix('/').unwrap_or(text).split('/').all(|part| !matches!(part, "" | "."))
}

fn wanted(cx: &FileCx<'_>) -> bool {
    ["os", "glob", "open"].into_iter().any(|name| cx.mentions(name))
}

fn look(spot: &Spot<'_, '_>, sink: &mut Sink<'_>) {
    let Node::Expr(Expr::Call(call)) = spot.node else { return };
    let Some(name) = spot.cx.full_name(&call.func) else { return };
    // The module behind `os.path`, where it is imported by itself.
    let name = name.replacen("posixpath.", "os.path.", 1);
    let Some(&(function, method, same)) = METHODS.iter().find(|(function, ..)| *function == name) else { return };
    let shown = function.trim_start_matches("builtins.");
    let report = Report::info(&META, fix::span(call), format!("`{shown}()`: `pathlib` has {}", in_words(method)));
    sink.push(match same.and_then(|same| repair(spot.cx, call, same)) {
        Some(edits) => {
            let is_exact = ASKING.contains(&function) && call.arguments.args.iter().all(names_a_file_plainly);
            let applicability = if is_exact { Applicability::Safe } else { Applicability::Unsafe };
            report.fix(format!("use {method}"), applicability, edits)
        }
        None => report,
    });
}

fn in_words(method: &str) -> String {
    if method.starts_with("the ") { method.to_owned() } else { format!("`{method}`") }
}

/// `Path(argument).method()`, with an import of `Path` where the file has none.
fn repair(cx: &FileCx<'_>, call: &ExprCall, method: &str) -> Option<Vec<Edit>> {
    let [argument] = &*call.arguments.args else { return None };
    if !call.arguments.keywords.is_empty() || matches!(argument, Expr::Starred(_)) {
        return None;
    }
    let known = cx.canonical().local_names("pathlib.Path");
    let argument = cx.slice(fix::span(argument));
    let path = match known.as_slice() {
        [] => "Path",
        [only] => cx.name(*only),
        _ => return None,
    };
    let mut edits = Vec::new();
    if known.is_empty() {
        if cx.mentions("Path") {
            return None;
        }
        edits.push(fix::add_import(cx, "from pathlib import Path")?);
    }
    edits.push(Edit { span: fix::span(call), content: format!("{path}({argument}){method}") });
    Some(edits)
}
