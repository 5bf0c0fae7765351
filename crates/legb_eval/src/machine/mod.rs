//! The machine: everything that one run knows, and the small questions that all of its parts ask.
//!
//! A run ends with [`Stop::Raise`] (an exception of the program), [`Stop::Halt`] (the machine gives up, with its reason) or
//! normally. What may have gone otherwise without the machine knowing is a *doubt*; what it takes for granted about code that
//! it does not run is an *assumption*. An answer is certain if there is no doubt and no assumption that matters.

mod call;
mod fork;
mod generator;
mod join;
mod names;
mod raise;
mod run;
mod types;
mod values;
mod with;

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use legb_base::Dialect;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::ahead::Ahead;
use crate::budget::Budget;
use crate::dialect::EvalDialect;
use crate::event::Events;
use crate::heap::{Exception, Heap, Instance, Native, Object, Payload, Suspends};
use crate::native::NativeFn;
use crate::program::Code;
use crate::source::ModuleSource;
use crate::ty::Ty;
use crate::value::{Key, ObjId, Reason, Reasons, Value};

pub(crate) use generator::Resumed;
pub(crate) use run::Flow;
use types::{iter_name, iter_type, make_types};

/// Why evaluation does not go on.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// The program raised.
    Raise(ObjId),
    /// The machine gives up.
    Halt(Reason),
}

/// The result of everything that may raise.
pub(crate) type Eval<T> = Result<T, Stop>;

/// A code block that is running, for tracebacks and for whoever asks who is asking.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) code: Arc<Code>,
    pub(crate) offset: u32,
    pub(crate) globals: ObjId,
    /// The exception that is being handled.
    pub(crate) handling: Option<ObjId>,
    /// Whether it stands where an exception has a handler in the same block.
    pub(crate) is_guarded: bool,
}

/// How a value is used as a key.
pub(crate) enum Hashed {
    Key(Key),
    /// It has no hash: the name of its type.
    Unhashable(String),
    Unknown(Reason),
}

/// Everything that one run knows.
#[derive(Clone)]
pub(crate) struct Machine<'a> {
    pub(crate) dialect: &'a Dialect,
    pub(crate) words: EvalDialect,
    pub(crate) source: &'a dyn ModuleSource,
    pub(crate) heap: Heap,
    pub(crate) reasons: Reasons,
    pub(crate) budget: Budget,
    pub(crate) running: Vec<Running>,
    pub(crate) events: Events,
    pub(crate) doubts: IndexSet<Reason, FxBuildHasher>,
    /// Reasons of values that are one of two of different kinds: what is done with them may raise.
    pub(crate) mixed: FxHashSet<Reason>,
    /// Reasons of values that come from packages which are not run.
    pub(crate) foreign: FxHashSet<Reason>,
    /// Reasons of values that were made of abstract methods.
    pub(crate) maybe_abstract: FxHashSet<Reason>,
    /// Those that leave the end of the program as it is, but for what is said.
    pub(crate) doubts_about_words: IndexSet<Reason, FxBuildHasher>,
    pub(crate) assumes: IndexSet<String, FxBuildHasher>,
    /// An assumption that code outside may contradict by calling back.
    pub(crate) may_call_back: bool,
    /// A module inside a package that is not run was imported, which may fail.
    pub(crate) imports_parts: bool,
    /// Why later output cannot be told.
    pub(crate) output_unknown: Option<Reason>,
    /// The condition that alone decides whether the program ends with an exception.
    pub(crate) depends: Option<Reason>,
    /// Handlers of the running code block that are not its stretch's own.
    pub(crate) floor: usize,
    /// Depth of branches on unknown conditions that are being tried.
    pub(crate) fork_depth: u32,
    /// How often each branch was forked: by code block and operation.
    pub(crate) fork_counts: IndexMap<(usize, usize), u32, FxBuildHasher>,
    pub(crate) builtins: ObjId,
    pub(crate) sys_modules: ObjId,
    pub(crate) sys_path: ObjId,
    /// `sys.path[0]` at start-up; none with `-P`.
    pub(crate) first_path: Option<Arc<str>>,
    /// What stands in `sys.path` for the folders of the library.
    pub(crate) library_path: Option<Reason>,
    /// The programs of files, by path.
    pub(crate) codes: FxHashMap<String, Arc<Code>>,
    /// Namespaces of models that have run, by file.
    pub(crate) models: FxHashMap<String, ObjId>,
    /// Classes of models, made once.
    pub(crate) natives: IndexMap<&'static str, ObjId, FxBuildHasher>,
    /// runpy has ended the run with a message of its own.
    pub(crate) runpy_exit: bool,
    /// Loads that need not be run again.
    pub(crate) ahead: Ahead,
}

