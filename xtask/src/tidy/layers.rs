//! Do crates depend only on those below them? Compares `xtask/layers.toml` with `cargo metadata`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::sources::Sources;

#[derive(Deserialize)]
struct Layers {
    /// Lowest first; crates of one line do not know each other.
    order: Vec<Vec<String>>,
    /// Crates that tests of any crate may use.
    test_support: Vec<String>,
    /// Prefix of a dependency, and the crates that may name it.
    owners: BTreeMap<String, Vec<String>>,
    /// Crate, and the complete list of its source files.
    closed: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

pub(super) fn findings(root: &Path, sources: &Sources) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join("xtask").join("layers.toml")).context("cannot read layers.toml")?;
    let layers: Layers = toml::from_str(&text).context("layers.toml")?;
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let mut found = arrows(&layers, &metadata);
    found.extend(closed_lists(&layers, sources));
    Ok(found)
}

/// Arrows that do not point down, and dependencies that belong to another crate.
fn arrows(layers: &Layers, metadata: &Metadata) -> Vec<String> {
    let level = |name: &str| layers.order.iter().position(|line| line.iter().any(|other| other == name));
    let mut found = Vec::new();
    for package in &metadata.packages {
        let Some(own) = level(&package.name) else {
            found.push(format!("xtask/layers.toml: {} has no line", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            let in_tests = dependency.kind.as_deref() == Some("dev");
            if let Some(other) = level(&dependency.name)
                && other >= own
                && !(in_tests && layers.test_support.contains(&dependency.name))
            {
                found.push(format!("{}: depends on {}, which is not below it", package.name, dependency.name));
            }
            for (prefix, owners) in &layers.owners {
                if dependency.name.starts_with(prefix) && !owners.contains(&package.name) {
                    found.push(format!("{}: only {} may name {}", package.name, owners.join(", "), dependency.name));
                }
            }
        }
    }
    found
}

fn closed_lists(layers: &Layers, sources: &Sources) -> Vec<String> {
    let mut found = Vec::new();
    for (name, files) in &layers.closed {
        let folder = format!("crates/{name}/src/");
        for file in &sources.files {
            if let Some(rest) = file.path.strip_prefix(&folder)
                && !files.iter().any(|allowed| allowed == rest)
            {
                found.push(format!("{}: the list of files of {name} in xtask/layers.toml is closed", file.path));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Layers, Metadata, arrows};

    #[test]
    fn arrows_point_down_only() {
        let layers: Layers = toml::from_str(
            "order = [['a'], ['b', 'c'], ['kit']]\ntest_support = ['kit']\n[owners]\nruff_ = ['b']\n[closed]\n",
        )
        .expect("layers");
        let metadata: Metadata = serde_json::from_str(
            r#"{"packages": [
                {"name": "a", "dependencies": [{"name": "b", "kind": null}, {"name": "kit", "kind": "dev"}]},
                {"name": "b", "dependencies": [{"name": "a", "kind": null}, {"name": "ruff_x", "kind": null}]},
                {"name": "c", "dependencies": [{"name": "b", "kind": "dev"}, {"name": "ruff_x", "kind": null}]},
                {"name": "d", "dependencies": []}]}"#,
        )
        .expect("metadata");
        assert_eq!(
            arrows(&layers, &metadata),
            [
                "a: depends on b, which is not below it",
                "c: depends on b, which is not below it",
                "c: only b may name ruff_x",
                "xtask/layers.toml: d has no line",
            ]
        );
    }
}
