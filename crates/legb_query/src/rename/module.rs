//! A module gets another dotted name: its file or folder moves, and all imports of it follow.
//!
//! Changed are import statements, absolute and relative, attributes that lead to the module (`a.old.f`), names that imports bind
//! to it, `__all__` of its package, entry points, and calls of `import_module` and `__import__` with a literal. Other texts that
//! spell the name are told, and left alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use legb_base::{Dialect, Edit, Span};
use legb_graph::{ModuleId, ModuleKind, Target};
use legb_resolve::stdlib;
use legb_scope::{ImportFlags, ImportId};

use super::{Answer, EntryEdit, Reason, Refusal, Task, is_identifier};
use crate::entry_points::EntryPoint;
use crate::occurrences::{Follow, Meaning, Mentions, Program, Variable};

/// What moves a module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleMove {
    /// The edits of each file, at the place where it lies before.
    pub files: BTreeMap<ModuleId, Vec<Edit>>,
    /// Edits of entry points.
    pub entries: Vec<EntryEdit>,
    /// The file, or the folder of a package, before.
    pub from: PathBuf,
    /// Where it goes.
    pub to: PathBuf,
    /// Texts that spell the dotted name and are left alone.
    pub texts: Vec<(ModuleId, Span)>,
}

/// What moves the module `old` to the dotted name `new`.
pub fn move_module(program: &Program, entry_points: &[EntryPoint], old: &str, new: &str) -> Answer<ModuleMove> {
    let mover = match Mover::new(program, old, new) {
        Ok(mover) => mover,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // A relative import may mention the module by its last part alone.
    let files = program.mentioning(&[mover.old_tail()])?;
    let mut plan = ModuleMove { from: mover.from.clone(), to: mover.to.clone(), ..ModuleMove::default() };
    for (module, file) in &files {
        if let Err(refusal) = mover.file(*module, file, &mut plan) {
            return Ok(Err(refusal));
        }
    }
    if mover.leaves_its_package
        && let Err(refusal) = mover.own_relative_imports(&mut plan)
    {
        return Ok(Err(refusal));
    }
    if let Err(refusal) = mover.names(&files, &mut plan)? {
        return Ok(Err(refusal));
    }
    plan.entries = mover.entries(entry_points);
    for edits in plan.files.values_mut() {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        edits.dedup();
    }
    plan.texts.sort_unstable();
    Ok(Ok(plan))
}

struct Mover<'a> {
    program: &'a Program,
    module: ModuleId,
    old: &'a str,
    new: &'a str,
    from: PathBuf,
    to: PathBuf,
    leaves_its_package: bool,
}

impl<'a> Mover<'a> {
    fn new(program: &'a Program, old: &'a str, new: &'a str) -> Result<Self, Refusal> {
        let table = program.table();
        let Some(module) = table.find(old) else {
            let near = table.nearest(old).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            return Err(Refusal::new(Reason::Unknown, format!("the project has no module `{old}`{near}")));
        };
        if old == new {
            return Err(Refusal::new(Reason::SameName, format!("it is called `{new}` already")));
        }
        let dialect = Dialect::of(program.version());
        if let Some(part) = new.split('.').find(|part| !is_identifier(part, &dialect)) {
            return Err(Refusal::new(Reason::NoIdentifier, format!("`{part}` cannot be a name")));
        }
        if new.starts_with(old) && new[old.len()..].starts_with('.') {
            return Err(Refusal::new(Reason::Collision, "a package cannot move into itself"));
        }
        let parent_of = |name: &'a str| name.rsplit_once('.').map(|(parent, _)| parent);
        let (old_parent, new_parent) = (parent_of(old), parent_of(new));
        let tail = new.rsplit('.').next().unwrap_or(new);
        if let Some(there) = table.find(new) {
            return Err(Refusal::new(
                Reason::Collision,
                format!("there is a module `{}` already", table.get(there).name),
            ));
        }
        if new_parent.is_none() && stdlib::is_stdlib(new, program.version()) {
            return Err(Refusal::new(Reason::Collision, format!("`{new}` is a module of the standard library")));
        }
        let from = path_of(program, module)?;
        let folder = match new_parent.filter(|_| new_parent != old_parent) {
            Some(parent) => folder_of(program, parent)?,
            None if new_parent == old_parent => from.parent().map(PathBuf::from).unwrap_or_default(),
            None => root_of(&from, old),
        };
        let ending = from.extension().filter(|_| from.is_file()).map(|ending| ending.to_string_lossy().into_owned());
        let to = folder.join(ending.map_or_else(|| tail.to_owned(), |ending| format!("{tail}.{ending}")));
        if to.exists() {
            return Err(Refusal::new(Reason::Collision, format!("there is a file {} already", to.display())));
        }
        if let Some(parent) = new_parent.and_then(|parent| table.find(parent))
            && program.mentions(parent).is_some_and(|file| file.bound_global(tail).is_some())
        {
            return Err(Refusal::new(
                Reason::Collision,
                format!("`{}` binds `{tail}` already", table.get(parent).name),
            ));
        }
        Ok(Self { program, module, old, new, from, to, leaves_its_package: new_parent != old_parent })
    }