impl<'a> Machine<'a> {
    /// A machine before anything has run.
    pub(crate) fn new(dialect: &'a Dialect, source: &'a dyn ModuleSource, budget: Budget) -> Self {
        let mut heap = Heap::default();
        make_types(&mut heap);
        let builtins = heap.alloc(Object::Dict(crate::dict::Dict::default()));
        let sys_modules = heap.alloc(Object::Dict(crate::dict::Dict::default()));
        let sys_path = heap.alloc(Object::List(crate::heap::List { items: Vec::new(), open: None }));
        let mut machine = Self {
            dialect,
            words: EvalDialect::of(dialect),
            source,
            heap,
            reasons: Reasons::default(),
            budget,
            running: Vec::new(),
            events: Events::default(),
            doubts: IndexSet::default(),
            mixed: FxHashSet::default(),
            foreign: FxHashSet::default(),
            maybe_abstract: FxHashSet::default(),
            doubts_about_words: IndexSet::default(),
            assumes: IndexSet::default(),
            may_call_back: false,
            imports_parts: false,
            output_unknown: None,
            depends: None,
            floor: 0,
            fork_depth: 0,
            fork_counts: IndexMap::default(),
            builtins,
            sys_modules,
            sys_path,
            first_path: None,
            library_path: None,
            codes: FxHashMap::default(),
            models: FxHashMap::default(),
            natives: IndexMap::default(),
            runpy_exit: false,
            ahead: Ahead::default(),
        };
        crate::builtins::install(&mut machine);
        crate::stdlib::install(&mut machine);
        machine
    }

    // ---- unknowns, doubts, assumptions

    /// An unknown value, with the reason and the line that is running.
    pub(crate) fn unknown(&mut self, reason: impl AsRef<str>) -> Value {
        Value::Unknown(self.reason(reason))
    }

    /// A reason, with the line that is running.
    pub(crate) fn reason(&mut self, reason: impl AsRef<str>) -> Reason {
        let at = self.place().map(|(path, line)| format!(" ({path}:{line})")).unwrap_or_default();
        self.reasons.add(format!("{}{at}", reason.as_ref()))
    }

    /// The file and line that is running.
    pub(crate) fn place(&self) -> Option<(Arc<str>, u32)> {
        let running = self.running.last()?;
        Some((Arc::clone(&running.code.unit.path), running.code.unit.line(running.offset)))
    }

    /// Something may go otherwise than the machine goes on.
    pub(crate) fn doubt(&mut self, reason: impl AsRef<str>) {
        let reason = self.reason(reason);
        self.doubt_because(reason);
    }

    /// The same, for a reason that is known.
    pub(crate) fn doubt_because(&mut self, reason: Reason) {
        self.doubts.insert(reason);
        self.output_unknown.get_or_insert(reason);
    }

    /// The program ends alike, but not with just this exception.
    pub(crate) fn doubt_about_words(&mut self, reason: impl AsRef<str>) {
        let reason = self.reason(reason);
        self.doubts_about_words.insert(reason);
        self.doubt_because(reason);
    }

    /// Why an exception that ends the program may not be raised at all.
    pub(crate) fn doubt_about_crash(&self) -> Option<Reason> {
        self.doubts.iter().find(|reason| !self.doubts_about_words.contains(*reason)).copied()
    }

    /// An operation on a value that is one of two may raise for one of them.
    pub(crate) fn doubt_mixed(&mut self, reason: Reason) {
        if self.mixed.contains(&reason) {
            self.doubt_because(reason);
        }
    }

    /// Gives up.
    pub(crate) fn halt(&mut self, reason: impl AsRef<str>) -> Stop {
        Stop::Halt(self.reason(reason))
    }

    /// An operation on exact values that is not modelled: it may also raise.
    pub(crate) fn unmodelled(&mut self, what: impl AsRef<str>) -> Value {
        let reason = self.reason(format!("{} is not modelled", what.as_ref()));
        self.doubt_because(reason);
        Value::Unknown(reason)
    }

    /// Counts a step.
    pub(crate) fn tick(&mut self) -> Eval<()> {
        if self.budget.steps == 0 {
            return Err(self.halt("budget: too many steps"));
        }
        self.budget.steps -= 1;
        if self.heap.len() > self.budget.objects {
            return Err(self.halt("budget: too many objects"));
        }
        Ok(())
    }

    /// Counts the steps of something that is done at once.
    pub(crate) fn spend(&mut self, steps: usize) -> Eval<()> {
        self.budget.steps = self.budget.steps.saturating_sub(u64::try_from(steps).unwrap_or(u64::MAX));
        self.tick()
    }

