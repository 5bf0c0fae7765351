//! The symbol tables of a file in the shape of CPython's `symtable` module.
//!
//! Order of tables, names of kinds, line numbers and predicates are those of the target version. Symbols are sorted by
//! name, because CPython's own order depends on its hash seed.

use std::path::Path;

use legb_base::{Dialect, PyVersion};
use legb_syntax::{CompileError, LineIndex, SourceKind, Stage, decode, parse};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

use crate::collect::Analyzer;
use crate::facts::*;

/// One file's answer: a table, or the exception that prevents it.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The path as it was given.
    pub path: String,
    /// The target version.
    pub python: String,
    /// Whether there is a table.
    pub ok: bool,
    /// The exception that `symtable.symtable()` raises.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRow>,
    /// The module's table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top: Option<Table>,
    /// The exception that only `compile()` raises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compile_error: Option<ErrorRow>,
}

/// An exception with its position, as CPython sets the attributes.
#[derive(Debug, Serialize)]
pub struct ErrorRow {
    /// Which call raises it: `symtable` or `compile`.
    pub stage: &'static str,
    /// Name of the exception type.
    #[serde(rename = "type")]
    pub exception: &'static str,
    /// Its message.
    pub msg: String,
    /// Line.
    pub lineno: Option<u32>,
    /// Column.
    pub offset: Option<i64>,
    /// Last line.
    pub end_lineno: Option<u32>,
    /// End column.
    pub end_offset: Option<i64>,
}

impl ErrorRow {
    /// The row of an error in a text with these lines.
    pub fn new(error: &CompileError, lines: &LineIndex) -> Self {
        let position = error.position(lines);
        Self {
            stage: if error.stage == Stage::Compile { "compile" } else { "symtable" },
            exception: error.exception,
            msg: error.message.clone(),
            lineno: position.lineno,
            offset: position.offset,
            end_lineno: position.end_lineno,
            end_offset: position.end_offset,
        }
    }
}

/// A table: what `symtable.SymbolTable` tells of a block.
#[derive(Debug, Serialize)]
pub struct Table {
    /// `get_type()`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// `get_name()`.
    pub name: String,
    /// `get_lineno()`.
    pub lineno: u32,
    /// `is_nested()`.
    pub nested: bool,
    /// `is_optimized()`.
    pub optimized: bool,
    /// `has_children()`.
    pub has_children: bool,
    /// The symbols, sorted by name.
    pub symbols: Vec<SymbolRow>,
    /// `get_children()`.
    pub children: Vec<Table>,
}

/// A symbol: its name, the names of the predicates that are true, and the letter of its scope.
#[derive(Debug)]
pub struct SymbolRow {
    /// The name.
    pub name: String,
    /// Methods of `symtable.Symbol` that answer true, in the order of its documentation.
    pub predicates: Vec<&'static str>,
    /// `L` local, `C` cell, `F` free, `G` explicit global, `g` implicit global, `-` none.
    pub scope: &'static str,
}

impl Serialize for SymbolRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_seq(Some(3))?;
        row.serialize_element(&self.name)?;
        row.serialize_element(&self.predicates)?;
        row.serialize_element(self.scope)?;
        row.end()
    }
}

/// [`answer`] as one line of JSON: a row of `legb scopes --format json`.
///
/// # Panics
/// Never: a row is made of texts and numbers, which JSON can hold.
pub fn row(path: &str, bytes: &[u8], version: PyVersion) -> String {
    serde_json::to_string(&answer(path, bytes, version)).expect("invariant: a row is made of texts and numbers")
}

/// Whether it is the parser that refuses a file: its words are compared less strictly than those of the symbol table.
pub fn is_refused_by_parser(bytes: &[u8], version: PyVersion) -> bool {
    let dialect = Dialect::of(version);
    decode::decode(bytes, &dialect)
        .is_ok_and(|text| parse(&text, SourceKind::Python, &dialect).grammar_error(&text, &dialect).is_some())
}

/// What `symtable.symtable()` of a version says of a file, given as bytes.
pub fn answer(path: &str, bytes: &[u8], version: PyVersion) -> Row {
    let dialect = Dialect::of(version);
    let refused = |error: &CompileError, lines: &LineIndex| Row {
        path: path.to_owned(),
        python: version.to_string(),
        ok: false,
        error: Some(ErrorRow::new(error, lines)),
        top: None,
        compile_error: None,
    };
    let text = match decode::decode(bytes, &dialect) {
        Ok(text) => text,
        Err(error) => return refused(&error, &LineIndex::default()),
    };
    let is_stub = Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pyi"));
    let kind = if is_stub { SourceKind::Stub } else { SourceKind::Python };
    let parsed = parse(&text, kind, &dialect);
    let lines = LineIndex::new(&text);
    if let Some(error) = parsed.grammar_error(&text, &dialect) {
        return refused(&error, &lines);
    }
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, &dialect, kind);
    // What `compile()` finds in `__future__` imports before it builds tables, `symtable()` of 3.8 and 3.9 never sees.
    if let Some(error) = facts.errors.iter().find(|error| error.stage < Stage::Compile) {
        return refused(error, &lines);
    }
    Row {
        path: path.to_owned(),
        python: version.to_string(),
        ok: true,
        error: None,
        top: Some(table(facts, &lines, &dialect)),
        compile_error: facts.errors.first().map(|error| ErrorRow::new(error, &lines)),
    }
}

