//! Which imports does a file have? A small table for keeps, read by the scanner of text where that is sure, else off the facts.
//!
//! Both ways give the same rows. Which module a row means, and whether it exists, is not asked here.

use legb_base::{Dialect, NameId, NameList, NameTable};
use legb_scope::{Analyzer, FileFacts, Import, ImportFlags};
use legb_syntax::decode::decode;
use legb_syntax::import_scan::{ScannedImport, Unsure, scan};
use legb_syntax::{CompileError, SourceKind, parse};

/// One name imported, or one module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// The module, dotted, without the dots of a relative import; none in `from . import x` and
    /// `import_module(".", __package__)`.
    pub module: Option<NameId>,
    /// The name taken from the module, `*` for all; none in `import m` and calls.
    pub name: Option<NameId>,
    /// What is bound, as written (private names of classes are not mangled); none for `*` and calls.
    pub bound: Option<NameId>,
    /// Leading dots.
    pub level: u32,
    /// The line on which the statement or call begins, from 1.
    pub line: u32,
    /// How and where.
    pub flags: ImportFlags,
}

/// The imports of one file, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileImports {
    /// The names.
    pub names: NameList,
    /// The imports.
    pub rows: Box<[ImportRow]>,
}

/// How the imports of a file were read.
#[derive(Clone, Debug)]
pub enum Reading {
    /// By the scanner.
    Scanned,
    /// Off the facts, because the scanner was not sure.
    Parsed(Unsure),
    /// Not at all: the file has no text.
    Undecodable(CompileError),
}

/// Memory that is used again from file to file.
#[derive(Debug, Default)]
pub struct ImportScratch {
    scanned: Vec<ScannedImport>,
    table: RowScratch,
    analyzer: Analyzer,
}

/// Memory for the rows of one file after the other.
#[derive(Debug, Default)]
struct RowScratch {
    names: NameTable,
    rows: Vec<ImportRow>,
}

/// The imports of a file, and how they were read.
///
/// A file with a syntax error has those that were recognised: CPython would run none of them.
pub fn file_imports(
    bytes: &[u8],
    kind: SourceKind,
    dialect: &Dialect,
    scratch: &mut ImportScratch,
) -> (FileImports, Reading) {
    let text = match decode(bytes, dialect) {
        Ok(text) => text,
        Err(error) => return (FileImports::default(), Reading::Undecodable(error)),
    };
    scratch.scanned.clear();
    match scan(&text, &mut scratch.scanned) {
        Ok(()) => (FileImports::from_scan(&scratch.scanned, &text, &mut scratch.table), Reading::Scanned),
        Err(unsure) => {
            let parsed = parse(&text, kind, dialect);
            let facts = scratch.analyzer.analyze(&parsed, &text, dialect, kind);
            (FileImports::of_facts(facts, &text, &mut scratch.table), Reading::Parsed(unsure))
        }
    }
}

impl FileImports {
    /// The imports that the facts of a file name.
    pub fn from_facts(facts: &FileFacts, text: &str) -> Self {
        Self::of_facts(facts, text, &mut RowScratch::default())
    }

    fn of_facts(facts: &FileFacts, text: &str, scratch: &mut RowScratch) -> Self {
        let mut imports: Vec<&Import> = facts.imports.iter().chain(&facts.dynamic_imports).collect();
        imports.sort_by_key(|import| (import.statement.start, import.alias.start));
        let name = |id: NameId| facts.names.text(id);
        let mut table = Table::new(text, scratch);
        for import in imports {
            let asname = import.binding.filter(|_| import.flags.contains(ImportFlags::ALIASED)).map(|binding| {
                let written = facts.refs[binding].span.slice(text);
                // Beyond ASCII what is written need not be the name (NFKC).
                if written.is_ascii() { written } else { facts.ref_name(binding) }
            });
            table.add(&Names {
                module: import.module.map(name),
                name: import.name.map(name),
                asname,
                level: import.level,
                start: import.statement.start,
                flags: import.flags,
            });
        }
        table.finish()
    }

