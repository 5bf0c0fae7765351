//! The search for all places that mean a variable.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;

use legb_base::{Certainty, Span};
use legb_graph::ModuleId;
use legb_scope::{ImportFlags, RefId, RefKind, ScopeId, ScopeKind, SymbolId};

use super::{Call, Chain, Follow, Meaning, Mentions, Occurrence, Occurrences, Program, TextRole, Use, Variable};

/// Functions that take a module, or any object, and the name of an attribute.
const ATTRIBUTE_FUNCTIONS: [&str; 4] = ["getattr", "setattr", "hasattr", "delattr"];

impl Program {
    /// The variable where a value first gets the name: imports that bind nothing but one other variable are followed.
    pub fn origin(&self, variable: &Variable) -> Variable {
        let mut at = variable.clone();
        let mut seen = vec![at.clone()];
        while let Some(next) = self.imported_from(&at) {
            if seen.contains(&next) {
                break;
            }
            seen.push(next.clone());
            at = next;
        }
        at
    }

    /// The one variable that all bindings of a variable import, if there is one.
    pub fn imported_from(&self, variable: &Variable) -> Option<Variable> {
        let file = self.mentions(variable.module())?;
        let bindings = self.bindings(variable);
        if bindings.is_empty() {
            let Variable::Global { module, name } = variable else { return None };
            let from = self.star_provider(*module, &file, name, 0)?;
            return match self.attribute(from, name) {
                Meaning::Variable(next) => Some(next),
                _ => None,
            };
        }
        let mut found = None;
        for binding in bindings {
            let import = file.imported_by(binding)?;
            match self.import_meaning(variable.module(), &file, import) {
                Meaning::Variable(next) if found.as_ref().is_none_or(|known| *known == next) => found = Some(next),
                _ => return None,
            }
        }
        found
    }

    /// All places that mean a variable. Where imports bind it to other names, their mentions are places too.
    ///
    /// The error is that of the system that has no thread to give.
    pub fn occurrences(&self, variable: &Variable, follow: Follow) -> io::Result<Occurrences> {
        let mut search =
            Search { program: self, follow, found: BTreeMap::new(), known: Vec::new(), queue: VecDeque::new() };
        search.add(variable.clone(), Certainty::Certain, None);
        while let Some((variable, certainty, reason)) = search.queue.pop_front() {
            search.visit(&variable, certainty, reason.as_deref())?;
        }
        let places = search.found.into_values().collect();
        Ok(Occurrences { places, variables: search.known })
    }
}

struct Search<'p> {
    program: &'p Program,
    follow: Follow,
    found: BTreeMap<(ModuleId, Span), Occurrence>,
    known: Vec<(Variable, Certainty)>,
    queue: VecDeque<(Variable, Certainty, Option<String>)>,
}

/// A variable that is looked for.
struct Wanted<'a> {
    variable: &'a Variable,
    name: &'a str,
    certainty: Certainty,
    reason: Option<&'a str>,
}

