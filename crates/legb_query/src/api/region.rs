//! The lines that legb writes into an `__init__`, in the form that common formatters leave alone.

use super::splice::{BEGIN, END};

/// Columns that a line may take.
const WIDTH: usize = 88;

/// What is written.
pub(super) struct Region<'a> {
    /// For each module below the package its tail and the names taken from it.
    pub(super) groups: &'a [(String, Vec<String>)],
    /// The same for modules that must be loaded at once although the rest is lazy.
    pub(super) at_once: &'a [(String, Vec<String>)],
    /// What `__all__` lists, or gets in addition.
    pub(super) all: Vec<String>,
    /// Whether the author has an `__all__`, and whether that is a tuple.
    pub(super) extends: Option<bool>,
    /// Whether the names are made on demand.
    pub(super) lazy: bool,
    /// Whether the author has a `__dir__`.
    pub(super) has_dir: bool,
}

impl Region<'_> {
    /// The lines, without their endings.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{BEGIN} (written by `legb api --write`; what you change up to the end is lost)")];
        if self.lazy {
            lines.extend(["from typing import TYPE_CHECKING".to_owned(), String::new()]);
        }
        // In front of the imports, a new `__all__` keeps import sorters from mixing them with those of the author; behind the
        // author's own `__all__` it is better behind them, where linters expect code.
        if self.extends.is_none() || self.lazy {
            self.dunder_all(&mut lines);
        }
        if self.lazy {
            self.lazily(&mut lines);
        } else {
            imports(self.groups, "", &mut lines);
            imports(self.at_once, "", &mut lines);
            if self.extends.is_some() && !self.all.is_empty() {
                lines.push(String::new());
                self.dunder_all(&mut lines);
            }
        }
        if lines.last().is_some_and(String::is_empty) && !self.lazy {
            lines.pop();
        }
        lines.push(END.to_owned());
        lines
    }

    fn dunder_all(&self, lines: &mut Vec<String>) {
        if self.all.is_empty() && self.extends.is_some() {
            return;
        }
        let (operator, open, close) = match self.extends {
            None => ("=", "[", "]"),
            Some(false) => ("+=", "[", "]"),
            Some(true) => ("+=", "(", ")"),
        };
        let quoted: Vec<String> = self.all.iter().map(|name| format!("\"{name}\"")).collect();
        let single = if close == ")" && quoted.len() == 1 { "," } else { "" };
        let short = format!("__all__ {operator} {open}{}{single}{close}", quoted.join(", "));
        if short.len() <= WIDTH {
            lines.push(short);
        } else {
            lines.push(format!("__all__ {operator} {open}"));
            lines.extend(quoted.iter().map(|name| format!("    {name},")));
            lines.push(close.to_owned());
        }
        lines.push(String::new());
    }

    fn lazily(&self, lines: &mut Vec<String>) {
        imports(self.at_once, "", lines);
        if !self.at_once.is_empty() {
            lines.push(String::new());
        }
        lines.push("if TYPE_CHECKING:".to_owned());
        imports(self.groups, "    ", lines);
        lines.extend([String::new(), "_LAZY_NAMES = {".to_owned()]);
        for (module, names) in self.groups {
            lines.extend(names.iter().map(|name| format!("    \"{name}\": \".{module}\",")));
        }
        lines.push("}".to_owned());
        lines.extend(GETATTR.lines().map(str::to_owned));
        if !self.has_dir {
            lines.extend(DIR.lines().map(str::to_owned));
        }
        lines.extend([String::new(), String::new()]);
    }
}

const GETATTR: &str = "

def __getattr__(name):
    if name in _LAZY_NAMES:
        from importlib import import_module

        value = getattr(import_module(_LAZY_NAMES[name], __name__), name)
        globals()[name] = value
        return value
    raise AttributeError(f\"module {__name__!r} has no attribute {name!r}\")
";

const DIR: &str = "

def __dir__():
    return sorted({*globals(), *_LAZY_NAMES})
";

fn imports(groups: &[(String, Vec<String>)], indent: &str, lines: &mut Vec<String>) {
    for (module, names) in groups {
        let short = format!("{indent}from .{module} import {}", names.join(", "));
        if short.len() <= WIDTH {
            lines.push(short);
        } else {
            lines.push(format!("{indent}from .{module} import ("));
            lines.extend(names.iter().map(|name| format!("{indent}    {name},")));
            lines.push(format!("{indent})"));
        }
    }
}
