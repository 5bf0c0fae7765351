//! Calls: from arguments to a frame, and what is done with callees that are not known.

use std::sync::Arc;

use super::run::Flow;
use super::{Eval, Machine, Stop};
use crate::frame::Frame;
use crate::heap::{Function, Generator, Object, Payload, Slot, Suspends};
use crate::native::Args;
use crate::program::{CellSource, Code, Place};
use crate::ty::Ty;
use crate::value::{ObjId, Value};

impl Machine<'_> {
    /// Calls from a running frame: `super()` and `locals()` look at it.
    pub(super) fn call_from(&mut self, frame: &Frame, callee: &Value, args: Args) -> Eval<Value> {
        if let Value::Obj(id) = callee
            && *id == Ty::Super.id()
            && args.positional.is_empty()
        {
            return self.bare_super(frame);
        }
        if let Some(Object::Native(native)) = self.heap.of(callee)
            && matches!(native.name, "locals" | "vars" | "dir" | "globals")
            && args.positional.is_empty()
        {
            return self.namespace_of(frame, native.name);
        }
        self.call(callee, args)
    }

    pub(super) fn call_spread(
        &mut self,
        frame: &Frame,
        callee: &Value,
        list: &Value,
        keywords: Option<&Value>,
    ) -> Eval<Value> {
        let mut args = Args::default();
        let mut open = None;
        match self.collect(list) {
            Ok(Ok(items)) => args.positional = items,
            Ok(Err(reason)) => open = Some(reason),
            Err(Stop::Raise(e)) if self.is_not_iterable(e, list) => {
                let (shown, name) = (self.callee_in_words(callee), self.type_name(list));
                let message = format!("{shown} argument after * must be an iterable, not {name}");
                return Err(self.raise(Ty::TypeError, message));
            }
            Err(stop) => return Err(stop),
        }
        if let Some(Value::Obj(id)) = keywords {
            let dict = self.heap.dict(*id);
            open = open.or(dict.open);
            for entry in dict.entries() {
                if let Value::Str(name) = &entry.key {
                    args.keywords.push((Arc::clone(name), entry.value.clone()));
                }
            }
        }
        match open {
            Some(reason) => {
                self.doubt("a call with arguments that are not all known");
                self.escape_all(&args);
                self.escape(callee);
                Ok(Value::Unknown(reason))
            }
            None => self.call_from(frame, callee, args),
        }
    }

    /// Refuses a number of positional arguments that a function of the interpreter does not take.
    pub(crate) fn check_count(&mut self, owner: &str, name: &str, count: usize) -> Eval<()> {
        match crate::builtins::refusal(owner, name, count, self.dialect.version) {
            Some(message) => Err(self.raise(Ty::TypeError, message)),
            None => Ok(()),
        }
    }

    /// A callee in errors about starred arguments: `_PyObject_FunctionStr`, before 3.9 `PyEval_GetFuncName`.
    fn callee_in_words(&mut self, callee: &Value) -> String {
        let function = match self.heap.of(callee) {
            Some(Object::Bound { function, .. }) => function.clone(),
            _ => callee.clone(),
        };
        match self.heap.of(&function) {
            Some(Object::Function(function)) => {
                let code = Arc::clone(&function.code);
                let module = self.heap.dict(function.globals).value_of("__name__").and_then(Value::as_str);
                match module {
                    Some(module) if self.words.names_starred => format!("{module}.{}()", code.qualname),
                    _ => format!("{}()", code.name),
                }
            }
            _ => {
                self.doubt("how a callee is called in an error message");
                "?()".to_owned()
            }
        }
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, callee: &Value, mut args: Args) -> Eval<Value> {
        let Value::Obj(id) = callee else {
            if let Value::Unknown(reason) = callee {
                return Ok(self.call_unknown(*reason, &args));
            }
            let name = self.type_name(callee);
            return Err(self.raise(Ty::TypeError, format!("'{name}' object is not callable")));
        };
        match self.heap.get(*id) {
            Object::Function(function) => {
                let function = function.clone();
                self.call_function(&function, args)
            }
            Object::Bound { function, this } => {
                let (function, this) = (function.clone(), this.clone());
                args.positional.insert(0, this);
                self.call(&function, args)
            }
            Object::Native(native) => {
                let (run, this) = (native.run, native.this.clone());
                let (owner, name) = (native.owner, native.name);
                if args.keywords.is_empty() {
                    // The object of a method is no argument.
                    let count = args.positional.len()
                        - usize::from(owner.is_some() && this.is_none()).min(args.positional.len());
                    self.check_count(owner.unwrap_or("builtins"), name, count)?;
                }
                if let Some(this) = this {
                    args.positional.insert(0, this);
                }
                run(self, args)
            }
            Object::Class(_) => self.call_class(*id, args),
            Object::Partial { function, args: first, keywords, .. } => {
                let function = function.clone();
                let mut all = Args { positional: first.clone(), keywords: keywords.clone() };
                all.positional.append(&mut args.positional);
                for (name, value) in args.keywords {
                    all.take_keyword(&name);
                    all.keywords.push((name, value));
                }
                self.call(&function, all)
            }
            Object::Alias { origin, .. } => {
                let origin = origin.clone();
                self.call(&origin, args)
            }
            Object::StaticMethod(inner) if self.words.type_unions => {
                let inner = inner.clone();
                self.call(&inner, args)
            }
            Object::Instance(instance) => {
                let class = instance.class;
                match self.special(callee, "__call__")? {
                    Some(method) => self.call(&method, args),
                    None if self.heap.class(class).open.is_some() => {
                        Ok(self.call_opaque("an object of an unknown class", &args))
                    }
                    None => {
                        let name = self.type_name(callee);
                        Err(self.raise(Ty::TypeError, format!("'{name}' object is not callable")))
                    }
                }
            }
            Object::Lazy(_) => {
                let resolved = self.resolve_lazy(*id, None)?;
                self.call(&resolved, args)
            }
            _ => {
                let name = self.type_name(callee);
                Err(self.raise(Ty::TypeError, format!("'{name}' object is not callable")))
            }
        }
    }

    pub(super) fn call_unknown(&mut self, reason: crate::value::Reason, args: &Args) -> Value {
        self.doubt_mixed(reason);
        self.escape_all(args);
        self.assume_call(args);
        let result = Value::Unknown(reason);
        if !args.positional.is_empty() {
            self.note_maybe_abstract(args, &result);
        }
        result
    }

    /// A call of something that is not run: it returns, touches what it is given, and gives something unknown.
    pub(crate) fn call_opaque(&mut self, what: &str, args: &Args) -> Value {
        self.escape_all(args);
        self.assume_call(args);
        let result = self.unknown(format!("what {what} returns"));
        self.note_maybe_abstract(args, &result);
        result
    }

    fn assume_call(&mut self, args: &Args) {
        let Some((path, line)) = self.place() else { return };
        self.assumes.insert(format!("the call at {path}:{line} returns and touches only what it is given"));
        if args.all().any(|arg| matches!(self.heap.of(arg), Some(Object::Generator(_)))) {
            self.doubt("code that is not run may run a generator or coroutine of the program");
        }
        if args.all().any(|arg| matches!(self.heap.of(arg), Some(Object::Function(_) | Object::Bound { .. }))) {
            self.may_call_back = true;
        }
    }

    pub(crate) fn escape_all(&mut self, args: &Args) {
        let all: Vec<Value> = args.all().cloned().collect();
        for value in &all {
            self.escape(value);
        }
    }

    /// Something unknown has got the value and may change it.
    pub(crate) fn escape(&mut self, value: &Value) {
        let Value::Obj(id) = value else { return };
        let reason = self.reason("it was given to code that is not run");
        match self.heap.get(*id) {
            Object::List(list) if list.open.is_none() => {
                let items = list.items.clone();
                if let Object::List(list) = self.heap.write(*id) {
                    list.open = Some(reason);
                    list.items.clear();
                }
                for item in &items {
                    self.escape(item);
                }
            }
            Object::Dict(dict) | Object::Set { dict, .. } if dict.open.is_none() => {
                let values: Vec<Value> = dict.entries().map(|entry| entry.value.clone()).collect();
                self.heap.dict_mut(*id).forget(reason);
                for value in &values {
                    self.escape(value);
                }
            }
            Object::Tuple(items) => {
                let items = Arc::clone(items);
                items.iter().for_each(|item| self.escape(item));
            }
            Object::Instance(instance) if self.heap.dict(instance.dict).open.is_none() => {
                let dict = instance.dict;
                self.heap.dict_mut(dict).open = Some(reason);
            }
            Object::Class(class) if class.is_user && class.open.is_none() => {
                self.heap.class_mut(*id).open = Some(reason);
            }
            Object::Iter(_) => *self.heap.write(*id) = Object::Iter(crate::heap::Iter::Lost(reason)),
            Object::Generator(_) => {
                if let Object::Generator(generator) = self.heap.write(*id) {
                    generator.lost = Some(reason);
                    generator.frame = None;
                }
            }
            _ => {}
        }
    }

    /// Calls a function written in Python.
    pub(crate) fn call_function(&mut self, function: &Function, args: Args) -> Eval<Value> {
        let mut frame = self.new_frame(function);
        self.bind_arguments(function, &mut frame, args)?;
        self.check_depth(&function.code)?;
        if function.code.is_generator || function.code.is_coroutine {
            let kind = match (function.code.is_generator, function.code.is_coroutine) {
                (true, true) => Suspends::AsyncGenerator,
                (false, true) => Suspends::Coroutine,
                _ => Suspends::Generator,
            };
            let name = Arc::clone(&function.code.qualname);
            let generator = Generator { name, kind, frame: Some(frame), running: false, lost: None };
            return Ok(Value::Obj(self.heap.alloc(Object::Generator(Box::new(generator)))));
        }
        match self.run(&mut frame)? {
            Flow::Return(value) => Ok(value),
            Flow::Yield(_) | Flow::Given(_) | Flow::Lost(_) | Flow::Reached => {
                Err(self.halt("a function ended in an unknown way"))
            }
        }
    }

    /// Refuses to go deeper than the interpreter would.
    pub(crate) fn check_depth(&mut self, code: &Code) -> Eval<()> {
        if self.running.len() < self.budget.depth {
            return Ok(());
        }
        if !code.unit.is_first_party {
            // A model may take more calls than what it stands for.
            return Err(self.halt("budget: calls nested too deeply"));
        }
        self.doubt_about_words("recursion as deep as the interpreter allows");
        Err(self.raise(Ty::RecursionError, "maximum recursion depth exceeded"))
    }

    /// A frame of a function, before its arguments are bound.
    pub(crate) fn new_frame(&mut self, function: &Function) -> Frame {
        let code = &function.code;
        let mut outer = function.closure.iter();
        let mut cells = Vec::with_capacity(code.cell_sources.len());
        for source in &code.cell_sources {
            cells.push(match source {
                CellSource::Own => self.heap.alloc(Object::Cell(Slot::Unbound)),
                CellSource::Outer(_) => {
                    *outer.next().expect("invariant: a function has a cell for each that its code takes over")
                }
            });
        }
        Frame {
            code: Arc::clone(code),
            pc: 0,
            stack: Vec::new(),
            fast: vec![Slot::Unbound; code.fast.len()],
            cells,
            protections: Vec::new(),
            handled: Vec::new(),
            outer_handled: self.handling(),
            globals: function.globals,
            namespace: None,
            mapping: None,
            woken: None,
            first: None,
        }
    }

    pub(super) fn make_function(&mut self, frame: &mut Frame, code: u32, parts: [bool; 3]) {
        let code = Arc::clone(&frame.code.children[code as usize]);
        let annotations = if parts[2] { frame.stack.pop().and_then(|value| value.as_obj()) } else { None };
        let kwdefaults = if parts[1] { frame.stack.pop().and_then(|value| value.as_obj()) } else { None };
        let defaults = if parts[0] { frame.stack.pop() } else { None };
        let defaults =
            defaults.and_then(|tuple| self.heap.tuple(&tuple)).map(|items| items.to_vec()).unwrap_or_default();
        let closure = code
            .cell_sources
            .iter()
            .filter_map(|source| match source {
                CellSource::Outer(from) => Some(frame.cells[*from as usize]),
                CellSource::Own => None,
            })
            .collect();
        let dict = self.new_dict();
        let function = Function { code, globals: frame.globals, closure, defaults, kwdefaults, annotations, dict };
        let id = self.heap.alloc(Object::Function(Box::new(function)));
        frame.stack.push(Value::Obj(id));
    }

    // ---- arguments

    /// `_PyEval_MakeFrameVector` / `initialize_locals` (`Python/ceval.c`).
    fn bind_arguments(&mut self, function: &Function, frame: &mut Frame, args: Args) -> Eval<()> {
        let code = Arc::clone(&function.code);
        let signature = &code.signature;
        frame.first = args.positional.first().cloned();
        let plain = signature.positional + signature.keyword_only;
        let mut values: Vec<Option<Value>> = vec![None; plain];
        let given = args.positional.len();
        let mut extra = Vec::new();
        for (i, value) in args.positional.into_iter().enumerate() {
            if i < signature.positional { values[i] = Some(value) } else { extra.push(value) }
        }
        let mut keywords = Vec::new();
        for (name, value) in args.keywords {
            let from = signature.positional_only;
            let place = signature.names[from..plain].iter().position(|known| *known == name).map(|at| at + from);
            match place {
                Some(place) if values[place].is_some() => {
                    let shown = self.shown_name(&code);
                    return Err(
                        self.raise(Ty::TypeError, format!("{shown}() got multiple values for argument '{name}'"))
                    );
                }
                Some(place) => values[place] = Some(value),
                None => keywords.push((name, value)),
            }
        }
        if !keywords.is_empty() && !signature.var_keyword {
            return Err(self.unexpected_keyword(&code, &keywords[0].0));
        }
        if !extra.is_empty() && !signature.var_positional {
            return Err(self.too_many(function, given, &values));
        }
        self.fill_defaults(function, &mut values)?;
        for (value, place) in values.into_iter().zip(&signature.places) {
            if let Some(value) = value {
                self.bind_place(frame, *place, value);
            }
        }
        let mut places = signature.places[plain..].iter();
        if signature.var_positional
            && let Some(place) = places.next()
        {
            let rest = self.new_tuple(extra);
            self.bind_place(frame, *place, rest);
        }
        if signature.var_keyword
            && let Some(place) = places.next()
        {
            let dict = self.new_dict();
            for (name, value) in keywords {
                self.heap.dict_mut(dict).set_name(&name, value);
            }
            self.bind_place(frame, *place, Value::Obj(dict));
        }
        Ok(())
    }

    fn bind_place(&mut self, frame: &mut Frame, place: Place, value: Value) {
        match place {
            Place::Fast(slot) => frame.fast[slot as usize] = Slot::Bound(value),
            Place::Cell(cell) => *self.heap.write(frame.cells[cell as usize]) = Object::Cell(Slot::Bound(value)),
        }
    }

    /// The name of a function in messages about its arguments.
    fn shown_name(&self, code: &Code) -> String {
        if self.words.qualified_calls { code.qualname.to_string() } else { code.name.to_string() }
    }

    fn fill_defaults(&mut self, function: &Function, values: &mut [Option<Value>]) -> Eval<()> {
        let code = Arc::clone(&function.code);
        let signature = &code.signature;
        let first_default = signature.positional - function.defaults.len().min(signature.positional);
        let mut missing = Vec::new();
        for (at, value) in values.iter_mut().enumerate().take(signature.positional) {
            if value.is_none() {
                match at.checked_sub(first_default).and_then(|i| function.defaults.get(i)) {
                    Some(default) => *value = Some(default.clone()),
                    None => missing.push(Arc::clone(&signature.names[at])),
                }
            }
        }
        if !missing.is_empty() {
            return Err(self.missing(&code, &missing, "positional"));
        }
        for (at, value) in values.iter_mut().enumerate().skip(signature.positional) {
            if value.is_none() {
                let name = &signature.names[at];
                let default = function.kwdefaults.and_then(|dict| self.heap.dict(dict).value_of(name).cloned());
                match default {
                    Some(default) => *value = Some(default),
                    None => missing.push(Arc::clone(name)),
                }
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(self.missing(&code, &missing, "keyword-only")) }
    }

    fn missing(&mut self, code: &Code, names: &[Arc<str>], kind: &str) -> super::Stop {
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let list = match quoted.split_last() {
            Some((only, [])) => only.clone(),
            Some((last, [first])) => format!("{first} and {last}"),
            Some((last, first)) => format!("{}, and {last}", first.join(", ")),
            None => String::new(),
        };
        let (count, plural) = (names.len(), if names.len() == 1 { "" } else { "s" });
        let shown = self.shown_name(code);
        self.raise(Ty::TypeError, format!("{shown}() missing {count} required {kind} argument{plural}: {list}"))
    }

    fn unexpected_keyword(&mut self, code: &Code, name: &str) -> super::Stop {
        let shown = self.shown_name(code);
        if code.signature.names[..code.signature.positional_only].iter().any(|known| **known == *name) {
            return self.raise(
                Ty::TypeError,
                format!("{shown}() got some positional-only arguments passed as keyword arguments: '{name}'"),
            );
        }
        self.raise(Ty::TypeError, format!("{shown}() got an unexpected keyword argument '{name}'"))
    }

    fn too_many(&mut self, function: &Function, given: usize, values: &[Option<Value>]) -> super::Stop {
        let code = &function.code;
        let signature = &code.signature;
        let (most, defaults) = (signature.positional, function.defaults.len());
        let keyword_only = values[most..].iter().filter(|value| value.is_some()).count();
        let takes = if defaults > 0 { format!("from {} to {most}", most - defaults) } else { most.to_string() };
        let plural = if most == 1 && defaults == 0 { "" } else { "s" };
        let given_text = if keyword_only > 0 {
            let s = |n: usize| if n == 1 { "" } else { "s" };
            format!(
                "{given} positional argument{} (and {keyword_only} keyword-only argument{}) were",
                s(given),
                s(keyword_only)
            )
        } else {
            format!("{given} {}", if given == 1 { "was" } else { "were" })
        };
        let shown = self.shown_name(code);
        self.raise(Ty::TypeError, format!("{shown}() takes {takes} positional argument{plural} but {given_text} given"))
    }

    /// Makes an instance the way `object.__new__` does.
    pub(crate) fn bare_instance(&mut self, class: ObjId) -> Value {
        let layout = self.heap.class(class).mro.iter().find_map(|&id| Ty::of(id)).unwrap_or(Ty::Object);
        let payload = if layout.is_a(Ty::BaseException) { Payload::Exception(Box::default()) } else { Payload::None };
        Value::Obj(self.new_instance(class, payload))
    }
}
