//! May a module be reached by means that are not import statements, and its names with it?
//!
//! Where a project imports modules whose names are computed, any attribute of a value that is not known may be a name of any
//! module, and any text may be looked up in it. A project without such imports is closed: what is not named is not reached.

use std::io;

use legb_base::Span;
use legb_graph::ModuleId;
use legb_scope::RefKind;

use super::{Reason, Refusal, Task};
use crate::occurrences::{Call, Chain, Meaning, Mentions};

/// Functions that import a module by a name.
const IMPORTERS: [&str; 2] = ["import_module", "__import__"];
/// Words by which modules are found or made otherwise.
const OTHER_WAYS: [&str; 6] =
    ["sys.modules[", "sys.modules.get", "exec_module", "module_from_spec", "run_module", "iter_modules"];
/// What methods call the object they are called on.
const OWN_OBJECT: [&str; 3] = ["self", "cls", "mcs"];

/// Names that well-known programs look for in modules that they import: unittest, Django, WSGI and ASGI servers, setuptools.
const FOUND_BY_HOSTS: [&str; 9] = [
    "__unittest",
    "urlpatterns",
    "handler404",
    "handler500",
    "application",
    "Command",
    "Migration",
    "setUpModule",
    "tearDownModule",
];

impl Task<'_> {
    /// What may look the names of a module up, if something may.
    pub(super) fn check_reach(&self) -> io::Result<Result<(), Refusal>> {
        if let Some(host) = [self.old, self.new].into_iter().find(|name| FOUND_BY_HOSTS.contains(name)) {
            let message = format!("programs that import modules look for `{host}` in them");
            return Ok(Err(Refusal::new(Reason::FoundByName, message)));
        }
        let Some((importer, way)) = self.way_in()? else { return Ok(Ok(())) };
        for (module, file) in self.program.mentioning(&[self.old, self.new])? {
            let Some(span) = self.lookup(module, &file) else { continue };
            let path = self.program.mentions(importer).map(|file| {
                let line = file.lines.line(way.start);
                format!("line {line} of {}", file.path)
            });
            let here = file.lines.line(span.start);
            let message = format!(
                "{} imports modules whose names are computed, and `{}` in line {here} of {} may be looked up in one",
                path.unwrap_or_default(),
                span.slice(&file.text),
                file.path,
            );
            return Ok(Err(Refusal::new(Reason::Dynamic, message).at(module, span)));
        }
        Ok(Ok(()))
    }

    /// The first place of the project that imports a module by a name which is computed.
    fn way_in(&self) -> io::Result<Option<(ModuleId, Span)>> {
        let words: Vec<&str> = IMPORTERS.into_iter().chain(OTHER_WAYS).collect();
        for (module, file) in self.program.mentioning(&words)? {
            let is_computed = |call: &&Call| {
                let last = call.last.map(|last| last.slice(&file.text)).unwrap_or_default();
                let first = call.arguments.slice(&file.text).trim_start_matches(['(', ' ', '\n', '\t']);
                IMPORTERS.contains(&last) && !first.starts_with(['"', '\''])
            };
            if let Some(call) = file.calls.iter().find(is_computed) {
                return Ok(Some((module, call.arguments)));
            }
            let other = OTHER_WAYS.iter().find_map(|word| Some((word, file.text.find(word)?)));
            if let Some((word, at)) = other {
                let start = u32::try_from(at).unwrap_or_default();
                return Ok(Some((module, Span::new(start, start + u32::try_from(word.len()).unwrap_or_default()))));
            }
        }
        Ok(None)
    }

    /// An attribute of something unknown, or a text, that is one of the two names.
    fn lookup(&self, module: ModuleId, file: &Mentions) -> Option<Span> {
        let is_name = |span: Span| [self.old, self.new].contains(&span.slice(&file.text));
        let is_place = |span: Span| {
            self.places.iter().any(|place| place.module == module && place.span == span)
                || file.facts.module.all.iter().flatten().any(|(_, listed)| listed.contains(span))
        };
        let text = file.texts.iter().map(|text| text.inner).find(|&inner| is_name(inner) && !is_place(inner));
        let loose = || file.loose.iter().copied().find(|&part| is_name(part));
        let chained = || {
            let of_chain = |chain: &Chain| {
                let at = chain.parts.iter().position(|&part| is_name(part) && !is_place(part))?;
                self.is_open(module, file, chain, at).then(|| chain.parts[at])
            };
            file.chains.iter().find_map(of_chain)
        };
        text.or_else(loose).or_else(chained)
    }

    /// Whether what stands before a part of a chain may be any module.
    fn is_open(&self, module: ModuleId, file: &Mentions, chain: &Chain, at: usize) -> bool {
        if at == 0 && OWN_OBJECT.contains(&file.facts.ref_name(chain.root)) {
            return false;
        }
        let parts = self.program.parts(module, file, chain);
        match parts.get(at) {
            Some((Meaning::Module(_) | Meaning::Outside { .. } | Meaning::Builtin(_), _)) => false,
            Some((Meaning::Variable(variable), _)) => {
                if self.program.module_behind(variable, 0).is_some() {
                    return false;
                }
                let origin = self.program.origin(variable);
                let Some(home) = self.program.mentions(origin.module()) else { return true };
                let bindings = self.program.bindings(&origin);
                let is_known = |kind: RefKind| matches!(kind, RefKind::Def | RefKind::Class);
                bindings.is_empty() || !bindings.iter().all(|&binding| is_known(home.facts.refs[binding].kind))
            }
            Some((Meaning::Unknown(_), _)) | None => true,
        }
    }
}
