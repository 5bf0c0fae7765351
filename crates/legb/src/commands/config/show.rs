//! `legb config show`: the merged settings, as TOML with comments or as JSON.

use std::io::{self, Write};
use std::path::PathBuf;

use anstyle::Style;
use legb_config::{ConfigErrors, LayerKind, Leaf, Loaded, Place, assignment, places, quoted, to_json};
use legb_resolve::{ImportRoots, Installation, RealFs, RootOrigin};
use serde_json::{Map, Value as Json, json};

use crate::args::{ConfigOfArgs, ConfigShowArgs, GlobalArgs, TextFormat};
use crate::targets::Targets;
use crate::{Exit, configured, environment, output};

const QUIET: Style = Style::new().dimmed();

/// What is shown besides the settings: what follows from them here.
struct Consequences {
    roots: ImportRoots,
    installation: Option<Installation>,
    targets: Targets,
    /// Where `src` was set.
    src: Option<Place>,
}

/// Runs the command.
pub(crate) fn run(args: &ConfigShowArgs, global: &GlobalArgs) -> anyhow::Result<Exit> {
    let mut of = args.of.clone();
    let loaded = configured::of_config(&args.path, &mut of, global)?;
    let here = consequences(args, &of, &loaded, global)?;
    match args.format {
        TextFormat::Json => {
            let shown = as_json(args, &loaded, &here);
            output::plain(|out| {
                serde_json::to_writer_pretty(&mut *out, &shown)?;
                writeln!(out)
            })?;
        }
        TextFormat::Text => {
            let lines = lines(&loaded, args.origin)?;
            output::styled(|out| write(&loaded, &lines, &here, out))?;
        }
    }
    output::problems(here.targets.problem.as_ref(), global.quiet);
    output::problems(&here.roots.problems.iter().map(environment::problem).collect::<Vec<_>>(), global.quiet);
    Ok(Exit::Clean)
}

fn consequences(
    args: &ConfigShowArgs,
    of: &ConfigOfArgs,
    loaded: &Loaded,
    global: &GlobalArgs,
) -> anyhow::Result<Consequences> {
    let fs = RealFs::new();
    let paths = [args.path.clone()];
    let around = legb_resolve::interpreter::absolute(&args.path, &environment::working_directory()?);
    Ok(Consequences {
        roots: environment::roots(&of.environment, &paths, &fs)?,
        installation: environment::installation(&of.environment, &around, &fs)?,
        targets: Targets::choose(of.target.target_version.as_ref(), &args.path, global.isolated),
        src: loaded.settings.src.first().map(|set| set.place.clone()),
    })
}

impl Consequences {
    /// The import roots, each with how it was found.
    fn found_roots(&self) -> Vec<(PathBuf, String)> {
        let because = |origin: &RootOrigin| match (origin, &self.src) {
            (RootOrigin::Given, Some(place)) => format!("`src`, {place}"),
            _ => origin.to_string(),
        };
        self.roots.iter().map(|root| (root.path.clone(), because(&root.origin))).collect()
    }

    fn environment(&self) -> Option<String> {
        Some(self.installation.as_ref()?.named.display().to_string())
    }
}

fn as_json(args: &ConfigShowArgs, loaded: &Loaded, here: &Consequences) -> Json {
    let layers = ladder(loaded).into_iter();
    let layers = layers.map(|rung| json!({"layer": rung.kind.name(), "source": rung.source, "found": rung.is_there}));
    let roots = here.found_roots().into_iter();
    let roots: Vec<Json> =
        roots.map(|(path, because)| json!({"path": path.display().to_string(), "because": because})).collect();
    let versions: Vec<String> = here.targets.versions.iter().map(ToString::to_string).collect();
    let mut shown = json!({
        "settings": to_json(&loaded.merged.value),
        "layers": layers.collect::<Vec<_>>(),
        "import_roots": roots,
        "python": here.environment(),
        "target_version": {"versions": versions, "because": here.targets.because},
    });
    if args.origin {
        let origins = loaded.merged.leaves();
        let origins = origins
            .iter()
            .map(|leaf| (name_of(leaf), Json::Array(places(leaf.value).into_iter().map(place_as_json).collect())));
        shown["origins"] = Json::Object(origins.collect::<Map<_, _>>());
    }
    shown
}

