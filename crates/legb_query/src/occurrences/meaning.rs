//! What does a mention, an import or an attribute mean, across files?

use std::sync::Arc;

use legb_base::Certainty;
use legb_graph::{ModuleId, ModuleKind, Target};
use legb_scope::builtins::is_builtin;
use legb_scope::facts::MODULE;
use legb_scope::{ImportFlags, ImportId, RefId, SymbolId};
use rustc_hash::FxHashSet;

use super::{Chain, Meaning, Mentions, Program, Variable};

/// So many imports are followed one after the other; more go round in a circle.
const MOST_STEPS: usize = 64;

impl Program {
    /// The name of a variable.
    pub fn name(&self, variable: &Variable) -> Arc<str> {
        match variable {
            Variable::Global { name, .. } => Arc::clone(name),
            Variable::Local { module, symbol } => {
                self.mentions(*module).map_or_else(|| "".into(), |file| file.facts.symbol_name(*symbol).into())
            }
        }
    }

    /// The mentions in its own file that give a variable its value.
    pub fn bindings(&self, variable: &Variable) -> Vec<RefId> {
        let Some(file) = self.mentions(variable.module()) else { return Vec::new() };
        file.symbol(variable).map(|symbol| file.bindings(symbol).collect()).unwrap_or_default()
    }

    /// What an alias of an import statement binds.
    pub fn import_meaning(&self, module: ModuleId, file: &Mentions, import: ImportId) -> Meaning {
        self.imported(module, file, import, 0)
    }

    fn imported(&self, module: ModuleId, file: &Mentions, import: ImportId, steps: usize) -> Meaning {
        let row = &file.facts.imports[import];
        let text = |id| file.facts.names.text(id);
        let written = row.module.map(text);
        let Some(name) = row.name.map(text) else {
            let written = written.unwrap_or_default();
            let first = written.split('.').next().unwrap_or(written);
            let named = if row.flags.contains(ImportFlags::ALIASED) { written } else { first };
            return match self.resolver().absolute(module, named) {
                Target::Module(found) => Meaning::Module(found),
                Target::External => Meaning::Outside { module: named.to_owned(), name: None },
                Target::Partial(_) | Target::Nowhere => missing(named),
            };
        };
        match self.module_of_import(module, row.level, written) {
            Target::Module(from) => self.attribute_at(from, name, Some(module), steps + 1),
            Target::External => {
                Meaning::Outside { module: written.unwrap_or_default().to_owned(), name: Some(name.to_owned()) }
            }
            Target::Partial(_) | Target::Nowhere => missing(written.unwrap_or(".")),
        }
    }

    /// What the module part of a `from` import means.
    pub(crate) fn module_of_import(&self, importer: ModuleId, level: u32, written: Option<&str>) -> Target {
        match (level, written) {
            (0, Some(name)) => self.resolver().absolute(importer, name),
            (0, None) => Target::Nowhere,
            (level, name) => self.resolver().relative(importer, level, name),
        }
    }

    /// What `module.name` means.
    pub fn attribute(&self, module: ModuleId, name: &str) -> Meaning {
        self.attribute_at(module, name, None, 0)
    }

    /// `importer`: the module whose import statement asks; a package that takes a module of its own from itself means that.
    fn attribute_at(&self, module: ModuleId, name: &str, importer: Option<ModuleId>, steps: usize) -> Meaning {
        if steps > MOST_STEPS {
            return Meaning::Unknown("imports that lead to each other in a circle".to_owned());
        }
        let table = self.table();
        let child = table.child(Some(module), name);
        if table.get(module).kind == ModuleKind::Namespace {
            return child.map_or_else(|| no_such(&table.get(module).name, name), Meaning::Module);
        }
        let Some(file) = self.mentions(module) else {
            return Meaning::Unknown(format!("`{}` cannot be read", table.get(module).name));
        };
        if let Some(symbol) = file.bound_global(name) {
            let itself = child.filter(|_| self.binds_only_its_module(module, &file, symbol, name, importer));
            return itself.map_or_else(|| Meaning::Variable(Variable::global(module, name)), Meaning::Module);
        }
        if let Some(child) = child {
            return Meaning::Module(child);
        }
        if self.star_provider(module, &file, name, steps).is_some() {
            return Meaning::Variable(Variable::global(module, name));
        }
        if file.facts.module.has_getattr {
            return Meaning::Unknown(format!("`__getattr__` of `{}` makes it", table.get(module).name));
        }
        if file.facts.symbols.iter().any(|symbol| symbol.scope == MODULE && file.facts.names.text(symbol.name) == name)
        {
            // Read there, and bound by others: `m.x = …`.
            return Meaning::Variable(Variable::global(module, name));
        }
        no_such(&table.get(module).name, name)
    }

    /// Whether all that a package binds to the name of one of its modules is that module.
    fn binds_only_its_module(
        &self,
        package: ModuleId,
        file: &Mentions,
        symbol: SymbolId,
        name: &str,
        importer: Option<ModuleId>,
    ) -> bool {
        file.bindings(symbol).all(|binding| {
            let Some(import) = file.imported_by(binding) else { return false };
            let row = &file.facts.imports[import];
            let from = self.module_of_import(package, row.level, row.module.map(|id| file.facts.names.text(id)));
            let is_from_itself =
                from == Target::Module(package) && row.name.is_some_and(|taken| file.facts.names.text(taken) == name);
            is_from_itself && (importer != Some(package) || row.flags.contains(ImportFlags::FROM))
        })
    }

