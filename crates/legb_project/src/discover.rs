//! Which files are checked: those named, and the Python files below the folders named.
//!
//! `.gitignore`, `.ignore`, `.git/info/exclude` and the user's global ignore file are respected below a folder, and so are
//! the exclusions. A file that is named outright is taken whatever its name and whatever excludes it, unless exclusion is
//! forced. Links to files are followed, links to folders are not. The result is sorted by path and names each file once.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use ignore::{DirEntry, WalkBuilder, WalkState};
use legb_syntax::SourceKind;
use rustc_hash::FxHashSet;

use crate::exclude::Exclusion;
use crate::problem::{Problem, reason, shown, working_directory};

/// A file to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    path: PathBuf,
    content: Option<Box<[u8]>>,
}

impl SourceFile {
    /// The file at `path`.
    pub fn new(path: PathBuf) -> Self {
        Self { path, content: None }
    }

    /// Content that stands for the file at `path`, which need not exist: standard input, or a buffer of an editor.
    pub fn with_content(path: PathBuf, content: Vec<u8>) -> Self {
        Self { path, content: Some(content.into()) }
    }

    /// The content, where it is not to be read from the path.
    pub fn content(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// The path to open: relative where the file is under the working directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path as it is printed.
    pub fn shown(&self) -> Cow<'_, str> {
        shown(&self.path)
    }

    /// Whether it is the `__init__` of a package.
    pub fn is_package_init(&self) -> bool {
        self.path.file_stem().is_some_and(|stem| stem == "__init__")
    }

    /// Whether it is a stub or a program.
    pub fn kind(&self) -> SourceKind {
        if self.path.extension().is_some_and(|extension| extension == "pyi") {
            SourceKind::Stub
        } else {
            SourceKind::Python
        }
    }
}

/// What to look for.
#[derive(Clone, Copy, Debug)]
pub struct Discovery<'a> {
    /// What is left out below folders.
    pub exclusion: &'a Exclusion,
    /// Whether exclusion also holds for paths that are named.
    pub force_exclude: bool,
    /// Threads that walk; 0 for as many as suit the machine.
    pub threads: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// The files, sorted by path, each once.
    pub files: Vec<SourceFile>,
    /// What went wrong, sorted by path.
    pub problems: Vec<Problem>,
}

/// Finds the files that `paths` stand for.
pub fn discover(paths: &[PathBuf], discovery: &Discovery<'_>) -> Discovered {
    let here = working_directory();
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        let path = normalised(path, &here);
        if discovery.force_exclude && discovery.exclusion.matches_or_is_below_match(&path) {
            continue;
        }
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => folders.push(path),
            Ok(_) => {
                problems.extend(unprintable_name(&path));
                files.push(SourceFile::new(path));
            }
            Err(error) => problems.push(unusable_argument(&path, &error)),
        }
    }
    walk(&folders, discovery, &mut files, &mut problems);
    files.sort_unstable_by(|a, b| shown_order(&a.path).cmp(shown_order(&b.path)));
    if paths.len() > 1 {
        let mut seen = FxHashSet::default();
        files.retain(|file| seen.insert(identity(&file.path, &here)));
    }
    problems.sort_by(|a, b| (&a.path, &a.what).cmp(&(&b.path, &b.what)));
    problems.dedup();
    Discovered { files, problems }
}

enum Found {
    File(PathBuf),
    Problem(Problem),
}

fn walk(folders: &[PathBuf], discovery: &Discovery<'_>, files: &mut Vec<SourceFile>, problems: &mut Vec<Problem>) {
    let Some((first, others)) = folders.split_first() else {
        return;
    };
    let mut builder = WalkBuilder::new(first);
    for folder in others {
        builder.add(folder);
    }
    builder.hidden(false).threads(discovery.threads);
    let (sender, receiver) = channel();
    builder.build_parallel().run(|| {
        let sender = sender.clone();
        Box::new(move |entry| visit(entry, discovery.exclusion, &sender))
    });
    drop(sender);
    for found in receiver {
        match found {
            Found::File(path) => files.push(SourceFile::new(path)),
            Found::Problem(problem) => problems.push(problem),
        }
    }
}