    /// The imports that the scanner found.
    fn from_scan(scanned: &[ScannedImport], text: &str, scratch: &mut RowScratch) -> Self {
        let mut table = Table::new(text, scratch);
        for import in scanned {
            let module = import.module.slice(text);
            table.add(&Names {
                module: (!module.is_empty()).then_some(module),
                name: import.name.map(|name| name.slice(text)),
                asname: import.asname.map(|name| name.slice(text)),
                level: import.level,
                start: import.start,
                flags: import.flags,
            });
        }
        table.finish()
    }
}

/// An import whose names are still text.
struct Names<'t> {
    module: Option<&'t str>,
    name: Option<&'t str>,
    asname: Option<&'t str>,
    level: u32,
    start: u32,
    flags: ImportFlags,
}

/// Rows in the making; they come in the order of the text.
struct Table<'t, 's> {
    text: &'t str,
    scratch: &'s mut RowScratch,
    /// The line at `counted`.
    line: u32,
    counted: usize,
}

impl<'t, 's> Table<'t, 's> {
    fn new(text: &'t str, scratch: &'s mut RowScratch) -> Self {
        scratch.names.clear();
        scratch.rows.clear();
        Self { text, scratch, line: 1, counted: 0 }
    }

    fn add(&mut self, import: &Names<'_>) {
        let names = &mut self.scratch.names;
        let bound = match (import.asname, import.name) {
            (Some(asname), _) => Some(asname),
            (None, Some(name)) => Some(name).filter(|name| *name != "*"),
            (None, None) if import.flags.contains(ImportFlags::DYNAMIC) => None,
            (None, None) => import.module.and_then(|module| module.split('.').next()),
        };
        let row = ImportRow {
            module: import.module.map(|module| names.intern(module)),
            name: import.name.map(|name| names.intern(name)),
            bound: bound.map(|bound| names.intern(bound)),
            level: import.level,
            line: self.line_at(import.start as usize),
            flags: import.flags,
        };
        self.scratch.rows.push(row);
    }

    /// The line of an offset that is not before the last one asked for.
    fn line_at(&mut self, offset: usize) -> u32 {
        let between = &self.text.as_bytes()[self.counted..offset];
        self.counted = offset;
        self.line += line_endings(between);
        self.line
    }

    fn finish(self) -> FileImports {
        FileImports { names: NameList::of(&self.scratch.names), rows: self.scratch.rows.as_slice().into() }
    }
}

