//! What other files have to do with a name: where an import leads, and who writes into the module from outside.
//!
//! Nothing is looked up here: who knows the other files fills it in.

use legb_base::LineRange;
use serde::Serialize;

use super::{Answer, BindingSite, Explanation, Outcome};

/// What other files have to do with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Elsewhere {
    /// The lines from the import to the definition, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Hop>,
    /// Where they lead, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads_to: Option<String>,
    /// Statements of any file that write the name into the module from outside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<OutsideWrite>,
}

/// A line on the way from an import to the definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// The file, as it is printed.
    pub path: String,
    /// The line.
    pub line: u32,
    /// The name in it.
    pub range: LineRange,
    /// The module in which the line stands.
    pub module: String,
    /// What the name is called there.
    pub name: String,
    /// How the line binds it: `import`, `star import`, `__getattr__`, `def` and so on.
    pub kind: &'static str,
    /// Other lines of the file that bind it as well.
    pub also: Vec<u32>,
}

/// A statement that writes a name into the module from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutsideWrite {
    /// The file, as it is printed.
    pub path: String,
    /// The line.
    pub line: u32,
    /// How: `attribute assignment`, `setattr` and so on.
    pub kind: &'static str,
    /// The function in which it stands; none where it runs while its module is imported.
    pub function: Option<String>,
}

impl Explanation {
    /// Adds what other files have to do with the name; their lines join the bindings.
    pub fn add(&mut self, elsewhere: Elsewhere) {
        let hops =
            elsewhere.chain.iter().map(|hop| BindingSite { path: hop.path.clone(), line: hop.line, kind: hop.kind });
        let writes =
            elsewhere.writes.iter().map(|it| BindingSite { path: it.path.clone(), line: it.line, kind: it.kind });
        for site in hops.chain(writes) {
            if !self.bindings.contains(&site) {
                self.bindings.push(site);
            }
        }
        self.elsewhere = elsewhere;
    }

    /// No `import *` of the file brings the name either.
    pub fn not_brought_by_star(&mut self) {
        let name = &self.name;
        for step in self.steps.iter_mut().filter(|step| step.letter == Some(Answer::Global)) {
            step.why = format!("no line of the module binds `{name}`, and no `import *` in it brings it");
        }
        let python = &self.python;
        self.verdict = format!(
            "Nothing binds `{name}`, no `import *` of the file brings it, and it is no builtin of Python {python}."
        );
        self.may_come_from_star = false;
    }

    /// The module has the name after all: `why` says who gives it. The search ends there.
    pub fn found_in_module(&mut self, why: &str, verdict: String) {
        for step in &mut self.steps {
            match step.letter {
                Some(Answer::Global) => {
                    step.outcome = Outcome::Hit;
                    why.clone_into(&mut step.why);
                }
                Some(Answer::Builtin) => {
                    step.outcome = Outcome::Skipped;
                    step.why =
                        format!("not reached: the module has answered; `{}` is looked for no further", self.name);
                }
                _ => {}
            }
        }
        self.builtin_if_gone = Some(self.scope == Answer::Builtin);
        self.scope = Answer::Global;
        self.verdict = verdict;
        self.may_come_from_star = false;
    }
}
