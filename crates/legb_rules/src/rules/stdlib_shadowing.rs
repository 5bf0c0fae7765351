//! `stdlib-shadowing` (LEGB309): a file takes the place of a module of the standard library.

use std::path::Path;

use legb_base::{Certainty, Severity, Span};
use legb_resolve::{RootOrigin, stdlib, stdlib_imports};
use legb_scope::ModuleFlags;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ProjectCx, ProjectSink, UniverseFile};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB309",
    name: "stdlib-shadowing",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a file takes the place of a module of the standard library",
    twins: &["A005"],
    doc: DOC,
    check: Check::Project(check),
};

const DOC: &str = r#"## What it reports
A module at the top of a project, or beside a script, that has the name of a module of the standard library, where something imports that name: a file of the project, or another module of the standard library that a file of the project imports.

## Why
A program that is started in a folder looks for modules there first.
The file is loaded wherever the name is imported, by the standard library too, which then misses what it needs.

## Example
`token.py` of the project:
```python
ADMIN = "…"
```
and `main.py` beside it:
```python
import inspect  # AttributeError: inspect loads tokenize, and tokenize loads this token
```

## Repair
Rename the file.

## How sure
Certain that the file wins when a program is started in its folder, as `python FOLDER/main.py` or by `python -m` from there.
Modules that are compiled into the interpreter, frozen, or loaded at start-up never lose to a file; which these are differs between versions.
Silent for modules inside of packages, which have longer names, and for packages that are installed before they are run, because then the standard library comes first.
"#;

/// So many modules that break are named.
const NAMED: usize = 3;
/// And so many modules of the library that import the name.
const NAMED_IN_HELP: usize = 6;

fn check(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (at, file) in cx.files.iter().enumerate() {
        if let Some((name, folder)) = top_level(cx, file.path)
            && can_win(cx, name)
            && programs_start(cx, folder)
        {
            look(cx, at, name, folder, sink);
        }
    }
}

/// The name under which a program that is started beside a file, or beside its package, imports it; and the folder of that.
fn top_level<'a>(cx: &ProjectCx<'_>, path: &'a Path) -> Option<(&'a str, &'a Path)> {
    let (name, folder) = match path.file_stem()?.to_str()? {
        "__init__" => (path.parent()?.file_name()?.to_str()?, path.parent()?.parent()?),
        stem => (stem, path.parent()?),
    };
    let listing = cx.around.fs.listing(folder);
    let in_package = listing.get("__init__.py").is_some();
    let is_library = ["os.py", "abc.py", "codecs.py"].into_iter().all(|file| listing.get(file).is_some());
    (!in_package && !is_library).then_some((name, folder))
}

/// Whether a file can take the place of a module of the standard library.
fn can_win(cx: &ProjectCx<'_>, name: &str) -> bool {
    let version = cx.around.dialect.version;
    stdlib::is_stdlib(name, version)
        && !stdlib::is_builtin(name, version)
        && stdlib::frozen(name, version).is_none()
        && !stdlib::is_loaded_at_startup(name, version)
}

/// Whether programs are started in a folder: not in one whose packages are installed first, unless a script lies there.
fn programs_start(cx: &ProjectCx<'_>, folder: &Path) -> bool {
    let is_installed =
        cx.around.roots.iter().any(|root| {
            root.path == folder && matches!(root.origin, RootOrigin::SrcLayout | RootOrigin::Backend { .. })
        });
    let is_script = |path: &Path| {
        path.parent() == Some(folder)
            && cx.summary(path).is_some_and(|summary| summary.flags.contains(ModuleFlags::MAIN_GUARD))
    };
    !is_installed || cx.files.iter().any(|file| is_script(file.path))
}

fn look(cx: &ProjectCx<'_>, file: usize, name: &str, folder: &Path, sink: &mut ProjectSink) {
    let path = cx.files[file].path;
    let version = cx.around.dialect.version;
    let is_root = cx.around.roots.iter().any(|root| root.path == folder);
    let starts_here = |other: &&UniverseFile| {
        let inside = if is_root { other.path.starts_with(folder) } else { other.path.parent() == Some(folder) };
        inside && other.path != path && !path.parent().is_some_and(|own| own != folder && other.path.starts_with(own))
    };
    let others: Vec<&UniverseFile> = cx.universe().files.iter().filter(starts_here).collect();
    let importer = others.iter().find(|other| cx.universe().loads(other, name));
    let loaders = stdlib_imports::loaders(name, version);
    let broken = loaders.iter().filter_map(|&(loader, through)| {
        let user = others.iter().find(|other| cx.universe().loads(other, loader))?;
        Some((loader, through, user))
    });
    let broken: Vec<_> = broken.take(NAMED).collect();
    let shown = |other: &UniverseFile| other.path.strip_prefix(folder).unwrap_or(&other.path).display().to_string();
    let what = match (&*broken, importer) {
        ([], None) => return,
        ([], Some(importer)) => format!("{} imports this file instead", shown(importer)),
        (broken, _) => {
            let each = broken.iter().map(|&(loader, through, user)| match through {
                _ if through.split('.').next() == Some(name) => format!("`{loader}` (imported by {})", shown(user)),
                _ => format!("`{loader}` (imported by {}, loads `{through}`)", shown(user)),
            });
            format!("{} loads this file instead", each.collect::<Vec<_>>().join(", "))
        }
    };
    let message = format!("this file takes the place of the standard module `{name}`: {what}");
    let report = Report::warning(&META, Certainty::Certain, Span::new(0, 0), message);
    let direct = loaders.iter().filter(|(loader, through)| {
        through.split('.').next() == Some(name) && !loader.contains('.') && !loader.starts_with('_')
    });
    let direct: Vec<String> = direct.map(|(loader, _)| format!("`{loader}`")).take(NAMED_IN_HELP).collect();
    let others =
        if direct.is_empty() { String::new() } else { format!("; in the library {} import it", direct.join(", ")) };
    sink.push(file, report.help(format!("rename it: it wins whenever a program is started in its folder{others}")));
}
