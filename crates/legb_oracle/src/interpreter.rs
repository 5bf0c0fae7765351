//! Which interpreters does this machine have?
//!
//! 3.8 to 3.13 are looked for as programs: the variable `LEGB_PYTHON_3_8` (and so on), then `python3.8` on `PATH`, then the
//! versions of pyenv. 3.14 and 3.15 may be programs too; otherwise they are the npm packages `pyodide` that
//! `cargo xtask oracle install` puts under `target/`, run by Node. A candidate counts only if it says itself that it is the
//! version asked for.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use legb_base::PyVersion;

/// An interpreter that was found and asked for its version.
#[derive(Clone, Debug)]
pub struct Interpreter {
    /// The version it is.
    pub version: PyVersion,
    /// How it is run.
    pub kind: Kind,
    /// As it calls itself: `3.13.0`.
    pub full_version: String,
}

/// How an interpreter is run.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A program of this machine.
    Native {
        /// The program itself, not a shim.
        program: PathBuf,
        /// Folder of its standard library.
        library: PathBuf,
    },
    /// CPython in WebAssembly.
    Wasm {
        /// The program `node`.
        node: PathBuf,
        /// Folder of the npm package `pyodide`.
        package: PathBuf,
    },
}

/// An interpreter that is not there, with what to do about it.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The version that was asked for.
    pub version: PyVersion,
    reason: String,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no CPython {}: {}", self.version, self.reason)
    }
}

impl std::error::Error for Missing {}

/// The npm package that carries a version of CPython compiled to WebAssembly: its folder under `target/`, and its version.
pub fn wasm_package(version: PyVersion) -> Option<(&'static str, &'static str)> {
    match version.to_string().as_str() {
        "3.14" => Some(("py314", "314.0.7")),
        "3.15" => Some(("py315", "315.0.0-alpha.2")),
        _ => None,
    }
}

/// Finds the interpreter of a version. `target` is the build folder in which WebAssembly packages are installed.
pub fn find(version: PyVersion, target: &Path) -> Result<Interpreter, Missing> {
    let missing = |reason: String| Missing { version, reason };
    let variable = format!("LEGB_PYTHON_{}", version.to_string().replace('.', "_"));
    if let Some(program) = env::var_os(&variable) {
        return probe(version, Path::new(&program))
            .ok_or_else(|| missing(format!("{variable} is {}, which is not it", Path::new(&program).display())));
    }
    let mut candidates = vec![PathBuf::from(format!("python{version}"))];
    candidates.extend(pyenv_programs(version));
    if let Some(found) = candidates.iter().find_map(|program| probe(version, program)) {
        return Ok(found);
    }
    let Some((folder, package_version)) = wasm_package(version) else {
        return Err(missing(format!(
            "put python{version} on PATH, or install it with `pyenv install {version}`, or set {variable} to the program"
        )));
    };
    let package = target.join(folder).join("node_modules").join("pyodide");
    let node = PathBuf::from("node");
    if !answers(&node, &["--version"]) {
        return Err(missing("install Node.js: this version runs as WebAssembly under `node`".to_owned()));
    }
    match installed_version(&package) {
        Some(installed) if installed == package_version => Ok(Interpreter {
            version,
            kind: Kind::Wasm { node, package },
            full_version: format!("{version} (pyodide {package_version})"),
        }),
        _ => Err(missing(format!(
            "`cargo xtask oracle install` puts pyodide {package_version} under {}",
            target.join(folder).display()
        ))),
    }
}

/// The interpreter that a program is, or that lies in a virtual environment; nothing if it is no CPython that legb knows.
pub fn of_program(named: &Path) -> Option<Interpreter> {
    let inside = [named.join("bin").join("python"), named.join("Scripts").join("python.exe")];
    let programs = std::iter::once(named.to_owned()).filter(|path| !path.is_dir()).chain(inside);
    // The program as it is named: its place says which packages count.
    programs.filter_map(|program| Some((ask(&program)?, program))).find_map(|(answer, program)| {
        let version = answer.full_version.parse().ok()?;
        let kind = Kind::Native { program, library: answer.library };
        Some(Interpreter { version, kind, full_version: answer.full_version })
    })
}

/// Every version that this machine has, oldest first, and what to do about those that it has not.
pub fn find_all(target: &Path) -> (Vec<Interpreter>, Vec<Missing>) {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    for version in PyVersion::ALL {
        match find(version, target) {
            Ok(interpreter) => found.push(interpreter),
            Err(reason) => missing.push(reason),
        }
    }
    (found, missing)
}

/// Whether this run must not do without an interpreter: continuous integration never passes by leaving something out.
pub fn must_have_all() -> bool {
    env::var_os("CI").is_some_and(|value| value == "true" || value == "1")
}

/// Programs of pyenv for a version, newest micro version first.
fn pyenv_programs(version: PyVersion) -> Vec<PathBuf> {
    let root = env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    let Some(versions) = root.and_then(|root| root.join("versions").read_dir().ok()) else {
        return Vec::new();
    };
    let prefix = format!("{version}.");
    let mut found: Vec<(u32, PathBuf)> = versions
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let micro = name.to_str()?.strip_prefix(&prefix)?.parse().ok()?;
            Some((micro, entry.path().join("bin").join(format!("python{version}"))))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().rev().map(|(_, program)| program).collect()
}

/// What a program says of itself.
struct Answer {
    full_version: String,
    executable: PathBuf,
    library: PathBuf,
}

/// Asks a program who it is; nothing if it is no CPython.
fn ask(program: &Path) -> Option<Answer> {
    const QUESTION: &str = "import sys, sysconfig; \
        print(sys.implementation.name, sys.version.split()[0], sys.executable, sysconfig.get_paths()['stdlib'], sep='\\n')";
    let output = Command::new(program)
        .args(["-I", "-S", "-B", "-c", QUESTION])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let [implementation, full_version, executable, library] = text.lines().collect::<Vec<_>>().try_into().ok()?;
    (implementation == "cpython" && !executable.is_empty()).then(|| Answer {
        full_version: full_version.to_owned(),
        executable: executable.into(),
        library: library.into(),
    })
}

/// The interpreter that a program is, if it is one of a version.
fn probe(version: PyVersion, program: &Path) -> Option<Interpreter> {
    let answer = ask(program).filter(|answer| answer.full_version.parse() == Ok(version))?;
    Some(Interpreter {
        version,
        kind: Kind::Native { program: answer.executable, library: answer.library },
        full_version: answer.full_version,
    })
}

fn answers(program: &Path, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn installed_version(package: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(package.join("package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    Some(manifest.get("version")?.as_str()?.to_owned())
}
