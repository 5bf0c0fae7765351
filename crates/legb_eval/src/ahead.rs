//! Modules that are loaded once for many programs: what the load changes is kept, and done again where a program comes to it.
//!
//! A program that begins with `import a` first runs what `a` says, and `a` soon imports what many others import too. Where
//! nothing that was there before has been changed by then, that import does the same in all of them. So it is done once, is
//! undone, and its changes are kept ([`Loaded`]). A program is *probed* for the module that it loads first: it runs up to
//! that load and no further.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::dict::Entry;
use crate::event::{Events, Step};
use crate::heap::{Changes, Object};
use crate::machine::{Eval, Machine};
use crate::value::{Key, ObjId, Reason, Value};

/// What a machine knows of loads that are not to be done by running the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ahead {
    /// What the running program comes to, the next one last.
    pub(crate) ready: Vec<Arc<Loaded>>,
    /// Modules that are not run, made once for all programs: by name.
    made: FxHashMap<Arc<str>, Value>,
    probe: Option<Probe>,
    /// The program has looked at `sys.modules` by itself.
    pub(crate) modules_seen: bool,
}

/// A module that was loaded, and all that this has changed.
#[derive(Debug)]
pub(crate) struct Loaded {
    name: Arc<str>,
    module: Value,
    changes: Vec<(ObjId, Change)>,
    told: Told,
}

/// What became of an object.
#[derive(Debug)]
enum Change {
    /// Entries of a dictionary that others write to as well: `sys.modules`, and what is known of modules that are not run.
    Entries(Vec<(Key, Entry)>),
    Whole(Object),
}

/// What a run has told.
#[derive(Debug, Default)]
struct Told {
    events: Events,
    doubts: IndexSet<Reason, FxBuildHasher>,
    doubts_about_words: IndexSet<Reason, FxBuildHasher>,
    assumes: IndexSet<String, FxBuildHasher>,
    may_call_back: bool,
    output_unknown: Option<Reason>,
    depends: Option<Reason>,
    forks: IndexMap<(usize, usize), u32, FxBuildHasher>,
}

/// A program that runs up to its next load.
#[derive(Clone, Debug)]
struct Probe {
    /// The program's own module: what is below it is its own too. None for a file that runs as `__main__`.
    own: Option<Arc<str>>,
    /// Objects that were there before.
    before: u32,
    /// The number of the fork of the heap behind which it runs.
    fork: usize,
    found: Option<Arc<str>>,
}

/// What a program loads first.
pub(crate) struct First {
    /// The module.
    pub(crate) name: Arc<str>,
    /// Modules that are not run and that it has loaded by then.
    pub(crate) outside: Vec<Arc<str>>,
}

impl Loaded {
    /// Whether the load has begun a module or one below it.
    pub(crate) fn touches(&self, own: &str) -> bool {
        self.told.events.modules.iter().any(|step| is_within(&step.module, own))
    }
}

