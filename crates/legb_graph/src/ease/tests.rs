//! What a file does with an import.

use super::{Ease, eases};
use crate::modules::ModuleTable;
use crate::resolver::Resolver;
use legb_base::PyVersion;
use legb_project::SourceFile;
use legb_resolve::ImportRoots;
use std::path::PathBuf;
use std::sync::Arc;

/// The ease of the import in the second line of a file.
fn ease(path: &str, text: &str, version: PyVersion) -> Ease {
    let files: Arc<[SourceFile]> =
        [path, "lib/__init__.py", "lib/part.py"].map(|path| SourceFile::new(PathBuf::from(path))).into();
    let file = files[0].clone();
    let table = Arc::new(ModuleTable::new(files, &ImportRoots::given([std::env::current_dir().unwrap()])));
    let (importer, part) = (table.of_file(0).unwrap(), table.find("lib.part").unwrap());
    let resolver = Resolver::new(table, version);
    eases(&resolver, importer, &file, text.as_bytes(), version, &[(part, 2)])[0]
}

#[test]
fn each_use_is_told_from_the_next() {
    for (text, expected) in [
        ("\nfrom lib import part\n", Ease::Unused),
        ("\nimport lib.part\n", Ease::Unused),
        ("\nfrom lib import part as part\n", Ease::HandedOn),
        ("\nfrom lib import part\n__all__ = ['part']\n", Ease::HandedOn),
        ("\nfrom lib.part import f\ndef g(): return f()\n", Ease::InFunctions),
        ("\nfrom lib.part import f\ng = lambda: f()\n", Ease::InFunctions),
        ("\nfrom lib.part import f\ndef g(x=f): return f()\n", Ease::AtImport),
        ("\nfrom lib.part import f\n@f\ndef g(): pass\n", Ease::AtImport),
        ("\nfrom lib.part import f\nclass A(f): pass\n", Ease::AtImport),
        ("\nfrom lib.part import f\nclass A:\n    x = [f for _ in ()]\n", Ease::AtImport),
        ("\nfrom lib.part import f\nclass A:\n    def m(self): return f\n", Ease::InFunctions),
        ("\nfrom lib.part import T\ndef g(x: 'T'): pass\n", Ease::TypingOnly),
        ("from __future__ import annotations\nfrom lib.part import T\ndef g(x: T): pass\n", Ease::TypingOnly),
        ("\nfrom lib.part import *\n", Ease::AtImport),
        ("\nfrom lib.part import f\nglobals()['f']\n", Ease::AtImport),
        ("\nfrom lib.part import f; from lib.part import g\ng()\n", Ease::AtImport),
        ("\n\nfrom lib.part import f\n", Ease::AtImport),
    ] {
        assert_eq!(ease("main.py", text, "3.13".parse().unwrap()), expected, "{text}");
    }
}

#[test]
fn annotations_are_evaluated_in_some_versions_and_packages_hand_names_on() {
    let text = "\nfrom lib.part import T\ndef g(x: T): pass\n";
    assert_eq!(ease("main.py", text, "3.13".parse().unwrap()), Ease::AtImport);
    assert_eq!(ease("main.py", text, "3.14".parse().unwrap()), Ease::TypingOnly);
    assert_eq!(ease("pkg/__init__.py", "\nfrom lib import part\n", "3.13".parse().unwrap()), Ease::HandedOn);
}
