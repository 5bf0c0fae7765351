//! Which names files get.

use super::{ModuleKind, ModuleTable};
use legb_project::SourceFile;
use legb_resolve::ImportRoots;
use legb_resolve::roots::MappedPackage;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn table(files: &[&str], roots: &[&str]) -> ModuleTable {
    let mut files: Vec<&str> = files.to_vec();
    files.sort_unstable();
    let files: Arc<[SourceFile]> = files.into_iter().map(|path| SourceFile::new(PathBuf::from(path))).collect();
    let here = std::env::current_dir().unwrap();
    ModuleTable::new(files, &ImportRoots::given(roots.iter().map(|root| here.join(root))))
}

fn rows(table: &ModuleTable) -> Vec<String> {
    table
        .iter()
        .map(|(id, module)| format!("{} {} {}", module.name, module.kind.word(), table.path(id).unwrap_or("-".into())))
        .collect()
}

#[test]
fn packages_modules_and_namespaces() {
    let table = table(
        &[
            "main.py",
            "tool.pyw",
            "pkg/__init__.py",
            "pkg/a.py",
            "pkg/sub/b.py",
            "pkg/stub.pyi",
            "ns/deep/c.py",
            "my-script.py",
        ],
        &["."],
    );
    assert_eq!(
        rows(&table),
        [
            "main module main.py",
            "my-script module my-script.py",
            "ns namespace -",
            "ns.deep namespace -",
            "ns.deep.c module ns/deep/c.py",
            "pkg package pkg/__init__.py",
            "pkg.a module pkg/a.py",
            "pkg.sub namespace -",
            "pkg.sub.b module pkg/sub/b.py",
            "tool module tool.pyw",
        ]
    );
    let b = table.find("pkg.sub.b").unwrap();
    let names = |ids: &mut dyn Iterator<Item = super::ModuleId>| -> Vec<String> {
        ids.map(|id| table.get(id).name.to_string()).collect()
    };
    assert_eq!(names(&mut table.ancestors(b)), ["pkg.sub", "pkg"]);
    assert_eq!(names(&mut table.package_of(b).into_iter()), ["pkg.sub"]);
    assert_eq!(names(&mut table.subtree(table.find("pkg").unwrap())), ["pkg", "pkg.a", "pkg.sub", "pkg.sub.b"]);
    assert_eq!(table.of_path(Path::new("pkg/a.py")), table.find("pkg.a"));
    assert_eq!(table.find("pkg.stub"), None);
    assert_eq!(table.find("pkg.a.b"), None);
    assert_eq!(table.nearest("pkg.sub.bb"), Some("pkg.sub.b"));
    assert_eq!(table.nearest("something.else"), None);
}

#[test]
fn a_file_belongs_to_the_innermost_root() {
    let table = table(&["src/pkg/__init__.py", "src/pkg/a.py", "setup.py", "tests/test_a.py"], &[".", "src"]);
    assert_eq!(
        rows(&table),
        [
            "pkg package src/pkg/__init__.py",
            "pkg.a module src/pkg/a.py",
            "setup module setup.py",
            "tests namespace -",
            "tests.test_a module tests/test_a.py",
        ]
    );
}

#[test]
fn of_two_files_for_one_name_the_package_wins_and_the_other_is_told() {
    let found = table(&["a.py", "a/__init__.py", "a/x.py", "b.py", "b.pyw", "c.py", "c/y.py"], &["."]);
    assert_eq!(
        rows(&found),
        [
            "a package a/__init__.py",
            "a.py script a.py",
            "a.x module a/x.py",
            "b module b.py",
            "b.pyw script b.pyw",
            "c module c.py",
            "c/y.py script c/y.py",
        ]
    );
    let told: Vec<String> = found.problems().iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "a.py: is not what `import a` loads: that is a/__init__.py (rename one of the two, or remove it)",
            "b.pyw: is not what `import b` loads: that is b.py (rename one of the two, or remove it)",
        ]
    );
    assert_eq!(found.find("c.y"), None);
    assert_eq!(found.get(found.of_path(Path::new("c/y.py")).unwrap()).kind, ModuleKind::Script);
}

#[test]
fn portions_of_a_namespace_are_joined_and_lose_to_a_package() {
    let joined = table(&["one/ns/a.py", "two/ns/b.py"], &["one", "two"]);
    assert_eq!(rows(&joined), ["ns namespace -", "ns.a module one/ns/a.py", "ns.b module two/ns/b.py"]);
    let hidden = table(&["one/ns/a.py", "two/ns/__init__.py", "two/ns/b.py"], &["one", "two"]);
    assert_eq!(
        rows(&hidden),
        ["ns package two/ns/__init__.py", "ns.b module two/ns/b.py", "one/ns/a.py script one/ns/a.py"]
    );
}

#[test]
fn what_no_import_can_name_is_a_script() {
    let table = table(&["v1.0/a.py", "pkg/__init__.py", "pkg/run", "outside.py"], &["pkg/.."]);
    assert_eq!(
        rows(&table),
        [
            "outside module outside.py",
            "pkg package pkg/__init__.py",
            "pkg/run script pkg/run",
            "v1.0/a.py script v1.0/a.py",
        ]
    );
}

#[test]
fn a_package_may_lie_in_a_folder_of_another_name() {
    let files: Arc<[SourceFile]> =
        ["lib/__init__.py", "lib/a.py", "ns/lib2/b.py"].map(|path| SourceFile::new(PathBuf::from(path))).into();
    let here = std::env::current_dir().unwrap();
    let mut roots = ImportRoots::given([here.clone()]);
    for (name, path) in [("pkg", "lib"), ("big.small", "ns/lib2")] {
        roots.mapped.push(MappedPackage { name: name.to_owned(), path: here.join(path), file: "setup.py".into() });
    }
    assert_eq!(
        rows(&ModuleTable::new(files, &roots)),
        [
            "big namespace -",
            "big.small namespace -",
            "big.small.b module ns/lib2/b.py",
            "pkg package lib/__init__.py",
            "pkg.a module lib/a.py",
        ]
    );
}
