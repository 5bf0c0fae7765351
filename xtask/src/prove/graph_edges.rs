//! `legb graph` has every edge that grimp finds between the modules of large packages, and each one that it adds is of a kind
//! that has a name. ruff's edges are compared too: it looks for modules in more places than Python does, so that what only
//! ruff says is printed. The groups of modules that import each other are counted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use legb_base::PyVersion;
use legb_graph::components::Components;
use legb_graph::digraph::{Digraph, Node};
use legb_graph::{ModuleId, ModuleKind, Network, Project, When};
use legb_project::{DEFAULT_EXCLUDES, Discovery, Exclusion, thread_count};
use legb_resolve::RealFs;
use serde::Deserialize;

use super::{Figure, Needs, Options, Row};
use crate::peers;

pub(super) const ROW: Row = Row {
    name: "graph-edges",
    about: "edges and groups of cycles v. grimp and ruff (installed through pip), corpora S, M and L",
    needs: Needs::Corpora,
    measure,
};

/// What the graphs are compared with.
pub(super) const PACKAGES: [&str; 2] = ["grimp==3.19", "ruff==0.17.6"];
/// Where it is installed.
pub(super) const ENVIRONMENT: &str = "graph-venv";
const SCRIPT: &str = include_str!("graph_peers.py");
/// Edges that are printed of those that should not be.
const SHOWN: usize = 10;

/// The graphs of others.
#[derive(Deserialize)]
struct Theirs {
    modules: BTreeSet<String>,
    grimp: BTreeSet<(String, String)>,
    ruff: BTreeSet<(String, String)>,
}

type Edge = (String, String);

fn measure(options: &Options) -> anyhow::Result<Figure> {
    let (mut told, mut wrong) = (Vec::new(), 0);
    for name in ["S", "M", "L"] {
        let folder = options.corpus(name)?;
        let theirs = theirs(&folder)?;
        let network = network(&folder)?;
        let ours = edges(&network, &folder);
        let missing: Vec<&Edge> = theirs.grimp.iter().filter(|edge| !ours.contains_key(edge)).collect();
        let only_ruff: Vec<&Edge> = theirs.ruff.iter().filter(|edge| !ours.contains_key(edge)).collect();
        let mut added: BTreeMap<&str, Vec<&Edge>> = BTreeMap::new();
        for (edge, when) in ours.iter().filter(|(edge, _)| !theirs.grimp.contains(*edge)) {
            added.entry(class(edge, when, &theirs)).or_default().push(edge);
        }
        let without_name = added.get(NO_NAME).map_or(0, Vec::len);
        for edge in missing.iter().take(SHOWN) {
            println!("{name}: {} imports {}, which legb does not say", edge.0, edge.1);
        }
        for edge in only_ruff.iter().take(SHOWN) {
            println!("{name}: {} imports {}, says only ruff", edge.0, edge.1);
        }
        for edge in added.get(NO_NAME).into_iter().flatten().take(SHOWN) {
            println!("{name}: {} imports {}, says only legb", edge.0, edge.1);
        }
        wrong += missing.len() + without_name;
        let added: Vec<String> = added.iter().map(|(class, edges)| format!("{} {class}", edges.len())).collect();
        let added = if added.is_empty() { "none".to_owned() } else { added.join(", ") };
        let (groups, largest) = groups(ours.keys());
        let (their_groups, their_largest) = groups_of_grimp(&theirs);
        told.push(format!(
            "{name}: {} edges (grimp {}, ruff {}), missing {}, only ruff's {}, added {added}; {groups} groups, the largest {largest} \
             (grimp {their_groups}, {their_largest})",
            ours.len(),
            theirs.grimp.len(),
            theirs.ruff.len(),
            missing.len(),
            only_ruff.len(),
        ));
    }
    Ok(Figure {
        measured: told.join("; "),
        bound: "none of grimp's missing, none added without a name for its kind",
        holds: wrong == 0,
    })
}

const NO_NAME: &str = "of no known kind";

/// Why only legb has an edge.
fn class(edge: &Edge, when: &BTreeSet<When>, theirs: &Theirs) -> &'static str {
    if theirs.ruff.contains(edge) {
        "that ruff finds too"
    } else if when.iter().all(|when| *when == When::Dynamic) {
        "by a call with a literal"
    } else if [&edge.0, &edge.1].into_iter().any(|name| !theirs.modules.contains(name)) {
        "of modules below folders without `__init__`"
    } else {
        NO_NAME
    }
}

fn theirs(folder: &Path) -> anyhow::Result<Theirs> {
    let bin = peers::installed(ENVIRONMENT, &PACKAGES)?;
    let output = Command::new(bin.join("python"))
        .args(["-B", "-c", SCRIPT])
        .arg(folder)
        .arg(bin.join("ruff"))
        .output()
        .context("cannot start Python")?;
    if !output.status.success() {
        bail!("grimp or ruff failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("what the script prints")
}

fn network(folder: &Path) -> anyhow::Result<Network> {
    let here = std::env::current_dir()?;
    let exclusion = Exclusion::new(DEFAULT_EXCLUDES, &here)?;
    let discovery = Discovery { exclusion: &exclusion, force_exclude: false, threads: 0 };
    let project = Project::open(&[folder.to_owned()], &[], &discovery, &RealFs::new());
    Ok(Network::read(project, PyVersion::NEWEST, thread_count(None), false)?)
}

/// The edges by name, and when their imports run.
fn edges(network: &Network, folder: &Path) -> BTreeMap<Edge, BTreeSet<When>> {
    // No import finds a script; ruff names it by its path all the same.
    let name = |id: ModuleId| match network.kind(id) {
        ModuleKind::Script => by_path(network.name(id), folder),
        _ => network.name(id).to_owned(),
    };
    let graph = &network.graph;
    graph
        .edges()
        .map(|(edge, from, to)| ((name(from), name(to)), graph.sites(edge).iter().map(|site| site.when).collect()))
        .collect()
}

/// The parts of a path below a folder, joined by dots.
fn by_path(path: &str, folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = here.join(path);
    let inside = path.strip_prefix(here.join(folder)).unwrap_or(&path).with_extension("");
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join(".")
}

/// How many groups of modules import each other, and how many modules the largest has.
fn groups<'a>(edges: impl Iterator<Item = &'a Edge> + Clone) -> (usize, usize) {
    let names: BTreeSet<&str> = edges.clone().flat_map(|(from, to)| [from.as_str(), to.as_str()]).collect();
    let numbers: BTreeMap<&str, Node> = names.iter().zip(0..).map(|(name, number)| (*name, number)).collect();
    let arrows = edges.map(|(from, to)| (numbers[from.as_str()], numbers[to.as_str()]));
    let groups = Components::of(&Digraph::from_sorted(names.len(), arrows)).cyclic();
    (groups.len(), groups.iter().map(Vec::len).max().unwrap_or(0))
}

fn groups_of_grimp(theirs: &Theirs) -> (usize, usize) {
    groups(theirs.grimp.iter())
}
