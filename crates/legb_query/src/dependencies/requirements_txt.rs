//! Requirements files, as pip reads them.
//!
//! `-r other.txt` is followed; constraints (`-c`) declare nothing; of a URL or path only `#egg=name`, `name @ …` or the name
//! of a wheel tells which distribution it is.

use std::path::{Path, PathBuf};

use legb_project::problem::shown;

use super::{Declared, Purpose, text_of};

/// Files that include each other are followed so deep.
const DEPTH: u32 = 16;

/// The requirements files of a folder and of its folder `requirements`, sorted.
pub(super) fn files_of(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (folder, everything) in [(root.to_owned(), false), (root.join("requirements"), true)] {
        let Ok(entries) = folder.read_dir() else { continue };
        found.extend(entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let is_text = path.extension().is_some_and(|extension| extension == "txt");
            is_text
                && (everything || name.starts_with("requirements") || name.ends_with("requirements.txt"))
                && path.is_file()
        }));
    }
    found.sort();
    found
}

/// `requirements.txt` is for running; others are for what their name says.
pub(super) fn purpose(path: &Path) -> Purpose {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let runtime =
        ["requirements", "base", "main", "core", "prod", "production", "requirements-prod", "requirements_prod"];
    if runtime.contains(&&*stem) { Purpose::Runtime } else { Purpose::Development(stem.into_owned()) }
}

/// Adds what a file requires.
pub(super) fn read(path: &Path, purpose: &Purpose, declared: &mut Declared) {
    read_to(path, purpose, declared, DEPTH);
}

fn read_to(path: &Path, purpose: &Purpose, declared: &mut Declared, left: u32) {
    let Some(text) = text_of(path, &mut declared.problems) else { return };
    declared.found = true;
    let printed = shown(path).into_owned();
    for (line, text) in logical_lines(&text) {
        let text = without_comment(&text);
        if let Some(option) = text.strip_prefix('-') {
            let (word, value) = option.split_once([' ', '=']).unwrap_or((option, ""));
            match word {
                "r" | "-requirement" if left > 0 && !value.trim().is_empty() => {
                    let other = path.parent().unwrap_or(Path::new("")).join(value.trim());
                    if other.is_file() {
                        read_to(&other, purpose, declared, left - 1);
                    } else {
                        let what = format!("line {line}: includes `{}`, which does not exist", value.trim());
                        declared.trouble(&printed, what, "correct the path");
                    }
                }
                "e" | "-editable" => {
                    if let Some(name) = name_of_location(value) {
                        declared.add(name, &printed, line, purpose);
                    }
                }
                _ => {}
            }
        } else if text.contains("://") && !text.contains(" @ ") || text.starts_with(['.', '/']) {
            if let Some(name) = name_of_location(text) {
                declared.add(name, &printed, line, purpose);
            }
        } else if !text.is_empty() {
            // Options of a requirement (`--hash=…`) follow it.
            declared.add(text.split(" --").next().unwrap_or(text).trim(), &printed, line, purpose);
        }
    }
}

/// Lines joined where they end with a backslash, each with the number of its first.
fn logical_lines(text: &str) -> Vec<(u32, String)> {
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut goes_on = false;
    for (number, line) in (1..).zip(text.lines()) {
        let (line, continued) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, last)) if goes_on => last.push_str(line),
            _ => lines.push((number, line.to_owned())),
        }
        goes_on = continued;
    }
    lines
}

/// `#` begins a comment at the start of a line or behind a space.
fn without_comment(line: &str) -> &str {
    let trimmed = line.trim();
    if trimmed.starts_with('#') {
        return "";
    }
    trimmed.find(" #").map_or(trimmed, |at| trimmed[..at].trim_end())
}

/// The name in `git+https://…#egg=name`, or of a wheel or source archive.
fn name_of_location(location: &str) -> Option<&str> {
    if let Some((_, egg)) = location.split_once("#egg=") {
        return Some(egg.split(['&', '[']).next().unwrap_or(egg));
    }
    let file = location.rsplit('/').next()?.split(['#', '?']).next()?;
    let is_archive = [".whl", ".tar.gz", ".zip"].iter().any(|ending| file.ends_with(ending));
    file.split_once('-').filter(|_| is_archive).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::{files_of, purpose, read};
    use crate::dependencies::{Declared, Purpose};
    use std::fs;

    #[test]
    fn every_kind_of_line_is_read() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("requirements.txt");
        let text = "# head\nrequests>=2  # why\nPyYAML==6.0 \\\n  --hash=sha256:00\n-r more/dev.txt\n-c limits.txt\n\
                    --index-url https://example.org/simple\n-e git+https://example.org/x.git#egg=Tool&subdirectory=a\n\
                    https://example.org/wheel_name-1.0-py3-none-any.whl\n./local\nsix ; python_version < '3'\n-r gone.txt\na b\n";
        fs::write(&path, text).unwrap();
        fs::create_dir(root.path().join("more")).unwrap();
        fs::write(root.path().join("more/dev.txt"), "pytest\n-r ../requirements.txt\n").unwrap();
        let mut declared = Declared::default();
        read(&path, &Purpose::Runtime, &mut declared);
        let names: Vec<(&str, u32)> = declared
            .dependencies
            .iter()
            .map(|dependency| (dependency.name.as_str(), dependency.line))
            .take(3)
            .collect();
        assert_eq!(names, [("requests", 2), ("PyYAML", 3), ("pytest", 1)]);
        for name in ["Tool", "wheel_name", "six"] {
            assert!(declared.dependencies.iter().any(|dependency| dependency.name == name), "{name}");
        }
        assert!(declared.problems.iter().any(|problem| problem.what.contains("gone.txt")));
        assert!(declared.problems.iter().any(|problem| problem.what == "line 13: `a b` names no distribution"));
    }

    #[test]
    fn files_are_found_by_their_name() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("requirements")).unwrap();
        for name in
            ["requirements.txt", "requirements-dev.txt", "notes.txt", "requirements/test.txt", "requirements.in"]
        {
            fs::write(root.path().join(name), "").unwrap();
        }
        let found = files_of(root.path());
        let names: Vec<_> =
            found.iter().map(|path| path.strip_prefix(root.path()).unwrap().display().to_string()).collect();
        assert_eq!(names, ["requirements/test.txt", "requirements-dev.txt", "requirements.txt"]);
        assert_eq!(purpose(&found[2]), Purpose::Runtime);
        assert_eq!(purpose(&found[0]), Purpose::Development("test".to_owned()));
    }
}
