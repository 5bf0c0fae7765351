//! From settings to arguments: what options leave open, the configuration says.
//!
//! The settings around the first path of a command are read before it runs, and fill its arguments; the few that no option
//! has are kept in [`GlobalArgs::settings`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;
use legb_config::layers::{MANIFEST, PROJECT_FILES};
use legb_config::{CommandLine, ConfigError, ConfigErrors, LayerKind, Loaded, Request, Set, Settings, Syntax, load};
use legb_report::FORMATS;

use crate::args::{
    Cli, Command, ConfigOfArgs, EnvironmentArgs, ExplainArgs, FileArgs, GlobalArgs, LogsArgs, NavigateArgs,
    RuleSelectionArgs, TargetArgs,
};
use crate::output;
use crate::targets::VersionList;

/// The folder of the user's settings below the one for settings of all programs.
const USER_FOLDER: &str = "legb";

/// The arguments of a command that settings may fill.
#[derive(Default)]
struct Open<'a> {
    /// The path whose project counts.
    start: PathBuf,
    target: Option<&'a mut TargetArgs>,
    environment: Option<&'a mut EnvironmentArgs>,
    files: Option<&'a mut FileArgs>,
    rules: Option<&'a mut RuleSelectionArgs>,
}

/// Reads the settings for a command that no option has been given.
pub(crate) fn configure_default(cli: &mut Cli) -> anyhow::Result<()> {
    configure(cli, &ArgMatches::default())
}

/// Reads the settings that a command is under, and fills its arguments with them. `matches`: what the command line said.
pub(crate) fn configure(cli: &mut Cli, matches: &ArgMatches) -> anyhow::Result<()> {
    let given = |option: &str| {
        let matches = matches.subcommand().map(|(_, matches)| matches);
        matches.is_some_and(|matches| {
            matches.try_contains_id(option).is_ok() && matches.value_source(option) == Some(ValueSource::CommandLine)
        })
    };
    let format_given = given("format");
    let logs_given = LogsGiven { tz: given("tz"), rate: given("rate") };
    let Some(open) = cli.command.as_mut().and_then(open) else { return Ok(()) };
    let mut request = request(&open.start, &cli.global);
    request.command_line = open.said(&cli.global);
    let is_contracts = matches!(matches.subcommand_name(), Some("contracts"));
    request.config = request.config.filter(|path| !is_contracts || may_have_settings(path));
    let loaded = read(&request, &cli.global)?;
    open.fill(&loaded.settings);
    match &mut cli.command {
        Some(Command::Check(args)) => {
            let named = loaded.settings.format.as_deref().filter(|_| !format_given);
            let format = named.and_then(|name| FORMATS.into_iter().find(|format| format.name() == name));
            args.format = format.unwrap_or(args.format);
            args.baseline.baseline = args.baseline.baseline.take().or_else(|| loaded.settings.baseline.clone());
        }
        Some(Command::Logs(args)) => fill_logs(args, &loaded.settings, &logs_given),
        _ => {}
    }
    *cli.global.settings = loaded.settings;
    Ok(())
}

/// Reads the settings for a request, and says with `--verbose` where they come from.
pub(crate) fn read(request: &Request, global: &GlobalArgs) -> anyhow::Result<Loaded> {
    let loaded = load(request)?;
    check_paths(&loaded.settings)?;
    if global.verbose {
        let is_plain = |kind: LayerKind| matches!(kind, LayerKind::BuiltIn | LayerKind::CommandLine);
        for layer in loaded.layers.layers.iter().filter(|layer| !is_plain(layer.kind)) {
            output::note(&format!("settings, {}: {}", layer.kind.name(), layer.name));
        }
        let is_file = |kind: LayerKind| matches!(kind, LayerKind::User | LayerKind::Project);
        for (kind, what) in loaded.layers.absent.iter().filter(|(kind, _)| is_file(*kind)) {
            output::note(&format!("settings, {}: {what}; defaults used", kind.name()));
        }
        for variable in &loaded.layers.unrelated {
            output::note(&format!("{variable}: like no setting, left alone"));
        }
    }
    if !global.quiet {
        for change in &loaded.merged.changes {
            let ((from, below), (to, above)) = (&change.from, &change.to);
            let name = change.keys.join(".");
            output::warning(&format!("{above}: `{name}` becomes {to}, and replaces {from} from {below}"));
        }
    }
    Ok(loaded)
}

/// What settings are asked for around a path, options aside.
pub(crate) fn request(start: &Path, global: &GlobalArgs) -> Request {
    let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
    Request {
        start: start.to_owned(),
        isolated: global.isolated,
        config: global.config.clone(),
        environment: global.env.clone(),
        user_folder: user_folder(),
        variables: std::env::vars_os().filter_map(text).collect(),
        command_line: CommandLine::default(),
    }
}

