//! What does `site` add to `sys.path`? Site folders and the lines of their `.pth` files, in its order.
//!
//! After `addsitedir` and `addpackage` of `Lib/site.py`. Import lines are recognised ([`crate::editable`]), never run; one that
//! is not recognised is noted, because it may do anything.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::editable::{self, EditableFinder, Effect};
use crate::environment::{EnvironmentProblem, Origin, PathEntry, Unknowable};
use crate::fs::{EntryKind, FileSystem, normalised};
use crate::interpreter::Installation;

/// So many import lines that are not recognised are noted of one file.
const NOTED_LINES: usize = 3;

/// `sys.path` while `site` works on it.
pub(crate) struct Site<'a> {
    fs: &'a dyn FileSystem,
    pub(crate) path: Vec<PathEntry>,
    known: FxHashSet<PathBuf>,
    pub(crate) skips_dot_pth: bool,
    pub(crate) editables: Vec<EditableFinder>,
    pub(crate) early_namespaces: Vec<(String, PathBuf)>,
    pub(crate) distutils_shim: bool,
    pub(crate) unknowable: Vec<Unknowable>,
    pub(crate) problems: Vec<EnvironmentProblem>,
    /// Files that were read: a virtual environment has its site folder processed twice.
    seen: FxHashSet<PathBuf>,
    /// `sys.__plen` and `sys.__egginsert` of easy-install.
    easy_install: (usize, usize),
}

impl<'a> Site<'a> {
    pub(crate) fn new(path: Vec<PathEntry>, skips_dot_pth: bool, fs: &'a dyn FileSystem) -> Self {
        let mut site = Self {
            fs,
            path: Vec::new(),
            known: FxHashSet::default(),
            skips_dot_pth,
            editables: Vec::new(),
            early_namespaces: Vec::new(),
            distutils_shim: false,
            unknowable: Vec::new(),
            problems: Vec::new(),
            seen: FxHashSet::default(),
            easy_install: (0, 0),
        };
        for entry in path {
            site.add(entry.path, entry.origin);
        }
        site
    }

    /// Appends an entry unless it is there already.
    fn add(&mut self, path: PathBuf, origin: Origin) {
        if self.known.insert(path.clone()) {
            self.path.push(PathEntry { path, origin });
        }
    }

    /// `addsitedir`.
    pub(crate) fn add_folder(&mut self, folder: &Path, origin: Origin) {
        if self.fs.kind(folder) != Some(EntryKind::Folder) {
            return;
        }
        self.add(folder.to_owned(), origin);
        let names = self.fs.listing(folder).names();
        // As Python compares them: a suffix in capitals does not count.
        let is_pth = |name: &str| name.strip_suffix(".pth").is_some() && !(self.skips_dot_pth && name.starts_with('.'));
        let names: Vec<String> = names.into_iter().map(|(name, _)| name).filter(|name| is_pth(name)).collect();
        for name in names {
            self.add_pth(folder, &name);
        }
    }

    /// `addpackage`.
    fn add_pth(&mut self, folder: &Path, name: &str) {
        let file = folder.join(name);
        if !self.seen.insert(file.clone()) {
            return;
        }
        let bytes = match self.fs.read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let remedy = "Python passes over it; allow reading it, or remove it";
                return self.problem(&file, format!("cannot be read: {error}"), remedy);
            }
        };
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let text = String::from_utf8_lossy(text);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            let remedy = "write it as UTF-8, or remove it; its readable lines are used";
            self.problem(&file, "is not UTF-8 text".to_owned(), remedy);
        }
        let mut unknown = 0;
        for (line, number) in text.lines().zip(1..) {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if line.contains('\0') {
                let what = format!("has a null byte in line {number}: Python ignores the rest of the file");
                return self.problem(&file, what, "remove the file, or write it again");
            }
            if line.starts_with("import ") || line.starts_with("import\t") {
                unknown += usize::from(!self.run(line, folder, &file, number, unknown < NOTED_LINES));
                continue;
            }
            let path = normalised(&folder.join(line.trim_end()));
            if !self.known.contains(&path) && self.fs.kind(&path).is_some() {
                self.add(path, Origin::Pth { file: file.clone(), line: number });
            }
        }
    }

    /// Does what an import line does, if it is known; says whether it is.
    fn run(&mut self, line: &str, folder: &Path, file: &Path, number: u32, is_noted: bool) -> bool {
        match editable::effect(line, folder, self.fs) {
            Effect::Nothing => {}
            Effect::Editable(finder) => {
                if !finder.namespaces.is_empty() {
                    self.add(finder.placeholder.clone().into(), Origin::Editable(finder.file.clone()));
                }
                self.editables.push(finder);
            }
            Effect::Namespace(name, path) => self.early_namespaces.push((name, path)),
            Effect::DistutilsShim => self.distutils_shim = true,
            Effect::EasyInstallStart => self.easy_install.0 = self.path.len(),
            Effect::EasyInstallEnd => {
                let (start, insert) = self.easy_install;
                let added = self.path.split_off(start.min(self.path.len()));
                self.easy_install.1 = insert + added.len();
                self.path.splice(insert..insert, added);
            }
            Effect::Unknown => {
                if is_noted {
                    let what = "runs code at start-up that legb does not know".to_owned();
                    self.unknowable.push(Unknowable { file: file.to_owned(), line: number, what });
                }
                return false;
            }
        }
        true
    }

    fn problem(&mut self, file: &Path, what: String, remedy: &str) {
        self.problems.push(EnvironmentProblem { path: file.to_owned(), what, remedy: remedy.to_owned() });
    }
}

/// The site folders in the order in which `site.main` adds them.
pub(crate) fn folders(installation: Option<&Installation>, user_site: Option<&Path>) -> Vec<(PathBuf, Origin)> {
    let packages =
        |folders: &[PathBuf]| folders.iter().map(|folder| (folder.clone(), Origin::SitePackages)).collect::<Vec<_>>();
    let user = user_site.map(|folder| (folder.to_owned(), Origin::UserSite));
    let Some(installation) = installation else { return user.into_iter().collect() };
    let mut found = packages(&installation.site_packages);
    if installation.venv.is_none() {
        found.splice(0..0, user);
        return found;
    }
    if installation.has_system_site() {
        found.extend(user);
        found.extend(packages(&installation.base_site_packages));
    }
    found
}
