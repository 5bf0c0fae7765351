//! `script-relative-import` (LEGB308): a relative import in a file that belongs to no package.

use legb_base::{Certainty, Severity};
use legb_resolve::{RelativeError, RootOrigin};
use legb_scope::{ModuleFlags, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB308",
    name: "script-relative-import",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a relative import stands in a script",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r#"## What it reports
A relative import in a file at the top of an import root, which belongs to no package; and one in a file of a package that begins with `#!` and has `if __name__ == "__main__"`, so that it is meant to be run as a script.

## Why
Run as a script, or imported from the top, a file has no package that dots could start from: `ImportError: attempted relative import with no known parent package`.

## Example
`main.py`, beside `helper.py`:
```python
from . import helper
```

## Repair
Write `import helper` for files that lie side by side.
A module of a package can be run by `python -m package.module`.

## How sure
Certain for a file at the top of a project; possible where the folder may be a package of a name that legb does not know, and for scripts inside of packages, which work by `python -m`.
Silent in `try` and `with`.
"#;

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    if import.site.level == 0 || import.is_guarded() {
        return;
    }
    let error = RelativeError::NoPackage.to_string();
    match import.target() {
        Target::Nowhere(RelativeError::NoPackage) => {
            let message = "this file is in no package, so a relative import leads nowhere".to_owned();
            let report = if is_certainly_top(import) {
                Report::error(&META, import.site.alias, message)
            } else {
                Report::warning(&META, Certainty::Possible, import.site.alias, message)
            };
            sink.push(import.file, report.python(error));
        }
        Target::Module(..) if is_script(import) => {
            let name = import.project.module(import.file).map_or("", |module| &module.name);
            let message = "run as a script, this file is in no package, so a relative import leads nowhere".to_owned();
            sink.push(
                import.file,
                Report::warning(&META, Certainty::Possible, import.site.alias, message)
                    .help(format!("run it by `python -m {name}`"))
                    .python(error),
            );
        }
        _ => {}
    }
}

/// Whether the folder of the file is where a project's imports start, by what the project says.
fn is_certainly_top(import: &ImportCx<'_, '_>) -> bool {
    let folder = import.path().parent();
    import
        .project
        .around
        .roots
        .iter()
        .any(|root| folder == Some(root.path.as_path()) && !matches!(root.origin, RootOrigin::AroundPath))
}

/// Whether the file is made to be run by its path, and the import runs then.
fn is_script(import: &ImportCx<'_, '_>) -> bool {
    import.summary.flags.contains(ModuleFlags::MAIN_GUARD | ModuleFlags::SHEBANG)
        && import.site.site.contains(SiteFlags::AT_IMPORT)
}
