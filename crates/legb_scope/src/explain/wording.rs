//! Scopes, bindings and answers in plain words.

use std::fmt::Write as _;

use legb_syntax::CompileError;

use super::mentions::Mentions;
use super::{Asked, Holder, Source, binds_here, star_import};
use crate::builtins::Provider;
use crate::facts::*;
use crate::names::{Rule, is_compiled, rule_for};

/// What kind of scope it is.
pub(crate) const fn kind(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Module => "module",
        ScopeKind::Class => "class",
        ScopeKind::Function => "function",
        ScopeKind::Lambda => "lambda",
        ScopeKind::ListComp => "list comprehension",
        ScopeKind::SetComp => "set comprehension",
        ScopeKind::DictComp => "dict comprehension",
        ScopeKind::GenExpr => "generator expression",
        ScopeKind::Annotation => "annotations",
        ScopeKind::TypeParams => "type parameters",
        ScopeKind::TypeAlias => "type alias",
        ScopeKind::TypeVariable => "type variable",
    }
}

/// A scope with its name.
pub(crate) fn scope(facts: &FileFacts, scope: ScopeId) -> String {
    let row = &facts.scopes[scope];
    let word = kind(row.kind);
    let name = facts.names.text(row.name);
    match row.kind {
        ScopeKind::Module
        | ScopeKind::Lambda
        | ScopeKind::ListComp
        | ScopeKind::SetComp
        | ScopeKind::DictComp
        | ScopeKind::GenExpr
        | ScopeKind::Annotation => word.to_owned(),
        ScopeKind::TypeParams => format!("{word} of {name}"),
        ScopeKind::Class | ScopeKind::Function | ScopeKind::TypeAlias | ScopeKind::TypeVariable => {
            format!("{word} {name}")
        }
    }
}

/// A scope in a sentence, as short as it stays clear: `` `f` ``.
pub(super) fn short(facts: &FileFacts, scope: ScopeId) -> String {
    let row = &facts.scopes[scope];
    match row.kind {
        ScopeKind::Class | ScopeKind::Function => format!("`{}`", facts.names.text(row.name)),
        _ => the_scope(facts, scope),
    }
}

/// A scope in a sentence, with its kind: ``function `f` ``.
pub(super) fn the_scope(facts: &FileFacts, scope: ScopeId) -> String {
    let row = &facts.scopes[scope];
    let name = facts.names.text(row.name);
    match row.kind {
        ScopeKind::Class | ScopeKind::Function => format!("{} `{name}`", kind(row.kind)),
        ScopeKind::TypeParams => format!("the type parameters of `{name}`"),
        ScopeKind::TypeAlias => format!("the type alias `{name}`"),
        ScopeKind::TypeVariable => format!("the type variable `{name}`"),
        ScopeKind::Annotation => "the annotations".to_owned(),
        _ => format!("the {}", kind(row.kind)),
    }
}

/// How a binding acts, in one or two words.
pub const fn binding(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Load => "read",
        RefKind::Delete => "del",
        RefKind::Assign => "assignment",
        RefKind::AugAssign => "augmented assignment",
        RefKind::AnnAssign => "annotated assignment",
        RefKind::Annotation => "annotation",
        RefKind::For => "for target",
        RefKind::Comprehension => "comprehension target",
        RefKind::With => "with target",
        RefKind::Except => "except name",
        RefKind::Import => "import",
        RefKind::Def => "def",
        RefKind::Class => "class",
        RefKind::Param => "parameter",
        RefKind::Walrus => "assignment expression",
        RefKind::Match => "match capture",
        RefKind::TypeParam => "type parameter",
        RefKind::TypeAlias => "type alias",
        RefKind::Global => "global declaration",
        RefKind::Nonlocal => "nonlocal declaration",
    }
}

