//! What the files of a project declare.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use legb_query::dependencies::{Declared, Purpose, declared, project_folder};

fn declared_by(files: &[(&str, &str)]) -> Declared {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    declared(root.path())
}

/// `name line purpose` of everything declared.
fn rows(declared: &Declared) -> Vec<String> {
    let purpose = |purpose: &Purpose| match purpose {
        Purpose::Runtime => "run".to_owned(),
        Purpose::Extra(name) => format!("extra {name}"),
        Purpose::Development(name) => format!("dev {name}"),
        Purpose::Build => "build".to_owned(),
    };
    declared.dependencies.iter().map(|row| format!("{} {} {}", row.name, row.line, purpose(&row.purpose))).collect()
}

#[test]
fn pyproject_declares_for_every_purpose() {
    let text = "\
[build-system]
requires = [\"hatchling\"]
[project]
name = \"shop\"
dependencies = [
    \"requests[socks] >= 2\",
    \"PyYAML\",
]
[project.optional-dependencies]
fast = [\"orjson; python_version > '3.8'\"]
[dependency-groups]
test = [\"pytest\", {include-group = \"lint\"}]
lint = [\"ruff\"]
[tool.uv]
dev-dependencies = [\"mypy\"]
[tool.poetry.dependencies]
python = \"^3.9\"
attrs = \"*\"
[tool.poetry.group.docs.dependencies]
sphinx = \"*\"
";
    let found = declared_by(&[("pyproject.toml", text)]);
    let mut rows = rows(&found);
    rows.sort();
    assert_eq!(
        rows,
        [
            "PyYAML 7 run",
            "attrs 18 run",
            "hatchling 2 build",
            "mypy 15 dev dev",
            "orjson 10 extra fast",
            "pytest 12 dev test",
            "requests 6 run",
            "ruff 13 dev lint",
            "sphinx 20 dev docs",
        ]
    );
    assert_eq!(found.project.as_deref(), Some("shop"));
    assert!(found.found && !found.incomplete && found.problems.is_empty());
}

#[test]
fn dynamic_dependencies_are_read_from_their_files() {
    let text = "[project]\nname = \"shop\"\ndynamic = [\"dependencies\"]\n\
                [tool.setuptools.dynamic]\ndependencies = {file = [\"base.in\"]}\n";
    let found = declared_by(&[("pyproject.toml", text), ("base.in", "requests\n")]);
    assert_eq!(rows(&found), ["requests 1 run"]);
}

#[test]
fn setup_cfg_declares() {
    let text = "[metadata]\nname = shop\n[options]\ninstall_requires =\n    requests>=2\n    # why\n    attrs\n\
                tests_require = pytest\n[options.extras_require]\nfast =\n    orjson\n";
    let found = declared_by(&[("setup.cfg", text)]);
    assert_eq!(rows(&found), ["requests 5 run", "attrs 7 run", "pytest 8 dev tests_require", "orjson 11 extra fast"]);
    assert_eq!(found.project.as_deref(), Some("shop"));
}

#[test]
fn setup_py_declares_what_is_literal_and_is_not_run() {
    let text = "from setuptools import setup\nREQUIRED = ['requests', 'attrs']\n\nsetup(\n    name='shop',\n    \
                install_requires=REQUIRED,\n    extras_require={'fast': ['orjson']},\n)\n";
    let found = declared_by(&[("setup.py", text)]);
    assert_eq!(rows(&found), ["requests 2 run", "attrs 2 run", "orjson 7 extra fast"]);
    assert!(!found.incomplete);
    let computed = "import setuptools\nsetuptools.setup(install_requires=open('r').readlines())\n";
    let found = declared_by(&[("setup.py", computed)]);
    assert!(found.incomplete && found.dependencies.is_empty());
    assert_eq!(found.problems[0].what, "line 2: what the project requires is computed, and legb does not run it");
}

#[test]
fn a_file_that_is_broken_is_told_and_the_others_are_read() {
    let found = declared_by(&[("pyproject.toml", "[project\n"), ("requirements.txt", "requests\n")]);
    assert_eq!(rows(&found), ["requests 1 run"]);
    assert!(found.problems[0].what.starts_with("is not valid TOML: line 1, column "), "{}", found.problems[0].what);
}

#[test]
fn the_nearest_folder_with_such_a_file_is_the_project() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("a/b/c")).unwrap();
    fs::write(root.path().join("pyproject.toml"), "").unwrap();
    fs::write(root.path().join("a/requirements.txt"), "").unwrap();
    assert_eq!(project_folder(&root.path().join("a/b/c")).unwrap(), root.path().join("a"));
    assert_eq!(project_folder(root.path()).unwrap(), root.path());
}
