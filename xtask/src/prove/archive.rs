//! The release archive: packed twice, at other times and in another zone, it has the same bytes, and a man page for each
//! command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use super::{Figure, Needs, Options, Row, measured_runs};
use crate::{clone, workspace};

pub(super) const ROW: Row = Row {
    name: "archive",
    about: "the release archive packed twice: the same bytes, with man pages and completions",
    needs: Needs::Registry,
    measure,
};

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let clone = clone::at_head()?;
    let legb = measured_runs::legb_of(&clone)?;
    let folder = workspace::target().join("archive");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let first = pack(&clone, &legb, &folder.join("1"), "UTC", "022")?;
    let second = pack(&clone, &legb, &folder.join("2"), "Asia/Tokyo", "077")?;
    let same = fs::read(&first)? == fs::read(&second)?;
    let listed = Command::new("tar").arg("--list").arg("--file").arg(&first).output().context("cannot start tar")?;
    let listed = String::from_utf8(listed.stdout)?;
    let (pages, commands) = (listed.matches("/man/legb-").count(), commands(&legb)?);
    let whole =
        ["/legb\n", "/completions/_legb\n", "/man/legb.1\n", "/LICENSE-MIT\n"].iter().all(|name| listed.contains(name));
    let name = first.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Figure {
        #[expect(clippy::cast_precision_loss, reason = "printed with one digit")]
        measured: format!(
            "{name}, {:.1} MB, {} on the second time, {pages} man pages for {commands} commands",
            fs::metadata(&first)?.len() as f64 / 1e6,
            if same { "the same bytes" } else { "OTHER BYTES" },
        ),
        bound: "the same bytes, a page for each command",
        holds: same && whole && pages >= commands,
    })
}

fn pack(clone: &Path, legb: &Path, out: &Path, zone: &str, mask: &str) -> anyhow::Result<PathBuf> {
    let script = clone.join("packaging").join("archive");
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask \"$1\" && \"$2\" \"$3\" \"$4\"", "sh", mask]).args([&script, legb, out]);
    let output = shell.env("TZ", zone).output().context("cannot start a shell")?;
    if !output.status.success() {
        bail!("{} failed: {}", script.display(), String::from_utf8_lossy(&output.stderr));
    }
    let archives = workspace::files_below(out, &[], &|name| name.ends_with(".tar.gz"))?;
    archives.into_iter().next().context("no archive was written")
}

/// How many commands the help lists: lines with one word, set apart from its description.
fn commands(legb: &Path) -> anyhow::Result<usize> {
    let help = String::from_utf8(Command::new(legb).arg("-h").output()?.stdout)?;
    let before_options = help.split("\nOptions:").next().unwrap_or_default();
    Ok(before_options.lines().filter(|line| line.starts_with("  ")).count())
}
