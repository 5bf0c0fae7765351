//! A project in a temporary folder, and the binary run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Reads a local variable that has no value yet: an error that CPython 3.13 was seen to raise.
pub(crate) const UNBOUND: &str = "def f():\n    print(x)\n    x = 1\n";
/// A file about which there is nothing to say.
pub(crate) const CLEAN: &str = "print('fine')\n";

/// A folder with files.
pub(crate) struct Project {
    folder: TempDir,
}

/// What a run came to.
pub(crate) struct Run {
    /// Exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// Writes the files of a project.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        for (path, content) in files {
            project.write(path, content);
        }
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The binary, to be run in the folder, with an environment that says nothing.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_legb"));
        command.args(args).current_dir(self.path()).env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RAYON_NUM_THREADS", "RUST_BACKTRACE"]
            .into_iter()
            .chain(["VIRTUAL_ENV", "PYTHONPATH", "PYTHONUSERBASE"])
        {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// `path:line CODE` of each finding that `check` reports with these arguments.
    pub(crate) fn findings(&self, args: &[&str]) -> Vec<String> {
        let run = self.run(&[&["check", "--format", "json"], args].concat());
        let rows: Vec<Value> =
            serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
        rows.iter()
            .map(|row| {
                let line = &row["range"]["start"]["line"];
                format!("{}:{line} {}", row["path"].as_str().unwrap(), row["code"].as_str().unwrap())
            })
            .collect()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
