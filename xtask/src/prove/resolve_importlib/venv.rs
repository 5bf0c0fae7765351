//! A virtual environment with one of everything that can be on `sys.path`, built by `build_venv.py` beside this file.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};
use legb_oracle::Interpreter;
use legb_oracle::interpreter::Kind;

use crate::workspace;

const SCRIPT: &str = include_str!("build_venv.py");

/// Names that what the script makes is asked for by; packages from the registry are asked for by their own imports.
pub(super) const NAMES: &[&str] = &[
    "ns_two",
    "ns_two.only_here",
    "ns_two.there",
    "ns_two.nowhere",
    "joined",
    "joined.here",
    "joined.there",
    "joined.none",
    "file_and_folder",
    "file_and_folder.inside",
    "package_and_file",
    "empty_folder",
    "CaseCounts",
    "casecounts",
    "stubs",
    "stubs-stubs",
    "only_stub",
    "registers",
    "registers.made",
    "uses_all",
    "named",
    "named.module",
    "tail",
    "tail.json",
    "tail.again.again.json",
    "old_style",
    "old_style.inner",
    "from_dot_file",
    "old_ns",
    "old_ns.part",
    "zip_module",
    "zip_package",
    "zip_package.inner",
    "zip_package.none",
    "zip_ns",
    "zip_ns.a",
    "zip_no_entry",
    "zip_no_entry.b",
    "in_folder",
    "inside",
    "inside.in_folder",
    "relative.module_there",
    "module_there",
    "only_ext",
    "only_ext.below",
    "any_abi",
    "plain",
    "ext_pkg",
    "ext_pkg.x",
    "both",
    "other_version",
    "no_source",
    "no_source_pkg",
    "no_source_pkg.inner",
    "cached_only",
    "cached_only.gone",
    "linked_folder",
    "linked_folder.there",
    "linked_file",
    "loop",
    "loop.loop",
    "broken",
    "self_loop",
    "by_path",
    "by_path.inner",
    "by_path.none",
    "by_finder",
    "by_finder.sub",
    "by_finder.sub.deep",
    "by_finder.none",
    "by_finder_module",
    "found_ns",
    "found_ns.one",
    "found_ns.two",
    "found_ns.none",
    "by_redirect",
    "by_redirect.inner",
    "by_redirect.none",
    "distutils",
    "distutils.core",
    "distutils.none",
    "os",
    "os.path",
    "os.none",
    "sys",
    "sys.none",
    "collections.abc",
    "importlib.util",
    "importlib._bootstrap",
    "math",
    "_thread",
    "posixpath",
    "xml.parsers.expat.errors",
    "encodings.utf_8",
    "encodings.cp037",
    "typing.io",
    "zipimport",
    "__hello__",
    "__phello__",
    "__phello__.spam",
    "absent",
    "absent.below",
    "json.absent",
    "json.decoder.absent",
];

/// A virtual environment that is ready.
pub(super) struct Built {
    /// Its interpreter.
    pub(super) interpreter: Interpreter,
    /// Its site-packages.
    pub(super) folder: PathBuf,
}

/// Builds the environment for an interpreter, unless the same script has built it before.
pub(super) fn build(interpreter: &Interpreter, quick: bool) -> anyhow::Result<Built> {
    let Kind::Native { program, .. } = &interpreter.kind else {
        bail!("a virtual environment needs a native interpreter")
    };
    let name = format!("{}-{}", if quick { "quick" } else { "all" }, interpreter.full_version);
    let outside = workspace::target().join("resolve-importlib").join(name);
    let stamp = outside.join("built-by.py");
    let prefix = outside.join("venv");
    if fs::read_to_string(&stamp).is_ok_and(|text| text == SCRIPT) {
        return built(interpreter, &prefix);
    }
    if outside.is_dir() {
        fs::remove_dir_all(&outside).with_context(|| format!("cannot remove {}", outside.display()))?;
    }
    fs::create_dir_all(&outside).with_context(|| format!("cannot make {}", outside.display()))?;
    let output = Command::new(program)
        .args(["-I", "-B", "-c", SCRIPT])
        .arg(&outside)
        .args(quick.then_some("--quick"))
        .output()
        .context("cannot start the interpreter")?;
    if !output.status.success() {
        bail!("cannot build {}: {}", outside.display(), String::from_utf8_lossy(&output.stderr));
    }
    fs::write(&stamp, SCRIPT).with_context(|| format!("cannot write {}", stamp.display()))?;
    built(interpreter, &prefix)
}

fn built(interpreter: &Interpreter, prefix: &std::path::Path) -> anyhow::Result<Built> {
    let Kind::Native { library, .. } = &interpreter.kind else {
        bail!("a virtual environment needs a native interpreter")
    };
    let library = library.clone();
    let folder = prefix.join("lib").join(format!("python{}", interpreter.version)).join("site-packages");
    let kind = Kind::Native { program: prefix.join("bin").join("python"), library };
    Ok(Built { interpreter: Interpreter { kind, ..interpreter.clone() }, folder })
}
