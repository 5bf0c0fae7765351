//! Symbol tables and errors equal those of the versions that run as WebAssembly, on their own library and on one with tests.

use legb_oracle::interpreter::wasm_package;

use super::{Figure, Needs, Options, Row, scopes_stdlib};

pub(super) const ROW: Row = Row {
    name: "scopes-wasm",
    about: "tables and errors v. CPython 3.14 and 3.15, standard libraries",
    needs: Needs::Interpreters,
    measure,
};

/// Every n-th file of a quick run.
const QUICK_STEP: usize = 2;

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let every = if options.quick { QUICK_STEP } else { 1 };
    scopes_stdlib::compare_libraries(options.jobs, every, |version| wasm_package(version).is_some())
}
