//! Contracts held against the imports of the project that they belong to.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use legb_base::{Dialect, PyVersion};
use legb_contracts::{Config, Verdict, check, exports_of, named_imports, project};
use legb_project::Problem;

use crate::args::FileArgs;
use crate::{described, files};

/// The verdicts on the contracts of `config`, for a version of Python; `src` are import roots that were given. What goes wrong
/// with files is added to `problems`.
pub(crate) fn judge(
    config: &Config,
    src: &[PathBuf],
    args: &FileArgs,
    version: PyVersion,
    problems: &mut Vec<Problem>,
) -> anyhow::Result<Vec<Verdict>> {
    let folder = if config.folder.as_os_str().is_empty() { PathBuf::from(".") } else { config.folder.clone() };
    let src = if src.is_empty() { &config.source_roots } else { src };
    let opened = described::project(&[folder], src, args)?;
    problems.extend(opened.problems.iter().cloned());
    let walked =
        opened.walk(version, files::threads(args), |_| true, named_imports).context("cannot start a thread")?;
    problems.extend(walked.problems);
    let project = project(&opened.table, walked.answers);
    let dialect = Dialect::of(version);
    let exports = |path: &str| exports_of(&fs::read(path).unwrap_or_default(), &dialect);
    Ok(check(&project, &config.contracts, &exports))
}
