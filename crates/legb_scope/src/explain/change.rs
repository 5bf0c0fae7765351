//! What would give a name another answer, best first: parameter and return value before `nonlocal` before `global`.
//!
//! An edit is offered only where it does what the sentence says whatever the rest of the program is.

mod edits;
mod moved;
mod parameter;

pub(super) use edits::body_of;

use super::mentions::Mentions;
use super::{Asked, Change, Holder, Source, binds_here, star_import, wording};
use crate::builtins;
use crate::facts::*;

/// The changes for one mention.
pub(super) fn changes(source: &Source<'_>, mentions: &Mentions, asked: Asked) -> Vec<Change> {
    let Asked { reference, flow, holder } = asked;
    let facts = source.facts;
    let row = facts.refs[reference];
    let own = facts.symbols[row.symbol].scope;
    let mut options =
        Options { source, mentions, reference, row, flow, own, name: facts.ref_name(reference), list: Vec::new() };
    match holder {
        Holder::Variable(symbol) if symbol == row.symbol && facts.scopes[own].kind.is_function_like() => {
            options.local();
        }
        Holder::Variable(symbol) if symbol == row.symbol && own != MODULE => options.class_body(),
        Holder::Variable(symbol) if facts.symbols[symbol].scope == MODULE => {
            options.passed_class_body();
            options.global(symbol);
        }
        Holder::Variable(symbol) => options.enclosing(symbol),
        Holder::Implicit => {}
        Holder::Provided(_) => options.builtin(),
        Holder::Nothing => {
            options.passed_class_body();
            options.unresolved();
        }
    }
    options.list
}

struct Options<'a> {
    source: &'a Source<'a>,
    mentions: &'a Mentions,
    reference: RefId,
    row: Reference,
    flow: Flow,
    own: ScopeId,
    name: &'a str,
    list: Vec<Change>,
}