impl Search<'_> {
    fn add(&mut self, variable: Variable, certainty: Certainty, reason: Option<String>) {
        match self.known.iter_mut().find(|(known, _)| *known == variable) {
            // What was only possible by one way may be certain by another.
            Some((_, known)) if certainty < *known => *known = certainty,
            Some(_) => return,
            None => self.known.push((variable.clone(), certainty)),
        }
        self.queue.push_back((variable, certainty, reason));
    }

    fn place(&mut self, module: ModuleId, span: Span, usage: Use, wanted: &Wanted<'_>) {
        self.put(Occurrence {
            module,
            span,
            usage,
            variable: wanted.variable.clone(),
            is_direct: true,
            certainty: wanted.certainty,
            reason: wanted.reason.map(str::to_owned),
        });
    }

    fn put(&mut self, occurrence: Occurrence) {
        let rank = |it: &Occurrence| (it.certainty, !it.is_direct);
        let place = (occurrence.module, occurrence.span);
        if self.found.get(&place).is_none_or(|known| rank(&occurrence) < rank(known)) {
            self.found.insert(place, occurrence);
        }
    }

    /// A place that only may mean it.
    fn maybe(&mut self, module: ModuleId, span: Span, usage: Use, wanted: &Wanted<'_>, reason: String) {
        self.put(Occurrence {
            module,
            span,
            usage,
            variable: wanted.variable.clone(),
            is_direct: false,
            certainty: Certainty::Possible,
            reason: Some(reason),
        });
    }

    fn visit(&mut self, variable: &Variable, certainty: Certainty, reason: Option<&str>) -> io::Result<()> {
        let program = self.program;
        let name = program.name(variable);
        let wanted = Wanted { variable, name: &name, certainty, reason };
        let Some(file) = program.mentions(variable.module()) else { return Ok(()) };
        self.in_its_file(&file, &wanted);
        let symbol = file.symbol(variable);
        if let Some((function, class)) = symbol.and_then(|symbol| parameter_of(&file, symbol)) {
            self.keywords(&file, &wanted, function, class)?;
        }
        let class = symbol.map(|symbol| file.facts.symbols[symbol].scope);
        if let (Variable::Local { .. }, Some(class)) = (variable, class)
            && file.facts.scopes[class].kind == ScopeKind::Class
        {
            self.of_class(&file, &wanted, class)?;
        }
        if let Variable::Global { .. } = variable {
            for (module, file) in program.mentioning(&[&name])? {
                self.elsewhere(module, &file, &wanted);
            }
        }
        Ok(())
    }

    /// What the facts of its own file know.
    fn in_its_file(&mut self, file: &Mentions, wanted: &Wanted<'_>) {
        let module = wanted.variable.module();
        let symbol = file.symbol(wanted.variable);
        let references: Vec<RefId> = match (symbol, wanted.variable) {
            (Some(symbol), _) => file.references(symbol).collect(),
            (None, Variable::Global { name, .. }) => {
                let rows = file.facts.refs.iter_enumerated();
                rows.filter(|(_, row)| file.is_global_named(row.symbol, name)).map(|(id, _)| id).collect()
            }
            (None, Variable::Local { .. }) => Vec::new(),
        };
        for reference in references {
            let span = file.facts.refs[reference].span;
            if span.start < span.end {
                self.place(module, span, file.usage(reference), wanted);
            }
        }
        for annotated in &file.annotated {
            let means_it = annotated.symbol.is_some() && annotated.symbol == symbol;
            if means_it && annotated.is_exact {
                self.place(module, annotated.span, Use::Annotation, wanted);
            } else if means_it {
                self.maybe(
                    module,
                    annotated.span,
                    Use::Annotation,
                    wanted,
                    "the text is not written plainly".to_owned(),
                );
            }
        }
        if let Variable::Global { name, .. } = wanted.variable {
            let listed = file.facts.module.all.iter().flatten();
            for &(_, span) in listed.filter(|(listed, _)| file.facts.names.text(*listed) == &**name) {
                self.place(module, inner_of(span, name, &file.text), Use::Export, wanted);
            }
        }
    }

    /// Imports, attributes and texts in any file that lead to a name of a module.
    fn elsewhere(&mut self, module: ModuleId, file: &Mentions, wanted: &Wanted<'_>) {
        self.imports(module, file, wanted);
        self.star_import(module, file, wanted);
        for chain in &file.chains {
            if chain.parts.iter().any(|part| part.slice(&file.text) == wanted.name) {
                self.chain(module, file, chain, wanted);
            }
        }
        for text in &file.texts {
            self.text(module, file, text.inner, &text.role, wanted);
        }
    }

    fn imports(&mut self, module: ModuleId, file: &Mentions, wanted: &Wanted<'_>) {
        let program = self.program;
        for (id, import) in file.facts.imports.iter_enumerated() {
            let takes_it = import.name.is_some_and(|name| file.facts.names.text(name) == wanted.name)
                && program.import_meaning(module, file, id) == Meaning::Variable(wanted.variable.clone());
            let Some(binding) = import.binding.filter(|_| takes_it) else { continue };
            if import.flags.contains(ImportFlags::ALIASED) {
                let end = import.alias.start + length(wanted.name);
                self.place(module, Span::new(import.alias.start, end), Use::Import, wanted);
                if self.follow == Follow::SameName {
                    continue;
                }
            }
            let Some(bound) = file.variable(module, binding) else { continue };
            let is_all = program.imported_from(&bound).as_ref() == Some(wanted.variable);
            let reason = || format!("`{}` is also bound by something else there", program.name(&bound));
            let (certainty, reason) = if is_all {
                (wanted.certainty, wanted.reason.map(str::to_owned))
            } else {
                (Certainty::Possible, Some(reason()))
            };
            self.add(bound, certainty, reason);
        }
    }

    /// A module that has the name because it imports all names.
    fn star_import(&mut self, module: ModuleId, file: &Mentions, wanted: &Wanted<'_>) {
        let program = self.program;
        if module == wanted.variable.module() || !file.has_star_import() {
            return;
        }
        let brings_it = program.stars(module, file).into_iter().any(|from| {
            program.offers_by_star(from, wanted.name)
                && program.attribute(from, wanted.name) == Meaning::Variable(wanted.variable.clone())
        });
        if brings_it {
            let here = Variable::global(module, wanted.name);
            let is_bound = file.bound_global(wanted.name).is_some();
            let reason = is_bound.then(|| "a star import brings it, and the module binds it as well".to_owned());
            let certainty = if is_bound { Certainty::Possible } else { wanted.certainty };
            self.add(here, certainty, reason.or_else(|| wanted.reason.map(str::to_owned)));
        }
    }

    fn chain(&mut self, module: ModuleId, file: &Mentions, chain: &Chain, wanted: &Wanted<'_>) {
        let meanings = self.program.parts(module, file, chain);
        let last = chain.parts.len();
        for (at, (meaning, certainty)) in meanings.into_iter().enumerate().skip(1) {
            if meaning != Meaning::Variable(wanted.variable.clone()) {
                continue;
            }
            let usage = if at == last { chain.usage } else { Use::Read };
            let span = chain.parts[at - 1];
            if certainty == Certainty::Possible {
                let before = Span::new(file.facts.refs[chain.root].span.start, span.start - 1).slice(&file.text);
                self.maybe(module, span, usage, wanted, format!("`{before}` may also be something else"));
            } else {
                self.place(module, span, usage, wanted);
            }
        }
    }

    /// `getattr(m, "x")`, and texts that spell the dotted name.
    fn text(&mut self, module: ModuleId, file: &Mentions, inner: Span, role: &TextRole, wanted: &Wanted<'_>) {
        let program = self.program;
        let written = inner.slice(&file.text);
        let is_it = |meaning: &Meaning| *meaning == Meaning::Variable(wanted.variable.clone());
        if written == wanted.name {
            let TextRole::Attribute { callee, object: Some(object) } = role else { return };
            let parts = program.parts(module, file, object);
            let Some((meaning, certainty)) = parts.last().filter(|_| parts.len() == object.parts.len() + 1) else {
                return;
            };
            let behind = match meaning {
                Meaning::Module(found) => Some((*found, *certainty)),
                Meaning::Variable(variable) => program.module_behind(variable, 0),
                _ => None,
            };
            let Some((container, sure)) = behind else { return };
            if !is_it(&program.attribute(container, wanted.name)) {
                return;
            }
            let is_builtin = matches!(program.meaning(module, file, callee.root),
                Meaning::Builtin(name) if ATTRIBUTE_FUNCTIONS.contains(&name.as_str()) && callee.parts.is_empty());
            if is_builtin && sure == Certainty::Certain {
                self.place(module, inner, Use::Text, wanted);
            } else {
                self.maybe(module, inner, Use::Text, wanted, "what is called may look it up by this text".to_owned());
            }
            return;
        }
        let dotted = written.replace(':', ".");
        let Some((container, last)) = dotted.rsplit_once('.') else { return };
        if last == wanted.name
            && let Some(container) = program.table().find(container)
            && is_it(&program.attribute(container, last))
        {
            let at = Span::new(inner.end - length(last), inner.end);
            self.maybe(module, at, Use::Text, wanted, "a text spells its dotted name".to_owned());
        }
    }

    /// Keywords of calls of the function whose parameter is wanted; `class` is the class whose method it is.
    fn keywords(
        &mut self,
        own: &Mentions,
        wanted: &Wanted<'_>,
        function: ScopeId,
        class: Option<ScopeId>,
    ) -> io::Result<()> {
        let program = self.program;
        let home = wanted.variable.module();
        let Some(definition) = definition_of(own, function) else { return Ok(()) };
        let called = own.facts.ref_name(definition).to_owned();
        let target = own.variable(home, definition);
        let is_settled = target.as_ref().is_some_and(|target| program.bindings(target).len() == 1);
        let class = class.and_then(|class| definition_of(own, class)).and_then(|it| own.variable(home, it));
        for (module, file) in program.mentioning(&[wanted.name])? {
            let calls = file.calls.iter().filter_map(|call| Some((call, keyword(call, wanted.name, &file)?)));
            let calls: Vec<(&Call, Span)> = calls.collect();
            for (call, keyword) in calls {
                let meaning = call.callee.as_ref().and_then(|callee| self.called(module, &file, callee));
                let means = |variable: &Option<Variable>| {
                    variable.is_some() && meaning.as_ref().map(|(found, _)| found) == variable.as_ref()
                };
                let sure = matches!(meaning, Some((_, Certainty::Certain)));
                if means(&target) && class.is_none() && is_settled && sure {
                    self.place(module, keyword, Use::Keyword, wanted);
                } else if means(&target) || means(&class) && called == "__init__" {
                    self.maybe(module, keyword, Use::Keyword, wanted, format!("the call may be one of `{called}`"));
                } else if meaning.is_none() && may_call(call, &file, &called) {
                    self.maybe(module, keyword, Use::Keyword, wanted, format!("what is called may be `{called}`"));
                }
            }
        }
        Ok(())
    }

    /// The variable where what is called was given its name.
    fn called(&self, module: ModuleId, file: &Arc<Mentions>, callee: &Chain) -> Option<(Variable, Certainty)> {
        let parts = self.program.parts(module, file, callee);
        match parts.last().filter(|_| parts.len() == callee.parts.len() + 1)? {
            (Meaning::Variable(variable), certainty) => Some((self.program.origin(variable), *certainty)),
            _ => None,
        }
    }

    /// Attributes that may be the variable of a class: of the class itself, and of what its methods call their first parameter.
    fn of_class(&mut self, own: &Mentions, wanted: &Wanted<'_>, class: ScopeId) -> io::Result<()> {
        let program = self.program;
        let home = wanted.variable.module();
        let target = definition_of(own, class).and_then(|definition| own.variable(home, definition));
        let is_settled = target.as_ref().is_some_and(|target| program.bindings(target).len() == 1);
        for (module, file) in program.mentioning(&[wanted.name])? {
            for chain in &file.chains {
                let Some(at) = chain.parts.iter().position(|part| part.slice(&file.text) == wanted.name) else {
                    continue;
                };
                let usage = if at + 1 == chain.parts.len() { chain.usage } else { Use::Read };
                let before = Chain { parts: chain.parts[..at].into(), ..chain.clone() };
                let is_class =
                    target.is_some() && self.called(module, &file, &before).map(|(found, _)| found) == target;
                if is_class && is_settled {
                    self.place(module, chain.parts[at], usage, wanted);
                } else if module == home && at == 0 && is_own_object(&file, chain.root, class) {
                    let reason =
                        "an attribute of the object, or of a class derived from this one, comes first".to_owned();
                    self.maybe(module, chain.parts[at], usage, wanted, reason);
                }
            }
        }
        Ok(())
    }
}