/// What a binding does to a name, as a verb in the passive voice.
pub(super) const fn done(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Load => "read",
        RefKind::Delete => "deleted",
        RefKind::Assign | RefKind::AugAssign | RefKind::AnnAssign => "assigned",
        RefKind::Annotation => "annotated",
        RefKind::For => "bound by the `for`",
        RefKind::Comprehension => "bound by the `for` of the comprehension",
        RefKind::With => "bound by the `with`",
        RefKind::Except => "bound by the `except`",
        RefKind::Import => "imported",
        RefKind::Def => "defined",
        RefKind::Class => "defined as a class",
        RefKind::Param => "a parameter",
        RefKind::Walrus => "assigned by `:=`",
        RefKind::Match => "captured by the pattern",
        RefKind::TypeParam => "a type parameter",
        RefKind::TypeAlias => "defined as a type alias",
        RefKind::Global | RefKind::Nonlocal => "declared",
    }
}

/// `on line 3`, `on lines 3 and 9`, `on lines 3, 9, 12 and 4 more`.
pub(super) fn on_lines(mut lines: Vec<u32>) -> String {
    const NAMED: usize = 3;
    lines.sort_unstable();
    lines.dedup();
    match lines.as_slice() {
        [] => "nowhere".to_owned(),
        [one] => format!("on line {one}"),
        [first @ .., last] if lines.len() <= NAMED => format!("on lines {} and {last}", join(first)),
        _ => format!("on lines {} and {} more", join(&lines[..NAMED]), lines.len() - NAMED),
    }
}

/// `also on line 3`, of lines that bind a name besides the one that counts.
pub(super) fn also_on_lines(lines: &[u32]) -> String {
    format!("also bound {}", on_lines(lines.to_vec()))
}

