//! Symbol tables and errors equal the interpreter's on the whole standard library of every version that runs natively.

use legb_base::PyVersion;
use legb_oracle::interpreter::wasm_package;

use super::{Figure, Needs, Options, Row};
use crate::corpus::{library, scopes};
use crate::{legb, workspace};

pub(super) const ROW: Row = Row {
    name: "scopes-stdlib",
    about: "tables and errors v. CPython 3.8 to 3.13, standard libraries",
    needs: Needs::Interpreters,
    measure,
};

fn measure(options: &Options) -> anyhow::Result<Figure> {
    compare_libraries(options.jobs, 1, |version| wasm_package(version).is_none())
}

/// Compares every interpreter of some versions on its own sets of files, of which every n-th counts.
pub(super) fn compare_libraries(jobs: usize, every: usize, wanted: fn(PyVersion) -> bool) -> anyhow::Result<Figure> {
    println!("{}", scopes::HEAD);
    let (mut files, mut differing, mut grammar, mut versions) = (0, 0, 0, 0);
    for interpreter in workspace::interpreters(&[])?.iter().filter(|found| wanted(found.version)) {
        versions += 1;
        for (label, set) in library::sets(interpreter, None, every)? {
            let tally = scopes::compare_files(interpreter, &set, jobs, &legb::symtable_row)?;
            println!("{}", tally.line(&label));
            tally.print_first(5);
            files += tally.files;
            differing += tally.differing.len();
            grammar += tally.grammar.len();
        }
    }
    Ok(Figure {
        measured: format!(
            "{differing} of {files} files differ ({grammar} more in words of the grammar), {versions} versions"
        ),
        bound: "0 files",
        holds: differing == 0 && versions > 0,
    })
}