fn length(name: &str) -> u32 {
    u32::try_from(name.len()).unwrap_or_default()
}

/// The text between the quotes of a literal.
fn inner_of(literal: Span, name: &str, text: &str) -> Span {
    let at = literal.slice(text).find(name).unwrap_or_default();
    let start = literal.start + u32::try_from(at).unwrap_or_default();
    Span::new(start, start + length(name))
}

/// The function whose parameter a symbol is, where it can be passed by keyword, and the class it is a method of.
pub(crate) fn parameter_of(file: &Mentions, symbol: SymbolId) -> Option<(ScopeId, Option<ScopeId>)> {
    let scope = file.facts.symbols[symbol].scope;
    let row = &file.facts.scopes[scope];
    let is_parameter = file.facts.refs_of(symbol).any(|(_, row)| row.kind == RefKind::Param);
    if row.kind != ScopeKind::Function || !is_parameter {
        return None;
    }
    let class = row.parent.filter(|&parent| file.facts.scopes[parent].kind == ScopeKind::Class);
    Some((scope, class))
}

/// The mention that binds the name of a function or class.
pub(crate) fn definition_of(file: &Mentions, scope: ScopeId) -> Option<RefId> {
    let row = &file.facts.scopes[scope];
    let definitions = file.facts.definitions.iter().copied();
    let inside = definitions.filter(|&id| row.span.contains(file.facts.refs[id].span));
    let kind = if row.kind == ScopeKind::Class { RefKind::Class } else { RefKind::Def };
    inside.filter(|&id| file.facts.refs[id].kind == kind).min_by_key(|&id| file.facts.refs[id].span.start)
}

