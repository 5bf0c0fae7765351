//! The explanation of a name, completed by what other files say: where its import leads, what an `import *` brings, and who
//! writes into the module from outside.
//!
//! The file itself is explained by `legb_scope`; here its answer changes only where another file gives the module a name that
//! no statement of the file binds.

use std::path::Path;

use legb_scope::explain::{Answer, Elsewhere, Explanation, Hop, OutsideWrite, Source};
use legb_scope::facts::MODULE;

use crate::definition::{Chain, End, Library, Link, Offered, Place};
use crate::module_names::{Imported, ModuleNames};
use crate::writes::ModuleWrite;

/// What an explanation leaves open, taken from the file while its facts are there.
#[derive(Clone, Debug, Default)]
pub struct Lead {
    /// The import that binds the variable.
    import: Option<Imported>,
    /// The module is asked for the name, so that others may have given it one.
    asks_module: bool,
}

impl Lead {
    /// What the explanation of a mention leaves open.
    pub fn of(source: &Source<'_>, names: &ModuleNames, explanation: &Explanation) -> Self {
        let facts = source.facts;
        let binding_import = |is_it: &dyn Fn(legb_scope::RefId) -> bool| {
            let import = facts.imports.iter().find(|import| import.binding.is_some_and(is_it));
            import.map(|import| Imported::of(facts, import))
        };
        let own = binding_import(&|binding| binding == explanation.reference);
        let import = own.or_else(|| {
            let variable = explanation.variable?;
            if facts.symbols[variable].scope == MODULE {
                return names.chosen(&explanation.name)?.from.clone();
            }
            binding_import(&|binding| facts.variable(facts.refs[binding].symbol) == Some(variable))
        });
        let asks_module = matches!(explanation.scope, Answer::Global | Answer::Builtin | Answer::Unresolved);
        Self { import, asks_module: asks_module && facts.errors.is_empty() }
    }

    /// Whether statements of other files matter to the answer.
    pub fn asks_module(&self) -> bool {
        self.asks_module
    }
}

/// A write into the module, and the file in which it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedWrite {
    /// The file, as it is printed.
    pub path: String,
    /// The statement.
    pub write: ModuleWrite,
}

/// The module of the file that is explained.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Which module it is.
    pub place: &'a Place,
    /// Its names.
    pub names: &'a ModuleNames,
    /// The other modules.
    pub library: &'a Library<'a>,
    /// How paths are printed.
    pub shown: &'a dyn Fn(&Path) -> String,
}

impl Asked<'_> {
    /// Completes an explanation. `writes`: those into this module that the project has, of any name.
    pub fn complete(&self, explanation: &mut Explanation, lead: &Lead, writes: &[LocatedWrite]) {
        let mut elsewhere = Elsewhere::default();
        if let Some(import) = &lead.import {
            self.tell(&self.library.of_import(self.place, import), &mut elsewhere);
        }
        if lead.asks_module {
            let of_name = writes.iter().filter(|found| found.write.name == explanation.name);
            elsewhere.writes = of_name
                .map(|found| OutsideWrite {
                    path: found.path.clone(),
                    line: found.write.range.start.line,
                    kind: found.write.kind,
                    function: found.write.function.clone(),
                })
                .collect();
            if explanation.scope != Answer::Global && !self.brought_by_star(explanation, &mut elsewhere) {
                written_from_outside(explanation, &elsewhere);
            }
        }
        explanation.add(elsewhere);
    }

    fn tell(&self, chain: &Chain, elsewhere: &mut Elsewhere) {
        elsewhere.chain.extend(chain.links.iter().map(|link| self.hop(link)));
        elsewhere.leads_to = Some(match (&chain.end, elsewhere.chain.last()) {
            (End::Defined, Some(last)) => format!("Defined in {}:{}", last.path, last.line),
            (End::Module { name, path: Some(path) }, _) => format!("It is the module `{name}`, {}", (self.shown)(path)),
            (End::Module { name, path: None }, _) => format!("It is the module `{name}`"),
            (end, _) => {
                let mut text = end.to_string();
                // A sentence begins with a capital, unless a name stands there.
                if let Some(first) = text.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                text
            }
        });
    }

    fn hop(&self, link: &Link) -> Hop {
        Hop {
            path: (self.shown)(&link.path),
            line: link.range.start.line,
            range: link.range,
            module: link.module.clone(),
            name: link.name.clone(),
            kind: link.kind,
            also: link.also.clone(),
        }
    }

    /// Whether an `import *` of the file brings the name, which then is the module's.
    fn brought_by_star(&self, explanation: &mut Explanation, elsewhere: &mut Elsewhere) -> bool {
        let name = explanation.name.clone();
        let offered = |wanted: Offered| {
            let stars = self.names.stars.iter().rev();
            stars.into_iter().find(|star| self.library.offers(self.place, &star.from, &name) == wanted)
        };
        let Some(star) = offered(Offered::Yes) else {
            if explanation.scope == Answer::Unresolved
                && let Some(star) = offered(Offered::Perhaps)
            {
                let written = star.from.written();
                elsewhere.leads_to =
                    Some(format!("What `{written}` holds is not known: `import *` may bring `{name}` from there"));
            } else if explanation.may_come_from_star {
                explanation.not_brought_by_star();
            }
            return false;
        };
        let line = star.range.start.line;
        let written = star.from.written();
        elsewhere.chain.push(Hop {
            path: explanation.path.clone(),
            line,
            range: star.range,
            module: self.place.module.clone(),
            name: name.clone(),
            kind: "star import",
            also: Vec::new(),
        });
        if let Some(module) = self.library.module(self.place, &star.from) {
            self.tell(&self.library.of_name(&module, &name), elsewhere);
        }
        let why = format!("`from {written} import *` on line {line} brings `{name}` into the module");
        let verdict = format!("`{name}` is a global: `from {written} import *` on line {line} brings it.");
        explanation.found_in_module(&why, verdict);
        true
    }
}

/// A name that only statements of other files bind.
fn written_from_outside(explanation: &mut Explanation, elsewhere: &Elsewhere) {
    let name = &explanation.name;
    let Some(write) = elsewhere.writes.iter().find(|write| !write.kind.contains("delet")) else { return };
    let place = format!("{}:{}", write.path, write.line);
    let why = format!("no statement of the module binds `{name}`, but {place} writes it there from outside");
    let verdict = format!("`{name}` is a global, once {place} has run: it writes the name into this module.");
    if explanation.scope == Answer::Unresolved {
        explanation.found_in_module(&why, verdict);
    }
}
