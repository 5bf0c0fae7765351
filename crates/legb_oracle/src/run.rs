//! Puts requests to an interpreter and hands back its rows, one by one and in order.
//!
//! One process answers many requests. It gets no environment but what is set here, no `site`, no folder of the user on its
//! path, and a fixed hash seed. A process that stays silent for too long is ended; one that dies is reported together with
//! the request it died of.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::interpreter::{Interpreter, Kind};

const SERVE: &str = include_str!("scripts/serve.py");
const WASM: &str = include_str!("scripts/wasm.mjs");

/// How long an interpreter may work on one request. The largest file of the standard library takes two seconds as
/// WebAssembly on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Rows that are read ahead of the caller.
const AHEAD: usize = 32;

/// A program of ours that an interpreter runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Symbol tables, as [`SymtableRow`](crate::wire::SymtableRow).
    Symtable {
        /// Also report what only `compile()` refuses.
        compile: bool,
    },
    /// Compiled name uses, as [`NamesRow`](crate::wire::NamesRow).
    Names,
    /// The Python files of a zip archive, as [`UnpackRow`](crate::wire::UnpackRow).
    Unpack,
    /// Names that exist without being bound, as [`BuiltinsRow`](crate::wire::BuiltinsRow); the request is not looked at.
    Builtins,
    /// Which modules names mean, as [`ImportsRow`](crate::wire::ImportsRow); the request is JSON, as the script says.
    Imports {
        /// Whether `site` runs first, and with it what `.pth` files say.
        site: bool,
    },
    /// The modules an interpreter brings along, as [`StdlibRow`](crate::wire::StdlibRow); the request is not looked at.
    Stdlib,
    /// Who imports whom in the library, as [`StdlibImportsRow`](crate::wire::StdlibImportsRow); the request is not looked at.
    StdlibImports,
    /// What the modules of the library hold, as [`StdlibNamesRow`](crate::wire::StdlibNamesRow); the request is not looked at.
    StdlibNames,
    /// What the classes of the interpreter have, as [`BuiltinAttributesRow`](crate::wire::BuiltinAttributesRow); the request
    /// is not looked at.
    BuiltinAttributes,
    /// With how many arguments functions cannot be called, as [`BuiltinCallsRow`](crate::wire::BuiltinCallsRow); the request is
    /// not looked at.
    BuiltinCalls,
}

impl Script {
    fn source(self) -> &'static str {
        match self {
            Self::Symtable { .. } => include_str!("scripts/symtable.py"),
            Self::Names => include_str!("scripts/names.py"),
            Self::Unpack => include_str!("scripts/unpack.py"),
            Self::Builtins => include_str!("scripts/builtins.py"),
            Self::Stdlib => include_str!("scripts/stdlib.py"),
            Self::StdlibImports => include_str!("scripts/stdlib_imports.py"),
            Self::StdlibNames => include_str!("scripts/stdlib_names.py"),
            Self::BuiltinAttributes => include_str!("scripts/builtin_attributes.py"),
            Self::BuiltinCalls => include_str!("scripts/builtin_calls.py"),
            Self::Imports { .. } => include_str!("scripts/imports.py"),
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Symtable { compile: true } => &["--compile"],
            _ => &[],
        }
    }
}

/// What an interpreter is asked about.
#[derive(Clone, Debug)]
pub enum Request {
    /// A file, which the interpreter reads itself.
    File(PathBuf),
    /// Source that lies in no file.
    Source {
        /// The name it goes by in messages.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

impl Request {
    /// The name it goes by.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Source { name, .. } => name.clone(),
        }
    }

    /// The line on the interpreter's standard input: JSON in ASCII, so that nobody can split or recode it.
    fn line(&self) -> String {
        let value = match self {
            Self::File(path) => serde_json::json!([path.to_string_lossy()]),
            Self::Source { name, bytes } => {
                let source: String = bytes.iter().map(|&byte| char::from(byte)).collect();
                serde_json::json!([name, source])
            }
        };
        let mut line = String::new();
        for c in value.to_string().chars() {
            if c.is_ascii() {
                line.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(line, "\\u{unit:04x}");
                }
            }
        }
        line.push('\n');
        line
    }
}

/// An interpreter that gave no answer.
#[derive(Debug)]
pub enum RunError {
    /// The program could not be started.
    Start(String, std::io::Error),
    /// The process ended before it answered a request.
    Died {
        /// Name of the request.
        request: String,
        /// The end of what it wrote on standard error.
        stderr: String,
    },
    /// The process worked on a request for too long and was ended.
    TooLong {
        /// Name of the request.
        request: String,
    },
    /// A row that is not what the script promises.
    Garbled {
        /// Name of the request.
        request: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(program, error) => write!(f, "cannot start {program}: {error}"),
            Self::Died { request, stderr } => write!(f, "the interpreter died of {request}: {}", stderr.trim_end()),
            Self::TooLong { request } => {
                write!(f, "the interpreter was silent about {request} for {} seconds", PATIENCE.as_secs())
            }
            Self::Garbled { request, reason } => {
                write!(f, "the row about {request} cannot be read: {reason}")
            }
        }
    }
}

