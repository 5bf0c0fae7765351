//! `syntax-error` (LEGB100): the file does not compile, with the message that CPython prints.
//!
//! Errors that a more exact rule is about go to that rule, if it speaks in this run.

use legb_base::Severity;
use legb_syntax::CompileError;

use super::RULES;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB100",
    name: "syntax-error",
    group: Group::Names,
    severity: Severity::Error,
    on_by_default: true,
    summary: "the file does not compile",
    twins: &["E999", "E902"],
    doc: DOC,
    check: Check::Elsewhere,
};

const DOC: &str = r"## What it reports
Python cannot compile the file.
The first error is the one that Python prints, in its own words; errors of the symbol table and of the compiler that it would print next follow.

## Why
Nothing of the file runs, not even the lines above the error.

## Example
```python
def f():
    return
yield 1  # SyntaxError: 'yield' outside function
```

## Repair
As the message says.

## How sure
Certain, for the version that the file is checked for.
";

/// Reports an error of the compiler. `printed`: it is the one that CPython stops at.
#[cold]
pub(crate) fn report(error: &CompileError, printed: bool, sink: &mut Sink<'_>) {
    let exact = RULES.iter().find(|rule| sink.hears(rule) && matches!(rule.check, Check::Takes(takes) if takes(error)));
    let rule = match exact {
        Some(rule) => rule,
        None if sink.hears(&META) => &META,
        None => return,
    };
    let text = match error.message.as_str() {
        "" => error.exception.to_owned(),
        message => format!("{}: {message}", error.exception),
    };
    let message = if error.message.is_empty() { text.clone() } else { error.message.clone() };
    sink.push(Report::error(rule, error.span, message).python(printed.then_some(text)));
}
