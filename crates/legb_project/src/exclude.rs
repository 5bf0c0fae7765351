//! Which paths are left out of a walk.
//!
//! A pattern without a slash matches the name of any file or folder; one with a slash is taken from the working directory.
//! A file is also left out when a folder above it is. `.gitignore` and its like are the walker's business.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobSet, GlobSetBuilder};

/// Folders that hardly ever hold code of the project itself.
pub const DEFAULT_EXCLUDES: [&str; 20] = [
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pypackages__",
    "_build",
    "buck-out",
    "dist",
    "node_modules",
    "venv",
];

/// A compiled set of exclusion patterns.
#[derive(Clone, Debug)]
pub struct Exclusion {
    names: GlobSet,
    paths: GlobSet,
    root: PathBuf,
}

impl Exclusion {
    /// Compiles patterns; relative ones with a slash start at `root`.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>, root: &Path) -> Result<Self, globset::Error> {
        let mut names = GlobSetBuilder::new();
        let mut paths = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let pattern = pattern.trim_end_matches('/');
            if pattern.contains('/') {
                let absolute = root.join(pattern);
                paths.add(Glob::new(&absolute.to_string_lossy())?);
            } else {
                names.add(Glob::new(pattern)?);
            }
        }
        Ok(Self { names: names.build()?, paths: paths.build()?, root: root.to_owned() })
    }

    /// Whether `path` itself is left out, whatever is above it.
    pub fn matches(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| self.names.is_match(name))
            || !self.paths.is_empty() && self.paths.is_match(self.root.join(path))
    }

    /// Whether `path` or a folder above it, up to the root, is left out.
    pub fn matches_or_is_below_match(&self, path: &Path) -> bool {
        path.ancestors()
            .take_while(|ancestor| !ancestor.as_os_str().is_empty() && *ancestor != self.root)
            .any(|ancestor| self.matches(ancestor))
    }
}

#[cfg(test)]
mod tests {
    use super::Exclusion;
    use std::path::Path;

    fn excluded(pattern: &str, path: &str) -> bool {
        let exclusion = Exclusion::new([pattern], Path::new("/project")).unwrap();
        exclusion.matches_or_is_below_match(Path::new(path))
    }

    #[test]
    fn a_bare_name_matches_at_any_depth() {
        assert!(excluded("venv", "venv/lib/a.py"));
        assert!(excluded("venv", "tools/venv/a.py"));
        assert!(excluded("*_pb2.py", "gen/a_pb2.py"));
        assert!(!excluded("venv", "venvs/a.py"));
    }

    #[test]
    fn a_path_is_taken_from_the_working_directory() {
        assert!(excluded("gen/api", "gen/api/a.py"));
        assert!(excluded("./gen/api/", "gen/api/a.py"));
        assert!(excluded("/project/gen/api", "gen/api/a.py"));
        assert!(excluded("gen/**/x.py", "gen/a/b/x.py"));
        assert!(!excluded("gen/api", "old/gen/api/a.py"));
    }

    #[test]
    fn a_bad_pattern_is_an_error() {
        assert!(Exclusion::new(["a[b"], Path::new("/")).is_err());
    }
}