    /// Gives up where a text or container would be larger than the budget allows.
    pub(crate) fn check_size(&mut self, size: usize) -> Eval<()> {
        if size > self.budget.size { Err(self.halt("budget: a text or container grows too large")) } else { Ok(()) }
    }

    // ---- making values

    pub(crate) fn new_tuple(&mut self, items: Vec<Value>) -> Value {
        Value::Obj(self.heap.alloc(Object::Tuple(items.into())))
    }

    pub(crate) fn new_list(&mut self, items: Vec<Value>) -> Value {
        Value::Obj(self.heap.alloc(Object::List(crate::heap::List { items, open: None })))
    }

    pub(crate) fn new_dict(&mut self) -> ObjId {
        self.heap.alloc(Object::Dict(crate::dict::Dict::default()))
    }

    pub(crate) fn new_native(&mut self, name: &'static str, run: NativeFn) -> Value {
        Value::Obj(self.heap.alloc(Object::Native(Box::new(Native { name, run, this: None, owner: None }))))
    }

    /// An instance without attributes.
    pub(crate) fn new_instance(&mut self, class: ObjId, payload: Payload) -> ObjId {
        let dict = self.new_dict();
        self.heap.alloc(Object::Instance(Box::new(Instance { class, dict, payload })))
    }

    // ---- classes of values

    /// The class of a value that is known.
    pub(crate) fn class_of(&self, value: &Value) -> Option<ObjId> {
        let ty = match value {
            Value::None => Ty::NoneType,
            Value::Ellipsis => Ty::Ellipsis,
            Value::NotImplemented => Ty::NotImplementedType,
            Value::Bool(_) => Ty::Bool,
            Value::Int(_) | Value::Big(_) => Ty::Int,
            Value::Float(_) => Ty::Float,
            Value::Str(_) => Ty::Str,
            Value::Bytes(_) => Ty::Bytes,
            Value::Unknown(_) => return None,
            Value::Obj(id) => match self.heap.get(*id) {
                Object::Tuple(_) => Ty::Tuple,
                Object::List(_) => Ty::List,
                Object::Dict(_) => Ty::Dict,
                Object::Set { frozen: false, .. } => Ty::Set,
                Object::Set { frozen: true, .. } => Ty::Frozenset,
                Object::Cell(_) => Ty::Cell,
                Object::Function(_) => Ty::Function,
                Object::Bound { .. } => Ty::Method,
                Object::Native(_) => Ty::BuiltinFunctionOrMethod,
                Object::Class(class) => return Some(class.metaclass),
                Object::Instance(instance) => return Some(instance.class),
                Object::Module(_) => Ty::Module,
                Object::Generator(generator) => match generator.kind {
                    Suspends::Generator => Ty::Generator,
                    Suspends::Coroutine => Ty::Coroutine,
                    Suspends::AsyncGenerator => Ty::AsyncGenerator,
                },
                Object::Iter(iter) => iter_type(iter),
                Object::Range { .. } => Ty::Range,
                Object::Slice(_) => Ty::Slice,
                Object::Property(_) => Ty::Property,
                Object::StaticMethod(_) => Ty::Staticmethod,
                Object::ClassMethod(_) => Ty::Classmethod,
                Object::Super { .. } => Ty::Super,
                Object::DictView { view, .. } => match view {
                    crate::heap::View::Keys => Ty::DictKeys,
                    crate::heap::View::Values => Ty::DictValues,
                    crate::heap::View::Items => Ty::DictItems,
                },
                Object::Partial { .. } => Ty::Partial,
                Object::Alias { .. } => Ty::GenericAlias,
                Object::Lazy(_) => Ty::LazyImport,
            },
        };
        Some(ty.id())
    }

    /// `type(value).__name__`, for messages.
    pub(crate) fn type_name(&self, value: &Value) -> Arc<str> {
        // Some classes of the interpreter are called by their module too.
        match self.heap.of(value) {
            Some(Object::Alias { .. }) => return "types.GenericAlias".into(),
            Some(Object::Partial { .. }) => return "functools.partial".into(),
            _ => {}
        }
        if let Some(Object::Iter(iter)) = self.heap.of(value) {
            return iter_name(iter).into();
        }
        self.class_of(value).map_or_else(|| "?".into(), |class| Arc::clone(&self.heap.class(class).name))
    }

    /// The class of the interpreter that the value's class is or derives from, for what depends on the layout.
    pub(crate) fn layout(&self, value: &Value) -> Option<Ty> {
        let class = self.class_of(value)?;
        self.heap.class(class).mro.iter().find_map(|&id| Ty::of(id))
    }