    fn old_tail(&self) -> &'a str {
        self.old.rsplit('.').next().unwrap_or(self.old)
    }

    fn new_tail(&self) -> &'a str {
        self.new.rsplit('.').next().unwrap_or(self.new)
    }

    fn is_it(&self, target: Target) -> bool {
        target == Target::Module(self.module)
    }

    /// Import statements, attributes and texts of one file.
    fn file(&self, module: ModuleId, file: &Mentions, plan: &mut ModuleMove) -> Result<(), Refusal> {
        let mut edits = Vec::new();
        for named in &file.module_names {
            let Some(import) = file.facts.imports.iter().find(|row| row.statement == named.statement) else { continue };
            edits.extend(self.module_name(module, file, named.span, import.level, import.flags)?);
        }
        edits.extend(self.imports_of_it(module, file)?);
        for chain in &file.chains {
            let parts = self.program.parts(module, file, chain);
            for (at, (meaning, _)) in parts.iter().enumerate().skip(1) {
                let part = chain.parts[at - 1];
                let is_it = *meaning == Meaning::Module(self.module) && part.slice(&file.text) == self.old_tail();
                if is_it && self.leaves_its_package {
                    let line = file.lines.line(part.start);
                    let message = format!(
                        "line {line} of {} reaches the module through its package; import it by `from … import`",
                        file.path
                    );
                    return Err(Refusal::new(Reason::Possible, message).at(module, part));
                }
                if is_it {
                    edits.push(Edit { span: part, content: self.new_tail().to_owned() });
                }
            }
        }
        edits.extend(self.dynamic(module, file)?);
        if self.program.table().get(self.module).parent == Some(module) && !self.leaves_its_package {
            let listed = file.facts.module.all.iter().flatten();
            let listed = listed.filter(|(name, _)| file.facts.names.text(*name) == self.old_tail());
            edits.extend(listed.map(|(_, span)| Edit {
                span: Span::new(span.start + 1, span.end - 1),
                content: self.new_tail().to_owned(),
            }));
        }
        let taken: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
        let spelled = file.texts.iter().map(|text| text.inner).filter(|inner| {
            let written = inner.slice(&file.text);
            let rest = written.strip_prefix(self.old);
            rest.is_some_and(|rest| rest.is_empty() && self.old.contains('.') || rest.starts_with(['.', ':']))
                && !taken.iter().any(|edit| inner.contains(*edit))
        });
        plan.texts.extend(spelled.map(|inner| (module, inner)));
        if !edits.is_empty() {
            plan.files.entry(module).or_default().extend(edits);
        }
        Ok(())
    }

    /// The dotted name of a module in an import statement, where it leads to the module or through it.
    fn module_name(
        &self,
        importer: ModuleId,
        file: &Mentions,
        span: Span,
        level: u32,
        flags: ImportFlags,
    ) -> Result<Option<Edit>, Refusal> {
        let written = span.slice(&file.text);
        let ends = written.match_indices('.').map(|(at, _)| at).chain([written.len()]);
        for end in ends {
            if !self.is_it(self.program.module_of_import(importer, level, Some(&written[..end]))) {
                continue;
            }
            let start = written[..end].rfind('.').map_or(0, |at| at + 1);
            let at = |offset: usize| span.start + u32::try_from(offset).unwrap_or_default();
            if !self.leaves_its_package {
                return Ok(Some(Edit { span: Span::new(at(start), at(end)), content: self.new_tail().to_owned() }));
            }
            if !flags.contains(ImportFlags::FROM) && !flags.contains(ImportFlags::ALIASED) && written.contains('.') {
                let message = format!(
                    "`import {written}` in {} binds the package; write `from … import`, or `as`, first",
                    file.path
                );
                return Err(Refusal::new(Reason::Possible, message).at(importer, span));
            }
            // Relative imports become absolute where the package is another one.
            let dots = dots_before(file, span);
            return Ok(Some(Edit { span: Span::new(dots, at(end)), content: self.new.to_owned() }));
        }
        Ok(None)
    }

    /// `from a import old`.
    fn imports_of_it(&self, importer: ModuleId, file: &Mentions) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for (id, row) in file.facts.imports.iter_enumerated() {
            let takes_it = row.name.is_some_and(|name| file.facts.names.text(name) == self.old_tail())
                && self.program.import_meaning(importer, file, id) == Meaning::Module(self.module)
                && self.is_from_package(importer, file, id);
            if !takes_it {
                continue;
            }
            if self.leaves_its_package {
                let alone = file.facts.imports.iter().filter(|other| other.statement == row.statement).count() == 1;
                let parent = self.new.rsplit_once('.').map(|(parent, _)| parent);
                let (Some(parent), true) = (parent, alone) else {
                    let message =
                        format!("an import in {} takes it with others; give it a statement of its own", file.path);
                    return Err(Refusal::new(Reason::Possible, message).at(importer, row.alias));
                };
                let alias = if row.flags.contains(ImportFlags::ALIASED) {
                    row.alias
                        .slice(&file.text)
                        .split_once(char::is_whitespace)
                        .map_or("", |(_, rest)| rest.trim_start())
                } else {
                    ""
                };
                let alias = match (alias, self.old_tail() == self.new_tail()) {
                    ("", true) => String::new(),
                    ("", false) => format!(" as {}", self.old_tail()),
                    (alias, _) => format!(" {alias}"),
                };
                let content = format!("from {parent} import {}{alias}", self.new_tail());
                edits.push(Edit { span: row.statement, content });
            } else if row.flags.contains(ImportFlags::ALIASED) {
                let end = row.alias.start + u32::try_from(self.old_tail().len()).unwrap_or_default();
                edits.push(Edit { span: Span::new(row.alias.start, end), content: self.new_tail().to_owned() });
            }
        }
        Ok(edits)
    }

    /// Whether an import takes the module from its package, and not from a module that has it by an import of its own.
    fn is_from_package(&self, importer: ModuleId, file: &Mentions, import: ImportId) -> bool {
        let row = &file.facts.imports[import];
        let written = row.module.map(|id| file.facts.names.text(id));
        let parent = self.program.table().get(self.module).parent;
        parent.is_some() && self.program.module_of_import(importer, row.level, written).module() == parent
    }

    /// Names that imports without `as` bind to the module: they follow where nothing is in the way, else `as` keeps them.
    fn names(&self, files: &[(ModuleId, Arc<Mentions>)], plan: &mut ModuleMove) -> Answer<()> {
        if self.leaves_its_package || self.old_tail() == self.new_tail() {
            return Ok(Ok(()));
        }
        for (module, file) in files {
            let mut seen: Vec<Variable> = Vec::new();
            for (id, row) in file.facts.imports.iter_enumerated() {
                let is_plain = !row.flags.contains(ImportFlags::ALIASED)
                    && self.program.import_meaning(*module, file, id) == Meaning::Module(self.module)
                    && (self.is_from_package(*module, file, id) || row.name.is_none() && !self.old.contains('.'));
                let Some(binding) = row.binding.filter(|_| is_plain) else { continue };
                let Some(variable) = file.variable(*module, binding) else { continue };
                if seen.contains(&variable) {
                    continue;
                }
                seen.push(variable.clone());
                let found = self.program.occurrences(&variable, Follow::SameName)?;
                let elsewhere = found.places.iter().any(|place| place.module != *module || !place.is_direct);
                let task = Task {
                    program: self.program,
                    variable: &variable,
                    old: self.old_tail(),
                    new: self.new_tail(),
                    places: &found.places,
                };
                let variables = [variable.clone()];
                let in_package = self.program.table().get(self.module).parent == Some(*module);
                let is_free = !elsewhere && (in_package || task.check_clashes(&variables).is_ok());
                let edits = plan.files.entry(*module).or_default();
                let taken: Vec<Span> = edits.iter().map(|edit| edit.span).collect();
                if is_free {
                    let fresh = found.places.iter().filter(|place| !taken.contains(&place.span));
                    edits.extend(fresh.map(|place| Edit { span: place.span, content: self.new_tail().to_owned() }));
                } else {
                    let bindings = self.program.bindings(&variable);
                    for binding in bindings {
                        let span = file.facts.refs[binding].span;
                        let content = format!("{} as {}", self.new_tail(), self.old_tail());
                        edits.retain(|edit| edit.span != span);
                        edits.push(Edit { span, content });
                    }
                }
            }
        }
        Ok(Ok(()))
    }

    /// `importlib.import_module("a.old")`, absolute.
    fn dynamic(&self, importer: ModuleId, file: &Mentions) -> Result<Vec<Edit>, Refusal> {
        let mut edits = Vec::new();
        for row in &file.facts.dynamic_imports {
            let written = row.module.map(|id| file.facts.names.text(id)).unwrap_or_default();
            let is_absolute = row.level == 0
                && (written == self.old || written.strip_prefix(self.old).is_some_and(|rest| rest.starts_with('.')));
            let inner = row.alias.slice(&file.text).find(self.old).filter(|_| is_absolute);
            if let Some(at) = inner {
                let start = row.alias.start + u32::try_from(at).unwrap_or_default();
                let span = Span::new(start, start + u32::try_from(self.old.len()).unwrap_or_default());
                edits.push(Edit { span, content: self.new.to_owned() });
            } else if row.level > 0 && self.is_it(self.program.module_of_import(importer, row.level, Some(written))) {
                let message = format!("a call in {} imports it by a relative name", file.path);
                return Err(Refusal::new(Reason::Dynamic, message).at(importer, row.alias));
            }
        }
        Ok(edits)
    }

    /// Relative imports of the module itself mean something else in another package: they become absolute.
    fn own_relative_imports(&self, plan: &mut ModuleMove) -> Result<(), Refusal> {
        let table = self.program.table();
        if table.get(self.module).kind == ModuleKind::Package {
            let message = "a package can be renamed in its place, but not moved into another package";
            return Err(Refusal::new(Reason::Possible, message));
        }
        let Some(file) = self.program.mentions(self.module) else { return Ok(()) };
        let mut edits = Vec::new();
        for row in file.facts.imports.iter().filter(|row| row.level > 0) {
            let written = row.module.map(|id| file.facts.names.text(id));
            let Some(full) = self.program.resolver().full_name(self.module, row.level, written) else { continue };
            let statement = row.statement.slice(&file.text);
            let Some(dots) = statement.find('.') else { continue };
            let named = file.module_names.iter().find(|named| named.statement == row.statement).map(|named| named.span);
            let start = row.statement.start + u32::try_from(dots).unwrap_or_default();
            let end = named.map_or(start + row.level, |named| named.end);
            edits.push(Edit { span: Span::new(start, end), content: full.into_owned() });
        }
        if !edits.is_empty() {
            plan.files.entry(self.module).or_default().extend(edits);
        }
        Ok(())
    }

    fn entries(&self, entry_points: &[EntryPoint]) -> Vec<EntryEdit> {
        let below = |module: &str| {
            module.strip_prefix(self.old).filter(|rest| rest.is_empty() || rest.starts_with('.')).map(str::to_owned)
        };
        entry_points
            .iter()
            .filter_map(|entry| {
                let rest = below(&entry.module)?;
                let new = format!("{}{rest}", self.new);
                Some(EntryEdit { path: entry.path.clone(), line: entry.line, old: entry.module.clone(), new })
            })
            .collect()
    }
}

