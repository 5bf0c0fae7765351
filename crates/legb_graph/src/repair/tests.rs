//! Repairs of small files, as text.

use super::{Remedy, Trouble, repairs};
use legb_base::{Dialect, PyVersion};

/// The repairs, each with the text that it leads to.
fn repaired(text: &str, trouble: Trouble<'_>, version: &str) -> Vec<(Remedy, String)> {
    let dialect = Dialect::of(version.parse::<PyVersion>().unwrap());
    repairs(text, trouble, false, &dialect)
        .into_iter()
        .map(|repair| {
            let mut after = text.to_owned();
            for edit in repair.edits.iter().rev() {
                after.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.content);
            }
            (repair.remedy, after)
        })
        .collect()
}

fn at(line: u32) -> Trouble<'static> {
    Trouble { line, name: None, needed: None }
}

#[test]
fn an_import_moves_into_the_function_that_uses_it() {
    let text = "from b import B, C\n\ndef make():\n    \"\"\"Doc.\"\"\"\n    return B()\n\nclass D(C):\n    pass\n";
    let found = repaired(text, Trouble { name: Some("B"), ..at(1) }, "3.13");
    let expected = "from b import C\n\ndef make():\n    \"\"\"Doc.\"\"\"\n    from b import B\n    return B()\n\nclass D(C):\n    pass\n";
    assert_eq!(found[0], (Remedy::IntoFunctions, expected.to_owned()));
    // `C` is needed while the module runs: the whole statement cannot move anywhere.
    assert_eq!(repaired(text, at(1), "3.13"), []);
}

#[test]
fn only_annotations_need_no_import_while_the_program_runs() {
    let text = "from __future__ import annotations\nfrom .b import B\ndef f(x: B) -> None: ...\n";
    let expected = "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    \
                    from .b import B\ndef f(x: B) -> None: ...\n";
    assert_eq!(repaired(text, at(2), "3.8")[0], (Remedy::TypeChecking, expected.to_owned()));
    // Without the future import the annotation is evaluated, up to 3.13.
    assert!(repaired("from .b import B\ndef f(x: B): ...\n", at(1), "3.13").iter().all(|(it, _)| *it == Remedy::Below));
}

#[test]
fn a_module_is_imported_instead_of_a_name() {
    let text = "from a.b import C\n\ndef f():\n    return C(C.x)\n";
    let found = repaired(text, at(1), "3.13");
    let module: Vec<&String> =
        found.iter().filter(|(remedy, _)| *remedy == Remedy::ModuleImport).map(|(_, text)| text).collect();
    assert_eq!(module, ["import a.b\n\ndef f():\n    return a.b.C(a.b.C.x)\n"]);
    let taken = repaired("from a.b import C\n\ndef f(a):\n    return C(a)\n", at(1), "3.13");
    assert!(taken.iter().all(|(remedy, _)| *remedy != Remedy::ModuleImport));
}

#[test]
fn an_import_moves_below_what_the_other_module_needs() {
    let text = "import b\nBASE = 1\nX = b.Y\n";
    let found = repaired(text, Trouble { needed: Some("BASE"), ..at(1) }, "3.13");
    assert_eq!(found, [(Remedy::Below, "BASE = 1\nimport b\nX = b.Y\n".to_owned())]);
}

#[test]
fn imports_become_lazy_where_the_version_knows_that() {
    let text = "import b\ndef f(): return b.x\n";
    let lazy = |version| repaired(text, at(1), version).into_iter().find(|(remedy, _)| *remedy == Remedy::Lazy);
    assert_eq!(lazy("3.15"), Some((Remedy::Lazy, format!("lazy {text}"))));
    assert_eq!(lazy("3.14"), None);
}

#[test]
fn what_others_take_or_what_is_bound_twice_stays() {
    for text in [
        "from b import B\n__all__ = ['B']\ndef f(): return B\n",
        "from b import B\nif x:\n    B = None\ndef f():\n    return B\n",
        "try:\n    from b import B\nexcept ImportError: pass\ndef f():\n    return B\n",
        "from b import *\ndef f():\n    return B\n",
        "import a; from b import B\ndef f():\n    return B\n",
    ] {
        let found = repaired(text, at(if text.starts_with("try") { 2 } else { 1 }), "3.13");
        assert!(found.iter().all(|(remedy, _)| *remedy == Remedy::Below), "{text}: {found:?}");
    }
}
