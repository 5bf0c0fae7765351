//! What CPython says when a module lacks a name: texts by version, with the advice to rename a file.

use std::sync::Arc;

use crate::heap::Object;
use crate::machine::{Machine, Stop};
use crate::source::{Library, library};
use crate::ty::Ty;
use crate::value::Value;

impl Machine<'_> {
    pub(super) fn file_of(&self, module: &Value) -> Option<Arc<str>> {
        let Some(Object::Module(data)) = self.heap.of(module) else { return None };
        match self.heap.dict(data.dict).value_of("__file__") {
            Some(Value::Str(path)) => Some(Arc::clone(path)),
            _ => None,
        }
    }

    /// `_PyModule_IsPossiblyShadowing`: the file lies directly in what was `sys.path[0]` at start-up.
    pub(super) fn lies_in_first_path(&self, file: &str) -> bool {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let base =
            if file.ends_with("/__init__.py") { folder.rsplit_once('/').map_or("", |(base, _)| base) } else { folder };
        self.first_path.as_deref() == Some(base)
    }

    pub(super) fn cannot_import(&mut self, module: &Value, own: Option<&str>, name: &str) -> Stop {
        let shown = own.unwrap_or("<unknown module name>");
        let file = self.file_of(module);
        let place = file.as_deref().unwrap_or("unknown location");
        let in_progress = self.is_initializing(module);
        let advice =
            file.as_deref().is_some_and(|file| self.words.advises_renaming_imports && self.lies_in_first_path(file));
        let is_library = legb_resolve::stdlib::is_stdlib(shown, self.dialect.version) && !shown.contains('.');
        let message = if advice && is_library {
            format!(
                "cannot import name '{name}' from '{shown}' (consider renaming '{place}' since it has the same name as the standard library module named '{shown}' and prevents importing that standard library module)"
            )
        } else if advice && in_progress {
            format!(
                "cannot import name '{name}' from '{shown}' (consider renaming '{place}' if it has the same name as a library you intended to import)"
            )
        } else if in_progress {
            format!(
                "cannot import name '{name}' from partially initialized module '{shown}' (most likely due to a circular import) ({place})"
            )
        } else {
            format!("cannot import name '{name}' from '{shown}' ({place})")
        };
        let path = file.map(|file| file.to_string());
        let stop = self.import_error(&message, Some(shown), path.as_deref());
        // Where a file of the library lies is part of the message.
        let opaque = matches!(self.heap.of(module), Some(Object::Module(data)) if data.opaque.is_some());
        if opaque
            && library(shown, self.dialect.version) != Library::First
            && let Stop::Raise(exception) = stop
        {
            let unknown = self.unknown(format!("where the file of `{shown}` lies"));
            if let Some(data) = self.heap.exception_mut(exception) {
                data.args = vec![unknown];
            }
        }
        stop
    }

    /// `module_getattro` (`Objects/moduleobject.c`).
    pub(crate) fn no_module_attribute(&mut self, module: &Value, name: &str) -> Stop {
        let Some(own) = self.module_name(module) else {
            return self.raise(Ty::AttributeError, format!("module has no attribute '{name}'"));
        };
        let file = self.file_of(module);
        let in_progress = self.is_initializing(module);
        let hint = file.as_deref().filter(|file| self.words.advises_renaming && self.lies_in_first_path(file));
        let is_library = legb_resolve::stdlib::is_stdlib(&own, self.dialect.version) && !own.contains('.');
        let library_words = if self.words.advises_renaming_imports {
            "prevents importing that standard library module"
        } else {
            "the import system gives it precedence"
        };
        let party = if self.words.advises_renaming_imports { "library" } else { "third-party module" };
        let submodule = format!("{own}.{name}");
        let loading = self.heap.dict(self.sys_modules).name(&submodule).map(|entry| entry.value.clone());
        let message = match hint {
            Some(file) if is_library => format!(
                "module '{own}' has no attribute '{name}' (consider renaming '{file}' since it has the same name as the standard library module named '{own}' and {library_words})"
            ),
            Some(file) if in_progress => format!(
                "module '{own}' has no attribute '{name}' (consider renaming '{file}' if it has the same name as a {party} you intended to import)"
            ),
            _ if in_progress && self.words.partial_attribute_names_file && file.is_some() => format!(
                "partially initialized module '{own}' from '{}' has no attribute '{name}' (most likely due to a circular import)",
                file.as_deref().unwrap_or_default()
            ),
            _ if in_progress => {
                format!(
                    "partially initialized module '{own}' has no attribute '{name}' (most likely due to a circular import)"
                )
            }
            _ if self.words.names_partial_submodule && loading.is_some_and(|module| self.is_initializing(&module)) => {
                format!("cannot access submodule '{name}' of module '{own}' (most likely due to a circular import)")
            }
            _ => format!("module '{own}' has no attribute '{name}'"),
        };
        self.raise(Ty::AttributeError, message)
    }
}
