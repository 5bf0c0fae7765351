//! Many programs, each as if it were started alone, for the cost of their differences.
//!
//! `import a.b.c` first loads `a` and `a.b`, whoever asks. So the packages above the names are loaded once: what a name adds is
//! run behind a fork of the heap and undone before the next. And where several programs go on with the same import, that
//! import is done once for all of them ([`crate::ahead`]). The stories are those of [`crate::simulate()`], one by one.

use std::sync::Arc;

use indexmap::IndexMap;
use legb_base::{Dialect, PyVersion};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::ahead::Loaded;
use crate::budget::Budget;
use crate::heap::Heap;
use crate::machine::{Eval, Machine};
use crate::simulate::{Entry, Simulation, begin, set_path, simulate, story};
use crate::source::ModuleSource;
use crate::value::Reasons;

/// So many imports in a row are looked for that programs have in common.
const IN_COMMON: usize = 12;

/// Runs programs, and hands over each story with the place of its program in the list.
pub fn simulate_each<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    version: PyVersion,
    source: &dyn ModuleSource,
    budget: Budget,
    tell: &mut dyn FnMut(usize, Simulation),
) {
    let mut folders: IndexMap<&str, Wanted<'e>, FxBuildHasher> = IndexMap::default();
    for (place, entry) in entries.into_iter().enumerate() {
        let folder = entry.folder();
        match entry {
            Entry::Imports { names, .. } if names.len() != 1 => tell(place, simulate(entry, version, source, budget)),
            Entry::Imports { names, .. } => {
                folders.entry(folder).or_default().modules.entry(&names[0]).or_default().push(place);
            }
            Entry::Script(_) | Entry::Module { .. } => {
                folders.entry(folder).or_default().mains.entry(entry).or_default().push(place);
            }
        }
    }
    let dialect = Dialect::of(version);
    for (folder, wanted) in folders {
        let mut machine = Machine::new(&dialect, source, budget);
        set_path(&mut machine, folder);
        machine.new_module("__main__", None, None);
        let mut names: Vec<&str> = wanted.modules.keys().copied().collect();
        names.sort_unstable();
        let mut programs = below(None, &names);
        programs.extend(wanted.mains.keys().map(|entry| Program::Main(entry)));
        Session { machine, wanted: &wanted, tell }.each(programs.into_iter().map(Ready::from).collect());
    }
}

/// The places of programs that start in one folder.
#[derive(Default)]
struct Wanted<'e> {
    modules: FxHashMap<&'e str, Vec<usize>>,
    mains: IndexMap<&'e Entry, Vec<usize>, FxBuildHasher>,
}

/// A way to go on from where all that is above has been loaded.
#[derive(Clone, Copy)]
enum Program<'n, 'e> {
    /// A module is loaded, then those that are wanted below it. The names are sorted; not all need be the module's own.
    Import { name: &'e str, wanted: &'n [&'e str] },
    /// A file runs as `__main__`.
    Main(&'e Entry),
}

/// A program, and the loads that it comes to first.
#[derive(Clone)]
struct Ready<'n, 'e> {
    program: Program<'n, 'e>,
    loads: Vec<Arc<Loaded>>,
}

/// Programs that go on with the same import, and the modules outside of the project that it needs.
type Group<'n, 'e> = (Vec<Ready<'n, 'e>>, Vec<Arc<str>>);

impl<'n, 'e> From<Program<'n, 'e>> for Ready<'n, 'e> {
    fn from(program: Program<'n, 'e>) -> Self {
        Self { program, loads: Vec::new() }
    }
}

/// The programs that go on below a package with sorted names.
fn below<'n, 'e>(package: Option<&str>, names: &'n [&'e str]) -> Vec<Program<'n, 'e>> {
    let start = package.map_or(0, |package| package.len() + 1);
    let next = |name: &str| name[start..].find('.').map_or(name.len(), |dot| start + dot);
    let groups = names.chunk_by(|a, b| a[..next(a)] == b[..next(b)]);
    groups.map(|wanted| Program::Import { name: &wanted[0][..next(wanted[0])], wanted }).collect()
}

impl Program<'_, '_> {
    /// The module that is the program's own.
    fn own(&self) -> Option<&str> {
        match self {
            Self::Import { name, .. } => Some(name),
            Self::Main(_) => None,
        }
    }

    fn begin(&self, machine: &mut Machine<'_>) -> Eval<()> {
        match self {
            Self::Import { name, .. } => machine.load_module(name).map(drop),
            Self::Main(entry) => begin(machine, entry),
        }
    }
}

/// A machine that runs one program after the other.
struct Session<'s, 'a, 'e> {
    machine: Machine<'a>,
    wanted: &'s Wanted<'e>,
    tell: &'s mut dyn FnMut(usize, Simulation),
}

impl<'e> Session<'_, '_, 'e> {
    /// Runs programs from the state of the machine, and does once what several of them begin with.
    fn each(&mut self, programs: Vec<Ready<'_, 'e>>) {
        for program in self.shared(programs) {
            if !self.alone(&program) {
                // Nothing is expected of it: it runs as if it were the only one.
                self.alone(&Ready::from(program.program));
            }
        }
    }

