//! What the command line may say.

mod check;
mod config;
mod contracts;
mod graph;
mod groups;
mod import;
mod inventory;
mod logs;
mod navigate;
mod run;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use legb_config::Settings;
use legb_report::{FORMATS, Format};

use crate::targets::VersionList;

pub(crate) use check::{BaselineArgs, FixArgs};
pub(crate) use config::{
    ConfigAction, ConfigArgs, ConfigExplainArgs, ConfigMergeArgs, ConfigOfArgs, ConfigShowArgs, ConfigWriteArgs,
    ListsHow, MergeFormat, NullHow,
};
pub(crate) use contracts::ContractsArgs;
pub(crate) use graph::{CyclesArgs, GraphArgs, GraphFormat, ImportKind, ImportsArgs, ImportsFormat, PartArgs};
pub(crate) use import::{EnvironmentArgs, ImportArgs, ResolveArgs, StartAs};
pub(crate) use inventory::{ApiArgs, ModulesArgs, ModulesFormat, ModulesView};
pub(crate) use logs::{LogFollowArgs, LogFormat, LogOutputArgs, LogsArgs};
pub(crate) use navigate::{DefinitionArgs, NavigateArgs, ReferencesArgs, RenameArgs, TourArgs, TourFormat};
pub(crate) use run::{PredictArgs, SimulateArgs, VerifyArgs};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// What Python will do with every import and every name, before the code runs
///
/// Nothing is run and no Python is needed, but where a command says so.
#[derive(Debug, Parser)]
#[command(
    name = "legb",
    version,
    styles = STYLES,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "\
Examples:
  legb                                  one screen about the project here
  legb check src                        names and imports that will fail or surprise
  legb explain app.py:12:5              why the name at line 12, column 5 means what it means
  legb cycles                           which programs crash on a circular import, and what helps

`legb COMMAND --help` has the options and examples of a command.
Exit codes: 0 nothing found, 1 an error or a warning was reported, 2 legb could not do its job."
)]
pub(crate) struct Cli {
    /// What to do; without a command, one screen about the project.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of every command.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// The whole command line, as help, completions and man pages show it.
pub(crate) fn command() -> clap::Command {
    groups::grouped(Cli::command())
}

/// A command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report names that will fail or surprise at run time
    Check(CheckArgs),
    /// Show the scopes of a file and where each name lives, as CPython's symbol table has it
    Scopes(ScopesArgs),
    /// Explain why a name means what it means
    Explain(ExplainArgs),
    /// Show who imports whom
    Graph(GraphArgs),
    /// Show which modules import each other, and which imports to cut
    Cycles(CyclesArgs),
    /// Count the files that import each module
    Imports(ImportsArgs),
    /// Show what each module of a project holds, and what happens while it is imported
    Modules(ModulesArgs),
    /// Show or write what a package exposes
    Api(ApiArgs),
    /// Show where a name gets its value, through all imports
    Definition(DefinitionArgs),
    /// List every place of the project that means the name at a place
    References(ReferencesArgs),
    /// Rename a name in every scope and file that means it, or move a module
    Rename(RenameArgs),
    /// Show which file an import would load, with every step
    Resolve(ResolveArgs),
    /// Follow what happens when a script or module is started, import by import
    Simulate(SimulateArgs),
    /// Predict what a file prints, and say which names decide it
    Predict(PredictArgs),
    /// Walk through scopes and imports on small programs, with questions
    Tour(TourArgs),
    /// Compare legb's answers with a real Python: the scopes of files, or the story of a run
    Verify(VerifyArgs),
    /// Check architecture contracts: layers, forbidden imports, independence, interfaces
    Contracts(ContractsArgs),
    /// Sum up logs of any format: levels, services, errors, tracebacks by fingerprint
    Logs(Box<LogsArgs>),
    /// Show, explain, merge or write settings
    Config(Box<ConfigArgs>),
    /// List the rules, or describe one
    Rule(RuleArgs),
    /// Show or remove the answers that are kept from one run to the next
    Cache(CacheArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Write man pages and completion scripts into a folder
    #[command(hide = true)]
    Manual(ManualArgs),
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Use colours: when writing to a terminal, always, or never
    ///
    /// `auto` respects `NO_COLOR` and `CLICOLOR_FORCE`.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: ColorWhen,
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say on standard error what is done and why
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// Read the settings of the project from this file
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,
    /// Read the settings of this environment as well: legb.NAME.toml [default: `LEGB_ENV`]
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "isolated")]
    pub(crate) env: Option<String>,
    /// Read no configuration: no settings, no variables, neither `requires-python` nor `.python-version`
    #[arg(long, global = true)]
    pub(crate) isolated: bool,
    /// Neither read nor write a cache
    ///
    /// `legb cycles` keeps its answers. With and without a cache they are the same.
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,
    /// Where the cache lies [default: `legb` in `XDG_CACHE_HOME`, else in `~/.cache`]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// The settings that the command is under.
    #[arg(skip)]
    pub(crate) settings: Box<Settings>,
}

/// Arguments of `cache`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb cache info    where the cache lies, and how much is in it
  legb cache clean   remove it