fn visit(entry: Result<DirEntry, ignore::Error>, exclusion: &Exclusion, sender: &Sender<Found>) -> WalkState {
    // The receiver outlives the walk, so that sending cannot fail.
    let send = |found| sender.send(found).unwrap_or_default();
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            send(Found::Problem(walk_problem(&error)));
            return WalkState::Continue;
        }
    };
    if let Some(error) = entry.error() {
        let remedy = "mend the line; the rest of the file is respected";
        send(Found::Problem(Problem::warning(entry.path(), format!("has a bad ignore file: {error}"), remedy)));
    }
    let Some(file_type) = entry.file_type() else {
        return WalkState::Continue;
    };
    if file_type.is_dir() {
        return if entry.depth() > 0 && exclusion.matches(without_dot(entry.path())) {
            WalkState::Skip
        } else {
            WalkState::Continue
        };
    }
    let is_python = is_python(entry.path());
    let is_link = file_type.is_symlink();
    if !is_python && !is_link || exclusion.matches(without_dot(entry.path())) {
        return WalkState::Continue;
    }
    if is_link {
        match link(entry.path(), is_python) {
            Link::File => {}
            Link::Ignored => return WalkState::Continue,
            Link::Broken(problem) => {
                send(Found::Problem(problem));
                return WalkState::Continue;
            }
        }
    } else if !file_type.is_file() {
        return WalkState::Continue;
    }
    let path = match entry.path().strip_prefix(".") {
        Ok(path) => path.to_owned(),
        Err(_) => entry.into_path(),
    };
    if let Some(problem) = unprintable_name(&path) {
        send(Found::Problem(problem));
    }
    send(Found::File(path));
    WalkState::Continue
}

enum Link {
    File,
    Ignored,
    Broken(Problem),
}

/// What a symbolic link met on the walk leads to.
fn link(path: &Path, is_python: bool) -> Link {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() && is_python => Link::File,
        Ok(metadata) if metadata.is_dir() => {
            let leads_up = match (fs::canonicalize(path), path.parent().map(fs::canonicalize)) {
                (Ok(target), Some(Ok(parent))) => parent.starts_with(&target),
                _ => false,
            };
            if leads_up {
                let what = "is a link to a folder above it, a loop; it was not followed";
                Link::Broken(Problem::warning(
                    without_dot(path),
                    what,
                    "remove the link, or exclude it with `--extend-exclude`",
                ))
            } else {
                Link::Ignored
            }
        }
        Ok(_) => Link::Ignored,
        Err(error) if is_python => Link::Broken(dangling(without_dot(path), &error)),
        Err(_) => Link::Ignored,
    }
}

fn dangling(path: &Path, error: &io::Error) -> Problem {
    let what = match fs::read_link(path) {
        Ok(target) if error.kind() == io::ErrorKind::NotFound => {
            format!("is a link to `{}`, which does not exist", shown(&target))
        }
        _ => format!("is a link that leads nowhere: {}", reason(error)),
    };
    Problem::warning(path, what, "restore its target, or remove the link")
}

fn unusable_argument(path: &Path, error: &io::Error) -> Problem {
    let mut problem = match error.kind() {
        io::ErrorKind::NotFound if fs::symlink_metadata(path).is_ok() => dangling(path, error),
        io::ErrorKind::NotFound => {
            Problem::error(path, "no such file or folder", "check the spelling and the working directory")
        }
        _ => Problem::error(path, format!("cannot be opened: {}", reason(error)), "check the path and its permissions"),
    };
    problem.gravity = crate::problem::Gravity::Error;
    problem
}

