//! Contracts as tach has them: `tach.toml`, or `[tool.tach]` in `pyproject.toml`.
//!
//! What tach does besides (caching, running tests, checking declared distributions) is read over.

use std::path::Path;

use globset::{Glob, GlobSet, GlobSetBuilder};
use regex::Regex;

use super::Read;
use super::section::{Options, Section, Value};
use crate::contract::{
    Alert, Boundaries, Boundary, BoundaryLayer, Contract, Demand, Dependency, Exposed, RootModule, Written,
};
use crate::imports::Scope;

/// The contracts in the table of a `tach.toml` in `folder`, a path as it is printed.
pub(crate) fn read(section: &Section, folder: &str) -> Read {
    let mut read = Read::default();
    let mut options = Options::new(section);
    let modules = tables(&mut options, "modules", module);
    let interfaces = tables(&mut options, "interfaces", interface);
    let exclude = options.list("exclude");
    let exclude = globs(&mut options, folder, &exclude);
    let forbids_circles = options.flag("forbid_circular_dependencies", false);
    let boundaries = Boundaries {
        modules: modules.into_iter().flatten().collect(),
        interfaces,
        layers: layers(&mut options),
        root: root_module(&mut options),
        explicit_layers: options.flag("layers_explicit_depends_on", false),
        exact: options.flag("exact", false),
        exclude,
        nested: nested(&mut options),
    };
    let scope = Scope { without_typing: options.flag("ignore_type_checking_imports", true), ..Scope::default() };
    read.source_roots = options.list("source_roots");
    if options.flag("include_string_imports", false) {
        let place = section.get("include_string_imports").map_or(&section.place, |entry| &entry.key.place);
        read.warn(place, "texts that look like imports are not counted", "imports by `import_module` are");
    }
    options.allow(&[
        "cache",
        "external",
        "map",
        "plugins",
        "respect_gitignore",
        "use_regex_matching",
        "disable_logging",
    ]);
    read.complaints.extend(options.finish());
    let mut push = |id: &str, name: &str, demand: Demand| {
        read.contracts.push(Contract {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            place: section.place.clone(),
            scope: scope.clone(),
            demand,
            ignored: Vec::new(),
            unmatched: Alert::Silent,
            guidance: None,
        });
    };
    let boundaries = Box::new(boundaries);
    push("tach-dependencies", "tach: dependencies of modules", Demand::Dependencies(boundaries.clone()));
    if !boundaries.interfaces.is_empty() || boundaries.modules.iter().any(|module| module.strict) {
        push("tach-interfaces", "tach: interfaces of modules", Demand::Exposure(boundaries.clone()));
    }
    if forbids_circles {
        push("tach-circular-dependencies", "tach: no circular dependencies", Demand::Declarations(boundaries));
    }
    read
}

