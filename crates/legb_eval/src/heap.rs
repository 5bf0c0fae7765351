//! Objects with an identity, and how the changes of one way through the program are undone before another is tried.
//!
//! Every change goes through [`Heap::write`]. Between [`Heap::fork`] and [`Heap::undo`] it keeps the first form of each
//! object that is changed, so that trying one arm of a branch costs as much as the arm writes, and nothing is copied ahead.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::dict::Dict;
use crate::frame::{Frame, Woken};
use crate::native::NativeFn;
use crate::program::Code;
use crate::value::{ObjId, Reason, Value};

/// A variable: without a value, with one, or with one on some paths.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    Unbound,
    Bound(Value),
    Maybe(Value),
}

/// A list.
#[derive(Clone, Debug)]
pub(crate) struct List {
    pub(crate) items: Vec<Value>,
    /// Why nothing is known of length and items.
    pub(crate) open: Option<Reason>,
}

/// A function written in Python.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) code: Arc<Code>,
    pub(crate) globals: ObjId,
    /// The cells it takes over, in the order of the code's outer cells.
    pub(crate) closure: Vec<ObjId>,
    pub(crate) defaults: Vec<Value>,
    /// Defaults of keyword-only parameters.
    pub(crate) kwdefaults: Option<ObjId>,
    pub(crate) annotations: Option<ObjId>,
    pub(crate) dict: ObjId,
}

/// A class.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) name: Arc<str>,
    pub(crate) bases: Vec<Value>,
    /// The method resolution order, itself first.
    pub(crate) mro: Vec<ObjId>,
    pub(crate) dict: ObjId,
    pub(crate) metaclass: ObjId,
    /// Why it may have more attributes and bases than are seen.
    pub(crate) open: Option<Reason>,
    /// Written in Python, not part of the interpreter.
    pub(crate) is_user: bool,
    /// Why it may have more methods than are seen, though its bases are known: a model of a library class.
    pub(crate) partial: Option<Reason>,
    /// Such a class has the methods of operators that the real one has.
    pub(crate) has_operators: bool,
}

/// The part of an instance that a builtin base gives it.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    None,
    /// The value of a subclass of `int`, `str`, `tuple`, `dict` and so on.
    Value(Value),
    Exception(Box<Exception>),
}

/// What an exception carries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exception {
    pub(crate) args: Vec<Value>,
    pub(crate) cause: Option<Value>,
    pub(crate) context: Option<ObjId>,
    pub(crate) suppress_context: bool,
    /// The group of which it is a part, as `except*` splits them.
    pub(crate) part_of: Option<ObjId>,
    /// Innermost first.
    pub(crate) trace: Vec<TraceEntry>,
}

/// A line of a traceback.
#[derive(Clone, Debug)]
pub(crate) struct TraceEntry {
    pub(crate) code: Arc<Code>,
    pub(crate) offset: u32,
    /// `__name__` of the module that runs.
    pub(crate) module: Arc<str>,
}

/// An instance of a class.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) class: ObjId,
    pub(crate) dict: ObjId,
    pub(crate) payload: Payload,
}

/// A module.
#[derive(Clone, Debug)]
pub(crate) struct Module {
    pub(crate) dict: ObjId,
    /// A module of the library that is not run.
    pub(crate) opaque: Option<Arc<str>>,
}

/// What a code block that can be suspended is to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspends {
    Generator,
    Coroutine,
    AsyncGenerator,
}

impl Suspends {
    /// How the interpreter calls it in messages.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Coroutine => "coroutine",
            Self::AsyncGenerator => "async generator",
        }
    }
}

/// A generator or coroutine and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    pub(crate) frame: Option<Frame>,
    pub(crate) name: Arc<str>,
    pub(crate) running: bool,
    /// Why its next items are unknown.
    pub(crate) lost: Option<Reason>,
    pub(crate) kind: Suspends,
}

/// How a dictionary is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Keys,
    Values,
    Items,
}

