//! What stands at a position of a file?

use legb_base::Span;
use legb_graph::{ModuleId, Target};
use legb_scope::{ImportFlags, ImportId};

use super::search::{definition_of, parameter_of};
use super::{Chain, Meaning, Mentions, Program, Use, Variable};

/// A name at a position, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The name, without quotes.
    pub span: Span,
    /// What it means.
    pub meaning: Meaning,
    /// What it does there.
    pub usage: Use,
}

/// Why there is no name at a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoCursor {
    /// Nothing like a name is there; the names nearest to it.
    Nothing(Vec<Span>),
    /// An attribute of a value that is no module: what it means is decided while the program runs.
    Attribute(Span),
}

/// So many names are offered where there is none.
const OFFERED: usize = 3;

impl Program {
    /// What stands at an offset of a file.
    pub fn at(&self, module: ModuleId, file: &Mentions, offset: u32) -> Result<Cursor, NoCursor> {
        let found = self
            .imported_name(module, file, offset)
            .or_else(|| self.reference(module, file, offset))
            .or_else(|| self.attribute_name(module, file, offset))
            .or_else(|| self.module_name(module, file, offset))
            .or_else(|| self.in_text(module, file, offset))
            .or_else(|| self.keyword_name(module, file, offset));
        if let Some(found) = found {
            return Ok(found);
        }
        let attributes = file.chains.iter().flat_map(|chain| &chain.parts).chain(&file.loose);
        if let Some(attribute) = attributes.copied().find(|part| part.touches(offset)) {
            return Err(NoCursor::Attribute(attribute));
        }
        let rows = file.facts.refs.iter().map(|row| row.span).filter(|span| span.start < span.end);
        let mut near: Vec<Span> = rows.collect();
        near.sort_by_key(|span| (offset.abs_diff(span.start).min(offset.abs_diff(span.end)), span.start));
        near.dedup();
        near.truncate(OFFERED);
        Err(NoCursor::Nothing(near))
    }

    fn reference(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        let id = file.reference_touching(offset)?;
        let row = &file.facts.refs[id];
        let binds_module = file.imported_by(id).filter(|&import| {
            let flags = file.facts.imports[import].flags;
            !flags.contains(ImportFlags::FROM) && !flags.contains(ImportFlags::ALIASED)
        });
        // `a` of `import a.b` is the module that stands there.
        let meaning = match binds_module.map(|import| self.import_meaning(module, file, import)) {
            Some(Meaning::Module(found)) => Meaning::Module(found),
            _ => self.meaning(module, file, id),
        };
        Some(Cursor { span: row.span, meaning, usage: file.usage(id) })
    }

    /// `x` of `from m import x as y`.
    fn imported_name(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        let aliased = |id: &ImportId| {
            let flags = file.facts.imports[*id].flags;
            flags.contains(ImportFlags::ALIASED) && flags.contains(ImportFlags::FROM)
        };
        let name_of = |id: ImportId| {
            let import = &file.facts.imports[id];
            let name = file.facts.names.text(import.name?);
            Some(Span::new(import.alias.start, import.alias.start + u32::try_from(name.len()).ok()?))
        };
        let (id, span) = file
            .facts
            .imports
            .indices()
            .filter(aliased)
            .filter_map(|id| Some((id, name_of(id)?)))
            .find(|(_, span)| span.touches(offset))?;
        Some(Cursor { span, meaning: self.import_meaning(module, file, id), usage: Use::Import })
    }

    fn attribute_name(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        let touches = |chain: &&Chain| chain.parts.iter().any(|part| part.touches(offset));
        let chain = file.chains.iter().find(touches)?;
        let at = chain.parts.iter().position(|part| part.touches(offset))?;
        let span = chain.parts[at];
        let usage = if at + 1 == chain.parts.len() { chain.usage } else { Use::Read };
        let meaning = match self.parts(module, file, chain).into_iter().nth(at + 1) {
            Some((meaning, _)) => meaning,
            None => self.class_attribute(module, file, chain, at)?,
        };
        Some(Cursor { span, meaning, usage })
    }

