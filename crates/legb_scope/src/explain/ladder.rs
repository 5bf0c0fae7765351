//! The scopes that are looked at for one mention, innermost first, with the reason of each outcome.

use super::mentions::Mentions;
use super::{
    Answer, Asked, Holder, Outcome, Source, Step, binds_here, seen_class, seen_class_symbol, star_import, wording,
};
use crate::builtins::{self, Provider};
use crate::facts::*;

/// The ladder of a mention.
pub(super) fn steps(source: &Source<'_>, mentions: &Mentions, asked: Asked) -> Vec<Step> {
    let Asked { reference, flow, holder } = asked;
    let symbol = source.facts.refs[reference].symbol;
    let mut ladder = Ladder { source, mentions, reference, symbol, flow, holder, found: None, steps: Vec::new() };
    ladder.climb();
    ladder.steps
}

struct Ladder<'a> {
    source: &'a Source<'a>,
    mentions: &'a Mentions,
    reference: RefId,
    /// The symbol in the scope of the mention.
    symbol: SymbolId,
    flow: Flow,
    holder: Holder,
    /// The scope that answered, in words.
    found: Option<String>,
    steps: Vec<Step>,
}

impl Ladder<'_> {
    fn climb(&mut self) {
        let facts = self.source.facts;
        let own = facts.symbols[self.symbol].scope;
        if own != MODULE {
            self.own_scope(own);
        }
        let seen = seen_class(facts, own);
        if let Some(class) = seen {
            self.seen_class(class);
        }
        let mut at = facts.scopes[own].parent;
        while let Some(scope) = at.filter(|&scope| scope != MODULE) {
            if Some(scope) != seen {
                self.enclosing(scope);
            }
            at = facts.scopes[scope].parent;
        }
        self.module(own);
        self.builtins();
    }

    fn name(&self) -> &str {
        self.source.facts.symbol_name(self.symbol)
    }

    fn step(&mut self, scope: ScopeId, letter: Option<Answer>, outcome: Outcome, why: String) {
        let facts = self.source.facts;
        let title = wording::scope(facts, scope);
        if outcome == Outcome::Hit {
            self.found = Some(wording::short(facts, scope));
        }
        self.steps.push(Step {
            scope: title,
            kind: wording::kind(facts.scopes[scope].kind),
            line: Some(self.source.scope_line(scope)),
            outcome,
            why,
            letter,
        });
    }

    /// How a symbol's own scope binds it.
    fn how(&self, symbol: SymbolId) -> String {
        wording::bound_how(self.source, &self.mentions.makers(self.source.facts, symbol))
    }

    // ---- the scope of the mention

    fn own_scope(&mut self, scope: ScopeId) {
        let facts = self.source.facts;
        let row = facts.symbols[self.symbol];
        let name = self.name();
        let standing = wording::standing(self.source, self.reference);
        let declared = self.mentions.declaration(facts, self.symbol).map(|id| self.source.line(id));
        let in_class = facts.scopes[scope].kind == ScopeKind::Class;
        let (outcome, mut why) = match row.place {
            Place::Local | Place::Cell if in_class => self.in_own_class(),
            Place::Local | Place::Cell => (Outcome::Hit, self.local_why(scope)),
            Place::Free => match declared {
                Some(line) => (
                    Outcome::Skipped,
                    format!(
                        "`nonlocal {name}` (line {line}) hands the name to the nearest function around that binds it"
                    ),
                ),
                None if row.flags.contains(SymbolFlags::NONLOCAL) => {
                    (Outcome::Skipped, "`:=` in a comprehension binds the name in the scope around it".to_owned())
                }
                None => (Outcome::Miss, self.nothing_binds(scope)),
            },
            Place::GlobalExplicit => match declared {
                Some(line) => (
                    Outcome::Skipped,
                    format!(
                        "`global {name}` (line {line}) sends every `{name}` of {} to the module",
                        wording::short(facts, scope)
                    ),
                ),
                None if facts.scopes[scope].kind.is_comprehension() => {
                    (Outcome::Skipped, "`:=` in a comprehension binds the name in the scope around it".to_owned())
                }
                None => (Outcome::Skipped, "the class body around declares the name `global`".to_owned()),
            },
            Place::GlobalImplicit => (Outcome::Miss, self.nothing_binds(scope)),
            Place::Unknown => (Outcome::Skipped, "the file does not compile".to_owned()),
        };
        if let Some(standing) = standing {
            why = format!("{standing}; {why}");
        }
        self.step(scope, Some(Answer::Local), outcome, why);
    }

    fn nothing_binds(&self, scope: ScopeId) -> String {
        format!("nothing in {} binds `{}`", wording::short(self.source.facts, scope), self.name())
    }

    fn local_why(&self, scope: ScopeId) -> String {
        let facts = self.source.facts;
        let row = &facts.symbols[self.symbol];
        let kind = facts.scopes[scope].kind;
        let (mut makers, mut elsewhere): (Vec<RefId>, Vec<RefId>) =
            self.mentions.makers(facts, self.symbol).into_iter().partition(|&id| facts.refs[id].symbol == self.symbol);
        if makers.is_empty() {
            std::mem::swap(&mut makers, &mut elsewhere);
        }
        let how = wording::bound_how(self.source, &makers);
        let name = self.name();
        let the = wording::short(facts, scope);
        let first = makers.first().map_or(RefKind::Assign, |&id| facts.refs[id].kind);
        let mut why = match first {
            _ if kind.is_comprehension() => {
                format!("`{name}` is {how}; it lives in the comprehension only")
            }
            RefKind::Param => format!("`{name}` is {how} of {the}"),
            RefKind::TypeParam => format!("`{name}` is {how} of `{}`", facts.names.text(facts.scopes[scope].name)),
            _ => format!("`{name}` is {how}, which makes it local in all of {the}"),
        };
        if row.place == Place::Cell {
            why.push_str("; a scope inside shares it, so it is kept in a cell");
        }
        if let Some(state) = self.no_value() {
            why = format!("{why}; {state}");
        }
        why
    }

    /// Why the variable has no value at the mention.
    fn no_value(&self) -> Option<String> {
        let facts = self.source.facts;
        let issue = facts.flow_issues.iter().find(|issue| issue.reference == self.reference)?;
        let line = issue.other.map(|other| self.source.line(other));
        Some(match (issue.flow, issue.cause, line) {
            (Flow::Maybe, ..) => match wording::path(self.source, issue) {
                Some(path) => format!("it has no value {path}"),
                None => "on some paths it has no value here".to_owned(),
            },
            (_, Cause::Deleted, Some(line)) => format!("`del` on line {line} has taken its value away"),
            (_, Cause::ExceptName, Some(line)) => {
                format!("the handler that bound it on line {line} has ended, and Python deletes its name there")
            }
            _ => "no line that runs before this one binds it".to_owned(),
        })
    }

    fn in_own_class(&self) -> (Outcome, String) {
        let name = self.name();
        let how = self.how(self.symbol);
        match (self.flow, self.source.facts.refs[self.reference].kind) {
            (Flow::Unbound, RefKind::Load) => (
                Outcome::Miss,
                format!(
                    "`{name}` is {how}, but not yet here: a name that the class body binds itself is then looked for in the globals"
                ),
            ),
            (Flow::Maybe, RefKind::Load) => {
                (Outcome::Hit, format!("`{name}` is {how}; where that has not run, the globals are asked"))
            }
            _ => (Outcome::Hit, format!("`{name}` is {how} in the class body, which looks at its own names first")),
        }
    }

    // ---- scopes around

    fn seen_class(&mut self, class: ScopeId) {
        let facts = self.source.facts;
        let the = wording::the_scope(facts, class);
        let looks = format!("annotation scopes look into {the} before anything else");
        let decided_within = matches!(facts.symbols[self.symbol].place, Place::Local | Place::Cell);
        let (outcome, why) = match seen_class_symbol(facts, self.symbol) {
            _ if decided_within => return,
            Some(symbol) if facts.symbols[self.symbol].place == Place::GlobalImplicit => {
                (Outcome::Hit, format!("{looks}; `{}` is {} there", self.name(), self.how(symbol)))
            }
            _ => (Outcome::Miss, format!("{looks}; it does not bind `{}`", self.name())),
        };
        self.step(class, Some(Answer::Enclosing), outcome, why);
    }

    fn enclosing(&mut self, scope: ScopeId) {
        let facts = self.source.facts;
        let symbol = facts.symbol_in(scope, self.mentions.name());
        let binding = symbol.filter(|&s| binds_here(&facts.symbols[s]));
        if facts.scopes[scope].kind == ScopeKind::Class {
            self.class_around(scope, binding);
            return;
        }
        let name = self.name();
        let the = wording::short(facts, scope);
        let row = facts.symbols[self.symbol];
        let letter = Some(Answer::Enclosing);
        if let Some(found) = &self.found {
            if let Some(symbol) = binding {
                let why = format!(
                    "not reached: {found} has answered. The `{name}` of {the}, {}, is another variable",
                    self.how(symbol)
                );
                self.step(scope, letter, Outcome::Skipped, why);
            }
            return;
        }
        let (outcome, why) = match (row.place, binding) {
            (Place::Free, Some(symbol)) if row.owner == Some(symbol) => {
                let mut why = format!("`{name}` is {}", self.how(symbol));
                if facts.scopes[scope].kind == ScopeKind::Function {
                    why = format!("{why}; the variable is shared through a cell, and read when the code runs");
                }
                if let Some(state) = self.no_value() {
                    why = format!("{why}; {state}");
                }
                (Outcome::Hit, why)
            }
            (Place::GlobalExplicit, _) => (Outcome::Skipped, "`global` goes past the functions around".to_owned()),
            (Place::Local | Place::Cell, _) => (
                // Only a class body comes here with a name of its own.
                Outcome::Skipped,
                format!(
                    "a name that a class body binds itself is never looked for in the functions around it{}",
                    self.though(binding)
                ),
            ),
            (Place::GlobalImplicit, Some(_)) => {
                (Outcome::Skipped, format!("the class body between binds or declares the name, which goes past {the}"))
            }
            _ => match symbol.and_then(|s| self.mentions.declaration(facts, s)) {
                Some(id) if facts.refs[id].kind == RefKind::Global => (
                    Outcome::Skipped,
                    format!("`global {name}` (line {}) hands the global on to the scopes inside", self.source.line(id)),
                ),
                Some(id) => (
                    Outcome::Skipped,
                    format!("`nonlocal {name}` (line {}) hands the name further out", self.source.line(id)),
                ),
                None => (Outcome::Miss, self.nothing_binds(scope)),
            },
        };
        self.step(scope, letter, outcome, why);
    }

    fn though(&self, binding: Option<SymbolId>) -> String {
        binding.map_or(String::new(), |symbol| format!(", though `{}` is {} there", self.name(), self.how(symbol)))
    }

    fn class_around(&mut self, class: ScopeId, binding: Option<SymbolId>) {
        let facts = self.source.facts;
        let name = self.name();
        let class_name = facts.names.text(facts.scopes[class].name);
        let why = match binding {
            Some(symbol) => format!(
                "`{name}` is {} in its body, but a class body is invisible to the functions and comprehensions inside it: \
                 there it is the attribute `{class_name}.{name}`",
                self.how(symbol)
            ),
            None if self.found.is_some() => return,
            None if self.holder == Holder::Implicit && self.is_class_of_implicit(class) => {
                let why = format!(
                    "every class body makes `{name}` for the functions in it; it gets its value when the body has run"
                );
                self.step(class, Some(Answer::Enclosing), Outcome::Hit, why);
                return;
            }
            None => "a class body is invisible to the functions and comprehensions inside it".to_owned(),
        };
        self.step(class, None, Outcome::Skipped, why);
    }

    /// The nearest class around is the one that provides `__class__`.
    fn is_class_of_implicit(&self, class: ScopeId) -> bool {
        let facts = self.source.facts;
        let mut at = facts.scopes[facts.symbols[self.symbol].scope].parent;
        while let Some(scope) = at {
            if facts.scopes[scope].kind == ScopeKind::Class {
                return scope == class;
            }
            at = facts.scopes[scope].parent;
        }
        false
    }

    // ---- module and builtins

    /// A `nonlocal` for which no function around has a variable.
    fn is_refused_nonlocal(&self) -> bool {
        self.holder == Holder::Nothing && self.source.facts.symbols[self.symbol].flags.contains(SymbolFlags::NONLOCAL)
    }

    fn module(&mut self, own: ScopeId) {
        let facts = self.source.facts;
        let name = self.name();
        let variable = self.mentions.module_variable(facts);
        if let Some(found) = &self.found {
            if let Some(symbol) = variable {
                let why = format!(
                    "not reached: {found} has answered. The global `{name}`, {}, is another variable",
                    self.how(symbol)
                );
                self.step(MODULE, Some(Answer::Global), Outcome::Skipped, why);
            }
            return;
        }
        let (outcome, mut why) = match (variable, self.holder) {
            _ if self.is_refused_nonlocal() => (Outcome::Skipped, "`nonlocal` never looks at the module".to_owned()),
            (Some(symbol), Holder::Variable(_)) => {
                let mut why = format!("`{name}` is {} in the module", self.how(symbol));
                if self.flow == Flow::Maybe
                    && let Some(state) = self.no_value()
                {
                    why = format!("{why}; {state}");
                }
                (Outcome::Hit, why)
            }
            (Some(symbol), _) => {
                (Outcome::Miss, format!("`{name}` is {}, but not before this line runs", self.how(symbol)))
            }
            (None, Holder::Provided(Provider::Module)) => {
                (Outcome::Hit, format!("the import system puts `{name}` into every module before its first line runs"))
            }
            (None, _) => match star_import(facts) {
                Some(import) => (
                    Outcome::Miss,
                    format!(
                        "no line binds `{name}`, though {} may: this file cannot tell",
                        wording::star(self.source, import)
                    ),
                ),
                None if facts.refs.iter().any(|row| {
                    row.kind == RefKind::Global && facts.symbols[row.symbol].name == self.mentions.name()
                }) =>
                {
                    (
                        Outcome::Miss,
                        format!("nothing in the module binds `{name}`; a `global` statement alone gives it no value"),
                    )
                }
                None => (Outcome::Miss, format!("nothing in the module binds `{name}`")),
            },
        };
        if own == MODULE
            && let Some(standing) = wording::standing(self.source, self.reference)
        {
            why = format!("{standing}; {why}");
        }
        self.step(MODULE, Some(Answer::Global), outcome, why);
    }

    fn builtins(&mut self) {
        let name = self.name();
        let version = self.source.dialect.version;
        let known = builtins::is_builtin(name, version);
        let (outcome, why) = match (&self.found, self.holder) {
            (Some(_), _) if !known => return,
            (Some(found), _) => {
                (Outcome::Skipped, format!("not reached: {found} has answered, and hides the builtin `{name}`"))
            }
            (None, Holder::Provided(Provider::Site)) => (
                Outcome::Hit,
                format!("`site` adds `{name}` to the builtins at start-up; under `python -S` it is missing"),
            ),
            (None, Holder::Provided(_)) => (Outcome::Hit, format!("`{name}` is a builtin of Python {version}")),
            _ if self.is_refused_nonlocal() => (Outcome::Skipped, "`nonlocal` never looks at the builtins".to_owned()),
            (None, _) => (Outcome::Miss, not_a_builtin(name, self.source)),
        };
        self.steps.push(Step {
            scope: "builtins".to_owned(),
            kind: "builtins",
            line: None,
            outcome,
            why,
            letter: Some(Answer::Builtin),
        });
    }
}

fn not_a_builtin(name: &str, source: &Source<'_>) -> String {
    let others: Vec<String> = builtins::versions_of(name).map(|version| version.to_string()).collect();
    match others.as_slice() {
        [] => format!("`{name}` is no builtin"),
        [first, ..] => {
            format!("`{name}` is no builtin of Python {}, though one from {first} on", source.dialect.version)
        }
    }
}
