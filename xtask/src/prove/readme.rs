//! The two commands of the README, run as a stranger runs them: in a clean clone, with nothing but cargo and the system's own
//! programs on the path.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::{Figure, Needs, Options, Row};
use crate::{clone, workspace};

pub(super) const ROW: Row = Row {
    name: "readme",
    about: "the README's two commands in a clean clone with only cargo on the path",
    needs: Needs::Registry,
    measure,
};

/// The heading below which the commands stand, each in a block of its own.
const HEADING: &str = "## Two commands\n";
const OPENING: &str = "```sh\n";
const CLOSING: &str = "```\n";

/// So long the first result may take once everything is built.
const MOST: Duration = Duration::from_secs(5);

/// Variables of the machine that say how cargo comes by packages and toolchains.
const KEPT: &[&str] = &["HOME", "CARGO_HOME", "RUSTUP_HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"];

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let folder = clone::fresh()?;
    let readme = std::fs::read_to_string(folder.join("README.md"))?;
    let [first, second] = commands(&readme)?;
    let tools = tempfile::tempdir()?;
    let run = |command: &str| run(command, &folder, tools.path());

    let start = Instant::now();
    finds(&run(first)?, first)?;
    let built = start.elapsed();
    let start = Instant::now();
    finds(&run(first)?, first)?;
    let result = start.elapsed();

    let installed = run(second)?;
    if !installed.status.success() {
        bail!("`{second}` failed: {}", String::from_utf8_lossy(&installed.stderr));
    }
    let program = tools.path().join("bin").join(format!("legb{}", std::env::consts::EXE_SUFFIX));
    let version = Command::new(&program).arg("--version").output().context("what was installed does not start")?;
    let works = version.stdout == format!("legb {}\n", env!("CARGO_PKG_VERSION")).as_bytes();
    Ok(Figure {
        measured: format!(
            "both work; {:.0} s with the build, {:.1} s without",
            built.as_secs_f64(),
            result.as_secs_f64()
        ),
        bound: "the first result within the build time + 5 s",
        holds: works && result <= MOST,
    })
}

/// The commands of the README.
fn commands(readme: &str) -> anyhow::Result<[&str; 2]> {
    let (_, section) = readme.split_once(HEADING).context("the README has no section for its two commands")?;
    let section = section.split("\n## ").next().unwrap_or(section);
    let blocks = section.split(OPENING).skip(1).filter_map(|block| block.split_once(CLOSING));
    let commands: Vec<&str> = blocks.map(|(command, _)| command.trim()).collect();
    commands.try_into().ok().context("the README's section has two commands")
}

/// The first command reports what is wrong with the example: findings, and the exit code for them.
fn finds(output: &Output, command: &str) -> anyhow::Result<()> {
    if output.status.code() != Some(1) || !String::from_utf8_lossy(&output.stdout).contains("Found ") {
        bail!("`{command}` did not work: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn run(command: &str, folder: &Path, tools: &Path) -> anyhow::Result<Output> {
    let cargo = std::env::var_os("CARGO").context("this is run by cargo")?;
    let mut path = Path::new(&cargo).parent().context("cargo is in a folder")?.as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    let kept = |name: &str| KEPT.contains(&name) || name.to_lowercase().ends_with("_proxy");
    let variables = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(kept));
    let variables: Vec<(OsString, OsString)> = variables.collect();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env_clear().envs(variables).env("PATH", path);
    // Installs into a folder that is removed, instead of among the programs of whoever runs this.
    shell.env("CARGO_INSTALL_ROOT", tools);
    shell.output().with_context(|| format!("cannot run `{command}` in {}", workspace::root().display()))
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn the_readme_has_two_commands() {
        let readme = include_str!("../../../README.md");
        let [first, second] = commands(readme).unwrap();
        assert!(first.starts_with("cargo run ") && second.starts_with("cargo install "), "{first}, {second}");
    }
}
