//! Pass 3: is the variable bound where it is read?
//!
//! *Unit*: code that runs in one frame: the module, a function, a lambda, a generator expression. Class bodies and other
//! comprehensions run inside the unit around them. *Slot*: a variable of the unit, one bit in each set. *State*: for each
//! slot, whether some path to here leaves it bound (`bound`) and whether some path leaves it without a value (`unbound`),
//! and why (`deleted`, `excepted`). A read is unbound if no path binds the variable, maybe if some do.
//!
//! ```python
//! def f(flag):
//!     if flag:
//!         x = 1     # then-arm: bound {x}; else-arm: unbound {x}
//!     return x      # joined: bound {x}, unbound {x}: maybe
//! ```
//!
//! The [events](event) of a unit are run over once, piece by piece; a loop that deletes names is run over twice. What
//! other code may bind unseen (names declared `global` or `nonlocal` in functions, star imports, `exec`) is not judged.

mod correlate;
pub(crate) mod event;
mod exception;
mod handler;
mod looping;
mod run;
mod state;

use legb_base::Dialect;
use legb_base::index::IndexVec;

use crate::builtins;
use crate::collect;
use crate::facts::*;
use event::{Event, Op};

/// Memory kept between files.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// The bit of each variable in the states of its unit.
    slots: IndexVec<SymbolId, u32>,
    /// For every symbol, the unit and the bit of the variable it stands for.
    judged: IndexVec<SymbolId, (ScopeId, u32)>,
    pool: state::Pool,
    /// Units still to be looked at: scope, and where its events are.
    units: Vec<(ScopeId, usize, usize)>,
    /// How many slots each unit has.
    sizes: Vec<u32>,
}

/// Marks a symbol that has no bit.
const NO_SLOT: u32 = u32::MAX;

/// Decides every read of the file.
pub(crate) fn run(facts: &mut FileFacts, scratch: &mut collect::Scratch, text: &str, dialect: &Dialect) {
    let flow = &mut scratch.flow;
    flow.slots.clear();
    flow.slots.resize(facts.symbols.len(), NO_SLOT);
    flow.units.clear();
    flow.sizes.clear();
    flow.units.push((MODULE, 0, scratch.events.len()));
    let mut at = 0;
    while let Some(&(scope, from, to)) = flow.units.get(at) {
        let slots = assign_slots(facts, &mut flow.slots, scope, dialect);
        flow.sizes.push(slots);
        nested_units(&scratch.events, from, to, &mut flow.units);
        at += 1;
    }
    flow.judge_symbols(facts);
    for at in 0..flow.units.len() {
        let (scope, from, to) = flow.units[at];
        let unit = run::Unit { scope, from, to, slots: flow.sizes[at] };
        let mut issues = run::unit(facts, &scratch.events, flow, &scratch.no_return, text, unit);
        correlate::explain(facts, &scratch.events, text, &unit, &mut issues);
        facts.flow_issues.append(&mut issues);
    }
    facts.flow_issues.sort_by_key(|issue| issue.reference);
}

impl Scratch {
    /// Looks up once for each symbol what every one of its references would ask for.
    fn judge_symbols(&mut self, facts: &FileFacts) {
        self.judged.clear();
        self.judged.extend(facts.symbols.iter_enumerated().map(|(id, symbol)| {
            // What a scope reads through a cell or from the module is the variable of another symbol.
            let variable = match symbol.place {
                Place::Local | Place::Cell => Some(id),
                Place::GlobalImplicit if symbol.scope == MODULE => Some(id),
                _ => facts.variable(id),
            };
            variable.map_or((MODULE, NO_SLOT), |variable| (facts.symbols[variable].scope, self.slots[variable]))
        }));
    }
}

/// Gives the variables of a unit their bits; returns how many there are.
fn assign_slots(facts: &FileFacts, slots: &mut IndexVec<SymbolId, u32>, scope: ScopeId, dialect: &Dialect) -> u32 {
    let flags = facts.scopes[scope].flags;
    if flags.contains(ScopeFlags::FRAME_ACCESS) || scope == MODULE && flags.contains(ScopeFlags::DYNAMIC) {
        // `f_locals[…] = …`, and in a module `exec`, `globals()[…] = …`: values may come from anywhere.
        return 0;
    }
    let mut count = 0;
    let mut next = facts.scopes[scope].first_symbol;
    while let Some(symbol) = next {
        let row = &facts.symbols[symbol];
        next = row.next;
        let own =
            matches!(row.place, Place::Local | Place::Cell) || scope == MODULE && row.place == Place::GlobalImplicit;
        let judged = own
            && row.flags.intersects(SymbolFlags::BOUND)
            && !row.flags.always_bound()
            && !row.flags.intersects(SymbolFlags::WRITTEN_INSIDE | SymbolFlags::INLINED | SymbolFlags::GLOBAL);
        if judged && !(scope == MODULE && answered_elsewhere(facts.names.text(row.name), dialect)) {
            slots[symbol] = count;
            count += 1;
        }
    }
    count
}

/// Whether a global name has a value before the module binds it: a builtin, or set by the import system.
fn answered_elsewhere(name: &str, dialect: &Dialect) -> bool {
    name.starts_with("__") && name.ends_with("__") || builtins::is_builtin(name, dialect.version)
}

/// Finds the code blocks directly inside a unit.
fn nested_units(events: &[Event], from: usize, to: usize, units: &mut Vec<(ScopeId, usize, usize)>) {
    let mut at = from;
    while at < to {
        let event = events[at];
        at += 1;
        if event.op == Op::Nested {
            let end = at + event.len as usize;
            units.push((ScopeId::from_usize(event.arg as usize), at, end));
            at = end;
        }
    }
}