    /// Whether a class is or derives from another; unknown where bases are.
    pub(crate) fn is_subclass(&self, class: ObjId, other: ObjId) -> Option<bool> {
        let class = self.heap.class(class);
        if class.mro.contains(&other) {
            return Some(true);
        }
        // What is unknown about a class derived from unknown bases is only what they add.
        if class.open.is_some() && Ty::of(other) != Some(Ty::Object) { None } else { Some(false) }
    }

    /// Whether a value is an instance of a class of the interpreter.
    pub(crate) fn is_a(&self, value: &Value, ty: Ty) -> bool {
        self.class_of(value).is_some_and(|class| self.is_subclass(class, ty.id()) == Some(true))
    }

    /// The value that a subclass of a builtin class wraps; other values are themselves.
    pub(crate) fn plain(&self, value: &Value) -> Value {
        match self.heap.of(value) {
            Some(Object::Instance(instance)) => match &instance.payload {
                Payload::Value(inner) => inner.clone(),
                _ => value.clone(),
            },
            _ => value.clone(),
        }
    }

    /// The value as a key of dictionaries.
    pub(crate) fn key(&mut self, value: &Value) -> Hashed {
        let key = match value {
            Value::None => Key::None,
            Value::Ellipsis => Key::Ellipsis,
            Value::NotImplemented => Key::NotImplemented,
            Value::Bool(value) => Key::Int(i64::from(*value)),
            Value::Int(value) => Key::Int(*value),
            Value::Big(value) => Key::Big(Arc::clone(value)),
            Value::Float(value) if value.is_nan() => {
                return Hashed::Unknown(self.reason("`nan` as a key"));
            }
            Value::Float(value) => Key::float(*value),
            Value::Str(text) => Key::Str(Arc::clone(text)),
            Value::Bytes(bytes) => Key::Bytes(Arc::clone(bytes)),
            Value::Unknown(reason) => return Hashed::Unknown(*reason),
            Value::Obj(id) => return self.object_key(*id, value),
        };
        Hashed::Key(key)
    }

    fn object_key(&mut self, id: ObjId, value: &Value) -> Hashed {
        match self.heap.get(id) {
            Object::Tuple(items) => {
                let items = Arc::clone(items);
                let mut keys = Vec::with_capacity(items.len());
                for item in items.iter() {
                    match self.key(item) {
                        Hashed::Key(key) => keys.push(key),
                        other => return other,
                    }
                }
                Hashed::Key(Key::Tuple(keys.into()))
            }
            Object::List(_) | Object::Dict(_) | Object::Set { frozen: false, .. } => {
                Hashed::Unhashable(self.type_name(value).to_string())
            }
            Object::Slice(_) if !self.words.slices_hash => Hashed::Unhashable("slice".to_owned()),
            Object::Set { .. }
            | Object::Slice(_)
            | Object::Range { .. }
            | Object::Alias { .. }
            | Object::Bound { .. } => Hashed::Unknown(self.reason("a key that is compared by its parts")),
            Object::Instance(instance) => {
                let class = instance.class;
                let payload = instance.payload.clone();
                let own = |machine: &Self, name: &str| machine.class_entry(class, name);
                if let Some((owner, hash)) = own(self, "__hash__")
                    && Ty::of(owner).is_none()
                {
                    if hash.is_none() {
                        return Hashed::Unhashable(self.type_name(value).to_string());
                    }
                    return Hashed::Unknown(self.reason("a key with its own `__hash__`"));
                }
                if self.heap.class(class).open.is_some() {
                    return Hashed::Unknown(self.reason("a key whose class is not fully known"));
                }
                match payload {
                    Payload::Value(inner) => self.key(&inner),
                    _ => Hashed::Key(Key::Object(id)),
                }
            }
            _ => Hashed::Key(Key::Object(id)),
        }
    }

    /// What a class or one of its bases has under a name, and which class has it.
    pub(crate) fn class_entry(&self, class: ObjId, name: &str) -> Option<(ObjId, Value)> {
        self.heap.class(class).mro.iter().find_map(|&owner| {
            let entry = self.heap.dict(self.heap.class(owner).dict).name(name)?;
            Some((owner, entry.value.clone()))
        })
    }

    /// A new exception of a class of the interpreter.
    pub(crate) fn new_exception(&mut self, ty: Ty, args: Vec<Value>) -> ObjId {
        let exception = Exception { args, ..Exception::default() };
        self.new_instance(ty.id(), Payload::Exception(Box::new(exception)))
    }

    /// An exception with a message.
    pub(crate) fn raise(&mut self, ty: Ty, message: impl Into<Arc<str>>) -> Stop {
        Stop::Raise(self.new_exception(ty, vec![Value::Str(message.into())]))
    }

    /// The text of a value that must be a `str`.
    pub(crate) fn text_of(&self, value: &Value) -> Option<Arc<str>> {
        match self.plain(value) {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }
}
