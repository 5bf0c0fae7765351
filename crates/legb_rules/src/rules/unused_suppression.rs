//! `unused-suppression` (LEGB900): a comment silences nothing.

use legb_base::Severity;

use crate::meta::{Check, Group, RuleMeta};

pub(crate) static META: RuleMeta = RuleMeta {
    code: "LEGB900",
    name: "unused-suppression",
    group: Group::Meta,
    severity: Severity::Warning,
    on_by_default: true,
    summary: "a comment silences nothing",
    twins: &["RUF100"],
    doc: DOC,
    check: Check::Elsewhere,
};

const DOC: &str = r"## What it reports
A comment such as `# legb: ignore[name]` or `# noqa: CODE` that silences no finding, and a name in it that no rule has.

## Why
What it was written for has been repaired, or the comment is misspelt and never worked.
Left alone, it hides the next finding of the same kind on that line.

## Example
```python
import os  # legb: ignore[unused-import]

print(os.sep)
```

## Repair
Remove the comment, or the name in it; `--fix` does.

## How sure
Certain for comments of legb.
A code of another tool in `# noqa` is possibly unused: that tool may see something on the line. By default only `F401` is told, where all that is imported on the line is read; other codes where this rule is selected. Rules that are not selected, and those that look at the whole project, are not judged, nor is `# noqa` without codes.
";