impl Options<'_> {
    fn say(&mut self, title: String) {
        self.list.push(Change { title, edits: Vec::new() });
    }

    fn kind(&self) -> ScopeKind {
        self.source.facts.scopes[self.own].kind
    }

    fn own_name(&self) -> String {
        wording::short(self.source.facts, self.own)
    }

    fn lacks_value(&self) -> bool {
        matches!(self.flow, Flow::Unbound | Flow::Maybe)
    }

    // ---- by answer

    fn local(&mut self) {
        if self.lacks_value() {
            self.give_a_value();
        }
        let outer = self.outer_variable();
        let own_is_function = self.kind() == ScopeKind::Function;
        let is_parameter = self.source.facts.symbols[self.row.symbol].flags.contains(SymbolFlags::PARAM);
        let Some(outer) = outer else {
            if !is_parameter && builtins::is_builtin(self.name, self.source.dialect.version) {
                self.rename(self.row.symbol, &format!("the builtin `{}` is meant elsewhere", self.name));
            }
            return;
        };
        let facts = self.source.facts;
        let scope = facts.symbols[outer].scope;
        let (word, whose) = if scope == MODULE {
            ("global", "the module's".to_owned())
        } else {
            ("nonlocal", format!("that of {}", wording::the_scope(facts, scope)))
        };
        let no_declaration = facts.symbols[outer].flags.contains(SymbolFlags::TYPE_PARAM);
        if is_parameter || !own_is_function || no_declaration {
            self.rename(self.row.symbol, &format!("the `{}` outside is meant elsewhere", self.name));
            return;
        }
        if self.lacks_value() {
            let title = format!(
                "take `{}` as a parameter of {} and return the new value: then the caller decides what happens to it",
                self.name,
                self.own_name()
            );
            self.parameter(title, outer, true);
        }
        self.declare(word, &format!("then `{}` is {whose}, and assigning it here changes it there", self.name));
        self.rename(self.row.symbol, &format!("the other `{}` is the one outside", self.name));
    }

    /// The variable has no value: what would give it one.
    fn give_a_value(&mut self) {
        let facts = self.source.facts;
        let Some(issue) = facts.flow_issues.iter().find(|issue| issue.reference == self.reference) else { return };
        let here = self.source.line(self.reference);
        let other = issue.other.map(|other| self.source.line(other));
        match (issue.cause, other) {
            (Cause::ExceptName, Some(line)) => {
                self.say(format!("keep the exception under another name inside the handler of line {line}, which Python does not delete"));
            }
            (Cause::Deleted, Some(line)) => {
                let edits = issue.other.and_then(|other| self.without_del(other)).into_iter().collect();
                self.list.push(Change { title: format!("remove the `del` on line {line}"), edits });
            }
            _ => {}
        }
        if let Some(witness) = issue.witness {
            let line = self.source.lines.line(wording::turn(witness));
            let place = match witness {
                Witness::BranchNotTaken(_) => format!("before the branch on line {line}, or in an `else` of it"),
                Witness::LoopNotRun(_) => format!("before the loop on line {line}"),
                Witness::Raised(_) => format!("before the `try` on line {line}"),
                Witness::ShortCircuit(_) => format!("before the expression on line {line}"),
                Witness::Deleted(_) => format!("again after the `del` on line {line}"),
            };
            let edits = match witness {
                Witness::BranchNotTaken(at) | Witness::LoopNotRun(at) | Witness::Raised(at) => self.value_before(at),
                Witness::ShortCircuit(_) | Witness::Deleted(_) => None,
            };
            let title = format!("give `{}` a value {place}", self.name);
            self.list.push(Change { title, edits: edits.into_iter().collect() });
        } else if issue.cause == Cause::Never {
            let makers = self.mentions.makers(facts, self.row.symbol);
            let later = makers.iter().copied().find(|&id| self.source.line(id) > here);
            if let Some(maker) = later {
                let line = self.source.line(maker);
                let edits = self.moved_above(line, here);
                self.list.push(Change { title: format!("move the binding on line {line} above line {here}"), edits });
            }
        }
    }

    fn class_body(&mut self) {
        if self.lacks_value() {
            self.give_a_value();
        }
        self.other_attribute_name();
    }

    /// The class body binds the name, though not before it is read.
    fn passed_class_body(&mut self) {
        let place = self.source.facts.symbols[self.row.symbol].place;
        if self.kind() == ScopeKind::Class && place == Place::Local {
            self.other_attribute_name();
        }
    }

    /// Did the class body not bind the name, it would find the one outside.
    fn other_attribute_name(&mut self) {
        let facts = self.source.facts;
        let mut at = facts.scopes[self.own].parent;
        while let Some(scope) = at.filter(|&scope| scope != MODULE) {
            if facts.scopes[scope].kind.is_function_like()
                && let Some(symbol) = facts.symbol_in(scope, self.mentions.name())
                && binds_here(&facts.symbols[symbol])
            {
                let the = wording::the_scope(facts, scope);
                self.say(format!(
                    "give the class attribute another name: then `{}` is the variable of {the}",
                    self.name
                ));
                return;
            }
            at = facts.scopes[scope].parent;
        }
        if self.row.flow != self.flow {
            return;
        }
        if self.mentions.module_variable(facts).is_some() {
            self.say(format!("give the class attribute another name: then `{}` is the global", self.name));
        }
    }

    fn enclosing(&mut self, variable: SymbolId) {
        let facts = self.source.facts;
        let scope = facts.symbols[variable].scope;
        if facts.scopes[scope].kind == ScopeKind::Class {
            return;
        }
        self.class_attribute();
        if let Some(line) = self.loop_around(variable) {
            let title = format!(
                "freeze the value of this turn of the loop (line {line}) with a default argument: `{0}={0}`. \
                 Without it every closure reads the last value",
                self.name
            );
            let edits = self.default_argument().into_iter().collect();
            self.list.push(Change { title, edits });
        }
        // A type parameter cannot be declared `nonlocal`, and nobody assigns one.
        if self.kind() != ScopeKind::Function || facts.symbols[variable].flags.contains(SymbolFlags::TYPE_PARAM) {
            return;
        }
        if let Some(id) = self.mentions.declaration(facts, self.row.symbol) {
            let line = self.source.line(id);
            self.parameter(format!("take `{}` as a parameter and return the new value", self.name), variable, true);
            let title = format!(
                "remove the `nonlocal` on line {line}: then {} has a `{}` of its own",
                self.own_name(),
                self.name
            );
            let edits = self.without_declaration(id).into_iter().collect();
            self.list.push(Change { title, edits });
        } else {
            let title = format!("take `{}` as a parameter of {}", self.name, self.own_name());
            self.parameter(title, variable, false);
            let the = wording::the_scope(facts, scope);
            self.declare("nonlocal", &format!("before assigning it here, if {the} is to see the new value"));
            self.say(format!("assign `{}` in {}: then the name is local in all of it", self.name, self.own_name()));
        }
    }

    fn global(&mut self, variable: SymbolId) {
        let facts = self.source.facts;
        self.class_attribute();
        if self.own == MODULE {
            if self.lacks_value() {
                self.give_a_value();
            }
            if builtins::is_builtin(self.name, self.source.dialect.version) {
                let makers = self.mentions.makers(facts, variable);
                let lines = makers.iter().map(|&id| self.source.line(id)).collect();
                self.say(format!(
                    "rename the global bound {}: then `{}` is the builtin again",
                    wording::on_lines(lines),
                    self.name
                ));
            }
            return;
        }
        match self.mentions.declaration(facts, self.row.symbol) {
            Some(id) => {
                let line = self.source.line(id);
                if self.kind() == ScopeKind::Function {
                    let title = format!("take `{}` as a parameter and return the new value", self.name);
                    self.parameter(title, variable, true);
                }
                let title = format!(
                    "remove the `global` on line {line}: then {} has a `{}` of its own where it binds one",
                    self.own_name(),
                    self.name
                );
                let edits = self.without_declaration(id).into_iter().collect();
                self.list.push(Change { title, edits });
            }
            None if self.kind() == ScopeKind::Function => {
                let title = format!("take `{}` as a parameter of {}", self.name, self.own_name());
                self.parameter(title, variable, false);
                self.declare("global", "before assigning it here, if the module is to see the new value");
                self.say(format!("assign `{}` in {}: then the name is local in all of it", self.name, self.own_name()));
            }
            None => {}
        }
    }

    fn builtin(&mut self) {
        let facts = self.source.facts;
        self.class_attribute();
        let not_yet = self.mentions.module_variable(facts).map(|symbol| self.mentions.makers(facts, symbol));
        match not_yet {
            Some(makers) => {
                let lines = makers.iter().map(|&id| self.source.line(id)).collect();
                self.say(format!(
                    "bind the global before this line runs (it is bound {}): then it hides the builtin",
                    wording::on_lines(lines)
                ));
            }
            None => self
                .say(format!("a binding of `{}` here, in a function around or in the module would hide it", self.name)),
        }
    }

    fn unresolved(&mut self) {
        let facts = self.source.facts;
        if facts.symbols[self.row.symbol].flags.contains(SymbolFlags::NONLOCAL) {
            self.refused_nonlocal();
            return;
        }
        if wording::refused(self.source, self.reference).is_some() {
            self.say("repair the error that keeps the file from compiling".to_owned());
            return;
        }
        self.class_attribute();
        if let Some(symbol) = self.mentions.module_variable(facts) {
            let makers = self.mentions.makers(facts, symbol);
            if let Some(line) = makers.first().map(|&id| self.source.line(id)) {
                let here = self.source.line(self.reference);
                let edits = self.moved_above(line, here);
                self.list.push(Change { title: format!("move the binding on line {line} above line {here}"), edits });
            }
            return;
        }
        if let Some(import) = star_import(facts) {
            self.say(format!(
                "import `{}` by name instead of by {}: then everyone sees where it comes from",
                self.name,
                wording::star(self.source, import)
            ));
            return;
        }
        if let Some(near) = self.similar_name() {
            let title = format!("did you mean `{near}`?");
            let edits = self.replace_mention(&near).into_iter().collect();
            self.list.push(Change { title, edits });
        }
        if let Some(first) = builtins::versions_of(self.name).next() {
            self.say(format!("`{}` is a builtin from Python {first} on: run a newer version", self.name));
        }
        self.say(format!("import `{0}`, or bind it in the module before it is read", self.name));
    }

    // ---- options shared by answers

    /// A class around binds the name: it can be reached as an attribute.
    fn class_attribute(&mut self) {
        let facts = self.source.facts;
        if self.row.kind != RefKind::Load {
            return;
        }
        let mut at = facts.scopes[self.own].parent;
        while let Some(scope) = at {
            let row = &facts.scopes[scope];
            let symbol = facts.symbol_in(scope, self.mentions.name()).filter(|&s| binds_here(&facts.symbols[s]));
            if row.kind == ScopeKind::Class && symbol.is_some() {
                let class = facts.names.text(row.name);
                if let Some(receiver) = self.receiver(scope) {
                    let new = format!("{receiver}.{}", self.name);
                    let title = format!("write `{new}`: a method reaches the names of its class through `{receiver}`");
                    let edits = self.replace_mention(&new).into_iter().collect();
                    self.list.push(Change { title, edits });
                }
                let new = format!("{class}.{}", self.name);
                let runs_later = self.runs_after_class(scope);
                if runs_later {
                    let edits = if row.parent == Some(MODULE) { self.replace_mention(&new) } else { None };
                    let title = format!("write `{new}`, the attribute of the class");
                    self.list.push(Change { title, edits: edits.into_iter().collect() });
                } else {
                    self.say(format!(
                        "only the first iterable of a comprehension sees the names of `{class}`: take `{}` from there, or use a loop",
                        self.name
                    ));
                }
                return;
            }
            at = row.parent;
        }
    }

    /// Whether the mention runs when the class exists already.
    fn runs_after_class(&self, class: ScopeId) -> bool {
        let facts = self.source.facts;
        let mut at = self.own;
        while at != class {
            if !facts.scopes[at].kind.runs_in_place() {
                return true;
            }
            match facts.scopes[at].parent {
                Some(parent) => at = parent,
                None => return true,
            }
        }
        false
    }

    /// `self` or `cls`, where the mention stands directly in a method of the class.
    fn receiver(&self, class: ScopeId) -> Option<&'static str> {
        let facts = self.source.facts;
        if facts.scopes[self.own].parent != Some(class) || self.kind() != ScopeKind::Function {
            return None;
        }
        let first =
            facts.refs.iter().find(|row| row.kind == RefKind::Param && facts.symbols[row.symbol].scope == self.own)?;
        match facts.symbol_name(first.symbol) {
            "self" => Some("self"),
            "cls" => Some("cls"),
            _ => None,
        }
    }

    /// The variable that the name would be, did its own scope not bind it.
    fn outer_variable(&self) -> Option<SymbolId> {
        let facts = self.source.facts;
        let mut at = facts.scopes[self.own].parent;
        while let Some(scope) = at.filter(|&scope| scope != MODULE) {
            if facts.scopes[scope].kind.is_function_like()
                && let Some(symbol) = facts.symbol_in(scope, self.mentions.name())
            {
                match facts.symbols[symbol].place {
                    Place::Local | Place::Cell if binds_here(&facts.symbols[symbol]) => return Some(symbol),
                    Place::Free => return facts.symbols[symbol].owner,
                    _ => {}
                }
            }
            at = facts.scopes[scope].parent;
        }
        self.mentions.module_variable(facts)
    }

    /// The line of the loop that binds a variable and has the closure in which it is read in its body.
    fn loop_around(&self, variable: SymbolId) -> Option<u32> {
        let facts = self.source.facts;
        if !matches!(self.kind(), ScopeKind::Function | ScopeKind::Lambda) || self.row.kind != RefKind::Load {
            return None;
        }
        let closure = facts.scopes[self.own].span;
        let owner = &facts.scopes[facts.symbols[variable].scope];
        if owner.kind.is_comprehension() {
            let target =
                self.mentions.of_variable(facts, variable).find(|&id| facts.refs[id].kind == RefKind::Comprehension);
            return target.map(|id| self.source.line(id));
        }
        let in_body = |target: RefId| {
            let at = facts.refs[target].span.start;
            let around =
                facts.branches_at(closure.start).filter(|branch| branch.kind == BranchKind::Loop && branch.arm == 0);
            around.into_iter().any(|branch| branch.statement <= at && at < branch.span.end)
        };
        let targets = self.mentions.of_variable(facts, variable).filter(|&id| facts.refs[id].kind == RefKind::For);
        targets.into_iter().find(|&id| in_body(id)).map(|id| self.source.line(id))
    }

    /// The visible name that is spelt most alike, as CPython would offer it.
    fn similar_name(&self) -> Option<String> {
        const ALIKE: f64 = 0.8;
        let facts = self.source.facts;
        let mut names: Vec<&str> = builtins::builtins(self.source.dialect.version).collect();
        let mut at = Some(self.own);
        while let Some(scope) = at {
            let row = &facts.scopes[scope];
            if row.kind != ScopeKind::Class || scope == self.own {
                names.extend(
                    facts.symbols_of(scope).filter(|(_, s)| binds_here(s)).map(|(_, s)| facts.names.text(s.name)),
                );
            }
            at = row.parent;
        }
        names.retain(|name| *name != self.name && !name.starts_with('.'));
        let score = |name: &str| strsim::damerau_levenshtein(&self.name.to_lowercase(), &name.to_lowercase());
        let longest = self.name.chars().count();
        let best = names.into_iter().map(|name| (score(name), name)).min()?;
        let alike = 1.0 - as_ratio(best.0, longest.max(best.1.chars().count()));
        (alike >= ALIKE || (best.0 == 1 && longest > 2)).then(|| best.1.to_owned())
    }
}

fn as_ratio(part: usize, whole: usize) -> f64 {
    let small = |n: usize| f64::from(u16::try_from(n).unwrap_or(u16::MAX));
    small(part) / small(whole.max(1))
}
