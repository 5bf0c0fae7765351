//! What the scanner reads, and where it gives up. That it agrees with the tree is tested where both are at hand.

use super::{ScannedImport, Unsure, scan};

/// The imports of a text as `module name asname`, with `-` for what is not there.
fn found(text: &str) -> Result<Vec<String>, Unsure> {
    let mut rows = Vec::new();
    scan(text, &mut rows)?;
    let words = |row: &ScannedImport| {
        let part = |span: Option<legb_base::Span>| span.map_or("-", |span| span.slice(text)).to_owned();
        let dots = ".".repeat(row.level as usize);
        format!("{dots}{} {} {}", row.module.slice(text), part(row.name), part(row.asname))
    };
    Ok(rows.iter().map(words).collect())
}

#[test]
fn all_forms_of_the_statements_are_read() {
    for (text, expected) in [
        ("import a", &["a - -"][..]),
        ("import a.b as c, d;import e # f\n", &["a.b - c", "d - -", "e - -"]),
        ("import\\\n a", &["a - -"]),
        ("from . import(a as b, # import x\n c,)\n", &[". a b", ". c -"]),
        ("from.. .a.b import c", &["...a.b c -"]),
        ("from a import*", &["a * -"]),
        ("from .import_ import lazy", &[".import_ lazy -"]),
        ("lazy import a\nlazy from b import c\r\n", &["a - -", "b c -"]),
        ("\u{c}import a\rimport b", &["a - -", "b - -"]),
        ("if x: import a; import b\nelse:\\\n import c", &["a - -", "b - -", "c - -"]),
        ("match x:\n\tcase {1: a}: import b\nmatch: c = 1\nimport d", &["b - -", "d - -"]),
        ("async def f(a: b = {1: 2}) -> c:\n    import d", &["d - -"]),
    ] {
        assert_eq!(
            found(text).as_deref(),
            Ok(expected.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>().as_slice()),
            "{text:?}"
        );
    }
}

#[test]
fn what_looks_like_an_import_is_not_taken_for_one() {
    for text in [
        "'import a'",
        "'''\nimport a\n'''",
        "r'\\' import a'",
        "f'{'import'}' # import a",
        "f'''{x:{y}}\nimport a\n'''",
        "x = (\n'import',\nimported)",
        "important = 1",
        "x = a.reimport",
        "x = '\\\nimport a'",
        "print(importlib.import_module(name))",
        "import_module('a')",
        "x = lambda: import_module('a')",
    ] {
        assert_eq!(found(text), Ok(Vec::new()), "{text:?}");
    }
}

#[test]
fn it_gives_up_where_it_does_not_know() {
    for (text, reason) in [
        ("\u{feff}import a", Unsure::ByteOrderMark),
        ("if x:\nimport a", Unsure::Indentation),
        ("if x:\n    y\n  import a", Unsure::Indentation),
        ("if x:\n  y\n\timport a", Unsure::Indentation),
        ("\\\n    import a", Unsure::Indentation),
        ("x)\nimport a", Unsure::Brackets),
        ("x \\ y\nimport a", Unsure::Backslash),
        ("'x\nimport a", Unsure::OpenString),
        ("'''x\nimport a", Unsure::OpenString),
        ("f'{x:\\x20}'\nimport a", Unsure::Interpolation),
        ("if x\nimport a", Unsure::Compound),
        ("match x:\n    y\n    import a", Unsure::Compound),
        ("x import a", Unsure::Keyword),
        ("import a . b", Unsure::Clause),
        ("from a import (b", Unsure::Clause),
        ("import é", Unsure::UnicodeName),
        ("if TYPE_CHECKING and x: import a", Unsure::TypeChecking),
        ("x = lambda: __import__('a')", Unsure::Call),
        ("x = f\"{__import__('a')}\"", Unsure::Call),
        ("def f(x=__import__('a')): pass", Unsure::Call),
    ] {
        assert_eq!(found(text), Err(reason), "{text:?}");
    }
}

#[test]
fn nothing_behind_the_last_import_is_looked_at() {
    assert_eq!(found("import a\n)'\\"), Ok(vec!["a - -".to_owned()]));
}

#[test]
fn no_text_makes_it_panic() {
    let parts = ["import", "from ", "(", "'", "\"\"\"", "\\", "\r", "\n", "f'", "{", "é", "#", "if x:", "__import__('"];
    for a in parts {
        for b in parts {
            for c in parts {
                for end in ["", "import x"] {
                    let _ = scan(&format!("{a}{b}{c}{end}"), &mut Vec::new());
                }
            }
        }
    }
}