fn keyword(call: &Call, name: &str, file: &Mentions) -> Option<Span> {
    call.keywords.iter().copied().find(|keyword| keyword.slice(&file.text) == name)
}

/// Whether a call of something that is not known may be one of a function of this name, or be given the function.
fn may_call(call: &Call, file: &Mentions, function: &str) -> bool {
    let last = call.last.map(|last| last.slice(&file.text));
    last.is_none_or(|last| last == function)
        || function == "__init__" && last.is_some_and(|last| last.starts_with(char::is_uppercase) || last == "cls")
        || call
            .arguments
            .slice(&file.text)
            .split(|c: char| c != '_' && !c.is_alphanumeric())
            .any(|word| word == function)
}

/// Whether a name is the first parameter of a method of a class.
fn is_own_object(file: &Mentions, name: RefId, class: ScopeId) -> bool {
    let Some(symbol) = file.facts.variable(file.facts.refs[name].symbol) else { return false };
    let scope = file.facts.symbols[symbol].scope;
    let row = &file.facts.scopes[scope];
    row.kind == ScopeKind::Function
        && row.parent == Some(class)
        && file.facts.symbols_of(scope).next().is_some_and(|(first, _)| first == symbol)
        && file.facts.refs_of(symbol).any(|(_, row)| row.kind == RefKind::Param)
}