/// The module's table.
pub fn table(facts: &FileFacts, lines: &LineIndex, dialect: &Dialect) -> Table {
    View { facts, lines, dialect }.table(MODULE)
}

struct View<'a> {
    facts: &'a FileFacts,
    lines: &'a LineIndex,
    dialect: &'a Dialect,
}

impl View<'_> {
    fn table(&self, id: ScopeId) -> Table {
        let scope = &self.facts.scopes[id];
        let name = self.facts.names.text(scope.name);
        let mut children = Vec::new();
        self.visible_children(id, &mut children);
        let child_names: Vec<&str> =
            children.iter().map(|&c| self.facts.names.text(self.facts.scopes[c].name)).collect();
        let mut symbols: Vec<SymbolRow> = self
            .facts
            .symbols_of(id)
            .filter(|(_, symbol)| symbol.flags.is_recorded())
            .map(|(_, symbol)| self.symbol(symbol, name == "top", &child_names))
            .collect();
        symbols.sort_by(|a, b| a.name.cmp(&b.name));
        Table {
            kind: self.kind(scope.kind),
            name: name.to_owned(),
            lineno: scope.line_at.map_or(0, |at| self.lines.line(at)),
            nested: scope.flags.contains(ScopeFlags::NESTED),
            optimized: scope.kind.is_function_like()
                && !matches!(
                    scope.kind,
                    ScopeKind::Annotation | ScopeKind::TypeParams | ScopeKind::TypeAlias | ScopeKind::TypeVariable
                ),
            has_children: !children.is_empty(),
            symbols,
            children: children.into_iter().map(|child| self.table(child)).collect(),
        }
    }

    /// The children as CPython shows them: hidden ones left out, inlined ones replaced by what is in them.
    fn visible_children(&self, id: ScopeId, out: &mut Vec<ScopeId>) {
        for child in self.facts.children_of(id) {
            let flags = self.facts.scopes[child].flags;
            if flags.contains(ScopeFlags::INLINED) {
                self.visible_children(child, out);
            } else if !flags.contains(ScopeFlags::HIDDEN) {
                out.push(child);
            }
        }
    }

    fn kind(&self, kind: ScopeKind) -> &'static str {
        match kind {
            ScopeKind::Module => "module",
            ScopeKind::Class => "class",
            ScopeKind::Annotation => "annotation",
            ScopeKind::TypeAlias => "type alias",
            ScopeKind::TypeParams if self.dialect.type_param_defaults => "type parameters",
            ScopeKind::TypeParams => "type parameter",
            ScopeKind::TypeVariable if self.dialect.type_param_defaults => "type variable",
            ScopeKind::TypeVariable => "TypeVar bound",
            _ => "function",
        }
    }

    fn symbol(&self, symbol: &Symbol, in_top: bool, child_names: &[&str]) -> SymbolRow {
        let name = self.facts.names.text(symbol.name);
        let flags = symbol.flags;
        let bound = if self.dialect.type_params {
            SymbolFlags::BOUND
        } else {
            SymbolFlags::LOCAL | SymbolFlags::PARAM | SymbolFlags::IMPORT
        };
        // The `symtable` module takes every table that is called "top" for the module's.
        let top_bound = in_top && flags.intersects(bound);
        let global = symbol.place.is_global();
        let local = matches!(symbol.place, Place::Local | Place::Cell);
        let (v314, v315) = (self.dialect.symbol_predicates_314, self.dialect.symbol_predicates_315);
        let all = [
            ("is_referenced", flags.contains(SymbolFlags::USE)),
            ("is_parameter", flags.contains(SymbolFlags::PARAM)),
            ("is_global", global || top_bound),
            ("is_declared_global", symbol.place == Place::GlobalExplicit),
            ("is_nonlocal", flags.contains(SymbolFlags::NONLOCAL)),
            ("is_local", local || top_bound),
            ("is_free", symbol.place == Place::Free),
            ("is_imported", flags.contains(SymbolFlags::IMPORT)),
            ("is_assigned", flags.contains(SymbolFlags::LOCAL)),
            ("is_annotated", flags.contains(SymbolFlags::ANNOT)),
            ("is_namespace", child_names.contains(&name)),
            ("is_type_parameter", v314 && flags.contains(SymbolFlags::TYPE_PARAM)),
            ("is_free_class", v314 && flags.contains(SymbolFlags::FREE_CLASS)),
            ("is_comp_iter", v314 && flags.contains(SymbolFlags::COMP_ITER)),
            ("is_comp_cell", v314 && flags.contains(SymbolFlags::COMP_CELL)),
            ("is_cell", v315 && symbol.place == Place::Cell),
        ];
        SymbolRow {
            name: name.to_owned(),
            predicates: all.into_iter().filter_map(|(predicate, holds)| holds.then_some(predicate)).collect(),
            scope: match symbol.place {
                Place::Local => "L",
                Place::Cell => "C",
                Place::Free => "F",
                Place::GlobalExplicit => "G",
                Place::GlobalImplicit => "g",
                Place::Unknown => "-",
            },
        }
    }
}
