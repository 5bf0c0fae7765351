//! Which files does a comparison run over?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;
use legb_oracle::run::{Request, Script, ask};
use legb_oracle::wire::UnpackRow;

use crate::workspace;

/// A set of files, with what to call it.
pub(crate) type FileSet = (String, Vec<PathBuf>);

/// The files of a folder; without one, the interpreter's own standard library with its tests. WebAssembly builds carry a
/// library without tests, so they get that of 3.13 too.
pub(crate) fn sets(interpreter: &Interpreter, folder: Option<&Path>, every: usize) -> anyhow::Result<Vec<FileSet>> {
    let version = interpreter.version;
    let set = |label: String, folder: &Path| -> anyhow::Result<FileSet> {
        let files = python_files(folder)?.into_iter().step_by(every.max(1)).collect::<Vec<_>>();
        if files.is_empty() {
            bail!("no Python files in {}", folder.display());
        }
        Ok((label, files))
    };
    if let Some(folder) = folder {
        return Ok(vec![set(format!("{version} on {}", folder.display()), folder)?]);
    }
    match &interpreter.kind {
        Kind::Native { library, .. } => Ok(vec![set(format!("{} own library", interpreter.full_version), library)?]),
        Kind::Wasm { package, .. } => {
            let mut found = vec![set(format!("{version} own library"), &unpacked(interpreter, package)?)?];
            let tested = PyVersion::ALL.into_iter().rev().find_map(|other| {
                match legb_oracle::find(other, &workspace::target()).ok()?.kind {
                    Kind::Native { library, .. } => Some((other, library)),
                    Kind::Wasm { .. } => None,
                }
            });
            if let Some((other, library)) = tested {
                found.push(set(format!("{version} on the {other} library"), &library)?);
            }
            Ok(found)
        }
    }
}

fn python_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    workspace::files_below(folder, &["site-packages", "__pycache__"], &|name| {
        Path::new(name).extension().is_some_and(|extension| extension == "py")
    })
}

/// Unpacks the archive in which a WebAssembly build carries its library, once.
fn unpacked(interpreter: &Interpreter, package: &Path) -> anyhow::Result<PathBuf> {
    let folder = package.parent().and_then(Path::parent).context("invariant: the package lies in node_modules")?;
    let library = folder.join("lib");
    if library.is_dir() {
        return Ok(library);
    }
    let beside = folder.join("lib.new");
    let rows: Vec<UnpackRow> = ask(interpreter, Script::Unpack, &[Request::File(package.join("python_stdlib.zip"))])?;
    for (name, source) in rows.into_iter().flat_map(|row| row.files) {
        let path = beside.join(name);
        let parent = path.parent().context("invariant: a file lies in a folder")?;
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        let bytes: Vec<u8> = source.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    fs::rename(&beside, &library).with_context(|| format!("cannot make {}", library.display()))?;
    Ok(library)
}