/// An iterator that the interpreter makes.
#[derive(Clone, Debug)]
pub(crate) enum Iter {
    Items {
        items: Arc<[Value]>,
        at: usize,
        kind: &'static str,
    },
    List {
        list: ObjId,
        at: usize,
    },
    Dict {
        dict: ObjId,
        at: usize,
        len: usize,
        view: View,
    },
    Range {
        next: i64,
        stop: i64,
        step: i64,
    },
    Enumerate {
        inner: Value,
        next: i64,
    },
    Zip {
        inner: Vec<Value>,
        strict: bool,
    },
    Map {
        function: Value,
        inner: Vec<Value>,
    },
    Filter {
        function: Value,
        inner: Value,
    },
    Sequence {
        object: Value,
        at: i64,
    },
    Call {
        function: Value,
        sentinel: Value,
    },
    Chain {
        sources: Vec<Value>,
        current: Option<Value>,
    },
    /// What awaiting `__anext__()`, `asend()`, `athrow()` or `aclose()` of an asynchronous generator drives.
    AsyncStep {
        generator: ObjId,
        woken: Woken,
        closes: bool,
    },
    Done,
    Lost(Reason),
}

/// A function of the interpreter.
#[derive(Clone, Debug)]
pub(crate) struct Native {
    pub(crate) name: &'static str,
    pub(crate) run: NativeFn,
    /// What a method is bound to.
    pub(crate) this: Option<Value>,
    /// The type it is a method of.
    pub(crate) owner: Option<&'static str>,
}

/// A lazy import that has not been resolved (PEP 810).
#[derive(Clone, Debug)]
pub(crate) struct Lazy {
    pub(crate) module: Arc<str>,
    pub(crate) attribute: Option<Arc<str>>,
    /// `import a.b as c` takes the last module instead of the first.
    pub(crate) takes_last: bool,
    pub(crate) globals: ObjId,
}

/// An object.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    Tuple(Arc<[Value]>),
    List(List),
    Dict(Dict),
    Set {
        dict: Dict,
        frozen: bool,
    },
    Cell(Slot),
    Function(Box<Function>),
    Bound {
        function: Value,
        this: Value,
    },
    Native(Box<Native>),
    Class(Box<Class>),
    Instance(Box<Instance>),
    Module(Box<Module>),
    Generator(Box<Generator>),
    Iter(Iter),
    Range {
        start: i64,
        stop: i64,
        step: i64,
    },
    Slice(Box<[Value; 3]>),
    /// Getter, setter, deleter.
    Property(Box<[Value; 3]>),
    StaticMethod(Value),
    ClassMethod(Value),
    /// Looks attributes up behind `start` in the order of the object's class.
    Super {
        object: Value,
        start: ObjId,
    },
    DictView {
        dict: ObjId,
        view: View,
    },
    Partial {
        function: Value,
        args: Vec<Value>,
        keywords: Vec<(Arc<str>, Value)>,
        /// Attributes that the program has set.
        dict: ObjId,
    },
    /// A subscript of a builtin class: `list[int]`.
    Alias {
        origin: Value,
        args: Vec<Value>,
    },
    Lazy(Box<Lazy>),
}

/// The first forms of what has been changed since a fork.
#[derive(Clone, Debug, Default)]
struct Journal {
    start: u32,
    saved: IndexMap<ObjId, Object, FxBuildHasher>,
}

/// What one arm of a branch has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    objects: IndexMap<ObjId, Object, FxBuildHasher>,
}

impl Changes {
    /// The objects changed, in the order of their first change.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ObjId> {
        self.objects.keys().copied()
    }

    /// What the arm left of an object that it changed.
    pub(crate) fn get(&self, id: ObjId) -> Option<&Object> {
        self.objects.get(&id)
    }
}

/// All objects of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heap {
    objects: Vec<Object>,
    journals: Vec<Journal>,
}

impl Heap {
    /// Makes an object.
    pub(crate) fn alloc(&mut self, object: Object) -> ObjId {
        let id = ObjId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(object);
        id
    }

    /// How many objects have been made.
    pub(crate) fn len(&self) -> usize {
        self.objects.len()
    }

    /// An object.
    pub(crate) fn get(&self, id: ObjId) -> &Object {
        &self.objects[id.0 as usize]
    }

