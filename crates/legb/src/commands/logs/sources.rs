//! Frames of tracebacks and the files of the project: which file here is the one that failed there?

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use anyhow::bail;
use legb_log::mapping::SourceMap;
use legb_project::{DEFAULT_EXCLUDES, Discovery, Exclusion, discover, thread_count};

/// The files of the project around the working directory, looked for when the first frame asks.
pub(crate) struct Sources {
    rules: Vec<(String, String)>,
    map: OnceCell<SourceMap>,
}

/// What tells that a folder is a project, and may be searched.
const MARKS: [&str; 6] = ["pyproject.toml", "setup.py", "setup.cfg", "legb.toml", "requirements.txt", ".git"];

impl Sources {
    /// With the pairs `FROM=TO` of the command line.
    pub(crate) fn new(pairs: &[String]) -> anyhow::Result<Self> {
        let mut rules = Vec::new();
        for pair in pairs {
            let Some((from, to)) = pair.split_once('=').filter(|(from, _)| !from.is_empty()) else {
                bail!("--map: write FROM=TO, such as `/srv/app=.`, instead of `{pair}`");
            };
            rules.push((from.to_owned(), to.to_owned()));
        }
        Ok(Self { rules, map: OnceCell::new() })
    }

    /// The files, and where paths of tracebacks lie among them.
    pub(super) fn map(&self) -> &SourceMap {
        self.map.get_or_init(|| SourceMap::new(self.rules.clone(), self.files()))
    }

    /// The Python files below the working directory, if it is a project or the user says so.
    fn files(&self) -> Vec<String> {
        let here = Path::new(".");
        let is_marked = MARKS.iter().any(|mark| here.join(mark).exists()) || holds_programs(here);
        if self.rules.is_empty() && !is_marked {
            return Vec::new();
        }
        let mut roots: Vec<PathBuf> =
            self.rules.iter().map(|(_, to)| PathBuf::from(to)).filter(|to| to.is_dir()).collect();
        roots.push(here.to_path_buf());
        // A working directory that cannot be told has no project either.
        let exclusion = std::env::current_dir().ok().and_then(|here| Exclusion::new(DEFAULT_EXCLUDES, &here).ok());
        let Some(exclusion) = exclusion else { return Vec::new() };
        let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: thread_count(None) };
        let found = discover(&roots, &discovery).files;
        let mut files: Vec<String> = found.iter().map(|file| file.shown().to_string()).collect();
        files.sort();
        files.dedup();
        files
    }

    /// The name of the module that a frame's path is, in this project.
    pub(super) fn module_of(&self, path: &str) -> Option<String> {
        self.map().module(path)
    }

    /// The name of the module that a file of the project is.
    pub(super) fn module_of_file(&self, file: &str) -> Option<String> {
        self.map().module_of_file(file)
    }
}

/// Whether Python files lie in a folder itself.
fn holds_programs(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| entry.path().extension().is_some_and(|end| end == "py"))
}
