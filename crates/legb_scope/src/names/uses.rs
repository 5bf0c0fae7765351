//! Every use of a name in a file with its rule, in the order of the walk: what is compared with the bytecode of whole
//! libraries.
//!
//! A use stands where its identifier stands; the first parameter, which `super()` reads, at the call. Other uses that the
//! compiler makes up (`__module__` of a class, the deletion at the end of an `except` clause, what an inlined comprehension
//! sets aside and puts back) are not here, nor are mentions that are never compiled.

use legb_base::{Dialect, PyVersion, Span};
use legb_syntax::decode::decode;
use legb_syntax::{CompileError, LineIndex, SourceKind, parse};
use rustc_hash::FxHashMap;

use super::{Rule, rule_for};
use crate::Analyzer;
use crate::facts::*;

/// What a use does with the variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reads it.
    Load,
    /// Binds it.
    Store,
    /// Unbinds it.
    Del,
}

impl Access {
    /// The word for it in data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Store => "store",
            Self::Del => "del",
        }
    }
}

/// One use of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameUse {
    /// The name, mangled where CPython mangles it.
    pub name: String,
    /// Where the code looks for it.
    pub rule: Rule,
    /// What it does there.
    pub access: Access,
    /// Line of its first character, from 1.
    pub line: u32,
    /// UTF-8 bytes before its first character in that line.
    pub column_utf8: u32,
    /// Line of its end, from 1.
    pub end_line: u32,
    /// UTF-8 bytes before its end in that line.
    pub end_column_utf8: u32,
}

/// All uses of names that are compiled, or what CPython says where it does not compile the file.
pub fn uses(bytes: &[u8], version: PyVersion) -> Result<Vec<NameUse>, CompileError> {
    let dialect = Dialect::of(version);
    let text = decode(bytes, &dialect)?;
    let parsed = parse(&text, SourceKind::Python, &dialect);
    if let Some(error) = parsed.grammar_error(&text, &dialect) {
        return Err(error);
    }
    let mut analyzer = Analyzer::default();
    let facts = analyzer.analyze(&parsed, &text, &dialect, SourceKind::Python);
    if let Some(error) = facts.errors.first() {
        return Err(error.clone());
    }
    let lines = LineIndex::new(&text);
    let mut found = Vec::with_capacity(facts.refs.len());
    let mut first_parameters: FxHashMap<ScopeId, SymbolId> = FxHashMap::default();
    for (id, row) in facts.refs.iter_enumerated() {
        if row.kind == RefKind::Param {
            first_parameters.entry(facts.symbols[row.symbol].scope).or_insert(row.symbol);
        }
        if !is_compiled(facts, id) {
            continue;
        }
        let mut push = |symbol: SymbolId, access: Access, span: Span| {
            found.push(NameUse {
                name: facts.symbol_name(symbol).to_owned(),
                rule: rule_for(facts, symbol, access == Access::Load, &dialect),
                access,
                line: lines.line(span.start),
                column_utf8: lines.byte_column(span.start),
                end_line: lines.line(span.end),
                end_column_utf8: lines.byte_column(span.end),
            });
        };
        for &access in accesses(row.kind) {
            push(row.symbol, access, row.span);
        }
        if row.kind == RefKind::Load
            && row.span.slice(&text) == "super"
            && let Some(call) = empty_call(row.span, &text)
            && let Some(&parameter) = first_parameters.get(&code_scope(facts, facts.symbols[row.symbol].scope))
        {
            push(parameter, Access::Load, call);
        }
    }
    Ok(found)
}

/// The call without arguments that a name begins.
fn empty_call(name: Span, text: &str) -> Option<Span> {
    let behind = text.get(name.end as usize..)?;
    let inside = behind.trim_start().strip_prefix('(')?.trim_start();
    let rest = inside.strip_prefix(')')?;
    let length = u32::try_from(behind.len() - rest.len()).ok()?;
    Some(Span::new(name.start, name.end + length))
}

/// The scope whose code a scope is compiled into.
fn code_scope(facts: &FileFacts, scope: ScopeId) -> ScopeId {
    let mut at = scope;
    while facts.scopes[at].flags.contains(ScopeFlags::INLINED)
        && let Some(parent) = facts.scopes[at].parent
    {
        at = parent;
    }
    at
}

/// What a mention compiles to, in the order in which it runs.
const fn accesses(kind: RefKind) -> &'static [Access] {
    match kind {
        RefKind::Load => &[Access::Load],
        RefKind::Delete => &[Access::Del],
        RefKind::AugAssign => &[Access::Load, Access::Store],
        RefKind::Annotation | RefKind::Global | RefKind::Nonlocal | RefKind::Param => &[],
        RefKind::Assign
        | RefKind::AnnAssign
        | RefKind::For
        | RefKind::Comprehension
        | RefKind::With
        | RefKind::Except
        | RefKind::Import
        | RefKind::Def
        | RefKind::Class
        | RefKind::Walrus
        | RefKind::Match
        | RefKind::TypeParam
        | RefKind::TypeAlias => &[Access::Store],
    }
}

/// Whether a mention becomes code at all: annotations of a function's own variables never do, nor do those that the future
/// import turns into text.
pub(crate) fn is_compiled(facts: &FileFacts, reference: RefId) -> bool {
    let row = &facts.refs[reference];
    let symbol = &facts.symbols[row.symbol];
    if !symbol.flags.is_recorded() {
        return false;
    }
    let mut compiled = !row.flags.contains(RefFlags::UNEVALUATED);
    let mut at = Some(symbol.scope);
    while let Some(scope) = at {
        let row = &facts.scopes[scope];
        if row.flags.contains(ScopeFlags::HIDDEN) {
            return false;
        }
        compiled |= matches!(row.kind, ScopeKind::Annotation | ScopeKind::TypeAlias | ScopeKind::TypeVariable);
        at = row.parent;
    }
    compiled
}