/// A place as JSON; line and column are null where there are none.
pub(super) fn place_as_json(place: &Place) -> Json {
    let number = |number: u32| if number == 0 { Json::Null } else { number.into() };
    json!({
        "layer": place.layer().name(),
        "source": place.source.name,
        "line": number(place.line),
        "column": number(place.column),
    })
}

fn name_of(leaf: &Leaf<'_>) -> String {
    leaf.keys.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(".")
}

/// A line of TOML for each setting, with the table that it stands in.
struct Line {
    table: String,
    text: String,
    origin: Option<String>,
}

fn lines(loaded: &Loaded, origin: bool) -> Result<Vec<Line>, ConfigErrors> {
    let mut lines = Vec::new();
    for leaf in loaded.merged.leaves() {
        let (last, table) = leaf.keys.split_last().unwrap_or((&"", &[]));
        let table = table.iter().map(|key| quoted(key)).collect::<Vec<_>>().join(".");
        let text = assignment(&quoted(last), leaf.value).map_err(ConfigErrors::from)?;
        let places: Vec<String> = places(leaf.value).into_iter().map(ToString::to_string).collect();
        lines.push(Line { table, text, origin: origin.then(|| places.join(", ")) });
    }
    // In TOML, what belongs to no table stands first.
    lines.sort_by_key(|line| !line.table.is_empty());
    Ok(lines)
}

fn write(loaded: &Loaded, lines: &[Line], here: &Consequences, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{QUIET}# Layers, from the lowest to the highest: each wins over those above it.{QUIET:#}")?;
    for rung in ladder(loaded) {
        writeln!(out, "{QUIET}#   {}{QUIET:#}", rung.line(""))?;
    }
    writeln!(out)?;
    let mut table = "";
    for line in lines {
        if line.table != table {
            writeln!(out, "\n[{}]", line.table)?;
            table = &line.table;
        }
        match &line.origin {
            Some(origin) => writeln!(out, "{}  {QUIET}# {origin}{QUIET:#}", line.text)?,
            None => writeln!(out, "{}", line.text)?,
        }
    }
    writeln!(out, "\n{QUIET}# Import roots, and how each was found:{QUIET:#}")?;
    for (path, because) in here.found_roots() {
        writeln!(out, "{QUIET}#   {}  ({because}){QUIET:#}", path.display())?;
    }
    if let Some(environment) = here.environment() {
        writeln!(out, "{QUIET}# Packages of {environment}{QUIET:#}")?;
    }
    writeln!(out, "{QUIET}# {}{QUIET:#}", here.targets)
}

/// A layer that there is or is not.
pub(super) struct Rung {
    pub(super) kind: LayerKind,
    /// Its source, or why there is none.
    pub(super) source: String,
    pub(super) is_there: bool,
}

impl Rung {
    /// Its line in a list, with something behind its source.
    pub(super) fn line(&self, behind: &str) -> String {
        // Some layers have no other name than that of their kind.
        let source = if self.source == self.kind.name() { "" } else { &self.source };
        format!("{:<12}  {source}{behind}", self.kind.name()).trim_end().to_owned()
    }
}

/// The layers that there are and that there are not, each at its place.
pub(super) fn ladder(loaded: &Loaded) -> Vec<Rung> {
    let there = loaded.layers.layers.iter();
    let there = there.map(|layer| Rung { kind: layer.kind, source: layer.name.clone(), is_there: true });
    let mut all: Vec<Rung> = there.collect();
    for (kind, what) in &loaded.layers.absent {
        let above = all.iter().position(|rung| rung.kind > *kind && rung.kind != LayerKind::Extends);
        let mut at = above.unwrap_or(all.len());
        // Files that are extended stand right below the one that extends them.
        while at > 0 && all[at - 1].kind == LayerKind::Extends {
            at -= 1;
        }
        all.insert(at, Rung { kind: *kind, source: what.clone(), is_there: false });
    }
    all
}