/// How many lines end in a part of a text that does not cut one ending in two.
fn line_endings(part: &[u8]) -> u32 {
    let mut count = memchr::memchr_iter(b'\n', part).count();
    for at in memchr::memchr_iter(b'\r', part) {
        count += usize::from(part.get(at + 1) != Some(&b'\n'));
    }
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{FileImports, ImportRow, ImportScratch, Reading, file_imports};
    use legb_base::{Dialect, PyVersion};
    use legb_scope::Analyzer;
    use legb_syntax::decode::decode;
    use legb_syntax::import_scan::Unsure;
    use legb_syntax::{SourceKind, parse};
    use legb_testkit::import_program::{import_program, mutated_import_program};

    fn dialect() -> Dialect {
        Dialect::of(PyVersion::NEWEST)
    }

    fn read(bytes: &[u8]) -> (FileImports, Reading) {
        file_imports(bytes, SourceKind::Python, &dialect(), &mut ImportScratch::default())
    }

    /// The rows as the tree gives them, and whether the file parses.
    fn parsed(bytes: &[u8]) -> (FileImports, bool) {
        let dialect = dialect();
        let text = decode(bytes, &dialect).unwrap();
        let parsed = parse(&text, SourceKind::Python, &dialect);
        let mut analyzer = Analyzer::default();
        let facts = analyzer.analyze(&parsed, &text, &dialect, SourceKind::Python);
        (FileImports::from_facts(facts, &text), !parsed.has_errors())
    }

    fn shown(imports: &FileImports) -> Vec<String> {
        let name = |id: Option<_>| id.map_or("-", |id| imports.names.text(id));
        let words = |row: &ImportRow| {
            let (module, taken, bound) = (name(row.module), name(row.name), name(row.bound));
            let flags = bitflags_words(row);
            format!("{}: {} {module} {taken} {bound} {flags}", row.line, row.level)
        };
        imports.rows.iter().map(words).collect()
    }

    fn bitflags_words(row: &ImportRow) -> String {
        let names: Vec<&str> = row.flags.iter_names().map(|(name, _)| name).collect();
        names.join("+")
    }

    #[test]
    fn rows_say_what_is_bound_and_where_the_import_stands() {
        let cases: [(&str, &[&str]); 12] = [
            ("import a.b, c.d as e", &["1: 0 a.b - a ", "1: 0 c.d - e ALIASED"]),
            ("\r\nfrom ..a import b as c\rfrom . import *", &["2: 2 a b c FROM+ALIASED", "3: 1 - * - FROM+STAR"]),
            ("from __future__ import annotations", &["1: 0 __future__ annotations annotations FROM+FUTURE"]),
            ("class C:\n  import __a", &["2: 0 __a - __a IN_CLASS"]),
            ("class C[T]:\n  import a", &["2: 0 a - a IN_CLASS"]),
            ("try:\n  class C: import a\nfinally: pass", &["2: 0 a - a IN_TRY+CONDITIONAL+IN_CLASS"]),
            ("try:\n  def f(): import a\nfinally: pass", &["2: 0 a - a IN_FUNCTION"]),
            ("try: x\nexcept A: x\nelse: import a", &["3: 0 a - a IN_TRY+CONDITIONAL"]),
            ("if x: y\nelse: import a", &["2: 0 a - a CONDITIONAL"]),
            (
                "if t.TYPE_CHECKING:\n  class C:\n    def f(): import a\nelse: import b",
                &["3: 0 a - a TYPE_CHECKING+IN_FUNCTION+IN_CLASS", "4: 0 b - b CONDITIONAL"],
            ),
            (
                "if not TYPE_CHECKING: import a\nelse: import b",
                &["1: 0 a - a CONDITIONAL", "2: 0 b - b TYPE_CHECKING+CONDITIONAL"],
            ),
            (
                "import importlib\nx = [\n  importlib.import_module('a.b'),\n]\n__import__('c')\nimport_module('d')",
                &["1: 0 importlib - importlib ", "3: 0 a.b - - DYNAMIC", "5: 0 c - - DYNAMIC"],
            ),
        ];
        for (text, expected) in cases {
            let (scanned, reading) = read(text.as_bytes());
            assert!(matches!(reading, Reading::Scanned), "{text:?}: {reading:?}");
            assert_eq!(shown(&scanned), expected, "{text:?}");
            assert_eq!(parsed(text.as_bytes()), (scanned, true), "{text:?}");
        }
    }

    #[test]
    fn what_the_scanner_cannot_judge_is_parsed() {
        let cases: [(&str, Unsure, &[&str]); 4] = [
            ("import ª.b as ª", Unsure::UnicodeName, &["1: 0 a.b - a ALIASED"]),
            ("if x and TYPE_CHECKING: import a", Unsure::TypeChecking, &["1: 0 a - a TYPE_CHECKING+CONDITIONAL"]),
            ("x = lambda: __import__('a')", Unsure::Call, &["1: 0 a - - IN_FUNCTION+DYNAMIC"]),
            (
                "from importlib import import_module\nimport_module('..a', 'b.c')",
                Unsure::Call,
                &["1: 0 importlib import_module import_module FROM", "2: 0 b.a - - DYNAMIC"],
            ),
        ];
        for (text, reason, expected) in cases {
            let (imports, reading) = read(text.as_bytes());
            assert!(matches!(reading, Reading::Parsed(found) if found == reason), "{text:?}: {reading:?}");
            assert_eq!(shown(&imports), expected, "{text:?}");
        }
        let (imports, reading) = read(b"# coding: spam\nimport a");
        assert!(matches!(reading, Reading::Undecodable(_)) && imports.rows.is_empty());
    }

    #[test]
    fn random_programs_have_the_same_rows_both_ways() {
        let mut scanned = 0;
        for text in (0..2000).flat_map(|seed| [import_program(seed), mutated_import_program(seed)]) {
            let (imports, reading) = read(text.as_bytes());
            let (truth, is_sound) = parsed(text.as_bytes());
            if is_sound {
                scanned += usize::from(matches!(reading, Reading::Scanned));
                assert_eq!(shown(&imports), shown(&truth), "{text}");
            }
        }
        assert!(scanned > 1000, "{scanned}");
    }
}