/// Whether a module is another or below it.
fn is_within(name: &str, own: &str) -> bool {
    name.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Machine<'_> {
    /// From now on a program runs up to the first module that it loads and that is not its own.
    pub(crate) fn begin_probe(&mut self, own: Option<&str>) {
        self.ahead.probe = Some(Probe {
            own: own.map(Into::into),
            before: u32::try_from(self.heap.len()).unwrap_or(u32::MAX),
            fork: self.heap.forks().saturating_sub(1),
            found: None,
        });
        self.ahead.modules_seen = false;
    }

    /// What the probed program has come to; nothing where its load might depend on what the program did before.
    pub(crate) fn end_probe(&mut self) -> Option<First> {
        let probe = self.ahead.probe.take()?;
        let is_plain = !self.ahead.modules_seen && self.ahead.ready.is_empty();
        let name = probe.found.filter(|_| is_plain)?;
        // Every second fork is a load that was done again.
        let forks = (probe.fork..self.heap.forks()).step_by(2);
        let mut written = forks.flat_map(|fork| self.heap.changed_behind(fork)).filter(|id| id.0 < probe.before);
        let for_all = self.for_all();
        if !written.all(|id| for_all.contains(&id)) {
            return None;
        }
        let modules = self.heap.dict(self.sys_modules).entries();
        let outside = modules.filter(|entry| self.outside(&entry.value).is_some());
        Some(First { name, outside: outside.filter_map(|entry| entry.key.as_str().map(Into::into)).collect() })
    }

    /// The namespace of a module that is not run.
    fn outside(&self, module: &Value) -> Option<ObjId> {
        match self.heap.of(module) {
            Some(Object::Module(module)) if module.opaque.is_some() => Some(module.dict),
            _ => None,
        }
    }

    /// Objects that every program writes to, each only what is the same in all: `sys.modules` gets modules, and a module that is
    /// not run gets the names that it was asked for.
    fn for_all(&self) -> FxHashSet<ObjId> {
        let loaded = self.heap.dict(self.sys_modules).entries().map(|entry| &entry.value);
        let outside = loaded.chain(self.ahead.made.values()).filter_map(|module| self.outside(module));
        outside.chain([self.sys_modules]).collect()
    }

    /// What is to be done in the place of running a module: nothing, if it has to be run.
    pub(crate) fn load_ahead_of(&mut self, name: &str) -> Eval<Option<Value>> {
        if self.ahead.ready.last().is_some_and(|next| &*next.name == name) {
            let next = self.ahead.ready.pop().expect("invariant: there is a last one");
            return Ok(Some(self.load_again(&next)));
        }
        let Some(probe) = &self.ahead.probe else { return Ok(None) };
        if probe.own.as_deref().is_some_and(|own| is_within(name, own)) {
            return Ok(None);
        }
        // Inside a handler or on one way of a branch, what is loaded may not be loaded alike.
        let is_plain = self.fork_depth == 0
            && self.running.iter().all(|running| running.handling.is_none() && !running.is_guarded);
        if let Some(probe) = self.ahead.probe.as_mut().filter(|_| is_plain) {
            probe.found.get_or_insert_with(|| name.into());
        }
        Err(self.halt("this program was only probed"))
    }

    /// Makes modules that are not run, which programs come to before they load what they have in common.
    pub(crate) fn make_outside(&mut self, names: impl IntoIterator<Item = Arc<str>>) {
        let told = self.told();
        for name in names {
            if self.ahead.made.contains_key(&name) {
                continue;
            }
            self.heap.fork();
            let made = self.load_module(&name);
            self.heap.undo();
            if let Ok(module) = made {
                self.ahead.made.insert(name, module);
            }
        }
        self.tell(told);
    }

    /// A module that is not run, if it was made before.
    pub(crate) fn made_outside(&self, name: &str) -> Option<Value> {
        self.ahead.made.get(name).cloned()
    }

    /// Loads a module behind others that were loaded so, and undoes that; nothing if the load has to be done in every program.
    pub(crate) fn load_once(&mut self, name: &Arc<str>, behind: &[Arc<Loaded>]) -> Option<Arc<Loaded>> {
        let before = self.told();
        self.ahead.modules_seen = false;
        self.heap.fork();
        for loaded in behind {
            self.redo(loaded);
        }
        self.heap.fork();
        let module = self.load_module(name).ok();
        let is_plain = !self.ahead.modules_seen && self.depends.is_none() && !self.runpy_exit;
        let changes = self.heap.undo();
        let told = self.told_since(before);
        let for_all = self.for_all();
        let all = changes.ids().map(|id| Some((id, self.change(id, &changes, for_all.contains(&id))?)));
        let changes: Option<Vec<_>> = all.collect();
        self.heap.undo();
        let (module, changes) = (module.filter(|_| is_plain)?, changes?);
        Some(Arc::new(Loaded { name: Arc::clone(name), module, changes, told }))
    }

    /// What became of an object; nothing where that cannot be done to an object that has changed otherwise as well.
    fn change(&self, id: ObjId, changes: &Changes, is_for_all: bool) -> Option<Change> {
        let after = changes.get(id)?;
        Some(match (self.heap.get(id), after) {
            (Object::Dict(before), Object::Dict(after)) if is_for_all => {
                if before.open != after.open || before.iter().any(|(key, _)| after.entry(key).is_none()) {
                    return None;
                }
                let is_new = |key: &Key, entry: &Entry| {
                    before.entry(key).is_none_or(|old| old.maybe != entry.maybe || !old.value.is_same(&entry.value))
                };
                let new = after.iter().filter(|(key, entry)| is_new(key, entry));
                Change::Entries(new.map(|(key, entry)| (key.clone(), entry.clone())).collect())
            }
            _ => Change::Whole(after.clone()),
        })
    }

    /// Does what loading a module has done.
    fn load_again(&mut self, loaded: &Loaded) -> Value {
        let by = self.import_place();
        // In a probe, the changes of the load and those of the program that follow are told from those before.
        let is_probe = self.ahead.probe.is_some();
        if is_probe {
            self.heap.fork();
        }
        self.redo(loaded);
        if is_probe {
            self.heap.fork();
        }
        let first = self.events.modules.len();
        self.tell_again(&loaded.told);
        let own = self.events.modules[first..].iter_mut();
        for step in own.filter(|step| step.module == loaded.name && step.by.is_none() && step.step != Step::Found) {
            step.by.clone_from(&by);
        }
        loaded.module.clone()
    }

    fn redo(&mut self, loaded: &Loaded) {
        for (id, change) in &loaded.changes {
            match change {
                Change::Whole(object) => *self.heap.write(*id) = object.clone(),
                Change::Entries(entries) => {
                    let dict = self.heap.dict_mut(*id);
                    for (key, entry) in entries {
                        dict.put(key.clone(), entry.clone());
                    }
                }
            }
        }
    }

    // ---- what is told

    fn told(&mut self) -> Told {
        let keep_reads = self.events.keep_reads;
        Told {
            events: std::mem::replace(&mut self.events, Events { keep_reads, ..Events::default() }),
            doubts: std::mem::take(&mut self.doubts),
            doubts_about_words: std::mem::take(&mut self.doubts_about_words),
            assumes: std::mem::take(&mut self.assumes),
            may_call_back: std::mem::take(&mut self.may_call_back),
            output_unknown: self.output_unknown.take(),
            depends: self.depends.take(),
            forks: std::mem::take(&mut self.fork_counts),
        }
    }

    fn tell(&mut self, told: Told) {
        self.events = told.events;
        self.doubts = told.doubts;
        self.doubts_about_words = told.doubts_about_words;
        self.assumes = told.assumes;
        self.may_call_back = told.may_call_back;
        self.output_unknown = told.output_unknown;
        self.depends = told.depends;
        self.fork_counts = told.forks;
    }

    /// What was told since, and all as it was before.
    fn told_since(&mut self, before: Told) -> Told {
        let since = self.told();
        self.tell(before);
        since
    }

    fn tell_again(&mut self, told: &Told) {
        self.events.modules.extend(told.events.modules.iter().cloned());
        self.events.prints.extend(told.events.prints.iter().cloned());
        self.events.other_output = self.events.other_output.or(told.events.other_output);
        self.doubts.extend(told.doubts.iter().copied());
        self.doubts_about_words.extend(told.doubts_about_words.iter().copied());
        self.assumes.extend(told.assumes.iter().cloned());
        self.may_call_back |= told.may_call_back;
        self.output_unknown = self.output_unknown.or(told.output_unknown);
        for (place, count) in &told.forks {
            *self.fork_counts.entry(*place).or_default() += count;
        }
    }
}