    /// An object, to be changed.
    pub(crate) fn write(&mut self, id: ObjId) -> &mut Object {
        if let Some(journal) = self.journals.last_mut()
            && id.0 < journal.start
            && !journal.saved.contains_key(&id)
        {
            journal.saved.insert(id, self.objects[id.0 as usize].clone());
        }
        &mut self.objects[id.0 as usize]
    }

    /// From now on changes can be undone.
    pub(crate) fn fork(&mut self) {
        let start = u32::try_from(self.objects.len()).unwrap_or(u32::MAX);
        self.journals.push(Journal { start, saved: IndexMap::default() });
    }

    /// How many forks can be undone.
    pub(crate) fn forks(&self) -> usize {
        self.journals.len()
    }

    /// Objects that were changed since a fork and before the next one: the fork has a number, from 0.
    pub(crate) fn changed_behind(&self, fork: usize) -> impl Iterator<Item = ObjId> + '_ {
        self.journals.get(fork).into_iter().flat_map(|journal| journal.saved.keys().copied())
    }

    /// Undoes what was changed since the last fork, and returns it.
    pub(crate) fn undo(&mut self) -> Changes {
        let journal = self.journals.pop().unwrap_or_default();
        let mut changes = Changes::default();
        for (id, first) in journal.saved {
            let last = std::mem::replace(&mut self.objects[id.0 as usize], first);
            changes.objects.insert(id, last);
        }
        changes
    }

    /// Undoes what was changed since the last fork, and forgets what was made since.
    pub(crate) fn rewind(&mut self) {
        let start = self.journals.last().map_or(self.objects.len(), |journal| journal.start as usize);
        self.undo();
        self.objects.truncate(start);
    }

    /// Does again what an arm did.
    pub(crate) fn redo(&mut self, changes: Changes) {
        for (id, object) in changes.objects {
            *self.write(id) = object;
        }
    }

    // ---- views of objects of a known kind

    pub(crate) fn dict(&self, id: ObjId) -> &Dict {
        match self.get(id) {
            Object::Dict(dict) | Object::Set { dict, .. } => dict,
            other => unreachable!("invariant: a namespace is a dictionary, not {other:?}"),
        }
    }

    pub(crate) fn dict_mut(&mut self, id: ObjId) -> &mut Dict {
        match self.write(id) {
            Object::Dict(dict) | Object::Set { dict, .. } => dict,
            other => unreachable!("invariant: a namespace is a dictionary, not {other:?}"),
        }
    }

    pub(crate) fn class(&self, id: ObjId) -> &Class {
        match self.get(id) {
            Object::Class(class) => class,
            other => unreachable!("invariant: a class is expected, not {other:?}"),
        }
    }

    pub(crate) fn class_mut(&mut self, id: ObjId) -> &mut Class {
        match self.write(id) {
            Object::Class(class) => class,
            other => unreachable!("invariant: a class is expected, not {other:?}"),
        }
    }

    /// The exception an instance carries.
    pub(crate) fn exception(&self, id: ObjId) -> Option<&Exception> {
        match self.get(id) {
            Object::Instance(instance) => match &instance.payload {
                Payload::Exception(exception) => Some(exception),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn exception_mut(&mut self, id: ObjId) -> Option<&mut Exception> {
        match self.write(id) {
            Object::Instance(instance) => match &mut instance.payload {
                Payload::Exception(exception) => Some(exception),
                _ => None,
            },
            _ => None,
        }
    }

    /// The object of a value, if it has an identity.
    pub(crate) fn of(&self, value: &Value) -> Option<&Object> {
        value.as_obj().map(|id| self.get(id))
    }

    /// The items of a tuple.
    pub(crate) fn tuple(&self, value: &Value) -> Option<Arc<[Value]>> {
        match self.of(value)? {
            Object::Tuple(items) => Some(Arc::clone(items)),
            Object::Instance(instance) => match &instance.payload {
                Payload::Value(inner) => self.tuple(inner),
                _ => None,
            },
            _ => None,
        }
    }
}
