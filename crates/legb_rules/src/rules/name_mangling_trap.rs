//! `name-mangling-trap` (LEGB209): a name with two leading underscores means another name inside a class.

use legb_base::{Certainty, Severity, Span};
use legb_scope::facts::MODULE;
use legb_scope::{RefFlags, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};

use memchr::memmem;

use super::undefined_name;
use crate::context::FileCx;
use crate::meta::{Check, Group, RuleMeta};
use crate::sink::{Report, Sink};

pub(super) static META: RuleMeta = RuleMeta {
    code: "LEGB209",
    name: "name-mangling-trap",
    group: Group::Scope,
    severity: Severity::Error,
    on_by_default: true,
    summary: "a name with two leading underscores means another name inside a class",
    twins: &["F821"],
    doc: DOC,
    check: Check::Facts(check),
};

const DOC: &str = r"## What it reports
A read, inside a class, of a variable of the module whose name begins with two underscores.
A read of an attribute `.__name` that another class of the file holds: in a class that inherits from that one, or outside of classes.

## Why
Inside a class `__name` stands for `_Class__name`, for variables, attributes and imports alike.
A variable of the module with such a name cannot be reached from a method.

## Example
```python
__limit = 10

class Queue:
    def is_full(self):
        return len(self.items) > __limit  # NameError: name '_Queue__limit' is not defined
```

## Repair
Begin the name with one underscore.

## How sure
Certain, where nothing binds the mangled name; possible for attributes, which may come from anywhere.
";

fn check(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    if cx.facts.scopes[MODULE].flags.contains(ScopeFlags::STAR_IMPORT) {
        return;
    }
    for &id in &cx.uses().loose {
        if is_trap(cx, id).is_some() && undefined_name::is_undefined(cx, id) {
            report(cx, id, sink);
        }
    }
    for_attributes(cx, sink);
}

/// The variable of the module that the mangled name of a symbol was meant for.
#[cold]
pub(super) fn is_trap(cx: &FileCx<'_>, id: SymbolId) -> Option<SymbolId> {
    let mangled = cx.name(id);
    let at = mangled.strip_prefix('_')?.find("__")? + 1;
    let (class, plain) = mangled.split_at(at);
    let mut outer = Some(cx.facts.symbols[id].scope);
    while let Some(scope) = outer {
        let row = &cx.facts.scopes[scope];
        if row.kind == ScopeKind::Class && cx.facts.names.text(row.name).trim_start_matches('_') == &class[1..] {
            let name = cx.facts.names.find(plain)?;
            let module = cx.facts.symbol_in(MODULE, name)?;
            return cx.facts.symbols[module].flags.intersects(SymbolFlags::BOUND).then_some(module);
        }
        outer = row.parent;
    }
    None
}

#[cold]
fn report(cx: &FileCx<'_>, id: SymbolId, sink: &mut Sink<'_>) {
    let Some(module) = is_trap(cx, id) else { return };
    let (mangled, plain) = (cx.name(id), cx.name(module));
    for (_, row) in cx.facts.refs_of(id) {
        if row.kind != RefKind::Load || row.flags.intersects(RefFlags::GUARDED | RefFlags::DEAD | RefFlags::UNEVALUATED)
        {
            continue;
        }
        let message = format!("inside the class `{plain}` means `{mangled}`, which is not defined");
        let mut report = Report::error(&META, row.span, message)
            .python(format!("NameError: name '{mangled}' is not defined"))
            .help("begin the module's name with one underscore");
        if let Some(binding) = cx.bindings_of(module).next() {
            report = report.related(cx.facts.refs[binding].span, "the module's variable cannot be reached from here");
        }
        sink.push(report);
    }
}

/// A mention `.__name`.
struct Mention<'a> {
    name: &'a str,
    /// From the first underscore to the last letter.
    span: Span,
    /// The innermost class around.
    class: Option<ScopeId>,
    is_assigned: bool,
}

