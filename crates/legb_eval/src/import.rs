//! The import system: `sys.modules`, parents, `from` lists, star imports, what is said when it fails.
//!
//! As `Lib/importlib/_bootstrap.py` has it: a module is put into `sys.modules` before its body runs and removed if that
//! raises; a submodule becomes an attribute of its parent when its body has ended; `from p import m` falls back on
//! `sys.modules["p.m"]`.

mod attribute;
mod lazy;
mod message;
mod statement;

use std::sync::Arc;

use legb_resolve::stdlib_imports;

use crate::event::{At, ModuleStep, Step};
use crate::heap::{Function, List, Module, Object, Payload};
use crate::machine::{Eval, Flow, Machine, Stop};
use crate::program::Code;
use crate::source::{Candidate, Library, Packages, library, library_package};
use crate::ty::Ty;
use crate::unit::{Refused, compile};
use crate::value::{ObjId, Value};

/// Where a module was found.
enum Spec {
    Source { path: String, folder: Option<String> },
    Namespace(Vec<String>),
    Library,
    Compiled(String),
    Installed,
    Missing,
}

impl Machine<'_> {
    // ---- loading

    /// `_gcd_import`: the module, loaded if need be.
    pub(crate) fn load_module(&mut self, name: &str) -> Eval<Value> {
        self.tick()?;
        if let Some(entry) = self.heap.dict(self.sys_modules).name(name) {
            let (value, maybe) = (entry.value.clone(), entry.maybe);
            if maybe {
                self.doubt(format!("whether `{name}` is loaded already"));
                self.heap.dict_mut(self.sys_modules).settle_name(name);
            }
            if value.is_none() {
                let message = format!("import of {name} halted; None in sys.modules");
                return Err(Stop::Raise(self.new_import_error(Ty::ModuleNotFoundError, &message, Some(name), None)));
            }
            self.note_found(name, &value);
            return Ok(value);
        }
        if let Some(reason) = self.heap.dict(self.sys_modules).open {
            return Ok(Value::Unknown(reason));
        }
        self.find_and_load(name)
    }

    fn note_found(&mut self, name: &str, module: &Value) {
        if self.is_initializing(module) && self.is_first_party_module(module) {
            let by = self.import_place();
            self.events.modules.push(ModuleStep { step: Step::Found, module: name.into(), by });
        }
    }

    /// The import that is running.
    pub(crate) fn import_place(&self) -> Option<At> {
        let (path, line) = self.place()?;
        Some(At { path, line })
    }

    fn is_first_party_module(&self, module: &Value) -> bool {
        matches!(self.heap.of(module), Some(Object::Module(module)) if module.opaque.is_none())
    }

    fn find_and_load(&mut self, name: &str) -> Eval<Value> {
        let mut path = None;
        if let Some((parent, _)) = name.rsplit_once('.') {
            if self.heap.dict(self.sys_modules).name(parent).is_none() {
                self.load_module(parent)?;
                if let Some(entry) = self.heap.dict(self.sys_modules).name(name) {
                    return Ok(entry.value.clone());
                }
            }
            let package = self.heap.dict(self.sys_modules).name(parent).map(|entry| entry.value.clone());
            let Some(package) = package else {
                return Err(Stop::Raise(self.new_exception(Ty::KeyError, vec![Value::str(parent)])));
            };
            if let Value::Unknown(reason) = package {
                return Ok(Value::Unknown(reason));
            }
            match self.get_attr_or(&package, "__path__")? {
                Some(found) => path = Some(found),
                None => {
                    let message = format!("No module named '{name}'; '{parent}' is not a package");
                    return Err(Stop::Raise(self.new_import_error(
                        Ty::ModuleNotFoundError,
                        &message,
                        Some(name),
                        None,
                    )));
                }
            }
        }
        let module = match self.find_spec(name, path.as_ref())? {
            Spec::Missing => {
                if path.is_none() && library(name, self.dialect.version) == Library::Perhaps {
                    self.may_call_back = true;
                    self.assumes.insert(format!("`{name}` is not part of this build of Python"));
                } else if path.is_none() && self.source.installed(name) == Packages::Perhaps {
                    self.doubt(format!("`{name}` is neither in the project nor in the library, but may be installed"));
                }
                let message = format!("No module named '{name}'");
                return Err(Stop::Raise(self.new_import_error(Ty::ModuleNotFoundError, &message, Some(name), None)));
            }
            Spec::Source { path, folder } => self.load_source(name, &path, folder)?,
            Spec::Namespace(portions) => self.load_namespace(name, portions),
            Spec::Library => self.load_library(name)?,
            Spec::Compiled(path) => {
                let reason = self.reasons.add(format!("`{name}` is compiled ({path})"));
                self.load_opaque(name, reason)
            }
            Spec::Installed => {
                self.assumes.insert(format!("`{name}` is installed and can be imported"));
                if self.source.installed(name) != Packages::Present {
                    self.may_call_back = true;
                }
                // A package that is there may still lack what one of its modules imports.
                self.imports_parts |= name.contains('.');
                let reason = self.reasons.add(format!("`{name}` is not part of the project"));
                self.load_opaque(name, reason)
            }
        };
        if let Some((parent, tail)) = name.rsplit_once('.') {
            let package = self.heap.dict(self.sys_modules).name(parent).map(|entry| entry.value.clone());
            if let Some(package) = package {
                self.set_attr(&package, tail, module.clone())?;
            }
        }
        Ok(module)
    }

    fn find_spec(&mut self, name: &str, path: Option<&Value>) -> Eval<Spec> {
        let version = self.dialect.version;
        let known = library(name, version);
        if path.is_none() && known == Library::First {
            return Ok(Spec::Library);
        }
        let tail = name.rsplit('.').next().unwrap_or(name);
        let entries = match path {
            None => match self.heap.get(self.sys_path) {
                Object::List(list) if list.open.is_none() => list.items.clone(),
                _ => return Err(self.halt("`sys.path` is not known")),
            },
            Some(path) => match self.collect(path)? {
                Ok(items) => items,
                Err(_) if matches!(known, Library::First | Library::File) => return Ok(Spec::Library),
                Err(_) if self.is_opaque_package(name) => {
                    return Ok(if library(name.split('.').next().unwrap_or(name), version) == Library::No {
                        Spec::Installed
                    } else {
                        Spec::Missing
                    });
                }
                Err(_) => return Err(self.halt(format!("where the submodules of the parent of `{name}` lie"))),
            },
        };
        let (mut portions, mut elsewhere, mut installed) = (Vec::new(), false, false);
        for entry in entries {
            match entry {
                Value::Str(folder) => match self.source.candidate(&folder, tail) {
                    Candidate::Source(path) => return Ok(Spec::Source { path, folder: None }),
                    Candidate::Package(path, folder) => return Ok(Spec::Source { path, folder: Some(folder) }),
                    Candidate::Compiled(path) => return Ok(Spec::Compiled(path)),
                    Candidate::Portion(folder) => portions.push(folder),
                    Candidate::Nothing => {}
                },
                // The folders of the library stand for themselves.
                Value::Unknown(reason) if Some(reason) == self.library_path => match known {
                    Library::First | Library::File => return Ok(Spec::Library),
                    Library::Perhaps => {}
                    Library::No => {
                        let packages = self.source.installed(name);
                        installed = matches!(packages, Packages::Assumed | Packages::Present);
                    }
                },
                Value::Unknown(_) => elsewhere = true,
                _ => {}
            }
        }
        if installed {
            return Ok(Spec::Installed);
        }
        if elsewhere {
            return Err(self.halt(format!("`{name}` may lie in a folder of `sys.path` that is not known")));
        }
        Ok(if portions.is_empty() { Spec::Missing } else { Spec::Namespace(portions) })
    }

    /// The source file of a module that need not be loaded, and whether it is a package.
    pub(crate) fn source_of(&mut self, name: &str) -> Eval<Option<(String, bool)>> {
        let path = match name.rsplit_once('.') {
            Some((parent, _)) => match self.loaded(parent) {
                Some(package) => match self.get_attr_or(&package, "__path__")? {
                    Some(path) => Some(path),
                    None => return Ok(None),
                },
                None => return Ok(None),
            },
            None => None,
        };
        Ok(match self.find_spec(name, path.as_ref())? {
            Spec::Source { path, folder } => Some((path, folder.is_some())),
            Spec::Namespace(_) => Some((String::new(), true)),
            Spec::Missing => None,
            _ => return Err(self.halt(format!("`{name}` is not part of the project"))),
        })
    }

    fn is_opaque_package(&self, name: &str) -> bool {
        let Some((parent, _)) = name.rsplit_once('.') else { return false };
        let entry = self.heap.dict(self.sys_modules).name(parent);
        entry.is_some_and(|entry| matches!(self.heap.of(&entry.value), Some(Object::Module(m)) if m.opaque.is_some()))
    }

    /// A module object with what `_init_module_attrs` gives it, not yet in `sys.modules`.
    pub(crate) fn new_module(
        &mut self,
        name: &str,
        path: Option<&str>,
        folders: Option<Vec<String>>,
    ) -> (ObjId, ObjId) {
        let dict = self.new_dict();
        let module = self.heap.alloc(Object::Module(Box::new(Module { dict, opaque: None })));
        let package = if folders.is_some() { name } else { name.rsplit_once('.').map_or("", |(parent, _)| parent) };
        let spec = self.new_instance(Ty::ModuleSpec.id(), Payload::None);
        if let Object::Instance(instance) = self.heap.get(spec) {
            let fields = instance.dict;
            let fields = self.heap.dict_mut(fields);
            fields.set_name("name", Value::str(name));
            fields.set_name("parent", Value::str(package));
            fields.set_name("origin", path.map_or(Value::None, Value::str));
            fields.set_name("_initializing", Value::Bool(false));
        }
        let loader = self.unknown("a loader");
        let namespace = self.heap.dict_mut(dict);
        namespace.set_name("__name__", Value::str(name));
        namespace.set_name("__doc__", Value::None);
        namespace.set_name("__package__", Value::str(package));
        namespace.set_name("__loader__", loader.clone());
        namespace.set_name("__spec__", Value::Obj(spec));
        if let Some(folders) = folders {
            let items = folders.into_iter().map(Value::str).collect();
            let list = Value::Obj(self.heap.alloc(Object::List(List { items, open: None })));
            self.heap.dict_mut(dict).set_name("__path__", list);
        }
        if let Some(path) = path {
            let namespace = self.heap.dict_mut(dict);
            namespace.set_name("__file__", Value::str(path));
            namespace.set_name("__cached__", loader);
        }
        let builtins = self.unknown("the dictionary of builtins");
        self.heap.dict_mut(dict).set_name("__builtins__", builtins);
        (module, dict)
    }

    fn load_source(&mut self, name: &str, path: &str, folder: Option<String>) -> Eval<Value> {
        if let Some(module) = self.load_ahead_of(name)? {
            return Ok(module);
        }
        let (module, dict) = self.new_module(name, Some(path), folder.map(|folder| vec![folder]));
        let by = self.import_place();
        self.heap.dict_mut(self.sys_modules).set_name(name, Value::Obj(module));
        self.set_initializing(dict, true);
        self.events.modules.push(ModuleStep { step: Step::Begin, module: name.into(), by: by.clone() });
        let result = match self.compile_file(path) {
            Ok(code) => self.run_module(&code, dict),
            Err(refused) => Err(self.syntax_error(&refused)),
        };
        match result {
            Ok(()) => {
                self.events.modules.push(ModuleStep { step: Step::End, module: name.into(), by });
                let entry = self.heap.dict_mut(self.sys_modules).remove_name(name);
                let result = match entry {
                    Some(entry) => {
                        let value = entry.value.clone();
                        self.heap.dict_mut(self.sys_modules).set_name(name, entry.value);
                        Ok(value)
                    }
                    None => Err(Stop::Raise(self.new_exception(Ty::KeyError, vec![Value::str(name)]))),
                };
                self.set_initializing(dict, false);
                result
            }
            Err(Stop::Raise(exception)) => {
                self.events.modules.push(ModuleStep { step: Step::Fail, module: name.into(), by });
                self.heap.dict_mut(self.sys_modules).remove_name(name);
                self.set_initializing(dict, false);
                Err(Stop::Raise(exception))
            }
            Err(halt) => Err(halt),
        }
    }

    /// `importlib.reload`: the body of a module runs again in its namespace, which keeps what it has.
    pub(crate) fn reload(&mut self, module: &Value) -> Eval<Value> {
        let Some(Object::Module(data)) = self.heap.of(module) else { return Ok(module.clone()) };
        let (dict, is_opaque) = (data.dict, data.opaque.is_some());
        if is_opaque {
            return Ok(module.clone());
        }
        let Some(name) = self.module_name(module) else { return Ok(self.unmodelled("reload() of a nameless module")) };
        if self.heap.dict(self.sys_modules).value_of(&name).is_none_or(|known| !known.is_same(module)) {
            let message = format!("module {name} not in sys.modules");
            return Err(Stop::Raise(self.new_import_error(Ty::ImportError, &message, Some(&name), None)));
        }
        let Some((path, _)) = self.source_of(&name)? else {
            let message = format!("spec not found for the module '{name}'");
            return Err(Stop::Raise(self.new_import_error(Ty::ModuleNotFoundError, &message, Some(&name), None)));
        };
        let by = self.import_place();
        self.set_initializing(dict, true);
        self.events.modules.push(ModuleStep { step: Step::Begin, module: Arc::clone(&name), by: by.clone() });
        let result = match self.compile_file(&path) {
            Ok(code) => self.run_module(&code, dict),
            Err(refused) => Err(self.syntax_error(&refused)),
        };
        let step = if result.is_ok() { Step::End } else { Step::Fail };
        self.events.modules.push(ModuleStep { step, module: Arc::clone(&name), by });
        self.set_initializing(dict, false);
        result?;
        Ok(self.heap.dict(self.sys_modules).value_of(&name).cloned().unwrap_or_else(|| module.clone()))
    }

    /// The program of a file.
    pub(crate) fn compile_file(&mut self, path: &str) -> Result<Arc<Code>, Refused> {
        // Both ways of a branch must run one and the same program, so that what they make can be told to be alike.
        if let Some(code) = self.codes.get(path) {
            return Ok(Arc::clone(code));
        }
        let make = || match self.source.read(path) {
            Some(bytes) => compile(path.into(), &bytes, true, self.dialect),
            None => Err(Refused { exception: "OSError".to_owned(), message: "could not read the file".to_owned() }),
        };
        let code = match self.source.programs(path) {
            Some(programs) => programs.get(self.dialect.version, path, make),
            None => make(),
        }?;
        self.codes.insert(path.to_owned(), Arc::clone(&code));
        Ok(code)
    }

    /// The exception of a file that does not compile.
    pub(crate) fn syntax_error(&mut self, refused: &Refused) -> Stop {
        let ty = Ty::ALL.iter().copied().find(|ty| ty.name() == refused.exception).unwrap_or(Ty::SyntaxError);
        self.raise(ty, refused.message.as_str())
    }

    /// Runs the body of a module in its namespace.
    pub(crate) fn run_module(&mut self, code: &Arc<Code>, dict: ObjId) -> Eval<()> {
        let attributes = self.new_dict();
        let function = Function {
            code: Arc::clone(code),
            globals: dict,
            closure: Vec::new(),
            defaults: Vec::new(),
            kwdefaults: None,
            annotations: None,
            dict: attributes,
        };
        if self.running.len() >= self.budget.depth {
            return Err(self.halt("budget: imports nested too deeply"));
        }
        let mut frame = self.new_frame(&function);
        frame.namespace = Some(dict);
        match self.run(&mut frame)? {
            Flow::Return(_) => Ok(()),
            _ => Err(self.halt("a module ended in an unknown way")),
        }
    }

    fn load_namespace(&mut self, name: &str, portions: Vec<String>) -> Value {
        let (module, _) = self.new_module(name, None, Some(portions));
        self.heap.dict_mut(self.sys_modules).set_name(name, Value::Obj(module));
        Value::Obj(module)
    }

    /// A module of the library: it is not run, and loads what it loads.
    fn load_library(&mut self, name: &str) -> Eval<Value> {
        if let Some(target) = legb_resolve::stdlib::alias(name, self.dialect.version) {
            let module = self.load_module(target)?;
            self.heap.dict_mut(self.sys_modules).set_name(name, module.clone());
            return Ok(module);
        }
        if let Some(hidden) = self.hidden_library_module(name) {
            return Err(
                self.halt(format!("`{name}` of the library may load `{hidden}`, which a file of the project hides"))
            );
        }
        let reason = self.reasons.add(format!("`{name}` belongs to the library and is not run"));
        let is_made = self.made_outside(name).is_some();
        let module = self.load_opaque(name, reason);
        if is_made {
            return Ok(module);
        }
        crate::stdlib::fill(self, name, &module);
        Ok(module)
    }

    /// A file in `sys.path[0]` that has the name of a module of the library which this one loads.
    fn hidden_library_module(&mut self, name: &str) -> Option<String> {
        let version = self.dialect.version;
        if library(name, version) == Library::First {
            return None;
        }
        let first = self.first_path.clone()?;
        let top = name.split('.').next().unwrap_or(name);
        for (candidate, _) in self.source.modules_in(&first) {
            if library(&candidate, version) != Library::File || candidate == top {
                continue;
            }
            if stdlib_imports::loaders(&candidate, version).iter().any(|(importer, _)| *importer == name) {
                return Some(candidate);
            }
            // Imports in functions and under conditions are not recorded.
            self.may_call_back = true;
            self.assumes.insert(format!(
                "`{name}` of the library does not load `{candidate}`, which a file of the project hides"
            ));
        }
        None
    }

    /// A module of which nothing is known.
    fn load_opaque(&mut self, name: &str, reason: crate::value::Reason) -> Value {
        if let Some(module) = self.made_outside(name) {
            self.heap.dict_mut(self.sys_modules).set_name(name, module.clone());
            return module;
        }
        let dict = self.new_dict();
        let module = self.heap.alloc(Object::Module(Box::new(Module { dict, opaque: Some(name.into()) })));
        let is_package = library_package(name, self.dialect.version);
        let known = library(name, self.dialect.version) != Library::No;
        let namespace = self.heap.dict_mut(dict);
        namespace.open = Some(reason);
        namespace.set_name("__name__", Value::str(name));
        if is_package || !known {
            namespace.set_name("__path__", Value::Unknown(reason));
        }
        self.heap.dict_mut(self.sys_modules).set_name(name, Value::Obj(module));
        Value::Obj(module)
    }
}
