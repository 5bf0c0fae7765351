//! The edits themselves, and a look at what they make of the files.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use legb_base::{Dialect, Edit, Span};
use legb_graph::ModuleId;
use legb_project::STACK_SIZE;
use legb_scope::{Analyzer, ImportFlags, RefId, RefKind};
use legb_syntax::{SourceKind, parse};

use super::{Answer, EntryEdit, Reason, Refusal, Task, same_up_to_the_name};
use crate::entry_points::EntryPoint;
use crate::occurrences::{Meaning, Mentions, Use, Variable};

impl Task<'_> {
    /// The edits of all files.
    pub(super) fn edits(&self, variables: &[Variable]) -> Result<BTreeMap<ModuleId, Vec<Edit>>, Refusal> {
        let mut files: BTreeMap<ModuleId, Vec<Edit>> = BTreeMap::new();
        for place in self.places {
            let Some(file) = self.program.mentions(place.module) else { continue };
            let content = match place.usage {
                Use::Bind(RefKind::Import) => self.imported(place.module, &file, place.span, variables)?,
                _ => self.new.to_owned(),
            };
            files.entry(place.module).or_default().push(Edit { span: place.span, content });
        }
        for edits in files.values_mut() {
            edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
            edits.dedup();
        }
        Ok(files)
    }

    /// What an import binds is the new name: taken under that name, or given it by `as`.
    fn imported(
        &self,
        module: ModuleId,
        file: &Mentions,
        span: Span,
        variables: &[Variable],
    ) -> Result<String, Refusal> {
        let new = self.new;
        let binding = file.reference_at(span.start);
        let Some(import) = binding.and_then(|binding| file.imported_by(binding)) else { return Ok(new.to_owned()) };
        let row = &file.facts.imports[import];
        if row.flags.contains(ImportFlags::ALIASED) {
            return Ok(new.to_owned());
        }
        let from_renamed = match self.program.import_meaning(module, file, import) {
            Meaning::Variable(source) => variables.contains(&source),
            _ => false,
        };
        if row.flags.contains(ImportFlags::FROM) && from_renamed {
            return Ok(new.to_owned());
        }
        let written = row.alias.slice(&file.text);
        if written != self.old {
            let message = format!(
                "`import {written}` binds `{}`, the name of a package; write `import {written} as {new}`",
                self.old
            );
            return Err(Refusal::new(Reason::Module, message).at(module, span));
        }
        Ok(format!("{written} as {new}"))
    }

    /// Entry points that name a renamed variable: `shop.cli:main`.
    pub(super) fn entries(&self, entry_points: &[EntryPoint]) -> Vec<EntryEdit> {
        let is_it = |entry: &&EntryPoint| {
            let object = entry.object.as_deref().unwrap_or_default();
            let first = object.split('.').next().unwrap_or_default();
            let module = self.program.table().find(&entry.module);
            first == self.old
                && module.is_some_and(|module| match self.program.attribute(module, first) {
                    Meaning::Variable(found) => {
                        found == *self.variable || self.program.origin(&found) == *self.variable
                    }
                    _ => false,
                })
        };
        entry_points
            .iter()
            .filter(is_it)
            .map(|entry| {
                let object = entry.object.as_deref().unwrap_or_default();
                let rest = object.strip_prefix(self.old).unwrap_or_default();
                EntryEdit {
                    path: entry.path.clone(),
                    line: entry.line,
                    old: format!("{}:{object}", entry.module),
                    new: format!("{}:{}{rest}", entry.module, self.new),
                }
            })
            .collect()
    }

    /// Every mention of the edited files must mean what it meant.
    pub(super) fn check_result(&self, files: &BTreeMap<ModuleId, Vec<Edit>>) -> Answer<()> {
        let dialect = Dialect::of(self.program.version());
        let (old, new) = (self.old, self.new);
        let edited = files.iter().filter_map(|(&module, edits)| Some((module, self.program.mentions(module)?, edits)));
        let edited: Vec<(ModuleId, Arc<Mentions>, &Vec<Edit>)> = edited.collect();
        // Analysis recurses over syntax trees, for which the stack of the caller may be too small.
        let check =
            || edited.iter().try_for_each(|(module, file, edits)| check_file(*module, file, edits, old, new, &dialect));
        thread::scope(|scope| {
            let checking = thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, check)?;
            Ok(checking
                .join()
                .unwrap_or_else(|_| Err(Refusal::new(Reason::Unreadable, "legb failed on an edited file"))))
        })
    }
}

fn check_file(
    module: ModuleId,
    file: &Mentions,
    edits: &[Edit],
    old: &str,
    new: &str,
    dialect: &Dialect,
) -> Result<(), Refusal> {
    let text = applied(&file.text, edits);
    let parsed = parse(&text, SourceKind::Python, dialect);
    let mut analyzer = Analyzer::default();
    let after = analyzer.analyze(&parsed, &text, dialect, SourceKind::Python);
    let error = parsed.grammar_error(&text, dialect).or_else(|| after.errors.first().cloned());
    if let Some(error) = error {
        let message = format!("{} would not compile any more: {}", file.path, error.message);
        return Err(Refusal::new(Reason::Capture, message));
    }
    same_up_to_the_name(&file.facts, after, old, new).map_err(|reference| changed(module, file, reference))
}

fn changed(module: ModuleId, file: &Mentions, reference: Option<RefId>) -> Refusal {
    match reference.map(|reference| file.facts.refs[reference].span) {
        Some(span) => {
            let line = file.lines.line(span.start);
            let message = format!("a name in line {line} of {} would mean another variable", file.path);
            Refusal::new(Reason::Capture, message).at(module, span)
        }
        None => Refusal::new(Reason::Capture, format!("the scopes of {} would change", file.path)),
    }
}

/// A text with edits that are sorted and do not overlap.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        changed.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        changed.push_str(&edit.content);
        at = edit.span.end as usize;
    }
    changed.push_str(text.get(at..).unwrap_or_default());
    changed
}
