//! Runs a program under watch: which modules of a folder it executes, what it prints from which line, and how it ends; or which
//! scope answers each name that it reads.
//!
//! This is the one place where code that is not ours is executed. The program gets an empty environment but for `PATH`, a home
//! of its own that is removed afterwards, a fixed hash seed, nothing to read, and a time limit.

use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::interpreter::{Interpreter, Kind};

const WATCH: &str = include_str!("scripts/watch.py");
const READS: &str = include_str!("scripts/reads.py");
/// How often a running program is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// A program to run.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// What is behind `python` on the command line.
    pub arguments: Vec<OsString>,
    /// The working directory.
    pub folder: &'a Path,
    /// Modules below this folder are told of, absolute.
    pub root: &'a Path,
    /// The file whose lines are told for what is printed, as it is named in `arguments`.
    pub main: Option<&'a Path>,
    /// After so long it is ended.
    pub limit: Duration,
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// `begin`, `end` or `fail`, and the module, in their order. The main module is not among them.
    pub order: Vec<(String, String)>,
    /// Each piece of text written, and the line of the main file that wrote it; 0 for other files.
    pub writes: Vec<(u32, String)>,
    /// The exception that nothing caught; an exit is none.
    pub exception: Option<SeenException>,
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
}

/// An exception that nothing caught.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SeenException {
    /// The name of its class.
    #[serde(rename = "type")]
    pub kind: String,
    /// `str()` of it.
    pub message: String,
    /// Module, file and line of each frame in the folder, outermost first.
    pub frames: Vec<(String, PathBuf, u32)>,
}

/// Why nothing can be told of a program.
#[derive(Debug)]
pub enum WatchError {
    /// It could not be started, or what it wrote could not be read.
    Io(std::io::Error),
    /// It ran longer than it may.
    TooLong(Duration),
    /// It ended without telling, as `os._exit` or a crash of the interpreter makes it.
    Silent {
        /// The end of standard error.
        stderr: String,
    },
    /// The interpreter runs as WebAssembly, which can run no programs.
    Wasm,
}

impl fmt::Display for WatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "cannot run the program: {error}"),
            Self::TooLong(limit) => write!(f, "the program was ended after {} seconds", limit.as_secs()),
            Self::Silent { stderr } => {
                write!(f, "the interpreter ended without telling what it saw: {}", stderr.trim_end())
            }
            Self::Wasm => f.write_str("this interpreter runs as WebAssembly, which can run no programs"),
        }
    }
}

impl std::error::Error for WatchError {}

impl From<std::io::Error> for WatchError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

#[derive(Deserialize)]
struct Told {
    order: Vec<(String, String)>,
    writes: Vec<(u32, String)>,
    exception: Option<SeenException>,
}

/// A name that was read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct NameRead {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: u32,
    /// UTF-8 bytes before it in its line; none where the version does not tell.
    pub column_utf8: Option<u32>,
    /// The name, mangled where CPython mangles it.
    pub name: String,
    /// Whose value it was: `local`, `enclosing`, `global`, `builtin`, or `unresolved` where nobody has it.
    pub owner: String,
    /// Whether there was a value.
    pub is_bound: bool,
    /// How often this was seen, up to a few times for each instruction.
    pub count: u32,
}

/// A run whose reads of names were watched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenReads {
    /// The reads, in no order.
    pub reads: Vec<NameRead>,
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// All of standard error.
    pub stderr: String,
}

/// Runs a program and tells what was seen.
pub fn watch(interpreter: &Interpreter, program: &Program<'_>) -> Result<Seen, WatchError> {
    let mut variables = vec![("LEGB_ROOT", program.root.as_os_str().to_owned())];
    variables.extend(program.main.map(|main| ("LEGB_MAIN", main.as_os_str().to_owned())));
    let ran = run(interpreter, program, WATCH, &variables)?;
    let told: Told = ran.told()?;
    let Ran { code, stdout, stderr, .. } = ran;
    Ok(Seen { order: told.order, writes: told.writes, exception: told.exception, code, stdout, stderr })
}

/// Runs a program and tells which scope answered each name that `files` (absolute, without links) read. `root` and `main` of the
/// program do not matter.
pub fn watch_reads(
    interpreter: &Interpreter,
    program: &Program<'_>,
    files: &[PathBuf],
) -> Result<SeenReads, WatchError> {
    let files: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    let files = serde_json::to_string(&files).map_err(std::io::Error::from)?;
    let ran = run(interpreter, program, READS, &[("LEGB_FILES", files.into())])?;
    let reads = ran.told()?;
    Ok(SeenReads { reads, code: ran.code, stderr: ran.stderr })
}

/// A program that has ended, and what the script inside it wrote.
struct Ran {
    told: Option<String>,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn told<T: DeserializeOwned>(&self) -> Result<T, WatchError> {
        let told = self.told.as_ref().and_then(|told| serde_json::from_str(told).ok());
        told.ok_or_else(|| WatchError::Silent { stderr: self.stderr.clone() })
    }
}

fn run(
    interpreter: &Interpreter,
    program: &Program<'_>,
    script: &str,
    variables: &[(&str, OsString)],
) -> Result<Ran, WatchError> {
    let Kind::Native { program: python, .. } = &interpreter.kind else { return Err(WatchError::Wasm) };
    let home = tempfile::tempdir()?;
    std::fs::write(home.path().join("sitecustomize.py"), script)?;
    let told = home.path().join("told.json");
    let mut command = Command::new(python);
    command.args(["-s", "-B"]).args(&program.arguments).current_dir(program.folder).env_clear();
    for kept in ["PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command.env("PYTHONPATH", home.path()).env("HOME", home.path()).env("TMPDIR", home.path());
    command.env("PYTHONHASHSEED", "0").env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command.env("LEGB_WATCH", &told).envs(variables.iter().cloned());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let stdout = reader(child.stdout.take());
    let stderr = reader(child.stderr.take());
    let code = wait(&mut child, program.limit)?;
    let text =
        |thread: thread::JoinHandle<Vec<u8>>| String::from_utf8_lossy(&thread.join().unwrap_or_default()).into_owned();
    let (stdout, stderr) = (text(stdout), text(stderr));
    Ok(Ran { told: std::fs::read_to_string(&told).ok(), code, stdout, stderr })
}

fn reader(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // A stream that breaks leaves what came before.
            let _ = stream.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Waits for the end, and ends the program after its time.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<i32>, WatchError> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Err(WatchError::TooLong(limit));
        }
        thread::sleep(PAUSE);
    }
}