Answers are kept with the content of all that they rest on, and given again only where nothing of
that has changed.")]
pub(crate) struct CacheArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: CacheAction,
}

/// What `cache` can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum CacheAction {
    /// Show where the cache lies, how many answers it holds, and their size
    #[command(after_long_help = "Example:\n  legb cache info")]
    Info,
    /// Remove all answers
    #[command(after_long_help = "Example:\n  legb cache clean")]
    Clean,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// When writing to a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorWhen {
    /// Makes this the choice for standard output and standard error.
    pub(crate) fn choose(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::AlwaysAnsi,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

/// The Python versions that a command is about.
#[derive(Clone, Debug, Args)]
pub(crate) struct TargetArgs {
    /// Python version to answer for: 3.8 to 3.15, a list such as `3.8,3.13`, or `all`
    ///
    /// With several versions, answers that differ are labelled with their versions.
    ///
    /// Default: the lowest that `requires-python` in the nearest pyproject.toml allows, else what `.python-version` says, else
    /// the newest.
    #[arg(long, value_name = "VERSION", help_heading = "Environment")]
    pub(crate) target_version: Option<VersionList>,
}

/// Which files a command looks at.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "File selection")]
pub(crate) struct FileArgs {
    /// Leave these out instead of what is left out by default
    ///
    /// A pattern without a slash matches the name of any file or folder, one with a slash a path from the working directory.
    /// May be repeated, or hold several patterns separated by commas.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Leave these out as well
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) extend_exclude: Vec<String>,
    /// Leave excluded files out even if they are named
    #[arg(long)]
    pub(crate) force_exclude: bool,
    /// Number of threads [default: `RAYON_NUM_THREADS`, else all processors]
    #[arg(long, value_name = "N", help_heading = "Global options")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb check                                everything below the working directory
  legb check src tests/test_a.py            one folder and one file
  legb check --target-version all src       what fails on any Python from 3.8 to 3.15
  legb check --select names,LEGB204 src     one group and one rule
  legb check --format json src | jq .       for other programs
  legb check --fix src                      repair what never changes what programs print
  legb check --diff --unsafe-fixes src      show what all fixes would change
  legb check --write-baseline               remember what is found now, and later only what is new:
  legb check --baseline legb-baseline.json
  legb check --format sarif -o legb.sarif   for code hosts
  git show HEAD:a.py | legb check --stdin-filename a.py -")]
pub(crate) struct CheckArgs {
    /// Files and folders to check, or `-` for standard input
    ///
    /// Folders are searched for .py, .pyw and .pyi files, which .gitignore and its like may leave out; links to folders are
    /// not followed. A file that is named is checked whatever its name.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", value_parser = format_parser(), default_value = FORMATS[0].name())]
    pub(crate) format: &'static dyn Format,
    /// Print how often each rule spoke instead of each finding
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Write the report to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,
    /// Exit with 0 even if something was found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    /// Path that standard input stands for
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// Fixes.
    #[command(flatten)]
    pub(crate) fixes: FixArgs,
    /// Baseline.
    #[command(flatten)]
    pub(crate) baseline: BaselineArgs,
    /// Rules.
    #[command(flatten)]
    pub(crate) rules: RuleSelectionArgs,
    /// Environment.
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// Which rules speak.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Rule selection")]
pub(crate) struct RuleSelectionArgs {
    /// Use only these rules: names, codes, beginnings of codes, groups, or `all`
    ///
    /// Groups are names, scope, modules, idioms and meta. Of two selectors that contradict each other the more exact wins.
    /// May be repeated, or hold several separated by commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Use these rules as well
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) extend_select: Vec<String>,
    /// Do not use these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
}

/// Arguments of `scopes`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb scopes app.py                              a tree, coloured by scope
  legb scopes --format json --target-version 3.8,3.13 app.py
  legb scopes --format json Lib | jq -c '[.path, .ok]'
  legb scopes --format html app.py > app.html     the source with every name coloured
  legb scopes --format svg app.py > app.svg       the tree as a picture")]
pub(crate) struct ScopesArgs {
    /// Files, or folders to search for files
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// How to print the scopes
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: ScopesFormat,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// How scopes are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopesFormat {
    /// A tree with a legend
    #[default]
    Tree,
    /// One JSON object per line and file, in the shape of CPython's `symtable`
    Json,
    /// The tree as a Mermaid diagram; of one file
    Mermaid,
    /// The tree as a picture; of one file
    Svg,
    /// The source with every name coloured by its scope, and explained under the mouse; of one file
    Html,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb explain app.py:12:5                 the name at line 12, column 5
  legb explain app.py:12                   every name in line 12
  legb explain app.py total                every use of `total`
  legb explain app.py                      every name of the file, in a line each
  legb explain --format json app.py:12:5
  legb explain --format svg app.py:12:5 > total.svg
  legb explain --target-version all app.py:12:5
  legb explain --finding unbound-local app.py:12
  legb explain unbound-local               a rule: what it finds, why, and what to do
  python app.py 2>&1 | legb explain -      why the program failed
  legb explain --import app.models         what `import app.models` looks at, runs and binds
  legb explain --import ..db --from app/api/users.py

What other files do is part of the answer: where an import leads, and who writes into the module
from outside.")]
pub(crate) struct ExplainArgs {
    /// `FILE:LINE[:COLUMN]`, a file and a name, a file, a rule, or `-` for a traceback on standard input
    #[arg(value_name = "TARGET", required_unless_present = "import", num_args = 1..=2)]
    pub(crate) words: Vec<String>,
    /// Explain the import of a module instead: `a.b.c`, or a relative name with `--from`
    #[arg(long, value_name = "NAME", conflicts_with = "words")]
    pub(crate) import: Option<String>,
    /// Explain what this rule of `legb check` found at `FILE:LINE`
    #[arg(long, value_name = "RULE", conflicts_with = "import")]
    pub(crate) finding: Option<String>,
    /// The file that imports
    #[arg(long, value_name = "FILE", requires = "import")]
    pub(crate) from: Option<PathBuf>,
    /// How to print the explanation
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: ExplainFormat,
    /// How an import is looked for.
    #[command(flatten)]
    pub(crate) how: ImportArgs,
    /// Files.
    #[command(flatten)]
    pub(crate) files: FileArgs,
}

/// How explanations are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Text for people
    #[default]
    Text,
    /// One JSON object per line and name
    Json,
    /// The ladder of scopes as a Mermaid diagram
    Mermaid,
    /// The ladder of scopes as a picture
    Svg,
}

impl ExplainFormat {
    /// Text or data, for answers that have no picture.
    pub(crate) fn without_picture(self, what: &str) -> anyhow::Result<TextFormat> {
        match self {
            Self::Text => Ok(TextFormat::Text),
            Self::Json => Ok(TextFormat::Json),
            Self::Mermaid | Self::Svg => {
                anyhow::bail!("there is no picture of {what}\n  help: use `--format text` or `--format json`")
            }
        }
    }
}

/// Text for people, or data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    /// Text for people
    #[default]
    Text,
    /// JSON
    Json,
}

