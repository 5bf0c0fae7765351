//! Where are the files of this workspace, and which interpreters may a task use?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::{find_all, must_have_all};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_path_buf(), Path::to_path_buf)
}

/// The build folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The interpreters of some versions (of all that are found, where the list is empty). A version that was asked for by name
/// must be there; in continuous integration all must.
pub(crate) fn interpreters(wanted: &[PyVersion]) -> anyhow::Result<Vec<Interpreter>> {
    let (found, missing) = find_all(&target());
    for reason in missing {
        if wanted.contains(&reason.version) || (wanted.is_empty() && must_have_all()) {
            bail!("{reason}");
        }
        if wanted.is_empty() {
            println!("left out: {reason}");
        }
    }
    Ok(found.into_iter().filter(|found| wanted.is_empty() || wanted.contains(&found.version)).collect())
}

/// Every file below a folder that passes a test on its name, sorted; folders of some names are not entered.
pub(crate) fn files_below(folder: &Path, skip: &[&str], keep: &dyn Fn(&str) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let kind = entry.file_type()?;
            if kind.is_dir() && !skip.contains(&name.as_ref()) {
                waiting.push(entry.path());
            } else if kind.is_file() && keep(&name) {
                found.push(entry.path());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Writes a file so that nobody sees half of it: beside it first, then renamed.
pub(crate) fn replace_file(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text).with_context(|| format!("cannot write {}", beside.display()))?;
    fs::rename(&beside, path).with_context(|| format!("cannot replace {}", path.display()))
}
