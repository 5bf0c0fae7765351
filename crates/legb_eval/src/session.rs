//! Many imports, each as if a new program began with it, for the cost of their differences.
//!
//! `import a.b.c` first loads `a` and `a.b`, whoever asks. So the packages above the names are loaded once: what a name adds is
//! run behind a fork of the heap and undone before the next. The stories are those of [`crate::simulate()`], one by one.

use legb_base::{Dialect, PyVersion};

use crate::budget::Budget;
use crate::heap::Heap;
use crate::machine::Machine;
use crate::simulate::{Simulation, set_path, story};
use crate::source::ModuleSource;
use crate::value::Reasons;

/// Imports each of `names` in a new program started in `root`, and hands over the stories in the order of the sorted names.
pub fn simulate_each(
    names: &[&str],
    root: &str,
    version: PyVersion,
    source: &dyn ModuleSource,
    budget: Budget,
    tell: &mut dyn FnMut(&str, Simulation),
) {
    let dialect = Dialect::of(version);
    let mut machine = Machine::new(&dialect, source, budget);
    set_path(&mut machine, root);
    machine.new_module("__main__", None, None);
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    below(&mut machine, None, &names, tell);
}

/// Imports each of `names`, which are below a package that is loaded.
fn below<'a>(machine: &mut Machine<'a>, package: Option<&str>, names: &[&str], tell: &mut dyn FnMut(&str, Simulation)) {
    let next = |name: &str| {
        let start = package.map_or(0, |package| package.len() + 1);
        name[start..].find('.').map_or(name.len(), |dot| start + dot)
    };
    for group in names.chunk_by(|a, b| a[..next(a)] == b[..next(b)]) {
        let Some(name) = group.first().map(|name| &name[..next(name)]) else { continue };
        let mark = Mark::new(machine);
        let result = machine.load_module(name).map(drop);
        if result.is_err() {
            // What is below is not reached.
            let told = story(machine, &result);
            for name in group {
                tell(name, told.clone());
            }
        } else {
            let rest = if group[0] == name {
                let asking = Mark::new(machine);
                tell(name, story(machine, &result));
                asking.undo(machine);
                &group[1..]
            } else {
                group
            };
            if !rest.is_empty() {
                below(machine, Some(name), rest, tell);
            }
        }
        mark.undo(machine);
    }
}

/// A state of the machine to which it can go back.
struct Mark<'a> {
    /// Everything but the heap and the reasons, which only grow.
    state: Machine<'a>,
}

impl<'a> Mark<'a> {
    fn new(machine: &mut Machine<'a>) -> Self {
        let (heap, reasons) = (std::mem::take(&mut machine.heap), std::mem::take(&mut machine.reasons));
        let state = machine.clone();
        machine.heap = heap;
        machine.reasons = reasons;
        machine.heap.fork();
        Self { state }
    }

    fn undo(self, machine: &mut Machine<'a>) {
        machine.heap.rewind();
        let heap: Heap = std::mem::take(&mut machine.heap);
        let reasons: Reasons = std::mem::take(&mut machine.reasons);
        *machine = self.state;
        machine.heap = heap;
        machine.reasons = reasons;
    }
}