/// The folder with the user's settings: below `XDG_CONFIG_HOME`, else `APPDATA` on Windows, else `~/.config`.
fn user_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let windows = || variable("APPDATA").filter(|_| cfg!(windows));
    let home = || Some(variable("HOME")?.join(".config"));
    Some(variable("XDG_CONFIG_HOME").or_else(windows).or_else(home)?.join(USER_FOLDER))
}

/// Whether a file given to `legb contracts --config` may have settings: the files of other tools have none.
fn may_have_settings(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == MANIFEST || PROJECT_FILES.iter().any(|own| name == *own) || Syntax::of(path) == Syntax::Json
}

/// The arguments of a command that settings may fill; nothing for a command that needs none.
fn open(command: &mut Command) -> Option<Open<'_>> {
    Some(match command {
        Command::Check(args) => {
            let start = args.stdin_filename.clone().unwrap_or_else(|| first(&args.paths));
            let rules = Some(&mut args.rules);
            Open { rules, ..Open::of(start, &mut args.target, &mut args.environment).with(&mut args.files) }
        }
        Command::Scopes(args) => {
            let (target, files) = (Some(&mut args.target), Some(&mut args.files));
            Open { start: first(&args.paths), target, files, ..Open::default() }
        }
        Command::Explain(args) => {
            Open::of(explained(args), &mut args.how.target, &mut args.how.environment).with(&mut args.files)
        }
        Command::Resolve(args) => {
            let start = args.from.clone().unwrap_or_default();
            Open::of(start, &mut args.import.target, &mut args.import.environment)
        }
        Command::Graph(args) => {
            Open::of(first(&args.paths), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Cycles(args) => {
            Open::of(first(&args.paths), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Imports(args) => {
            Open::of(first(&args.paths), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Modules(args) => {
            Open::of(first(&args.paths), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Api(args) => {
            Open::of(path_or_here(&args.package), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Definition(args) => Open::of_place(&args.place, &mut args.how),
        Command::References(args) => Open::of_place(&args.place, &mut args.how),
        Command::Rename(args) => Open::of_place(&args.what, &mut args.how),
        Command::Simulate(args) => {
            let start = path_or_here(args.entries.first().map_or("", String::as_str));
            Open::of(start, &mut args.target, &mut args.environment)
        }
        Command::Predict(args) => Open::of(args.file.clone(), &mut args.target, &mut args.environment),
        Command::Contracts(args) => {
            Open::of(args.path.clone(), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Verify(args) => {
            Open::of(first(&args.paths), &mut args.target, &mut args.environment).with(&mut args.files)
        }
        Command::Logs(args) => Open::of(PathBuf::new(), &mut args.target, &mut args.environment),
        Command::Config(_)
        | Command::Rule(_)
        | Command::Tour(_)
        | Command::Cache(_)
        | Command::Completions(_)
        | Command::Manual(_) => {
            return None;
        }
    })
}

fn first(paths: &[PathBuf]) -> PathBuf {
    paths.first().cloned().unwrap_or_default()
}

/// The path of what `legb explain` is asked about.
fn explained(args: &ExplainArgs) -> PathBuf {
    let named = args.words.first().map(|word| word.split(':').next().unwrap_or(word));
    args.from.clone().or_else(|| named.map(PathBuf::from)).unwrap_or_default()
}

/// A path, if the word is one of something that is there, else the working directory.
fn path_or_here(word: &str) -> PathBuf {
    let path = PathBuf::from(word);
    if path.exists() { path } else { PathBuf::new() }
}

impl<'a> Open<'a> {
    fn of(start: PathBuf, target: &'a mut TargetArgs, environment: &'a mut EnvironmentArgs) -> Self {
        Self { start, target: Some(target), environment: Some(environment), ..Self::default() }
    }

    fn with(self, files: &'a mut FileArgs) -> Self {
        Self { files: Some(files), ..self }
    }

    /// The arguments of a command about a name at `FILE:LINE:COLUMN`, or about a module.
    fn of_place(place: &str, how: &'a mut NavigateArgs) -> Self {
        let path = place.rsplitn(3, ':').last().unwrap_or(place);
        Self::of(path_or_here(path), &mut how.target, &mut how.environment).with(&mut how.files)
    }

    /// The arguments of a command that is about the settings themselves.
    fn of_config(args: &'a mut ConfigOfArgs) -> Self {
        Self {
            start: PathBuf::new(),
            target: Some(&mut args.target),
            environment: Some(&mut args.environment),
            files: Some(&mut args.files),
            rules: Some(&mut args.rules),
        }
    }

    /// What the options say, as the highest layer.
    fn said(&self, global: &GlobalArgs) -> CommandLine {
        let mut said = CommandLine::default();
        said.flag("no-cache", global.no_cache);
        said.path("cache-dir", global.cache_dir.as_deref());
        if let Some(versions) = self.target.as_ref().and_then(|target| target.target_version.as_ref()) {
            said.list("target-version", versions.versions().iter().map(ToString::to_string));
        }
        if let Some(environment) = &self.environment {
            said.paths("src", &environment.src);
            said.path("python", environment.python.as_deref());
        }
        if let Some(files) = &self.files {
            said.list("exclude", &files.exclude);
            said.list("extend-exclude", &files.extend_exclude);
            said.flag("force-exclude", files.force_exclude);
            said.count("threads", files.threads.map(usize::from));
        }
        if let Some(rules) = &self.rules {
            said.list("select", &rules.select);
            said.list("extend-select", &rules.extend_select);
            said.list("ignore", &rules.ignore);
        }
        said
    }

    /// Fills the arguments. What the options said is part of the settings.
    fn fill(self, settings: &Settings) {
        if let (Some(target), Some(set)) = (self.target, &settings.target_version) {
            target.target_version = Some(VersionList::set(set));
        }
        if let Some(environment) = self.environment {
            environment.src = settings.src.iter().map(|set| set.value.clone()).collect();
            environment.python = settings.python.as_ref().map(|set| set.value.clone());
        }
        if let Some(files) = self.files {
            files.exclude.clone_from(&settings.exclude);
            files.extend_exclude.clear();
            files.force_exclude = settings.force_exclude;
            files.threads = settings.threads;
        }
        if let Some(rules) = self.rules {
            rules.select.clone_from(&settings.select);
            rules.extend_select.clone_from(&settings.extend_select);
            rules.ignore.clone_from(&settings.ignore);
        }
    }
}

/// Reads the settings that a question about them is asked for, and fills its arguments.
pub(crate) fn of_config(start: &Path, args: &mut ConfigOfArgs, global: &GlobalArgs) -> anyhow::Result<Loaded> {
    let open = Open::of_config(args);
    let mut request = request(start, global);
    request.command_line = open.said(global);
    let loaded = read(&request, global)?;
    open.fill(&loaded.settings);
    Ok(loaded)
}

/// Which options of `legb logs` with a default were given.
struct LogsGiven {
    tz: bool,
    rate: bool,
}

fn fill_logs(args: &mut LogsArgs, settings: &Settings, given: &LogsGiven) {
    let logs = &settings.logs;
    if let (false, Some(tz)) = (given.tz, &logs.tz) {
        args.tz.clone_from(tz);
    }
    if let (false, Some(rate)) = (given.rate, &logs.rate) {
        args.follow.rate.clone_from(rate);
    }
    let asked = args.format_in.take().or_else(|| logs.format_in.as_ref().map(|set| set.value.clone()));
    // A name of one's own stands for what describes it.
    args.format_in = asked.map(|asked| {
        let own = logs.formats.iter().find(|(name, _)| *name == asked);
        own.map_or(asked, |(_, described)| described.value.clone())
    });
    args.output.map.extend(logs.map.iter().map(|(from, to)| format!("{from}={}", to.display())));
}

/// Paths that settings name have to be there; options are looked at by those that use them.
fn check_paths(settings: &Settings) -> Result<(), ConfigErrors> {
    let is_option = |set: &&Set<PathBuf>| set.place.layer() == LayerKind::CommandLine;
    let folders = settings.src.iter().filter(|set| !is_option(set) && !set.value.is_dir());
    let folders = folders.map(|set| missing("src", "folder", set));
    let python = settings.python.iter().filter(|set| !is_option(set) && has_folder(&set.value) && !set.value.exists());
    let errors: Vec<ConfigError> = folders.chain(python.map(|set| missing("python", "file or folder", set))).collect();
    if errors.is_empty() { Ok(()) } else { Err(ConfigErrors(errors)) }
}

/// Whether it is more than the name of a program, which is looked for on `PATH`.
fn has_folder(path: &Path) -> bool {
    path.components().count() > 1
}

fn missing(key: &str, what: &str, set: &Set<PathBuf>) -> ConfigError {
    ConfigError {
        place: set.place.to_string(),
        what: format!("`{key}`: there is no {what} {}", set.value.display()),
        help: vec!["paths start from the folder of the file that names them".to_owned()],
        example: None,
    }
}