/// Reports attributes that are looked for under the name of the wrong class, or of none.
fn for_attributes(cx: &FileCx<'_>, sink: &mut Sink<'_>) {
    let mentions: Vec<Mention<'_>> =
        memmem::find_iter(cx.text.as_bytes(), ".__").filter_map(|at| mention(cx, at)).collect();
    for read in mentions.iter().filter(|mention| !mention.is_assigned) {
        let holds = |class: ScopeId| {
            mentions.iter().any(|other| other.is_assigned && other.name == read.name && other.class == Some(class))
                || binds_private(cx, class, read.name)
        };
        if read.class.is_some_and(|class| holds(class) || is_open(cx, class)) {
            continue;
        }
        let classes = cx.facts.scopes.iter_enumerated().filter(|(_, scope)| scope.kind == ScopeKind::Class);
        let mut holders = classes.map(|(id, _)| id).filter(|&class| holds(class));
        let (Some(holder), None) = (holders.next(), holders.next()) else { continue };
        let stem = |class: ScopeId| cx.facts.names.text(cx.facts.scopes[class].name).trim_start_matches('_');
        let (name, home) = (read.name, cx.describe(holder));
        let here = match read.class {
            Some(class) if inherits(cx, class, holder) && follows_self(cx, read) => {
                format!("inside the class `{name}` means `_{}{name}`", stem(class))
            }
            None => format!("outside of classes `{name}` means itself"),
            Some(_) => continue,
        };
        let message = format!("{here}; {home} holds it as `_{}{name}`", stem(holder));
        let report = Report::warning(&META, Certainty::Possible, read.span, message);
        sink.push(report.help("begin the attribute with one underscore, or ask the class for it by a method"));
    }
}

fn mention<'a>(cx: &FileCx<'a>, at: usize) -> Option<Mention<'a>> {
    let rest = &cx.text[at + 1..];
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let name = &rest[..length];
    let start = u32::try_from(at + 1).ok()?;
    if name.ends_with("__") || cx.parsed.is_in_text_or_comment(at) {
        return None;
    }
    let span = Span::new(start, start + u32::try_from(length).ok()?);
    let classes = cx.facts.scopes.iter_enumerated();
    let class = classes.rev().find(|(_, scope)| scope.kind == ScopeKind::Class && scope.span.contains(span));
    let behind = rest[length..].trim_start();
    let is_assigned = behind.starts_with(['=', ':', ',']) && !behind.starts_with("==")
        || ["+=", "-=", "|=", "*=", "&=", "/="].iter().any(|sign| behind.starts_with(sign));
    Some(Mention { name, span, class: class.map(|(id, _)| id), is_assigned })
}

/// Whether the body of a class binds a private name.
fn binds_private(cx: &FileCx<'_>, class: ScopeId, name: &str) -> bool {
    let stem = cx.facts.names.text(cx.facts.scopes[class].name).trim_start_matches('_');
    let mangled = cx.facts.names.find(&format!("_{stem}{name}"));
    let symbol = mangled.and_then(|id| cx.facts.symbol_in(class, id));
    symbol.is_some_and(|symbol| cx.facts.symbols[symbol].flags.intersects(SymbolFlags::BOUND))
}

/// Whether a class may get attributes by other means than assignments.
fn is_open(cx: &FileCx<'_>, class: ScopeId) -> bool {
    let text = cx.slice(cx.facts.scopes[class].span);
    ["setattr", "__dict__", "__slots__", "__getattr__", "__getattribute__"].iter().any(|way| text.contains(way))
}

/// Whether the head of a class names another.
fn inherits(cx: &FileCx<'_>, class: ScopeId, base: ScopeId) -> bool {
    let head = cx.slice(cx.facts.scopes[class].span).split_once(':').map_or("", |(head, _)| head);
    let bases = head.split_once('(').map_or("", |(_, bases)| bases);
    let base = cx.facts.names.text(cx.facts.scopes[base].name);
    bases.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == base)
}

fn follows_self(cx: &FileCx<'_>, read: &Mention<'_>) -> bool {
    let before = &cx.text[..read.span.start as usize - 1];
    let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
    matches!(word, "self" | "cls")
}
