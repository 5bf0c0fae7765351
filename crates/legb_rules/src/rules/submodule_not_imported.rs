//! `submodule-not-imported` (LEGB305): `import package`, then `package.module`, which nothing imports.

use std::path::Path;

use legb_base::Severity;
use legb_resolve::Kind;
use legb_scope::{AttributeSite, ImportFlags, ModuleFlags, ModuleSummary, SiteFlags};

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{Member, ProjectCx, ProjectSink};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB305",
    name: "submodule-not-imported",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a submodule is used that nothing imports",
    twins: &[],
    doc: DOC,
    check: Check::Project(check),
};

const DOC: &str = r"## What it reports
`import package`, and then an attribute of it that is a submodule, where no file of the project imports that submodule.

## Why
Importing a package runs its `__init__` and nothing else.
A submodule becomes an attribute of its package once somebody has imported it; before that it is `AttributeError`.

## Example
`pkg/__init__.py` is empty, `pkg/tools.py` defines `load`:
```python
import pkg

pkg.tools.load()  # AttributeError: module 'pkg' has no attribute 'tools'
```

## Repair
`import pkg.tools`.

## How sure
Certain: no file of the project imports the submodule, so nobody has loaded it.
Where some file does, it may have run before, and the rule is silent; also where the file uses installed packages that legb does not know and that may import it; in `try` and `with`, and for packages that make attributes by other means than statements.
";

fn check(cx: &ProjectCx<'_>, sink: &mut ProjectSink) {
    for (at, file) in cx.files.iter().enumerate() {
        let Some(summary) = file.summary else { continue };
        for site in summary.attributes.iter().filter(|site| site.site.difference(SiteFlags::AT_IMPORT).is_empty()) {
            if let Some((package, submodule)) = unloaded(cx, at, summary, site) {
                report(at, site, &package, &submodule, sink);
            }
        }
    }
}

/// Package and submodule, where an attribute of an imported module is a submodule that nothing loads.
fn unloaded(
    cx: &ProjectCx<'_>,
    file: usize,
    summary: &ModuleSummary,
    site: &AttributeSite,
) -> Option<(String, String)> {
    let import = summary.imports.get(site.import as usize)?;
    let module = summary.text(import.module?);
    let aliased = import.flags.contains(ImportFlags::ALIASED);
    let mut package = if aliased { module } else { module.split('.').next()? }.to_owned();
    for part in summary.text(site.path).split('.') {
        let from = cx.files[file].path;
        let found = cx.resolve(&package, from);
        let is_ours = found.origin.as_deref().is_some_and(|origin| cx.is_ours(origin));
        if !found.is_package || found.kind == Kind::Namespace || !is_ours {
            return None;
        }
        let init = cx.summary(found.origin.as_deref()?)?;
        let submodule = format!("{package}.{part}");
        let has_star = init.imports.iter().any(|site| site.flags.contains(ImportFlags::STAR));
        if init.binds(part)
            || has_star
            || init.flags.intersects(ModuleFlags::OPEN | ModuleFlags::HAS_GETATTR)
            || cx.member(&package, &found, part) != Member::Submodule
        {
            return None;
        }
        if cx.universe().importers(&submodule).next().is_none() {
            if may_be_loaded_by_others(cx, from, &package) {
                return None;
            }
            return Some((package, part.to_owned()));
        }
        package = submodule;
    }
    None
}

/// Whether the file lies in another package and loads modules that are not known, which may load the submodule.
fn may_be_loaded_by_others(cx: &ProjectCx<'_>, file: &Path, package: &str) -> bool {
    let own = cx.module_of(file).unwrap_or_default();
    let is_known = |module: &str| cx.resolve(module, file).kind.is_found();
    own.split('.').next() != package.split('.').next() && !cx.universe().loaded_by(file).all(is_known)
}

fn report(file: usize, site: &AttributeSite, package: &str, submodule: &str, sink: &mut ProjectSink) {
    let message = format!("`{package}.{submodule}` is a submodule that nothing imports");
    sink.push(
        file,
        Report::error(&META, site.span, message)
            .help(format!("write `import {package}.{submodule}`"))
            .python(format!("AttributeError: module '{package}' has no attribute '{submodule}'")),
    );
}
