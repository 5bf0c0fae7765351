//! `setup.cfg`: `[options] install_requires` and its like (setuptools).

use std::path::Path;

use legb_project::problem::shown;

use super::ini::Entry;
use super::{Declared, Ini, Purpose, text_of};

/// Adds what `setup.cfg` of `root` requires.
pub(super) fn read(root: &Path, declared: &mut Declared) {
    let path = root.join("setup.cfg");
    let Some(text) = text_of(&path, &mut declared.problems) else { return };
    declared.found = true;
    let (ini, printed) = (Ini::parse(&text), shown(&path).into_owned());
    let name = ini.get("metadata", "name").and_then(|entry| entry.lines.first());
    declared.project = declared.project.take().or_else(|| name.map(|(_, name)| name.clone()));
    for (key, purpose) in [
        ("install_requires", Purpose::Runtime),
        ("tests_require", Purpose::Development("tests_require".to_owned())),
        ("setup_requires", Purpose::Build),
    ] {
        if let Some(entry) = ini.get("options", key) {
            requirements(entry, root, &printed, &purpose, declared);
        }
    }
    for extra in ini.section("options.extras_require") {
        requirements(extra, root, &printed, &Purpose::Extra(extra.key.clone()), declared);
    }
}

fn requirements(entry: &Entry, root: &Path, printed: &str, purpose: &Purpose, declared: &mut Declared) {
    for (line, text) in &entry.lines {
        if let Some(files) = text.strip_prefix("file:") {
            for file in files.split(',') {
                super::requirements_txt::read(&root.join(file.trim()), purpose, declared);
            }
            continue;
        }
        // Lists are one requirement a line, or separated by semicolons, which also begin a marker.
        let text = text.split(" #").next().unwrap_or(text).trim();
        declared.add(text, printed, *line, purpose);
    }
}
