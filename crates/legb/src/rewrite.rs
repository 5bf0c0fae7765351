//! Files with new content: shown as a difference, or written.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

const NAME: Style = Style::new().bold();
const LABEL: Style = AnsiColor::Cyan.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();

/// Writes the difference between two contents of a file in the unified format; nothing where there is none.
pub(crate) fn diff(path: &str, before: &[u8], after: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::from_lines(&*before, &*after);
    let hunks = diff.unified_diff();
    let mut is_first = true;
    for hunk in hunks.iter_hunks() {
        if is_first {
            writeln!(out, "{NAME}--- {path}{NAME:#}\n{NAME}+++ {path}{NAME:#}")?;
            is_first = false;
        }
        writeln!(out, "{LABEL}{}{LABEL:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', REMOVED),
                ChangeTag::Insert => ('+', ADDED),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let line = change.value().trim_end_matches(['\n', '\r']);
            writeln!(out, "{style}{sign}{line}{style:#}")?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// Puts new content in the place of a file, wholly or not at all, and keeps its permissions.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let target: PathBuf = std::fs::canonicalize(path)?;
    let folder = target.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    draft.write_all(content)?;
    std::fs::set_permissions(draft.path(), std::fs::metadata(&target)?.permissions())?;
    draft.persist(&target).map(drop).map_err(|error| error.error)
}