impl std::error::Error for RunError {}

/// A running interpreter with requests put to it. Iterate for its rows: one for each request, in the same order. After an
/// error nothing more comes.
#[derive(Debug)]
pub struct Session<R> {
    child: Child,
    rows: Receiver<String>,
    stderr: Option<thread::JoinHandle<String>>,
    waiting: VecDeque<String>,
    row: std::marker::PhantomData<fn() -> R>,
}

impl<R: DeserializeOwned> Session<R> {
    /// Starts the interpreter on a list of requests.
    pub fn start(interpreter: &Interpreter, script: Script, requests: &[Request]) -> Result<Self, RunError> {
        let mut command = command(interpreter, script);
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |error| RunError::Start(program.clone(), error);
        let mut child = command.spawn().map_err(failed)?;
        let closed = || std::io::Error::other("its streams are not piped");
        let mut stdin = child.stdin.take().ok_or_else(closed).map_err(failed)?;
        let stdout = child.stdout.take().ok_or_else(closed).map_err(failed)?;
        let mut stderr = child.stderr.take().ok_or_else(closed).map_err(failed)?;
        let lines: Vec<String> = requests.iter().map(Request::line).collect();
        thread::spawn(move || {
            // A process that dies closes the pipe; the reader of its rows notices and says which request it was.
            let _ = lines.iter().try_for_each(|line| stdin.write_all(line.as_bytes()));
        });
        let (send, rows) = sync_channel(AHEAD);
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                if !line.is_ok_and(|line| send.send(line).is_ok()) {
                    break;
                }
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.read_to_end(&mut text);
            let tail = text.len().saturating_sub(2000);
            String::from_utf8_lossy(&text[tail..]).into_owned()
        });
        Ok(Self {
            child,
            rows,
            stderr: Some(stderr),
            waiting: requests.iter().map(Request::name).collect(),
            row: std::marker::PhantomData,
        })
    }

    fn read(&mut self, request: String) -> Result<R, RunError> {
        match self.rows.recv_timeout(PATIENCE) {
            Ok(line) => {
                serde_json::from_str(&line).map_err(|error| RunError::Garbled { request, reason: error.to_string() })
            }
            Err(RecvTimeoutError::Timeout) => Err(RunError::TooLong { request }),
            Err(RecvTimeoutError::Disconnected) => {
                let stderr = self.stderr.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
                Err(RunError::Died { request, stderr })
            }
        }
    }
}

impl<R: DeserializeOwned> Iterator for Session<R> {
    type Item = Result<R, RunError>;

    fn next(&mut self) -> Option<Self::Item> {
        let request = self.waiting.pop_front()?;
        let answer = self.read(request);
        if answer.is_err() {
            self.waiting.clear();
        }
        Some(answer)
    }
}

impl<R> Drop for Session<R> {
    fn drop(&mut self) {
        // Already ended in the ordinary case, where both calls do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks about every request and collects the rows.
pub fn ask<R: DeserializeOwned>(
    interpreter: &Interpreter,
    script: Script,
    requests: &[Request],
) -> Result<Vec<R>, RunError> {
    Session::start(interpreter, script, requests)?.collect()
}

/// Asks about every request and hands over each answer with the position of its request. An interpreter that a request
/// brings down is started again for those that follow.
pub fn ask_each<R: DeserializeOwned>(
    interpreter: &Interpreter,
    script: Script,
    requests: &[Request],
    mut each: impl FnMut(usize, Result<R, RunError>),
) -> Result<(), RunError> {
    let mut done = 0;
    while done < requests.len() {
        for answer in Session::start(interpreter, script, &requests[done..])? {
            each(done, answer);
            done += 1;
        }
    }
    Ok(())
}

fn command(interpreter: &Interpreter, script: Script) -> Command {
    let mut command = match &interpreter.kind {
        Kind::Native { program, .. } => {
            let source = format!("import sys; sys.path[:] = [p for p in sys.path if p]\n{}\n{SERVE}", script.source());
            let mut command = Command::new(program);
            // Not -I: it would ignore the hash seed. The environment is empty and the working folder off the path instead.
            if !matches!(script, Script::Imports { site: true }) {
                command.arg("-S");
            }
            command.args(["-s", "-B", "-W", "ignore", "-c"]).arg(source);
            command
        }
        Kind::Wasm { node, package } => {
            let mut command = Command::new(node);
            command.args(["--input-type=module", "--eval", WASM]).arg(package).arg(script.source());
            command
        }
    };
    command.args(script.arguments()).env_clear();
    for kept in ["PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
