//! The rule of every name use is the one of the instruction that the compiler emitted, on whole standard libraries.

use legb_base::PyVersion;

use super::{Figure, Needs, Options, Row};
use crate::corpus::{library, names};
use crate::{legb, workspace};

pub(super) const ROW: Row = Row {
    name: "names-stdlib",
    about: "rules of name uses v. the instructions of CPython 3.11 to 3.13, standard libraries",
    needs: Needs::Interpreters,
    measure,
};

/// Versions whose instructions carry columns and that run natively.
const VERSIONS: [&str; 3] = ["3.11", "3.12", "3.13"];

/// Every n-th file of a quick run.
const QUICK_STEP: usize = 2;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    println!("{}", names::HEAD);
    let versions: Vec<PyVersion> = VERSIONS.iter().filter_map(|version| version.parse().ok()).collect();
    let (mut uses, mut wrong) = (0, 0);
    for interpreter in workspace::interpreters(&versions)? {
        for (label, set) in library::sets(&interpreter, None, if options.quick { QUICK_STEP } else { 1 })? {
            let tally = names::compare_files(&interpreter, &set, options.jobs, &legb::uses_of)?;
            println!("{}", tally.line(&label));
            tally.print_first(5);
            uses += tally.uses;
            wrong += tally.differing.len() + tally.unmatched.len();
        }
    }
    Ok(Figure {
        measured: format!("{wrong} of {uses} name uses differ"),
        bound: "0 uses",
        holds: wrong == 0 && uses > 0,
    })
}
