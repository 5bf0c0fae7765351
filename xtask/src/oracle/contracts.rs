//! Records what import-linter says of the projects in `fixtures/contracts`.
//!
//! import-linter is installed through pip into a virtual environment in the build folder, in the versions named here.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use legb_testkit::contracts::{Project, projects, with_answers};

use crate::{peers, workspace};

const SCRIPT: &str = include_str!("import_linter.py");
/// The versions whose answers are recorded.
const PACKAGES: [&str; 2] = ["import-linter==2.16", "grimp==3.19"];

/// Writes the answers into the pages; with `check` nothing is written, and what is stale is returned.
pub(crate) fn run(check: bool) -> anyhow::Result<Vec<String>> {
    let mut stale = Vec::new();
    for page in pages()? {
        let text = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
        let recorded = with_answers(&text, &answers(&projects(&text))?);
        if recorded == text {
            continue;
        }
        if check {
            stale.push(page.display().to_string());
        } else {
            workspace::replace_file(&page, &recorded)?;
            println!("recorded {}", page.display());
        }
    }
    Ok(stale)
}

/// The pages with projects, sorted.
pub(crate) fn pages() -> anyhow::Result<Vec<PathBuf>> {
    workspace::files_below(&workspace::root().join("fixtures/contracts"), &[], &|name| {
        Path::new(name).extension().is_some_and(|extension| extension == "md")
    })
}

/// What import-linter says of each project.
pub(crate) fn answers(projects: &[Project]) -> anyhow::Result<Vec<String>> {
    let python = peers::installed("contracts-venv", &PACKAGES)?.join("python");
    let folder = workspace::target().join("contracts");
    let mut folders = String::new();
    for (number, project) in projects.iter().enumerate() {
        let folder = folder.join(number.to_string());
        write_anew(project, &folder)?;
        folders.push_str(&folder.display().to_string());
        folders.push('\n');
    }
    let script = folder.join("import_linter.py");
    fs::write(&script, SCRIPT).with_context(|| format!("cannot write {}", script.display()))?;
    let mut child = Command::new(python)
        .arg(&script)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start Python")?;
    child.stdin.take().context("no standard input")?.write_all(folders.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("import-linter failed: {}", output.status);
    }
    let lines = String::from_utf8(output.stdout).context("what the script prints")?;
    lines.lines().map(|line| serde_json::from_str(line).context("what the script prints")).collect()
}

/// Writes a project into a folder that has nothing else.
pub(crate) fn write_anew(project: &Project, folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;
    project.write(folder).with_context(|| format!("cannot write {}", folder.display()))
}