    /// Runs those programs that go on with the same import as others; returns the rest.
    fn shared<'n>(&mut self, programs: Vec<Ready<'n, 'e>>) -> Vec<Ready<'n, 'e>> {
        let is_deep = programs.first().is_some_and(|program| program.loads.len() >= IN_COMMON);
        if programs.len() < 2 || is_deep {
            return programs;
        }
        let mut rest = Vec::new();
        let mut groups: IndexMap<Arc<str>, Group<'n, 'e>, FxBuildHasher> = IndexMap::default();
        for program in programs {
            let mark = Mark::new(&mut self.machine);
            self.machine.begin_probe(program.program.own());
            self.machine.ahead.ready = program.loads.iter().rev().cloned().collect();
            let _stopped = program.program.begin(&mut self.machine);
            let first = self.machine.end_probe();
            mark.undo(&mut self.machine);
            match first {
                Some(first) => {
                    let (group, outside) = groups.entry(first.name).or_default();
                    group.push(program);
                    outside.extend(first.outside);
                }
                None => rest.push(program),
            }
        }
        for (name, (group, outside)) in groups {
            if group.len() < 2 {
                rest.extend(group);
                continue;
            }
            let mark = Mark::new(&mut self.machine);
            self.machine.make_outside(outside);
            let left = match self.machine.load_once(&name, &group[0].loads) {
                Some(loaded) => {
                    let is_own = |program: &Ready<'_, '_>| program.program.own().is_some_and(|own| loaded.touches(own));
                    let (mut left, mut with): (Vec<_>, Vec<_>) = group.into_iter().partition(is_own);
                    for program in &mut with {
                        program.loads.push(Arc::clone(&loaded));
                    }
                    for mut program in self.shared(with) {
                        if !self.alone(&program) {
                            program.loads.clear();
                            left.push(program);
                        }
                    }
                    left
                }
                None => group,
            };
            mark.undo(&mut self.machine);
            rest.extend(left);
        }
        rest
    }

    /// Runs a program and what is wanted below it; whether it came to the loads that were expected.
    fn alone(&mut self, program: &Ready<'_, 'e>) -> bool {
        let mark = Mark::new(&mut self.machine);
        self.machine.ahead.ready = program.loads.iter().rev().cloned().collect();
        let result = program.program.begin(&mut self.machine);
        let is_so = self.machine.ahead.ready.is_empty();
        if is_so {
            match program.program {
                Program::Main(entry) => self.told(&self.wanted.mains[entry], &result),
                Program::Import { wanted, .. } if result.is_err() => {
                    // What is below is not reached.
                    let places: Vec<usize> =
                        wanted.iter().flat_map(|name| &self.wanted.modules[name]).copied().collect();
                    self.told(&places, &result);
                }
                Program::Import { name, wanted } => {
                    let is_wanted = wanted[0] == name;
                    if is_wanted {
                        let asking = Mark::new(&mut self.machine);
                        self.told(&self.wanted.modules[name], &result);
                        asking.undo(&mut self.machine);
                    }
                    let rest = below(Some(name), &wanted[usize::from(is_wanted)..]);
                    self.each(rest.into_iter().map(Ready::from).collect());
                }
            }
        }
        mark.undo(&mut self.machine);
        is_so
    }

    fn told(&mut self, places: &[usize], result: &Eval<()>) {
        let told = story(&mut self.machine, result);
        for &place in places {
            (self.tell)(place, told.clone());
        }
    }
}

/// A state of the machine to which it can go back.
struct Mark<'a> {
    /// Everything but the heap and the reasons, which only grow.
    state: Machine<'a>,
    forks: usize,
}

impl<'a> Mark<'a> {
    fn new(machine: &mut Machine<'a>) -> Self {
        let (heap, reasons) = (std::mem::take(&mut machine.heap), std::mem::take(&mut machine.reasons));
        let state = machine.clone();
        machine.heap = heap;
        machine.reasons = reasons;
        let forks = machine.heap.forks();
        machine.heap.fork();
        Self { state, forks }
    }

    fn undo(self, machine: &mut Machine<'a>) {
        while machine.heap.forks() > self.forks {
            machine.heap.rewind();
        }
        let heap: Heap = std::mem::take(&mut machine.heap);
        let reasons: Reasons = std::mem::take(&mut machine.reasons);
        *machine = self.state;
        machine.heap = heap;
        machine.reasons = reasons;
    }
}