/// Where the dots of a relative import begin, before the name of the module; the name itself for absolute ones.
fn dots_before(file: &Mentions, name: Span) -> u32 {
    let before = file.text.get(..name.start as usize).unwrap_or_default();
    u32::try_from(before.trim_end_matches(['.', ' ']).len()).map_or(name.start, |end| {
        let dots = before.get(end as usize..).and_then(|rest| rest.find('.'));
        dots.map_or(name.start, |at| end + u32::try_from(at).unwrap_or_default())
    })
}

/// The file of a module, or the folder of a package.
fn path_of(program: &Program, module: ModuleId) -> Result<PathBuf, Refusal> {
    let table = program.table();
    let Some(file) = table.file(module) else {
        return Err(Refusal::new(Reason::Possible, "a namespace package has no file that could move"));
    };
    let path = file.path();
    match table.get(module).kind {
        ModuleKind::Package => Ok(path.parent().map(PathBuf::from).unwrap_or_default()),
        _ => Ok(path.to_owned()),
    }
}

fn folder_of(program: &Program, package: &str) -> Result<PathBuf, Refusal> {
    let table = program.table();
    let found = table.find(package).filter(|&id| table.get(id).kind == ModuleKind::Package);
    let Some(found) = found else {
        return Err(Refusal::new(Reason::Unknown, format!("the project has no package `{package}`")));
    };
    path_of(program, found)
}

/// The import root of a module, from its path and dotted name.
fn root_of(path: &Path, name: &str) -> PathBuf {
    path.ancestors().nth(name.split('.').count()).map(PathBuf::from).unwrap_or_default()
}