fn join(lines: &[u32]) -> String {
    lines.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// How and where a scope's variable is bound: `assigned on line 3`.
pub(super) fn bound_how(source: &Source<'_>, makers: &[RefId]) -> String {
    let facts = source.facts;
    let Some(&first) = makers.first() else { return "bound".to_owned() };
    let kind = facts.refs[first].kind;
    if matches!(kind, RefKind::Param | RefKind::TypeParam) {
        return done(kind).to_owned();
    }
    let alike = |id: &&RefId| done(facts.refs[**id].kind) == done(kind);
    let lines = makers.iter().filter(alike).map(|&id| source.line(id)).collect();
    format!("{} {}", done(kind), on_lines(lines))
}

/// Offset of the statement or expression at which a path turns away from the binding.
pub(super) const fn turn(witness: Witness) -> u32 {
    match witness {
        Witness::BranchNotTaken(at)
        | Witness::LoopNotRun(at)
        | Witness::Raised(at)
        | Witness::ShortCircuit(at)
        | Witness::Deleted(at) => at,
    }
}

/// The path that misses the binding, in words.
pub(super) fn path(source: &Source<'_>, issue: &FlowIssue) -> Option<String> {
    let witness = issue.witness?;
    let line = source.lines.line(turn(witness));
    Some(match witness {
        Witness::BranchNotTaken(_) => format!("when the branch on line {line} is not taken"),
        Witness::LoopNotRun(_) => format!("when the loop on line {line} runs zero times"),
        Witness::Raised(_) => format!("when the `try` on line {line} fails before it is bound"),
        Witness::ShortCircuit(_) => format!("when the right side on line {line} is not evaluated"),
        Witness::Deleted(_) => format!("when the `del` on line {line} has run"),
    })
}

/// The answer in one sentence.
pub(super) fn verdict(source: &Source<'_>, mentions: &Mentions, asked: Asked) -> String {
    let Asked { reference, holder, .. } = asked;
    let facts = source.facts;
    let row = &facts.refs[reference];
    let name = facts.ref_name(reference);
    let own = facts.symbols[row.symbol].scope;
    if let Some(error) = refused(source, reference) {
        return format!(
            "CPython {} refuses the file because of `{name}`: {}: {}.",
            source.dialect.version, error.exception, error.message
        );
    }
    if facts.symbols[row.symbol].place == Place::Unknown {
        let error = facts.errors.first().map_or("", |error| error.message.as_str());
        return format!("Where `{name}` is looked for is not decided, because the file does not compile: {error}.");
    }
    let mut text = match holder {
        Holder::Variable(symbol) => {
            let scope = facts.symbols[symbol].scope;
            let the = the_scope(facts, scope);
            match facts.scopes[scope].kind {
                ScopeKind::Module => format!("`{name}` is a global: a name of this module"),
                ScopeKind::Class if scope == own => format!("`{name}` is a name of the body of {the}"),
                ScopeKind::Class => {
                    format!("`{name}` is taken from the names of {the}, into which annotation scopes look first")
                }
                ScopeKind::TypeParams => {
                    let generic = facts.names.text(facts.scopes[scope].name);
                    format!("`{name}` is a type parameter of `{generic}` (line {})", source.scope_line(scope))
                }
                _ if scope == own => format!("`{name}` is local to {the}"),
                _ => {
                    format!("`{name}` is the variable of {the} (line {}), an enclosing scope", source.scope_line(scope))
                }
            }
        }
        Holder::Implicit => format!("`{name}` is the cell that the class around makes for the functions in it"),
        Holder::Provided(Provider::Module) => {
            format!("`{name}` is a global that the import system puts into every module")
        }
        Holder::Provided(Provider::Builtins) => format!("`{name}` is the builtin `{name}`"),
        Holder::Provided(Provider::Site) => format!("`{name}` is a builtin that `site` adds at start-up"),
        Holder::Nothing => match (mentions.module_variable(facts), invisible_class(facts, row.symbol)) {
            (Some(_), _) => {
                format!("`{name}` is a name of this module, but no line that runs before this one binds it")
            }
            (None, None) if facts.symbols[row.symbol].place == Place::Local => {
                format!(
                    "`{name}` is a name of the body of {}, but no line that runs before this one binds it",
                    the_scope(facts, own)
                )
            }
            (None, Some(class)) => {
                format!(
                    "`{name}` is a name of the body of {}, which this place cannot see; nothing else binds it",
                    the_scope(facts, class)
                )
            }
            (None, None) if let Some(import) = star_import(facts) => {
                format!("Nothing in this file binds `{name}` by name: only {} can", star(source, import))
            }
            (None, None) => format!(
                "Nothing in this file binds `{name}`, and it is no builtin of Python {}",
                source.dialect.version
            ),
        },
    };
    let at_all = matches!(holder, Holder::Variable(_));
    match asked.judged(facts) {
        Flow::Unbound if at_all => text.push_str(", but it has no value here on any path"),
        Flow::Maybe if at_all => {
            let issue = facts.flow_issues.iter().find(|issue| issue.reference == reference);
            let path = issue.and_then(|issue| path(source, issue));
            let _ = write!(
                text,
                ", but it may have no value here{}",
                path.map_or(String::new(), |path| format!(": {path}"))
            );
        }
        _ => {}
    }
    text.push('.');
    text
}

/// What CPython refuses in the file, if the name of the mention is the reason.
pub(super) fn refused<'a>(source: &Source<'a>, reference: RefId) -> Option<&'a CompileError> {
    let facts = source.facts;
    let row = &facts.refs[reference];
    let quoted = format!("'{}'", facts.ref_name(reference));
    let is_declared = matches!(row.kind, RefKind::Global | RefKind::Nonlocal);
    // CPython tells the first error only.
    let error = facts.errors.first()?;
    let is_here = source.lines.line(error.span.start) == source.line(reference);
    (error.message.contains(&quoted) || is_declared && is_here).then_some(error)
}

/// An `import *` with its line.
pub(super) fn star(source: &Source<'_>, import: &Import) -> String {
    let module = import.module.map_or("", |name| source.facts.names.text(name));
    let dots = ".".repeat(import.level as usize);
    format!("`from {dots}{module} import *` on line {}", source.lines.line(import.statement.start))
}

/// The class body around that binds the name of a symbol but is not looked into.
fn invisible_class(facts: &FileFacts, symbol: SymbolId) -> Option<ScopeId> {
    let Symbol { name, scope, .. } = facts.symbols[symbol];
    let around = std::iter::successors(facts.scopes[scope].parent, |&at| facts.scopes[at].parent);
    let binds = |class: ScopeId| facts.symbol_in(class, name).is_some_and(|s| binds_here(&facts.symbols[s]));
    around.into_iter().find(|&at| facts.scopes[at].kind == ScopeKind::Class && binds(at))
}