fn walk_problem(error: &ignore::Error) -> Problem {
    let (path, io_error) = path_and_cause(error);
    let path = path.map_or(Path::new("."), without_dot);
    match io_error {
        Some(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Problem::error(
            path,
            format!("cannot be listed: {}", reason(cause)),
            "allow reading it, or exclude it with `--extend-exclude`",
        ),
        Some(cause) => {
            Problem::error(path, format!("cannot be listed: {}", reason(cause)), "run again once nothing changes it")
        }
        None => Problem::error(path, format!("cannot be listed: {error}"), "exclude it with `--extend-exclude`"),
    }
}

fn path_and_cause(error: &ignore::Error) -> (Option<&Path>, Option<&io::Error>) {
    match error {
        ignore::Error::WithPath { path, err } => (Some(path), path_and_cause(err).1),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_and_cause(err),
        ignore::Error::Io(cause) => (None, Some(cause)),
        _ => (None, None),
    }
}

fn unprintable_name(path: &Path) -> Option<Problem> {
    let remedy = "rename it; it is checked, and shown with a replacement character";
    path.to_str().is_none().then(|| Problem::warning(path, "has a name that is not UTF-8", remedy))
}

fn is_python(path: &Path) -> bool {
    matches!(path.extension().map(OsStr::as_encoded_bytes), Some(b"py" | b"pyw" | b"pyi"))
}

/// `path` without the `.` that a walk from the working directory puts in front.
fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// `path` without needless detours, relative to the working directory if it is below it.
fn normalised(path: &Path, here: &Path) -> PathBuf {
    let plain: PathBuf = path.components().filter(|component| *component != Component::CurDir).collect();
    let direct = if goes_up(&plain) { without_detours(&plain) } else { here.join(&plain) };
    let path = match direct.strip_prefix(here) {
        Ok(below) if !here.as_os_str().is_empty() => below.to_owned(),
        _ if plain.is_absolute() => direct,
        _ => plain,
    };
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

fn goes_up(path: &Path) -> bool {
    path.components().any(|component| component == Component::ParentDir)
}

/// What `..` means depends on links, so that only the file system can say where it leads; a link at the end is kept.
fn without_detours(path: &Path) -> PathBuf {
    let found = match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => fs::canonicalize(parent).map(|parent| parent.join(name)),
        _ => fs::canonicalize(path),
    };
    found.unwrap_or_else(|_| path.to_owned())
}

/// What tells two spellings of one path apart from two files; links to a file stay files of their own.
fn identity(path: &Path, here: &Path) -> PathBuf {
    if goes_up(path) { without_detours(path) } else { here.join(path) }
}

/// Paths are compared byte by byte, as the strings that are printed, and not component by component.
fn shown_order(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(test)]
mod tests {
    use super::{Discovered, Discovery, discover};
    use crate::exclude::{DEFAULT_EXCLUDES, Exclusion};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn found(root: &Path, paths: &[&str], force_exclude: bool) -> (Vec<String>, Discovered) {
        let exclusion = Exclusion::new(DEFAULT_EXCLUDES, root).unwrap();
        let paths: Vec<PathBuf> = paths.iter().map(|path| root.join(path)).collect();
        let discovered = discover(&paths, &Discovery { exclusion: &exclusion, force_exclude, threads: 2 });
        let names = discovered.files.iter().map(|file| file.path().strip_prefix(root).unwrap().display().to_string());
        (names.collect(), discovered)
    }

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        root
    }

    #[test]
    fn python_files_are_found_sorted_and_once() {
        let root = tree(&["b.py", "a/z.pyi", "a-b.py", "a/n.txt", "w.pyw", ".hidden/h.py", "venv/v.py", "a/dist/d.py"]);
        let (names, _) = found(root.path(), &[".", "a", "b.py", "./b.py", "a/../b.py"], false);
        assert_eq!(names, [".hidden/h.py", "a-b.py", "a/z.pyi", "b.py", "w.pyw"]);
    }

    #[test]
    fn a_named_file_is_taken_unless_exclusion_is_forced() {
        let root = tree(&["venv/v.py", "script"]);
        assert_eq!(found(root.path(), &["venv/v.py", "script"], false).0, ["script", "venv/v.py"]);
        assert_eq!(found(root.path(), &["venv/v.py", "script"], true).0, ["script"]);
        assert_eq!(found(root.path(), &["venv"], false).0, ["venv/v.py"]);
    }

    #[test]
    fn ignore_files_are_respected() {
        let root = tree(&["kept.py", "gone.py", "sub/gone.py", "sub/other.py", ".git/HEAD"]);
        fs::write(root.path().join(".gitignore"), "gone.py\n").unwrap();
        fs::write(root.path().join("sub/.ignore"), "other.py\n").unwrap();
        assert_eq!(found(root.path(), &["."], false).0, ["kept.py"]);
    }

    #[test]
    fn a_missing_path_is_a_problem() {
        let root = tree(&["a.py"]);
        let (names, discovered) = found(root.path(), &["a.py", "missing.py"], false);
        assert_eq!(names, ["a.py"]);
        assert_eq!(discovered.problems.len(), 1);
        assert_eq!(discovered.problems[0].what, "no such file or folder");
    }
}
