//! The files of the workspace, and checks on each of them alone.

use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::workspace;

/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", "__pycache__"];

/// Module names that say nothing.
const DRAWERS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];

/// Files that may look at the number behind `3.`.
const MAY_COMPARE_VERSIONS: &[&str] = &["crates/legb_base/src/dialect.rs", "crates/legb_base/src/version.rs"];

/// Beyond this many lines of code a reader no longer finds a thing by the file's name.
const LONG: usize = 600;

/// Text that ties a file to one machine. Split, so that this file does not contain it.
const MACHINES: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
    concat!("C:\\", "Users"),
];

/// Hosts of package registries: their choice belongs to the machine.
const REGISTRIES: &[&str] = &[
    concat!("registry.", "npmjs"),
    concat!("pypi.", "org/simple"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("npm", "mirror"),
    concat!("arti", "factory"),
];

/// Where `Cargo.lock` says its packages come from.
const LOCK_SOURCE: &str = concat!("registry+https://github.com/rust-lang/", "crates.io-index");

/// A text file of the workspace.
pub(super) struct Source {
    /// From the root, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// The text files of the workspace.
pub(super) struct Sources {
    pub(super) files: Vec<Source>,
}

impl Sources {
    /// Reads every text file below a folder; files that are no UTF-8 are left out.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for path in workspace::files_below(root, SKIPPED, &|_| true)? {
            let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if let (Ok(text), Ok(path)) = (String::from_utf8(bytes), path.strip_prefix(root)) {
                files.push(Source { path: path.to_string_lossy().replace('\\', "/"), text });
            }
        }
        Ok(Self { files })
    }

    /// A file by its path.
    pub(super) fn get(&self, path: &str) -> Option<&Source> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Files with more lines of code than a reader can hold.
    pub(super) fn long_files(&self) -> Vec<String> {
        let rust = self.files.iter().filter(|file| is_rust(&file.path));
        rust.map(|file| (code_lines(&file.text), &file.path))
            .filter(|&(lines, _)| lines > LONG)
            .map(|(lines, path)| format!("{path}: {lines} lines of code"))
            .collect()
    }

    /// What is wrong with single files.
    pub(super) fn findings(&self) -> Vec<String> {
        self.files.iter().flat_map(|file| check(&file.path, &file.text)).collect()
    }
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

fn code_lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

fn check(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if is_rust(path) {
        if !text.starts_with("//!") {
            found.push(format!("{path}:1: a file begins with `//!`: which question does it answer?"));
        }
        let drawer =
            path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part)).find(|part| DRAWERS.contains(part));
        if let Some(part) = drawer {
            found.push(format!("{path}: `{part}` is the name of a drawer, not of a question"));
        }
    }
    if path.ends_with("Cargo.toml") && text.contains("[package]") && !text.contains("[lints]\nworkspace = true") {
        found.push(format!("{path}: the lints of the workspace are not switched on"));
    }
    for (n, line) in text.lines().enumerate() {
        let place = format!("{path}:{}", n + 1);
        let may_compare = MAY_COMPARE_VERSIONS.contains(&path) || path.contains("/tests/");
        if is_rust(path) && !may_compare && compares_versions(line) {
            found.push(format!("{place}: ask the dialect for the capability, do not compare version numbers"));
        }
        if path == "Cargo.lock" {
            if line.starts_with("source = ") && line != format!("source = \"{LOCK_SOURCE}\"") {
                found.push(format!("{place}: a package of another registry"));
            }
            continue;
        }
        for word in MACHINES.iter().chain(REGISTRIES) {
            if line.contains(word) {
                found.push(format!("{place}: `{word}` is of one machine"));
            }
        }
    }
    found
}

fn compares_versions(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let compares =
        ["==", "!=", "<", ">", "match ", "matches!"].iter().any(|operator| code.replace("->", "").contains(operator));
    code.contains(concat!(".min", "or()")) && compares
}

#[cfg(test)]
mod tests {
    use super::{check, code_lines};

    #[test]
    fn each_check_fires_and_stays_silent() {
        let minor = concat!("version.min", "or()");
        for (path, text, words) in [
            ("crates/a/src/a.rs", "fn f() {}\n".to_owned(), Some("begins with `//!`")),
            ("crates/a/src/a.rs", "//! A.\n".to_owned(), None),
            ("crates/a/src/utils.rs", "//! A.\n".to_owned(), Some("drawer")),
            ("crates/a/src/utils/b.rs", "//! A.\n".to_owned(), Some("drawer")),
            ("crates/a/src/a.rs", format!("//! A.\nif {minor} >= 12 {{}}\n"), Some("a.rs:2: ask the dialect")),
            ("crates/a/src/a.rs", format!("//! A.\nlet n = {minor};\n"), None),
            ("crates/a/src/a.rs", format!("//! A.\nfn f(v: V) -> u8 {{ {minor} }}\n"), None),
            ("crates/legb_base/src/dialect.rs", format!("//! A.\nif {minor} >= 12 {{}}\n"), None),
            ("README.md", format!("see {}\n", concat!("/ho", "me/me/a")), Some("README.md:1: `")),
            ("Cargo.lock", "source = \"registry+https://example.org\"\n".to_owned(), Some("another registry")),
            ("a/Cargo.toml", "[package]\n".to_owned(), Some("lints")),
        ] {
            let found = check(path, &text);
            match words {
                Some(words) => assert!(found.iter().any(|finding| finding.contains(words)), "{path} {text}: {found:?}"),
                None => assert!(found.is_empty(), "{path} {text}: {found:?}"),
            }
        }
    }

    #[test]
    fn comments_and_blank_lines_are_no_code() {
        assert_eq!(code_lines("//! A.\n\n/// B.\nfn f() {\n    // c\n}\n"), 2);
    }
}
