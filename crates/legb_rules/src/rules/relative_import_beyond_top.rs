//! `relative-import-beyond-top` (LEGB307): more dots than there are packages around the file.

use legb_base::Severity;
use legb_resolve::RelativeError;

use crate::meta::{Check, Group, RuleMeta};
use crate::project::{ImportCx, ProjectSink, Target};
use crate::sink::Report;

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB307",
    name: "relative-import-beyond-top",
    group: Group::Modules,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a relative import climbs out of its package",
    twins: &[],
    doc: DOC,
    check: Check::Import(check),
};

const DOC: &str = r"## What it reports
A relative import with more dots than there are packages around the file.

## Why
One dot is the package of the file, each further dot the package around it.
Beyond the outermost package there is none: `ImportError`, in Python 3.8 `ValueError`.

## Example
`pkg/mod.py`:
```python
from ..other import load  # beyond `pkg`
```

## Repair
Take dots away, or import the module by its absolute name.

## How sure
Certain whenever the import is reached, if the file is imported from the import root that `legb config show` names.
Silent in `try` and `with`, and where the dots lead to a module that is there on the disk: the folders may be packages of a name that legb does not know.
";

fn check(import: &ImportCx<'_, '_>, sink: &mut ProjectSink) {
    if let Target::Nowhere(error @ RelativeError::BeyondTop { .. }) = import.target()
        && !import.is_guarded()
        && !import.leads_somewhere()
    {
        let package = import.project.module(import.file).map_or("", |module| module.package());
        let message = format!(
            "`{}` climbs out of `{}`: the file is in the package `{package}`",
            import.written_module(),
            package.split('.').next().unwrap_or(package),
        );
        sink.push(import.file, Report::error(&META, import.site.alias, message).python(error.to_string()));
    }
}
