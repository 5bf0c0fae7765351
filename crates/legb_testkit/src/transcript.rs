//! Do the console blocks of a page show what the commands in them print?
//!
//! A block begins with ` ```console `; a line `$ COMMAND` is run by the shell, and the lines below it are what it prints, on
//! standard output and standard error. All blocks of a page run in turn in one copy of `examples/`, so that what one block
//! changes the next one sees; `cd` in a line of its own changes the folder for those that follow.
//!
//! ````markdown
//! ```console
//! $ legb check examples/bakery
//! Found 6 errors in 6 files
//! ```
//! ````

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The version that `python3` is on the pages.
pub const PYTHON: &str = "3.13";

const OPENING: &str = "```console\n";
const CLOSING: &str = "```\n";
const PROMPT: &str = "$ ";
/// What stands for the folder of the copy, where a command prints an absolute path.
const FOLDER: &str = "/code";
/// Variables that would change what commands print.
const REMOVED: [&str; 8] = [
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "LEGB_ENV",
    "PYTHONPATH",
    "PYTHONUSERBASE",
    "RUST_BACKTRACE",
    "VIRTUAL_ENV",
];

/// What the commands of pages are run with.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The repository, whose `examples/` are copied.
    pub repository: PathBuf,
    /// Folders that come first on `PATH`: those of `legb` and of `python3`.
    pub programs: Vec<PathBuf>,
}

/// A page whose blocks were run.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The page with what was printed now.
    pub text: String,
    /// Number of console blocks.
    pub blocks: usize,
}

impl Stage {
    /// Runs the console blocks of a page.
    ///
    /// # Errors
    ///
    /// A copy that cannot be made, a shell that cannot be started, output that is no UTF-8, or a block without an end.
    pub fn replay(&self, page: &str) -> io::Result<Replayed> {
        let copy = tempfile::tempdir()?;
        let root = copy.path().canonicalize()?;
        let mut replayed = Replayed { text: String::new(), blocks: 0 };
        let mut folder = root.join("code");
        let mut rest = page;
        while let Some((before, block)) = rest.split_once(OPENING) {
            let (block, after) = block.split_once(CLOSING).ok_or_else(|| io::Error::other("a block does not end"))?;
            if replayed.blocks == 0 {
                copy_folder(&self.repository.join("examples"), &folder.join("examples"))?;
            }
            replayed.text += before;
            replayed.text += OPENING;
            for command in commands(block) {
                replayed.text.extend([PROMPT, &command, "\n"]);
                match command.strip_prefix("cd ") {
                    Some(to) => folder = folder.join(to).canonicalize()?,
                    None => replayed.text += &self.run(&command, &folder, &root)?,
                }
            }
            replayed.text += CLOSING;
            replayed.blocks += 1;
            rest = after;
        }
        replayed.text += rest;
        Ok(replayed)
    }

    /// What a command prints, without blank lines at its end.
    fn run(&self, command: &str, folder: &Path, root: &Path) -> io::Result<String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.programs.iter().cloned().chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).map_err(io::Error::other)?;
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("exec 2>&1\n{command}")]).current_dir(folder).stdin(Stdio::null());
        for variable in REMOVED {
            shell.env_remove(variable);
        }
        shell.env("PATH", path).env("NO_COLOR", "1").env("PYTHONDONTWRITEBYTECODE", "1");
        shell.env("XDG_CONFIG_HOME", root.join("settings"));
        let printed = String::from_utf8(shell.output()?.stdout).map_err(io::Error::other)?;
        let printed = printed.replace(&*root.join("code").to_string_lossy(), FOLDER);
        let printed = printed.trim_end();
        Ok(if printed.is_empty() { String::new() } else { format!("{printed}\n") })
    }
}

/// The commands of a block; a command goes on in the next line where it ends with a backslash.
fn commands(block: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut lines = block.lines();
    while let Some(line) = lines.next() {
        let Some(command) = line.strip_prefix(PROMPT) else { continue };
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            let Some(next) = lines.next() else { break };
            command.push('\n');
            command += next;
        }
        commands.push(command);
    }
    commands
}

/// The pages of the repository that may have console blocks: Markdown at its root, and below some folders.
///
/// # Errors
///
/// A folder that cannot be listed.
pub fn pages(repository: &Path) -> io::Result<Vec<PathBuf>> {
    let mut pages = Vec::new();
    collect(repository, false, &mut pages)?;
    for folder in ["docs", "examples", "packaging"] {
        collect(&repository.join(folder), true, &mut pages)?;
    }
    pages.sort_unstable();
    Ok(pages)
}

fn collect(folder: &Path, below: bool, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && below {
            collect(&path, below, pages)?;
        } else if path.extension().is_some_and(|end| end == "md") {
            pages.push(path);
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Stage;

    const PAGE: &str = "A page.\n\n```console\n$ echo new > made\nold\n$ ls\n```\n\n\
        ```console\n$ cd examples/bakery\n$ pwd\n$ printf 'one' && \\\n  echo ' two' >&2\n```\nThe end.\n";

    #[test]
    fn blocks_show_what_is_printed_now() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let replayed = Stage { repository, programs: Vec::new() }.replay(PAGE).unwrap();
        assert_eq!(replayed.blocks, 2);
        assert_eq!(
            replayed.text,
            "A page.\n\n```console\n$ echo new > made\n$ ls\nexamples\nmade\n```\n\n\
             ```console\n$ cd examples/bakery\n$ pwd\n/code/examples/bakery\n$ printf 'one' && \\\n  echo ' two' >&2\none two\n\
             ```\nThe end.\n"
        );
    }
}