/// What CPython compiles, in one sentence.
pub(super) fn compiled(source: &Source<'_>, reference: RefId, rule: Rule) -> String {
    let facts = source.facts;
    let version = source.dialect.version;
    let row = &facts.refs[reference];
    match row.kind {
        RefKind::Global | RefKind::Nonlocal => {
            return format!(
                "CPython {version} compiles no code for the declaration: it only moves the name to another scope."
            );
        }
        RefKind::Annotation => {
            return format!("CPython {version} binds nothing here: the annotation only makes the name local.");
        }
        RefKind::Param => return format!("CPython {version} fills the parameter when the function is called."),
        _ => {}
    }
    if !is_compiled(facts, reference) {
        return format!("CPython {version} never evaluates this annotation, so no code reads the name.");
    }
    let load = rule.load_instruction(source.dialect);
    let store = rule_for(facts, row.symbol, false, source.dialect).load_instruction(source.dialect);
    let what = match row.kind {
        RefKind::Delete => store.replace("LOAD", "DELETE"),
        RefKind::AugAssign => format!("{load} and {}", store.replace("LOAD", "STORE")),
        kind if kind.reads() => load.to_owned(),
        _ => store.replace("LOAD", "STORE"),
    };
    let own = facts.symbols[row.symbol].scope;
    let place = match rule {
        Rule::Fast => "a slot of the frame",
        Rule::Cell => "a cell of this frame, shared with a scope inside",
        Rule::Free => "the cell of an enclosing scope",
        Rule::Global if own == MODULE => "the globals, since a `global` statement in this file names it",
        Rule::Global if row.kind == RefKind::Load => "the globals of the module, then the builtins",
        Rule::Global => "the globals of the module",
        Rule::Name if facts.scopes[own].kind == ScopeKind::Class && row.kind == RefKind::Load => {
            "the names of the class body, then the globals, then the builtins"
        }
        Rule::Name if facts.scopes[own].kind == ScopeKind::Class => "the names of the class body",
        Rule::Name if row.kind == RefKind::Load => "the names of the module, then the builtins",
        Rule::Name => "the names of the module",
        Rule::ClassFree => "the names of the class body, then the cell of an enclosing scope",
        Rule::ClassGlob => "the names of the class body around, then the globals, then the builtins",
    };
    format!("CPython {version} compiles {what}: {place}.")
}

/// Why the name belongs to a scope although it stands within another: `header`, `first iterable`.
pub(super) fn standing(source: &Source<'_>, reference: RefId) -> Option<String> {
    let facts = source.facts;
    let row = &facts.refs[reference];
    if matches!(row.kind, RefKind::Def | RefKind::Class | RefKind::TypeAlias | RefKind::TypeParam | RefKind::Param) {
        return None;
    }
    let own = facts.symbols[row.symbol].scope;
    let inside = |scope: ScopeId| facts.scopes[scope].span.contains(row.span);
    let child = facts.scopes.iter_enumerated().find(|&(id, scope)| {
        scope.parent == Some(own) && inside(id) && !matches!(scope.kind, ScopeKind::Annotation | ScopeKind::TypeParams)
    });
    let (_, child) = child?;
    let line = source.lines.line(child.line_at.unwrap_or(child.span.start));
    let name = facts.names.text(child.name);
    match child.kind {
        kind if kind.is_comprehension() => {
            Some(format!("the first iterable of the {} on line {line} is evaluated here, outside it", self::kind(kind)))
        }
        ScopeKind::Function => Some(format!("the header of `def {name}` is evaluated here, when the `def` runs")),
        ScopeKind::Lambda => Some("the defaults of a lambda are evaluated here, when the lambda is made".to_owned()),
        ScopeKind::Class => Some(format!("the header of `class {name}` is evaluated here")),
        _ => None,
    }
}
