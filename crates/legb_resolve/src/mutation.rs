//! Does a source text change how modules are found while it runs?
//!
//! The text is searched, not understood: a line counts if it writes to `sys.path`, `sys.meta_path`, `sys.path_hooks`,
//! `sys.modules` or a `__path__`, or calls what does. So the answer may be yes where nothing happens, never the reverse, as
//! long as the text uses the usual spellings.

use std::path::{Path, PathBuf};

use memchr::memmem;

use crate::answer::{Kind, Resolution, Why};

/// Spellings that change the search itself.
const SEARCH: [&str; 8] = [
    "sys.path.",
    "sys.path[",
    "sys.path =",
    "sys.path +=",
    "sys.meta_path",
    "sys.path_hooks",
    "addsitedir(",
    "activate_this",
];

/// Spellings that add modules below a module or package which no finder would find there.
const BELOW: [&str; 5] =
    ["sys.modules.setdefault(", "sys.modules.update(", "sys.meta_path", "sys.path_hooks", "extend_path"];
/// Calls that only read the `__path__` they are given.
const READERS: [&str; 2] = ["iter_modules(", "walk_packages("];

/// The first line, from 1, that may change where modules are searched.
pub fn first_line(text: &str) -> Option<u32> {
    line_with(text, &SEARCH)
}

/// Whether a package joins all folders of its name on the path (`pkgutil.extend_path`, `pkg_resources.declare_namespace`).
pub fn joins_folders(text: &str) -> bool {
    text.contains("extend_path(__path__") || text.contains("declare_namespace(__name__")
}

/// The first line, from 1, that may give a module submodules which a finder does not find.
pub fn first_line_below(text: &str) -> Option<u32> {
    let mutated = places(text, "modules[").find(|&at| is_stored(&text[at..]));
    let path = places(text, "__path__").find(|&at| !READERS.iter().any(|reader| text[..at].ends_with(reader)));
    let spelled = BELOW.iter().filter_map(|spelling| places(text, spelling).next());
    line_of(text, mutated.into_iter().chain(path).chain(spelled).min()?)
}

/// Whether what a text begins with, up to a closing bracket on the same line, is assigned to.
fn is_stored(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let Some((_, behind)) = line.split_once(']') else { return true };
    let behind = behind.trim_start().trim_start_matches(']').trim_start();
    behind.starts_with('=') && !behind.starts_with("==") || behind.starts_with("|=")
}

/// A place in a file that changes where modules are searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    file: PathBuf,
    line: u32,
    /// Whether all it does is to append to `sys.path`: what is found there before stays found.
    only_appends: bool,
}

/// The first place in a file that may change where modules are searched.
pub fn edit(file: &Path, text: &str) -> Option<Edit> {
    let line = first_line(text)?;
    let appends = ["sys.path.append(", "sys.path.extend("];
    let rest = appends.iter().fold(text.to_owned(), |text, spelling| text.replace(spelling, ""));
    Some(Edit { file: file.to_owned(), line, only_appends: first_line(&rest).is_none() })
}

impl Edit {
    /// The answer in the light of the edit: what was missing is unknown, and what was found may be preceded.
    pub fn doubt(&self, answer: Resolution, name: &str) -> Resolution {
        let place = format!("{}:{}", self.file.display(), self.line);
        let is_certain = matches!(answer.kind, Kind::Builtin | Kind::Frozen) || answer.why == Why::Loaded;
        match answer.why {
            Why::Missing { .. } => {
                Resolution::unknown(format!("no finder has {name}, but {place} changes how modules are found"))
            }
            _ if is_certain || self.only_appends || !answer.kind.is_found() => answer,
            why => {
                let edit = format!("{place}, which changes how modules are found");
                Resolution { why: Why::Unless(Box::new(why), edit), ..answer }
            }
        }
    }
}

fn line_with(text: &str, spellings: &[&str]) -> Option<u32> {
    line_of(text, spellings.iter().filter_map(|spelling| places(text, spelling).next()).min()?)
}

/// Where a spelling stands, comments left out.
fn places<'t>(text: &'t str, spelling: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_comment = |at: usize| {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        text[line..at].trim_start().starts_with('#')
    };
    memmem::find_iter(text.as_bytes(), spelling).filter(move |&at| !is_comment(at))
}

fn line_of(text: &str, at: usize) -> Option<u32> {
    let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
    u32::try_from(lines + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::{first_line, first_line_below};

    #[test]
    fn edits_are_seen_and_comments_are_not() {
        assert_eq!(first_line("import sys\nsys.path.insert(0, 'lib')\n"), Some(2));
        assert_eq!(first_line("import sys\nsys.path += ['lib']\n"), Some(2));
        assert_eq!(first_line("# sys.path.insert(0, 'lib')\nprint(1)\n"), None);
        assert_eq!(first_line_below("import sys\n\nsys.modules[__name__ + '.moves'] = 1\n"), Some(3));
        for harmless in [
            "import os\n",
            "m = sys.modules[__name__]\n",
            "if sys.modules[name] == x: pass\n",
            "for m in iter_modules(__path__): pass\n",
            "# __path__ = []\n",
        ] {
            assert_eq!(first_line_below(harmless), None, "{harmless}");
        }
        for harmful in
            ["__path__ = []\n", "sys.modules[f'{__name__}.x'] = y\n", "modules[\n    'x'] = 1\n", "f(__path__)\n"]
        {
            assert_eq!(first_line_below(harmful), Some(1), "{harmful}");
        }
    }
}
