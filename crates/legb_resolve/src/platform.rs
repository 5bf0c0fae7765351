//! Which file names does Python take for modules on a platform?
//!
//! Sources: `importlib._bootstrap_external._get_supported_file_loaders` (extensions, then source, then bytecode) and
//! `Python/dynload_shlib.c`, `dynload_win.c` for the suffixes of extensions.

use legb_base::PyVersion;

/// The operating system and machine that a program runs on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Linux, with the machine's triplet: `x86_64-linux-gnu`.
    Linux(String),
    /// macOS.
    MacOs,
    /// Windows, with the word of the machine: `win_amd64`.
    Windows(String),
}

impl Platform {
    /// The platform that legb itself runs on. Linux is taken to be one with the GNU C library.
    pub fn host() -> Self {
        let machine = std::env::consts::ARCH;
        if cfg!(windows) {
            Self::Windows(
                match machine {
                    "aarch64" => "win_arm64",
                    "x86" => "win32",
                    _ => "win_amd64",
                }
                .to_owned(),
            )
        } else if cfg!(target_os = "macos") {
            Self::MacOs
        } else {
            let machine = if machine == "x86" { "i386" } else { machine };
            let abi = if machine == "arm" { "gnueabihf" } else { "gnu" };
            Self::Linux(format!("{machine}-linux-{abi}"))
        }
    }

    /// Suffixes of extension modules, in the order in which they are tried.
    pub fn extension_suffixes(&self, version: PyVersion) -> Vec<String> {
        let tag = version.to_string().replace('.', "");
        let own = |suffix: String| vec![suffix, ".abi3.so".to_owned(), ".so".to_owned()];
        match self {
            Self::Linux(triplet) => own(format!(".cpython-{tag}-{triplet}.so")),
            Self::MacOs => own(format!(".cpython-{tag}-darwin.so")),
            Self::Windows(machine) => vec![format!(".cp{tag}-{machine}.pyd"), ".pyd".to_owned()],
        }
    }

    /// Suffixes of source files.
    pub fn source_suffixes(&self) -> &'static [&'static str] {
        if self.is_windows() { &[".py", ".pyw"] } else { &[".py"] }
    }

    /// Whether file names are compared as Windows compares them: case counts for the name and not for the suffix.
    pub fn is_windows(&self) -> bool {
        matches!(self, Self::Windows(_))
    }
}

/// How the content of a file becomes a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loader {
    /// `ExtensionFileLoader`.
    Extension,
    /// `SourceFileLoader`.
    Source,
    /// `SourcelessFileLoader`.
    Bytecode,
}

impl Loader {
    /// The name of the class in `importlib.machinery`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extension => "ExtensionFileLoader",
            Self::Source => "SourceFileLoader",
            Self::Bytecode => "SourcelessFileLoader",
        }
    }
}

/// The suffixes of modules in the order in which a `FileFinder` tries them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suffixes {
    tried: Vec<(String, Loader)>,
    /// Whether the case of a suffix does not count.
    any_case: bool,
}

impl Suffixes {
    /// Those of a version on a platform. `extension` is what the interpreter itself says its extensions end with, where one is
    /// known (`EXT_SUFFIX`).
    pub fn new(platform: &Platform, version: PyVersion, extension: Option<&str>) -> Self {
        let mut extensions = platform.extension_suffixes(version);
        if let Some(own) = extension {
            own.clone_into(&mut extensions[0]);
        }
        let extensions = extensions.into_iter().map(|suffix| (suffix, Loader::Extension));
        let sources = platform.source_suffixes().iter().map(|suffix| ((*suffix).to_owned(), Loader::Source));
        let bytecode = std::iter::once((".pyc".to_owned(), Loader::Bytecode));
        Self { tried: extensions.chain(sources).chain(bytecode).collect(), any_case: platform.is_windows() }
    }

    /// The suffixes and what loads them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Loader)> {
        self.tried.iter().map(|(suffix, loader)| (suffix.as_str(), *loader))
    }

    /// Whether they are those of Windows.
    pub fn is_windows(&self) -> bool {
        self.any_case
    }

    /// Whether what follows the stem of a file name is this suffix.
    pub fn matches(&self, rest: &str, suffix: &str) -> bool {
        if self.any_case { rest.eq_ignore_ascii_case(suffix) } else { rest == suffix }
    }

    /// What loads a file, and the name without its suffix.
    pub fn split<'a>(&self, file_name: &'a str) -> Option<(&'a str, Loader)> {
        self.tried.iter().find_map(|(suffix, loader)| {
            let at = file_name.len().checked_sub(suffix.len())?;
            let (stem, rest) = file_name.is_char_boundary(at).then(|| file_name.split_at(at))?;
            (self.matches(rest, suffix) && !stem.is_empty()).then_some((stem, *loader))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Loader, Platform, Suffixes};

    #[test]
    fn suffixes_are_tried_in_the_order_of_cpython() {
        let version = "3.13".parse().unwrap();
        let order = |platform: Platform| {
            let suffixes = Suffixes::new(&platform, version, None);
            suffixes.iter().map(|(suffix, _)| suffix.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(
            order(Platform::Linux("x86_64-linux-gnu".to_owned())),
            [".cpython-313-x86_64-linux-gnu.so", ".abi3.so", ".so", ".py", ".pyc"]
        );
        assert_eq!(order(Platform::MacOs)[0], ".cpython-313-darwin.so");
        assert_eq!(
            order(Platform::Windows("win_amd64".to_owned())),
            [".cp313-win_amd64.pyd", ".pyd", ".py", ".pyw", ".pyc"]
        );
    }

    #[test]
    fn a_file_name_is_split_at_the_longest_suffix() {
        let version = "3.8".parse().unwrap();
        let linux = Suffixes::new(&Platform::Linux("x86_64-linux-gnu".to_owned()), version, None);
        assert_eq!(linux.split("a.cpython-38-x86_64-linux-gnu.so"), Some(("a", Loader::Extension)));
        assert_eq!(linux.split("a.abi3.so"), Some(("a", Loader::Extension)));
        assert_eq!(linux.split("a.py"), Some(("a", Loader::Source)));
        assert_eq!(linux.split("a.PY"), None);
        assert_eq!(linux.split(".py"), None);
        let windows = Suffixes::new(&Platform::Windows("win32".to_owned()), version, None);
        assert_eq!(windows.split("a.PYW"), Some(("a", Loader::Source)));
    }
}