/// The tables of an array, each read by `read`.
fn tables<T>(options: &mut Options<'_>, key: &'static str, read: fn(&mut Options<'_>) -> T) -> Vec<T> {
    let Some(value) = options.value(key) else { return Vec::new() };
    let Value::List(items) = &value.value else {
        options.complain(&value.place, format!("`{key}` is an array of tables"), None);
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items {
        if let Value::Table(section) = &item.value {
            let mut inner = Options::new(section);
            found.push(read(&mut inner));
            for complaint in inner.finish() {
                options.complain(&complaint.place, complaint.message, complaint.help);
            }
        } else {
            options.complain(&item.place, format!("an entry of `{key}` is a table"), None);
        }
    }
    found
}

/// A module, or several that say the same.
fn module(options: &mut Options<'_>) -> Vec<Boundary> {
    let mut paths = options.list("paths");
    paths.extend(options.text("path"));
    if paths.is_empty() {
        options.missing("path");
    }
    let depends_on = options.value("depends_on").map(|_| dependencies(options, "depends_on"));
    let cannot_depend_on = dependencies(options, "cannot_depend_on");
    let layer = options.text("layer");
    let visibility = options.value("visibility").map(|_| options.list("visibility"));
    let visibility = visibility.map(|names| names.into_iter().map(|name| name.value).collect::<Vec<_>>());
    let visibility = visibility.filter(|names| !names.iter().any(|name| name == "*"));
    let utility = options.flag("utility", false);
    let strict = options.flag("strict", false);
    let unchecked = options.flag("unchecked", false);
    options.allow(&["depends_on_external", "cannot_depend_on_external"]);
    let boundary = |path| Boundary {
        path,
        depends_on: depends_on.clone(),
        cannot_depend_on: cannot_depend_on.clone(),
        layer: layer.clone(),
        visibility: visibility.clone(),
        utility,
        strict,
        unchecked,
    };
    paths.into_iter().map(boundary).collect()
}

/// Dependencies: names, or tables with `path` and `deprecated`.
fn dependencies(options: &mut Options<'_>, key: &'static str) -> Vec<Dependency> {
    let Some(value) = options.value(key) else { return Vec::new() };
    let Value::List(items) = &value.value else {
        options.complain(&value.place, format!("`{key}` is a list"), None);
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items {
        match &item.value {
            Value::Text(text) => {
                let path = Written { value: text.clone(), place: item.place.clone() };
                found.push(Dependency { path, deprecated: false });
            }
            Value::Table(section) => {
                let mut inner = Options::new(section);
                let path = inner.required_text("path");
                let deprecated = inner.flag("deprecated", false);
                found.extend(path.map(|path| Dependency { path, deprecated }));
                for complaint in inner.finish() {
                    options.complain(&complaint.place, complaint.message, complaint.help);
                }
            }
            _ => options.complain(&item.place, format!("an entry of `{key}` is a text or a table"), None),
        }
    }
    found
}

fn interface(options: &mut Options<'_>) -> Exposed {
    let expose = options.required_list("expose");
    let from = options.list("from");
    let visibility = options.value("visibility").map(|_| options.list("visibility"));
    let visibility = visibility.map(|names| names.into_iter().map(|name| name.value).collect());
    let exclusive = options.flag("exclusive", false);
    options.allow(&["data_types"]);
    let expose = patterns(options, &expose);
    let anything = Regex::new("").ok().into_iter().collect();
    let from = if from.is_empty() { anything } else { patterns(options, &from) };
    Exposed { expose, from, visibility, exclusive }
}

/// Regular expressions for whole names.
fn patterns(options: &mut Options<'_>, texts: &[Written<String>]) -> Vec<Regex> {
    let mut patterns = Vec::new();
    for text in texts {
        match Regex::new(&format!("^{}$", text.value)) {
            Ok(pattern) => patterns.push(pattern),
            Err(_) => options.complain(&text.place, format!("`{}` is no regular expression", text.value), None),
        }
    }
    patterns
}

fn layers(options: &mut Options<'_>) -> Vec<BoundaryLayer> {
    let Some(value) = options.value("layers") else { return Vec::new() };
    let Value::List(items) = &value.value else {
        options.complain(&value.place, "`layers` is a list".to_owned(), None);
        return Vec::new();
    };
    let mut layers = Vec::new();
    for item in items {
        match &item.value {
            Value::Text(name) => layers.push(BoundaryLayer { name: name.clone(), closed: false }),
            Value::Table(section) => {
                let mut inner = Options::new(section);
                let name = inner.required_text("name");
                let closed = inner.flag("closed", false);
                layers.extend(name.map(|name| BoundaryLayer { name: name.value, closed }));
                for complaint in inner.finish() {
                    options.complain(&complaint.place, complaint.message, complaint.help);
                }
            }
            _ => {
                options.complain(
                    &item.place,
                    "a layer is a text, or a table with `name` and `closed`".to_owned(),
                    None,
                );
            }
        }
    }
    layers
}

fn root_module(options: &mut Options<'_>) -> RootModule {
    let Some(text) = options.text("root_module") else { return RootModule::Ignore };
    match text.value.as_str() {
        "ignore" => RootModule::Ignore,
        "allow" => RootModule::Allow,
        "dependenciesonly" => RootModule::DependenciesOnly,
        "forbid" => RootModule::Forbid,
        other => {
            let message = format!("`root_module` is allow, ignore, dependenciesonly or forbid, not `{other}`");
            options.complain(&text.place, message, None);
            RootModule::Ignore
        }
    }
}

/// `rules.local_imports`: how loud to be about imports within other statements.
fn nested(options: &mut Options<'_>) -> Alert {
    let Some(value) = options.value("rules") else { return Alert::Error };
    let Value::Table(section) = &value.value else {
        options.complain(&value.place, "`rules` is a table".to_owned(), None);
        return Alert::Error;
    };
    let mut inner = Options::new(section);
    let alert = inner.alert("local_imports", ["error", "warn", "off"]);
    inner.allow(&["unused_ignore_directives", "require_ignore_directive_reasons", "unused_external_dependencies"]);
    for complaint in inner.finish() {
        options.complain(&complaint.place, complaint.message, complaint.help);
    }
    // A warning does not break the contract of tach either.
    if alert == Alert::Warn { Alert::Silent } else { alert }
}

/// The files that the patterns leave out: those that match, and all below folders that do.
fn globs(options: &mut Options<'_>, folder: &str, patterns: &[Written<String>]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let below = Path::new(folder).join(pattern.value.trim_end_matches('/'));
        let below = below.to_string_lossy();
        if let (Ok(itself), Ok(inside)) = (Glob::new(&below), Glob::new(&format!("{below}/**"))) {
            set.add(itself).add(inside);
        } else {
            options.complain(&pattern.place, format!("`{}` is no pattern for paths", pattern.value), None);
        }
    }
    set.build().unwrap_or_default()
}