    /// `C.x` where `C` is certainly a class whose body binds `x`.
    fn class_attribute(&self, module: ModuleId, file: &Mentions, chain: &Chain, at: usize) -> Option<Meaning> {
        let (Meaning::Variable(holder), _) = self.parts(module, file, chain).into_iter().nth(at)? else { return None };
        let holder = self.origin(&holder);
        let home = self.mentions(holder.module())?;
        let [binding] = self.bindings(&holder)[..] else { return None };
        let scopes = home.facts.scopes.indices();
        let class = scopes
            .filter(|&scope| definition_of(&home, scope) == Some(binding))
            .find(|&scope| home.facts.scopes[scope].kind == legb_scope::ScopeKind::Class)?;
        let name = home.facts.names.find(chain.parts[at].slice(&file.text))?;
        let symbol = home.facts.symbol_in(class, name)?;
        home.bindings(symbol).next()?;
        Some(Meaning::Variable(Variable::Local { module: holder.module(), symbol }))
    }

    /// A part of the dotted name of a module in an import statement.
    fn module_name(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        let named = file.module_names.iter().find(|named| named.span.touches(offset))?;
        let written = named.span.slice(&file.text);
        let within = (offset - named.span.start) as usize;
        let end = written.get(within..)?.find('.').map_or(written.len(), |at| within + at);
        let start = written[..end].rfind('.').map_or(0, |at| at + 1);
        let import = file.facts.imports.iter().find(|import| import.statement == named.statement)?;
        let dotted: String = written[..end].split_whitespace().collect();
        let target = self.module_of_import(module, import.level, Some(&dotted));
        let offset = |at: usize| named.span.start + u32::try_from(at).unwrap_or_default();
        let meaning = match target {
            Target::Module(found) => Meaning::Module(found),
            Target::External => Meaning::Outside { module: dotted, name: None },
            Target::Partial(_) | Target::Nowhere => Meaning::Unknown(format!("the project has no module `{dotted}`")),
        };
        Some(Cursor { span: Span::new(offset(start), offset(end)), meaning, usage: Use::Import })
    }

    /// A name of `__all__`, or in an annotation that is a text.
    fn in_text(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        if let Some((name, span)) = file.facts.module.all.iter().flatten().find(|(_, span)| span.touches(offset)) {
            let name = file.facts.names.text(*name);
            let inner = Span::new(span.start + 1, span.end - 1);
            return Some(Cursor { span: inner, meaning: self.attribute(module, name), usage: Use::Export });
        }
        let annotated = file.annotated.iter().find(|annotated| annotated.is_exact && annotated.span.touches(offset))?;
        let meaning = annotated.symbol.and_then(|symbol| file.variable_of(module, symbol)).map_or_else(
            || Meaning::Unknown(format!("the file does not bind `{}`", annotated.span.slice(&file.text))),
            Meaning::Variable,
        );
        Some(Cursor { span: annotated.span, meaning, usage: Use::Annotation })
    }

    /// The name of a keyword in a call of a function that is known.
    fn keyword_name(&self, module: ModuleId, file: &Mentions, offset: u32) -> Option<Cursor> {
        let (call, &keyword) = file.calls.iter().find_map(|call| {
            call.keywords.iter().find(|keyword| keyword.touches(offset)).map(|keyword| (call, keyword))
        })?;
        let name = keyword.slice(&file.text);
        let unknown = || Meaning::Unknown(format!("which function gets `{name}` is decided while the program runs"));
        let meaning = call.callee.as_ref().and_then(|callee| self.parameter(module, file, callee, name));
        Some(Cursor { span: keyword, meaning: meaning.map_or_else(unknown, Meaning::Variable), usage: Use::Keyword })
    }

    /// The parameter of a function that is called, by its name.
    fn parameter(&self, module: ModuleId, file: &Mentions, callee: &Chain, name: &str) -> Option<Variable> {
        let parts = self.parts(module, file, callee);
        let (Meaning::Variable(function), _) = parts.get(callee.parts.len())? else { return None };
        let function = self.origin(function);
        let home = self.mentions(function.module())?;
        let [binding] = self.bindings(&function)[..] else { return None };
        let symbols = home.facts.symbols.indices();
        let symbol = symbols.filter(|&symbol| home.facts.symbol_name(symbol) == name).find(|&symbol| {
            parameter_of(&home, symbol).is_some_and(|(scope, _)| definition_of(&home, scope) == Some(binding))
        })?;
        Some(Variable::Local { module: function.module(), symbol })
    }
}
