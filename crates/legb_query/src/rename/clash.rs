//! Would the new name mean something else somewhere, or something else mean it?

use legb_graph::ModuleId;
use legb_scope::facts::MODULE;
use legb_scope::{Place, RefId, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolFlags, SymbolId};

use super::{Reason, Refusal, Task};
use crate::occurrences::{Meaning, Mentions, Variable};

impl Task<'_> {
    /// Collisions and captures in the files of the variables that get the new name.
    pub(super) fn check_clashes(&self, variables: &[Variable]) -> Result<(), Refusal> {
        for variable in variables {
            let module = variable.module();
            let Some(file) = self.program.mentions(module) else { continue };
            self.check_private(module, &file, variable)?;
            match file.symbol(variable) {
                Some(symbol) if matches!(variable, Variable::Local { .. }) => {
                    self.check_local(module, &file, symbol)?;
                }
                _ => self.check_global(module, &file)?,
            }
            self.check_captures(module, &file, variable)?;
        }
        Ok(())
    }

    /// In a class, names that begin with two underscores are not what is written.
    fn check_private(&self, module: ModuleId, file: &Mentions, variable: &Variable) -> Result<(), Refusal> {
        let is_private = |name: &str| name.starts_with("__") && !name.ends_with("__");
        for place in self.places.iter().filter(|place| place.module == module && place.variable == *variable) {
            let written = place.span.slice(&file.text);
            let in_class = || {
                file.facts.scopes.iter().any(|scope| scope.kind == ScopeKind::Class && scope.span.contains(place.span))
            };
            if (is_private(written) || is_private(self.new)) && in_class() {
                let name = if is_private(written) { written } else { self.new };
                let message =
                    format!("`{name}` in a class is not what is written: Python puts the name of the class before it");
                return Err(Refusal::new(Reason::Mangled, message).at(module, place.span));
            }
        }
        Ok(())
    }

    /// The module must not have, nor read, the new name.
    fn check_global(&self, module: ModuleId, file: &Mentions) -> Result<(), Refusal> {
        let (new, table) = (self.new, self.program.table());
        let rows = file.facts.refs.iter_enumerated();
        let mentions: Vec<RefId> =
            rows.filter(|(_, row)| file.is_global_named(row.symbol, new)).map(|(id, _)| id).collect();
        let binds = |id: &&RefId| file.facts.refs[**id].kind.binds();
        if let Some(&bound) = mentions.iter().find(binds) {
            let span = file.facts.refs[bound].span;
            let message = format!("`{new}` is bound in {} already, in line {}", file.path, file.lines.line(span.start));
            return Err(Refusal::new(Reason::Collision, message).at(module, span));
        }
        if let Some(&read) = mentions.first() {
            let span = file.facts.refs[read].span;
            let line = file.lines.line(span.start);
            let what = match self.program.meaning(module, file, read) {
                Meaning::Builtin(_) => "the builtin",
                _ => "something else",
            };
            let message = format!("`{new}` in line {line} of {} is {what}, and would be captured", file.path);
            return Err(Refusal::new(Reason::Capture, message).at(module, span));
        }
        if let Some(child) = table.child(Some(module), new) {
            let message = format!("`{}` is a module, and would collide", table.get(child).name);
            return Err(Refusal::new(Reason::Collision, message));
        }
        if let Meaning::Unknown(_) = self.program.attribute(module, new) {
            return Ok(());
        }
        let message = format!("`{}` has a `{new}` already, from a star import", table.get(module).name);
        Err(Refusal::new(Reason::Collision, message))
    }

    /// The scope must not have the new name, and no scope in it may read one from outside.
    fn check_local(&self, module: ModuleId, file: &Mentions, symbol: SymbolId) -> Result<(), Refusal> {
        let facts = &file.facts;
        let scope = facts.symbols[symbol].scope;
        let is_class = facts.scopes[scope].kind == ScopeKind::Class;
        for row in facts.refs.iter().filter(|row| facts.symbol_name(row.symbol) == self.new) {
            let at = facts.symbols[row.symbol].scope;
            let line = file.lines.line(row.span.start);
            let owner = facts.variable(row.symbol);
            let owner_scope = owner.map(|owner| facts.symbols[owner].scope);
            let is_here = at == scope;
            if is_here && (owner_scope == Some(scope) || matches!(row.kind, RefKind::Global | RefKind::Nonlocal)) {
                let message =
                    format!("`{}` is bound in the same scope already, in line {line} of {}", self.new, file.path);
                return Err(Refusal::new(Reason::Collision, message).at(module, row.span));
            }
            let sees_class = facts.scopes[at].flags.contains(ScopeFlags::SEES_CLASS);
            let is_inside =
                if is_class { is_here || sees_class && is_within(file, at, scope) } else { is_within(file, at, scope) };
            let comes_from_outside = owner_scope.is_none_or(|owner| !is_within(file, owner, scope));
            if is_inside && comes_from_outside && facts.symbols[row.symbol].place != Place::GlobalExplicit {
                let message = format!(
                    "`{}` in line {line} of {} means another variable, and would be captured",
                    self.new, file.path
                );
                return Err(Refusal::new(Reason::Capture, message).at(module, row.span));
            }
        }
        Ok(())
    }

    /// No scope between a mention and its variable may have the new name.
    fn check_captures(&self, module: ModuleId, file: &Mentions, variable: &Variable) -> Result<(), Refusal> {
        let Some(new) = file.facts.names.find(self.new) else { return Ok(()) };
        let home = match variable {
            Variable::Global { .. } => MODULE,
            Variable::Local { symbol, .. } => file.facts.symbols[*symbol].scope,
        };
        for place in self.places.iter().filter(|place| place.module == module && place.variable == *variable) {
            let Some(reference) = file.reference_at(place.span.start) else { continue };
            let from = file.facts.symbols[file.facts.refs[reference].symbol].scope;
            let mut at = Some(from);
            while let Some(scope) = at.filter(|scope| *scope != home) {
                let row = &file.facts.scopes[scope];
                let is_seen = scope == from || row.kind != ScopeKind::Class;
                let symbol = file.facts.symbol_in(scope, new).filter(|_| is_seen);
                let binding = SymbolFlags::BOUND | SymbolFlags::GLOBAL | SymbolFlags::NONLOCAL;
                if symbol.is_some_and(|symbol| file.facts.symbols[symbol].flags.intersects(binding)) {
                    let line = file.lines.line(place.span.start);
                    let message = format!(
                        "the mention in line {line} of {} would mean another `{}`, which is bound in between",
                        file.path, self.new
                    );
                    return Err(Refusal::new(Reason::Capture, message).at(module, place.span));
                }
                at = row.parent;
            }
        }
        Ok(())
    }
}

/// Whether a scope is another one, or lies in it.
pub(super) fn is_within(file: &Mentions, scope: ScopeId, outer: ScopeId) -> bool {
    let mut at = Some(scope);
    while let Some(here) = at {
        if here == outer {
            return true;
        }
        at = file.facts.scopes[here].parent;
    }
    false
}
