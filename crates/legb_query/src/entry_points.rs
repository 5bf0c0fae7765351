//! Through which commands is a project entered, and which module does each lead to?
//!
//! Read from `pyproject.toml` (`[project.scripts]`, `gui-scripts`, `entry-points`, Poetry's scripts and plugins) and from
//! `[options.entry_points]` of `setup.cfg`.

use std::path::Path;

use legb_project::Problem;
use legb_project::problem::shown;
use serde::Serialize;

use crate::dependencies::{Ini, Toml, text_of};

/// The group of scripts that run in a terminal.
const CONSOLE: &str = "console_scripts";
/// The group of scripts with a window.
const GUI: &str = "gui_scripts";

/// A name by which a project is entered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EntryPoint {
    /// The group, as the metadata of a distribution names it: `console_scripts`.
    pub group: String,
    /// The name.
    pub name: String,
    /// The module it leads to.
    pub module: String,
    /// What is called there, or looked up by the plugin's host.
    pub object: Option<String>,
    /// The file that says so, as it is printed.
    pub path: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// The entry points of the project in `root`, and what could not be read.
pub fn entry_points(root: &Path) -> (Vec<EntryPoint>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    pyproject(root, &mut found, &mut problems);
    setup_cfg(root, &mut found, &mut problems);
    found.sort();
    (found, problems)
}

fn pyproject(root: &Path, found: &mut Vec<EntryPoint>, problems: &mut Vec<Problem>) {
    let path = root.join("pyproject.toml");
    let Some(text) = text_of(&path, problems) else { return };
    // That it is no TOML is said where its dependencies or its Python version are asked for.
    let Ok(toml) = Toml::parse(&text) else { return };
    let printed = shown(&path).into_owned();
    let mut read = |keys: &[&str], group: &str| {
        for (name, value, line) in toml.entries(keys) {
            // Poetry also allows `{ reference = "module:object", type = "console" }`.
            let reference = value.get_ref().as_table().and_then(|table| table.get("reference")?.get_ref().as_str());
            if let Some(reference) = value.get_ref().as_str().or(reference) {
                found.push(entry_point(group, name, reference, &printed, line));
            }
        }
    };
    read(&["project", "scripts"], CONSOLE);
    read(&["project", "gui-scripts"], GUI);
    read(&["tool", "poetry", "scripts"], CONSOLE);
    for parent in [&["project", "entry-points"] as &[&str], &["tool", "poetry", "plugins"]] {
        for (group, ..) in toml.entries(parent) {
            read(&[parent, &[group]].concat(), group);
        }
    }
}

fn setup_cfg(root: &Path, found: &mut Vec<EntryPoint>, problems: &mut Vec<Problem>) {
    let path = root.join("setup.cfg");
    let Some(text) = text_of(&path, problems) else { return };
    let printed = shown(&path).into_owned();
    for entry in Ini::parse(&text).section("options.entry_points") {
        for (line, text) in &entry.lines {
            if let Some((name, reference)) = text.split_once('=') {
                found.push(entry_point(&entry.key, name.trim(), reference, &printed, *line));
            }
        }
    }
}

/// Reads `package.module:object [extra]`.
fn entry_point(group: &str, name: &str, reference: &str, path: &str, line: u32) -> EntryPoint {
    let reference = reference.split('[').next().unwrap_or(reference).trim();
    let (module, object) = match reference.split_once(':') {
        Some((module, object)) => (module.trim(), Some(object.trim().to_owned())),
        None => (reference, None),
    };
    EntryPoint {
        group: group.to_owned(),
        name: name.to_owned(),
        module: module.to_owned(),
        object,
        path: path.to_owned(),
        line,
    }
}

#[cfg(test)]
mod tests {
    use super::entry_points;
    use std::fs;

    #[test]
    fn entry_points_of_all_files_are_read() {
        let root = tempfile::tempdir().unwrap();
        let pyproject = "[project.scripts]\nshop = 'shop.cli:main'\n[project.gui-scripts]\nshow = 'shop.window'\n\
                         [project.entry-points.'shop.plugins']\ncsv = 'shop.csv:Writer.new [fast]'\n\
                         [tool.poetry.scripts]\nold = { reference = 'shop.old:run', type = 'console' }\n";
        fs::write(root.path().join("pyproject.toml"), pyproject).unwrap();
        let setup = "[options.entry_points]\nconsole_scripts =\n    tidy = shop.tidy:main\n";
        fs::write(root.path().join("setup.cfg"), setup).unwrap();
        let (found, problems) = entry_points(root.path());
        assert!(problems.is_empty());
        let rows: Vec<String> = found
            .iter()
            .map(|e| format!("{} {} {} {} {}", e.group, e.name, e.module, e.object.as_deref().unwrap_or("-"), e.line))
            .collect();
        assert_eq!(
            rows,
            [
                "console_scripts old shop.old run 8",
                "console_scripts shop shop.cli main 2",
                "console_scripts tidy shop.tidy main 3",
                "gui_scripts show shop.window - 4",
                "shop.plugins csv shop.csv Writer.new 6",
            ]
        );
    }
}
