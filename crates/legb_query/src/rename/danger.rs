//! May something look the old name up by means that are not names?

use std::io;

use legb_base::Span;
use legb_graph::ModuleId;
use legb_resolve::stdlib;
use legb_scope::facts::MODULE;
use legb_scope::{Import, RefId, RefKind, ScopeFlags, ScopeId, ScopeKind, SymbolId};

use super::clash::is_within;
use super::{Answer, Reason, Refusal, Task};
use crate::occurrences::{Call, Chain, Meaning, Mentions, TextRole, Use, Variable, definition_of, parameter_of};

/// Functions that see all names of the scope they are called in, when they are called without arguments.
const SEE_OWN_NAMES: [&str; 3] = ["locals", "vars", "dir"];
/// Functions that run text, in which any name may be.
const RUN_TEXT: [&str; 2] = ["eval", "exec"];
/// Functions that unittest and pytest find in a module by their names.
const FOUND_BY_TESTS: [&str; 2] = ["load_tests", "setup_module"];

impl Task<'_> {
    /// Everything dynamic that may see the old name, or the new one.
    pub(super) fn check_dangers(&self, variables: &[Variable]) -> Answer<()> {
        for variable in variables {
            let module = variable.module();
            let Some(file) = self.program.mentions(module) else { continue };
            let symbol = file.symbol(variable);
            let checked = self
                .check_shown(module, &file)
                .and_then(|()| self.check_texts_of_types(module, &file, variable))
                .and_then(|()| match (variable, symbol) {
                    (Variable::Local { .. }, Some(symbol)) => self.check_local_dangers(module, &file, symbol),
                    _ => self.check_global_dangers(module, &file, variable),
                });
            if let Err(refusal) = checked {
                return Ok(Err(refusal));
            }
            if let Variable::Global { .. } = variable
                && let Err(refusal) = self.check_reach()?
            {
                return Ok(Err(refusal));
            }
            if let Variable::Global { .. } = variable
                && let Some(refusal) = self.handed_on(module)?
            {
                return Ok(Err(refusal));
            }
            if let (Variable::Local { .. }, Some(symbol)) = (variable, symbol)
                && let Some(refusal) = self.passed_as_mapping(&file, symbol)?
            {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(()))
    }

    /// `f"{x=}"` prints the name.
    fn check_shown(&self, module: ModuleId, file: &Mentions) -> Result<(), Refusal> {
        let places = self.places.iter().filter(|place| place.module == module);
        for place in places {
            if file.shown.iter().any(|shown| shown.contains(place.span)) {
                let line = file.lines.line(place.span.start);
                let message = format!("the f-string in line {line} of {} prints the name itself (`=`)", file.path);
                return Err(Refusal::new(Reason::Dynamic, message).at(module, place.span));
            }
        }
        Ok(())
    }

    /// Texts that stand for types, where it cannot be told which of their words mean the variable.
    fn check_texts_of_types(&self, module: ModuleId, file: &Mentions, variable: &Variable) -> Result<(), Refusal> {
        let used = file.facts.module.string_uses.iter().any(|&id| file.facts.names.text(id) == self.old);
        let resolved = file.annotated.iter().any(|it| it.is_exact && it.span.slice(&file.text) == self.old);
        if used && !resolved {
            let message = format!("a text in {} stands for a type, and mentions `{}`", file.path, self.old);
            return Err(Refusal::new(Reason::Dynamic, message));
        }
        let bad = self.places.iter().find(|place| {
            place.module == module && place.usage == Use::Annotation && !place.is_direct && place.variable == *variable
        });
        bad.map_or(Ok(()), |place| {
            let message = "an annotation that is a text mentions it, and is not written plainly";
            Err(Refusal::new(Reason::Dynamic, message).at(module, place.span))
        })
    }

    fn check_local_dangers(&self, module: ModuleId, file: &Mentions, symbol: SymbolId) -> Result<(), Refusal> {
        let scope = file.facts.symbols[symbol].scope;
        if file.facts.scopes[scope].kind == ScopeKind::Class {
            self.check_class(module, file, scope)?;
        }
        let inside = file.facts.scopes.iter_enumerated().filter(|(id, _)| is_within(file, *id, scope));
        for (id, row) in inside {
            if row.flags.contains(ScopeFlags::FRAME_ACCESS) {
                let message = format!("the code in {} reads the variables of a frame", file.path);
                return Err(Refusal::new(Reason::Dynamic, message).at(module, row.span));
            }
            if row.flags.contains(ScopeFlags::DYNAMIC) {
                self.check_calls(module, file, Some(id))?;
            }
        }
        if file.facts.scopes[scope].kind == ScopeKind::Lambda {
            return self.check_lambda(file, symbol);
        }
        let Some((function, _)) = parameter_of(file, symbol) else { return Ok(()) };
        let Some(definition) = definition_of(file, function) else { return Ok(()) };
        let name = file.facts.ref_name(definition);
        let is_decorated = is_decorated(file, function);
        if is_decorated || name.starts_with("test") {
            let who = if is_decorated { "its decorator" } else { "the test runner" };
            let message = format!("`{name}` has it as a parameter, and {who} may look for it by name");
            let span = file.facts.refs[definition].span;
            return Err(Refusal::new(Reason::FoundByName, message).at(module, span));
        }
        Ok(())
    }

    /// Nobody knows which calls are of a lambda: none may pass its parameter by keyword.
    fn check_lambda(&self, file: &Mentions, symbol: SymbolId) -> Result<(), Refusal> {
        if !file.facts.refs_of(symbol).any(|(_, row)| row.kind == RefKind::Param) {
            return Ok(());
        }
        for (module, file) in self.program.mentioning(&[self.old]).unwrap_or_default() {
            for call in &file.calls {
                let Some(&keyword) = call.keywords.iter().find(|keyword| keyword.slice(&file.text) == self.old) else {
                    continue;
                };
                if !self.is_known_function(module, &file, call) {
                    let message = "a call passes this keyword, and may be one of the lambda";
                    return Err(Refusal::new(Reason::Possible, message).at(module, keyword));
                }
            }
        }
        Ok(())
    }

    /// Whether what is called is a function or class by its definition, or not of the project.
    fn is_known_function(&self, module: ModuleId, file: &Mentions, call: &Call) -> bool {
        let Some(callee) = &call.callee else { return false };
        let parts = self.program.parts(module, file, callee);
        match parts.last().filter(|_| parts.len() == callee.parts.len() + 1) {
            Some((Meaning::Variable(variable), _)) => {
                let origin = self.program.origin(variable);
                let Some(home) = self.program.mentions(origin.module()) else { return false };
                let bindings = self.program.bindings(&origin);
                let kinds = bindings.iter().map(|&binding| home.facts.refs[binding].kind);
                kinds.into_iter().all(|kind| matches!(kind, RefKind::Def | RefKind::Class | RefKind::Import))
            }
            Some((Meaning::Builtin(_) | Meaning::Outside { .. }, _)) => true,
            _ => false,
        }
    }

    /// A variable of a class is an attribute of its objects, unless nothing can look for it there.
    fn check_class(&self, module: ModuleId, file: &Mentions, class: ScopeId) -> Result<(), Refusal> {
        let row = &file.facts.scopes[class];
        let name = file.facts.names.text(row.name);
        let refuse = |why: &str| {
            let message = format!("it is an attribute of the class `{name}`, {why}");
            Err(Refusal::new(Reason::ClassAttribute, message).at(module, row.span))
        };
        let Some(definition) = definition_of(file, class) else { return refuse("which has no name") };
        let behind = file.text.get(file.facts.refs[definition].span.end as usize..).unwrap_or_default();
        if is_decorated(file, class) || !behind.trim_start().starts_with(':') {
            return refuse("which has bases or decorators that may look for it");
        }
        for (_, file) in self.program.mentioning(&[self.old, self.new]).unwrap_or_default() {
            let parts = file.chains.iter().flat_map(|chain| chain.parts.iter().copied());
            for part in parts.chain(file.loose.iter().copied()) {
                let written = part.slice(&file.text);
                let is_known = self
                    .places
                    .iter()
                    .any(|place| place.span == part && place.is_direct && file.path == self.path(place.module));
                if written == self.new || written == self.old && !is_known {
                    return refuse("and an attribute of that name is looked up on some object");
                }
            }
            if file.texts.iter().any(|text| [self.old, self.new].contains(&text.inner.slice(&file.text))) {
                return refuse("and a text spells the name");
            }
        }
        Ok(())
    }

    fn path(&self, module: ModuleId) -> String {
        self.program.mentions(module).map(|file| file.path.clone()).unwrap_or_default()
    }

    fn check_global_dangers(&self, module: ModuleId, file: &Mentions, variable: &Variable) -> Result<(), Refusal> {
        self.check_calls(module, file, None)?;
        if file.text.contains("modules[__name__]") {
            let message =
                format!("{} looks itself up (`sys.modules[__name__]`), and may look for its names", file.path);
            return Err(Refusal::new(Reason::Dynamic, message));
        }
        let bindings = self.program.bindings(variable);
        for &binding in &bindings {
            let row = &file.facts.refs[binding];
            let is_definition = matches!(row.kind, RefKind::Def | RefKind::Class);
            let is_test = |name: &str| {
                name.starts_with("test")
                    || name.starts_with("Test")
                    || name.starts_with("pytest_")
                    || FOUND_BY_TESTS.contains(&name)
            };
            if is_definition && [self.old, self.new].into_iter().any(is_test) {
                let message = format!("`{}` is found by its name when tests are run", self.old);
                return Err(Refusal::new(Reason::FoundByName, message).at(module, row.span));
            }
            let scopes = file.facts.scopes.indices();
            let scope = scopes.rev().find(|&scope| is_definition && definition_of(file, scope) == Some(binding));
            if let Some(decorator) = scope.and_then(|scope| self.reading_decorator(module, file, scope)) {
                let message = format!("the decorator `{decorator}` may keep `{}` under its name", self.old);
                return Err(Refusal::new(Reason::FoundByName, message).at(module, row.span));
            }
        }
        self.check_star_export(module, file)
    }

    /// A decorator that is neither a builtin nor of the standard library: fixtures, routes and commands keep names.
    fn reading_decorator<'f>(&self, module: ModuleId, file: &'f Mentions, scope: ScopeId) -> Option<&'f str> {
        let definition = definition_of(file, scope)?;
        let head = Span::new(file.facts.scopes[scope].span.start, file.facts.refs[definition].span.start);
        let is_decorator = |span: Span| {
            let before = file.text.get(head.start as usize..span.start as usize).unwrap_or_default();
            head.contains(span) && before.trim_end_matches([' ', '\t', '(']).ends_with('@')
        };
        let roots =
            file.facts.refs.iter_enumerated().filter(|(_, row)| row.kind == RefKind::Load && is_decorator(row.span));
        let mut unknown = roots.filter(|(id, _)| match self.program.meaning(module, file, *id) {
            Meaning::Builtin(_) => false,
            Meaning::Variable(variable) => self.is_from_library(&variable) != Some(true),
            _ => true,
        });
        unknown.next().map(|(_, row)| row.span.slice(&file.text))
    }

    /// Whether all bindings of a variable import it from the standard library.
    fn is_from_library(&self, variable: &Variable) -> Option<bool> {
        let module = variable.module();
        let file = self.program.mentions(module)?;
        let bindings = self.program.bindings(variable);
        let from_library = |&binding: &RefId| {
            let import = file.imported_by(binding)?;
            let Meaning::Outside { module: from, .. } = self.program.import_meaning(module, &file, import) else {
                return None;
            };
            let top = from.split('.').next().unwrap_or_default();
            Some(stdlib::is_stdlib(top, self.program.version()))
        };
        Some(!bindings.is_empty() && bindings.iter().all(|binding| from_library(binding) == Some(true)))
    }

    /// Without `__all__` a star import takes the names without a leading underscore.
    fn check_star_export(&self, module: ModuleId, file: &Mentions) -> Result<(), Refusal> {
        let is_hidden = |name: &str| name.starts_with('_');
        if file.facts.module.all.is_some() && file.facts.module.all_is_dynamic {
            let message = format!("`__all__` of {} is computed", file.path);
            return Err(Refusal::new(Reason::Dynamic, message));
        }
        if file.facts.module.all.is_some() || is_hidden(self.old) == is_hidden(self.new) {
            return Ok(());
        }
        let importers = self.program.mentioning(&[]).unwrap_or_default();
        match importers.into_iter().find(|(id, file)| self.program.stars(*id, file).contains(&module)) {
            Some((_, importer)) => {
                let message =
                    format!("{} imports all names of the module that have no leading underscore", importer.path);
                Err(Refusal::new(Reason::Collision, message))
            }
            None => Ok(()),
        }
    }

    /// Calls that see names: in one scope, or for a module in all of the file.
    fn check_calls(&self, module: ModuleId, file: &Mentions, scope: Option<ScopeId>) -> Result<(), Refusal> {
        for call in &file.calls {
            let Some(callee) = call.callee.as_ref().filter(|callee| callee.parts.is_empty()) else { continue };
            let row = &file.facts.refs[callee.root];
            let at = file.facts.symbols[row.symbol].scope;
            if scope.is_some_and(|scope| scope != at) {
                continue;
            }
            let name = file.facts.ref_name(callee.root);
            let without_arguments = call.arguments.end - call.arguments.start == 2;
            let sees_own = SEE_OWN_NAMES.contains(&name) && without_arguments && (scope.is_some() || at == MODULE);
            let sees = RUN_TEXT.contains(&name) || sees_own || scope.is_none() && name == "globals";
            if sees && matches!(self.program.meaning(module, file, callee.root), Meaning::Builtin(_)) {
                let line = file.lines.line(row.span.start);
                let message = format!("`{name}()` in line {line} of {} sees names while the program runs", file.path);
                return Err(Refusal::new(Reason::Dynamic, message).at(module, row.span));
            }
        }
        Ok(())
    }

    /// A place where the module object itself is used as a value: whoever gets it may look for any name.
    fn handed_on(&self, module: ModuleId) -> io::Result<Option<Refusal>> {
        let tail = self.program.table().get(module).tail().to_owned();
        for (importer, file) in self.program.mentioning(&[&tail])? {
            let Some(span) = self.bare_mention(importer, &file, module) else { continue };
            let line = file.lines.line(span.start);
            let message = format!(
                "the module is used as a value in line {line} of {}: what gets it may look for any name",
                file.path
            );
            return Ok(Some(Refusal::new(Reason::Dynamic, message).at(importer, span)));
        }
        Ok(None)
    }

    fn bare_mention(&self, importer: ModuleId, file: &Mentions, wanted: ModuleId) -> Option<Span> {
        let program = self.program;
        for id in file.facts.imports.indices() {
            let import = &file.facts.imports[id];
            let Some(binding) = import.binding.filter(|_| may_mean(file, import, &program.table().get(wanted).name))
            else {
                continue;
            };
            if program.import_meaning(importer, file, id) != Meaning::Module(wanted) {
                continue;
            }
            let symbol = file.facts.variable(file.facts.refs[binding].symbol)?;
            let roots: Vec<u32> = file.chains.iter().map(|chain| file.facts.refs[chain.root].span.start).collect();
            let mut reads = file.references(symbol).map(|id| &file.facts.refs[id]);
            let bare = reads.find(|row| row.kind == RefKind::Load && !roots.contains(&row.span.start));
            if let Some(bare) = bare.filter(|row| !Self::is_harmless(file, row.span)) {
                return Some(bare.span);
            }
        }
        let whole = |chain: &&Chain| {
            let parts = program.parts(importer, file, chain);
            parts.len() == chain.parts.len() + 1
                && parts.last().is_some_and(|(meaning, _)| *meaning == Meaning::Module(wanted))
                && chain.usage == Use::Read
        };
        let tail = program.table().get(wanted).tail();
        let candidates =
            file.chains.iter().filter(|chain| chain.parts.last().is_some_and(|part| part.slice(&file.text) == tail));
        let is_dict = |part: &Span| part.slice(&file.text) == "__dict__";
        let by_dict = file.chains.iter().filter(|chain| chain.parts.iter().any(is_dict)).find(|chain| {
            let parts = program.parts(importer, file, chain);
            let at = parts.iter().position(|(meaning, _)| *meaning == Meaning::Module(wanted));
            at.and_then(|at| chain.parts.get(at)).is_some_and(is_dict)
        });
        let found = candidates.into_iter().find(whole).or(by_dict)?;
        found.parts.last().copied()
    }

    /// `getattr(m, "x")` with the name as a literal is a place of its own, and `reload(m)` looks for none.
    fn is_harmless(file: &Mentions, mention: Span) -> bool {
        file.calls.iter().filter(|call| call.arguments.contains(mention)).any(|call| {
            let last = call.last.map(|last| last.slice(&file.text)).unwrap_or_default();
            let is_first = mention.start == call.arguments.start + 1;
            let has_literal = file.texts.iter().any(|text| {
                text.inner.start > mention.end
                    && text.inner.end < call.arguments.end
                    && matches!(text.role, TextRole::Attribute { .. })
            });
            is_first && (last == "reload" || has_literal)
        })
    }

    /// A call `f(**options)` of the function whose parameter is renamed.
    fn passed_as_mapping(&self, own: &Mentions, symbol: SymbolId) -> io::Result<Option<Refusal>> {
        let Some((function, class)) = parameter_of(own, symbol) else { return Ok(None) };
        let name_of = |scope: ScopeId| definition_of(own, scope).map(|id| own.facts.ref_name(id).to_owned());
        let mut names: Vec<String> = name_of(function).into_iter().collect();
        if names.first().is_some_and(|name| name == "__init__") {
            names.extend(class.and_then(name_of));
        }
        let words: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_call = |call: &&Call, file: &Mentions| {
            call.unpacks && call.last.is_some_and(|last| words.contains(&last.slice(&file.text)))
        };
        for (module, file) in self.program.mentioning(&words)? {
            if let Some(call) = file.calls.iter().find(|call| is_call(call, &file)) {
                let line = file.lines.line(call.arguments.start);
                let message = format!("the call in line {line} of {} may pass it in a mapping (`**`)", file.path);
                return Ok(Some(Refusal::new(Reason::Dynamic, message).at(module, call.arguments)));
            }
        }
        let takes_any = own.facts.symbols_of(own.facts.symbols[symbol].scope).any(|(id, _)| {
            own.facts.refs_of(id).any(|(_, row)| {
                let before = own.text.get(..row.span.start as usize).unwrap_or_default();
                row.kind == RefKind::Param && before.ends_with("**")
            })
        });
        if takes_any {
            for (module, file) in self.program.mentioning(&[self.new])? {
                let keywords = file.calls.iter().flat_map(|call| call.keywords.iter());
                if let Some(&keyword) = keywords.into_iter().find(|keyword| keyword.slice(&file.text) == self.new) {
                    let message = format!(
                        "a call in {} passes `{}` by keyword, which may go elsewhere then",
                        file.path, self.new
                    );
                    return Ok(Some(Refusal::new(Reason::Collision, message).at(module, keyword)));
                }
            }
        }
        Ok(None)
    }
}

/// Whether an import may bind a module of this dotted name, by what is written in it.
fn may_mean(file: &Mentions, import: &Import, module: &str) -> bool {
    let tail = module.rsplit('.').next().unwrap_or(module);
    let written = import.name.or(import.module).map(|id| file.facts.names.text(id)).unwrap_or_default();
    written.split('.').any(|part| part == tail)
}

/// What stands before `def` or `class`.
fn decorators(file: &Mentions, scope: ScopeId) -> &str {
    let Some(definition) = definition_of(file, scope) else { return "" };
    let head = Span::new(file.facts.scopes[scope].span.start, file.facts.refs[definition].span.start);
    head.slice(&file.text)
}

fn is_decorated(file: &Mentions, scope: ScopeId) -> bool {
    decorators(file, scope).starts_with('@')
}
