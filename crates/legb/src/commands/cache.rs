//! `legb cache`: where kept answers lie, how many there are, and how to be rid of them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::args::{CacheAction, CacheArgs, GlobalArgs};
use crate::kept::{SUFFIX, folder};
use crate::output::thousands;
use crate::{Exit, output};

/// Runs the command.
pub(crate) fn run(args: &CacheArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let Some(folder) = folder(global) else {
        bail!("there is no cache: it is switched off, or neither XDG_CACHE_HOME nor HOME says where it could lie");
    };
    let answers = answers(&folder)?;
    let bytes: u64 = answers.iter().map(|(_, bytes)| bytes).sum();
    let count = match answers.len() {
        1 => "1 answer".to_owned(),
        count => format!("{} answers", thousands(count)),
    };
    let size = thousands(usize::try_from(bytes).unwrap_or(usize::MAX));
    let told = match args.action {
        CacheAction::Info => format!("{}\n{count}, {size} bytes", folder.display()),
        CacheAction::Clean => {
            for (path, _) in &answers {
                fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
            format!("removed {count}, {size} bytes")
        }
    };
    output::plain(|out| writeln!(out, "{told}"))?;
    Ok(Exit::Clean)
}

/// The files of the cache and their sizes; other files that lie there are none of ours.
fn answers(folder: &Path) -> anyhow::Result<Vec<(PathBuf, u64)>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let unreadable = || format!("cannot read {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let path = entry.path();
        if path.to_string_lossy().ends_with(SUFFIX) {
            found.push((path, entry.metadata().with_context(unreadable)?.len()));
        }
    }
    Ok(found)
}
