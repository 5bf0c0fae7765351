//! `import-self` (LEGB302): a module imports itself.

use legb_base::{Certainty, Severity};
use legb_resolve::{Kind, Resolution, stdlib};
use legb_scope::{ImportFlags, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, Member, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB302",
    name: "import-self",
    group: Group::Modules,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a module imports itself",
    twins: &["PLW0406"],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r"## What it reports
An import at module level that names the module it stands in.

## Why
While a module is imported it is in `sys.modules` already, half done: the import finds what stands above it and nothing else, so `from` raises `ImportError` for names below.
Run as a script, the file is loaded a second time under its own name.
Often the file has the name of the module that was meant.

## Example
`random.py`:
```python
import random  # this file, not the standard library

print(random.randint(1, 6))
```

## Repair
Remove the import, or rename the file.

## How sure
Certain that it is the same file. Imports in functions and under conditions, and those that a `try` or `with` may deal with, are left alone.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    let Target::Module(module, resolution) = import.target() else { return };
    // Under a condition it is most often `if __name__ == "__main__"`, where a program hands over to its module.
    let is_conditional = import.site.flags.contains(ImportFlags::CONDITIONAL);
    if !import.site.site.contains(SiteFlags::AT_IMPORT) || import.is_guarded() || is_conditional {
        return;
    }
    if let Some(name) = itself(import, module, resolution) {
        let message = format!("`{name}` is this very file");
        let report = Report::warning(&META, Certainty::Certain, import.site.alias, message);
        let shadows = stdlib::is_stdlib(&name, import.project.around.dialect.version);
        sink.push(
            import.file,
            if shadows { report.help("rename the file to reach the standard library") } else { report },
        );
    }
}

/// The name of the module that is imported, if it lies in the file of the import.
fn itself(import: &ImportCx<'_, '_>, module: &str, resolution: &Resolution) -> Option<String> {
    let is_this = |resolution: &Resolution| {
        resolution.kind == Kind::Source && resolution.origin.as_deref() == Some(import.path())
    };
    match import.name() {
        None => is_this(resolution).then(|| module.to_owned()),
        Some(name) if is_this(resolution) => {
            // The `__init__` of a package takes its submodules in.
            let submodule = || import.project.around.finder.find(&format!("{module}.{name}")).kind;
            let is_no_module = || {
                submodule() == Kind::Missing
                    && !import.project.may_be_made(module, name)
                    && import.project.has_all_of(module)
            };
            let is_own_name = !resolution.is_package || is_no_module();
            (is_own_name && !name.starts_with("__")).then(|| module.to_owned())
        }
        Some(name) => {
            let submodule = format!("{module}.{name}");
            let is_own = import.project.module(import.file).is_some_and(|own| own.name == submodule);
            let takes = || import.project.member(module, resolution, name) == Member::Submodule;
            (is_own && takes() && is_this(&import.project.resolve(&submodule, import.path()))).then_some(submodule)
        }
    }
}