/// Arguments of `rule`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb rule                    all rules
  legb rule unbound-local      what it finds, why, and what to do
  legb rule LEGB101            the same
  legb rule --all --format json | jq -r '.[].name'")]
pub(crate) struct RuleArgs {
    /// Name or code of a rule
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// All rules, as without a name
    #[arg(long, conflicts_with = "name")]
    pub(crate) all: bool,
    /// How to print the rules
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb completions bash > ~/.local/share/bash-completion/completions/legb
  legb completions zsh > ~/.zfunc/_legb
  legb completions fish > ~/.config/fish/completions/legb.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: Shell,
}

/// Arguments of `manual`.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  legb manual share    writes share/man/legb.1 and others, and share/completions/_legb and others")]
pub(crate) struct ManualArgs {
    /// Folder that gets the folders `man` and `completions`
    pub(crate) folder: PathBuf,
}

fn format_parser() -> impl TypedValueParser<Value = &'static dyn Format> {
    let values = FORMATS.iter().map(|format| PossibleValue::new(format.name()).help(format.help()));
    PossibleValuesParser::new(values)
        .try_map(|name| FORMATS.into_iter().find(|format| format.name() == name).ok_or("unknown format"))
}

#[cfg(test)]
mod tests {
    use clap::Command;

    use super::command;

    /// Help is at most so wide; clap breaks longer lines, and lists fall apart.
    const WIDTH: usize = 100;

    fn each(command: &Command, path: &str, check: &mut dyn FnMut(&Command, &str)) {
        check(command, path);
        for inner in command.get_subcommands() {
            each(inner, &format!("{path} {}", inner.get_name()), check);
        }
    }

    fn all(check: &mut dyn FnMut(&Command, &str)) {
        let mut command = command();
        command.build();
        each(&command, "legb", check);
    }

    #[test]
    fn every_command_has_examples_that_call_it() {
        all(&mut |command, path| {
            let help =
                command.get_after_long_help().or(command.get_after_help()).map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("Example") && help.contains(&format!("  {path}")), "{path}: {help}");
        });
    }

    #[test]
    fn help_is_not_wider_than_it_is_shown() {
        all(&mut |command, path| {
            let help = command.clone().render_long_help().to_string();
            let wide = help.lines().find(|line| line.chars().count() > WIDTH && !line.contains("%("));
            assert_eq!(wide, None, "{path}");
            let after = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
            let broken = after.lines().find(|line| line.chars().count() > WIDTH && !line.contains("%("));
            assert_eq!(broken, None, "{path}");
        });
    }

    #[test]
    fn every_option_says_what_it_does_below_a_heading_of_its_kind() {
        all(&mut |command, path| {
            for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
                assert!(argument.get_help().is_some(), "{path}: {}", argument.get_id());
                let heading = argument.get_help_heading();
                match argument.get_id().as_str() {
                    "format" => assert!(matches!(heading, None | Some("Output")), "{path} --format: {heading:?}"),
                    "target_version" | "python" | "src" => assert_eq!(heading, Some("Environment"), "{path}"),
                    _ => {}
                }
            }
        });
    }
}