    /// The modules of the project from which a module imports all names, the last first.
    pub(crate) fn stars(&self, module: ModuleId, file: &Mentions) -> Vec<ModuleId> {
        if !file.has_star_import() {
            return Vec::new();
        }
        let stars = file.facts.imports.iter().filter(|row| row.flags.contains(ImportFlags::STAR));
        let from = stars.filter_map(|row| {
            match self.module_of_import(module, row.level, row.module.map(|id| file.facts.names.text(id))) {
                Target::Module(from) if from != module => Some(from),
                _ => None,
            }
        });
        let mut found: Vec<ModuleId> = from.collect();
        found.reverse();
        found
    }

    /// Whether `from module import *` brings a name.
    pub(crate) fn offers_by_star(&self, module: ModuleId, name: &str) -> bool {
        self.offers(module, name, &mut FxHashSet::default())
    }

    fn offers(&self, module: ModuleId, name: &str, seen: &mut FxHashSet<ModuleId>) -> bool {
        let Some(file) = self.mentions(module).filter(|_| seen.insert(module)) else { return false };
        if let Some(all) = &file.facts.module.all {
            let is_listed = all.iter().any(|(listed, _)| file.facts.names.text(*listed) == name);
            if is_listed || !file.facts.module.all_is_dynamic {
                return is_listed;
            }
        }
        !name.starts_with('_')
            && (file.bound_global(name).is_some()
                || self.stars(module, &file).into_iter().any(|from| self.offers(from, name, seen)))
    }

    /// What a mention means: the variable, or what is beyond the file where no file binds it.
    pub fn meaning(&self, module: ModuleId, file: &Mentions, reference: RefId) -> Meaning {
        let name = file.facts.ref_name(reference);
        let Some(variable) = file.variable(module, reference) else {
            return Meaning::Unknown(format!("`{name}` has no scope, because the file does not compile"));
        };
        let Variable::Global { name, .. } = &variable else { return Meaning::Variable(variable) };
        if file.bound_global(name).is_some() {
            return Meaning::Variable(variable);
        }
        if self.star_provider(module, file, name, 0).is_some() {
            return Meaning::Variable(variable);
        }
        // A module is an attribute of its package, and so a global name of its `__init__`.
        if let Some(child) = self.table().child(Some(module), name) {
            return Meaning::Module(child);
        }
        if is_builtin(name, self.version()) {
            return Meaning::Builtin(name.to_string());
        }
        Meaning::Unknown(if file.has_star_import() {
            format!("a star import may bring `{name}`, or nothing binds it")
        } else {
            format!("nothing binds `{name}`")
        })
    }

    /// The module of the project whose star import brings a name, the last one if there are several.
    pub(crate) fn star_provider(
        &self,
        module: ModuleId,
        file: &Mentions,
        name: &str,
        steps: usize,
    ) -> Option<ModuleId> {
        self.stars(module, file).into_iter().find(|&from| {
            self.offers_by_star(from, name)
                && !matches!(self.attribute_at(from, name, None, steps + 1), Meaning::Unknown(_))
        })
    }

    /// The module that a variable stands for, if all its bindings are imports of that one module; `Possible` if only some are.
    pub(crate) fn module_behind(&self, variable: &Variable, steps: usize) -> Option<(ModuleId, Certainty)> {
        if steps > MOST_STEPS {
            return None;
        }
        let file = self.mentions(variable.module())?;
        let mut found: Option<(ModuleId, Certainty)> = None;
        let mut others = false;
        let bindings = self.bindings(variable);
        if bindings.is_empty() {
            let Variable::Global { module, name } = variable else { return None };
            let from = self.star_provider(*module, &file, name, steps)?;
            return match self.attribute_at(from, name, None, steps + 1) {
                Meaning::Module(module) => Some((module, Certainty::Certain)),
                Meaning::Variable(next) => self.module_behind(&next, steps + 1),
                _ => None,
            };
        }
        for binding in bindings {
            let import = file.imported_by(binding);
            let meaning = import.map(|import| self.imported(variable.module(), &file, import, steps + 1));
            let behind = match meaning {
                Some(Meaning::Module(module)) => Some((module, Certainty::Certain)),
                Some(Meaning::Variable(next)) if next != *variable => self.module_behind(&next, steps + 1),
                _ => None,
            };
            match (behind, found) {
                (None, _) => others = true,
                (Some(behind), None) => found = Some(behind),
                (Some((module, certainty)), Some((known, _))) => {
                    others |= module != known || certainty == Certainty::Possible;
                }
            }
        }
        let (module, certainty) = found?;
        Some((module, if others { Certainty::Possible } else { certainty }))
    }

    /// What each part of a chain means, from its root on, as far as modules lead; the certainty is that of the way there.
    pub(crate) fn parts(&self, module: ModuleId, file: &Mentions, chain: &Chain) -> Vec<(Meaning, Certainty)> {
        let mut meaning = self.meaning(module, file, chain.root);
        let mut certainty = Certainty::Certain;
        let mut found = vec![(meaning.clone(), certainty)];
        for part in &chain.parts {
            let behind = match &meaning {
                Meaning::Module(found) => Some((*found, Certainty::Certain)),
                Meaning::Variable(variable) => self.module_behind(variable, 0),
                _ => None,
            };
            let Some((container, sure)) = behind else { break };
            certainty = certainty.max(sure);
            meaning = self.attribute(container, part.slice(&file.text));
            found.push((meaning.clone(), certainty));
        }
        found
    }
}

fn missing(module: &str) -> Meaning {
    Meaning::Unknown(format!("the project has no module `{module}`"))
}

fn no_such(module: &str, name: &str) -> Meaning {
    Meaning::Unknown(format!("`{module}` has no name `{name}`"))
}
