//! Arguments of `config`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{EnvironmentArgs, FileArgs, RuleSelectionArgs, TargetArgs, TextFormat};

/// Arguments of `config`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb config show --origin              the settings here, and where each was made
  legb config explain select             what each layer says of one setting
  legb config init                       write a legb.toml to start from
  legb config migrate                    write one from those of ruff, flake8, pylint and others
  legb config merge base.json prod.json  merge files of any kind of settings

Layers, from the lowest to the highest:
  built in
  user           legb.toml in ~/.config/legb
  extends        files that another one extends
  project        legb.toml, legb.json, or [tool.legb] in pyproject.toml
  environment    legb.NAME.toml, with --env NAME or LEGB_ENV
  variables      LEGB_SELECT, LEGB_LOGS__TZ and the like
  command line   --select and the like

`legb config init --dry-run` prints every setting with what it does.")]
pub(crate) struct ConfigArgs {
    /// What to do.
    #[command(subcommand)]
    pub(crate) action: ConfigAction,
}

/// What `config` can do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Show the merged settings, the layers they come from, and the import roots
    Show(ConfigShowArgs),
    /// Show why a setting has its value: what each layer says
    Explain(ConfigExplainArgs),
    /// Merge files of JSON or TOML, each over those before it
    Merge(ConfigMergeArgs),
    /// Write a file with every setting, to start from
    Init(ConfigWriteArgs),
    /// Write the settings of other tools as settings of legb
    Migrate(ConfigWriteArgs),
    /// Print the JSON schema of a file of settings
    #[command(after_long_help = "\
Example:
  legb config schema > legb.schema.json    for editors that check legb.json or legb.toml by it")]
    Schema,
}

/// The run that settings are for.
#[derive(Clone, Debug, Args)]
pub(crate) struct ConfigOfArgs {
    /// Python versions.
    #[command(flatten)]
    pub(crate) target: TargetArgs,
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

/// Arguments of `config show`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb config show
  legb config show --origin              with file, line and column of every value
  legb config show --env production      as it is in the environment `production`
  legb config show --format json --origin | jq .origins.select")]
pub(crate) struct ConfigShowArgs {
    /// File or folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Show where each value was made
    #[arg(long)]
    pub(crate) origin: bool,
    /// How to print the settings
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// The run.
    #[command(flatten)]
    pub(crate) of: ConfigOfArgs,
}

/// Arguments of `config explain`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb config explain select
  legb config explain logs.tz
  legb config explain --select names select    with an option as well")]
pub(crate) struct ConfigExplainArgs {
    /// The setting; a dot leads into a table: `logs.tz`
    #[arg(value_name = "KEY")]
    pub(crate) key: String,
    /// File or folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// How to print the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: TextFormat,
    /// The run.
    #[command(flatten)]
    pub(crate) of: ConfigOfArgs,
}

/// Arguments of `config merge`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb config merge default.json production.json
  legb config merge --lists union base.toml team.toml --format toml
  legb config merge --null delete doc.json patch.json     a JSON merge patch (RFC 7396)

Tables merge at any depth; everything else of a later file replaces what earlier ones say. The
files are taken from left to right, each over what came out so far: with --verbose, that order is
printed.")]
pub(crate) struct ConfigMergeArgs {
    /// The files, lowest first; names that end in .json are JSON, all others TOML
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// What becomes of a list where both files have one
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub(crate) lists: ListsHow,
    /// What `null` in a later file means
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub(crate) null: NullHow,
    /// How to write the result
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub(crate) format: MergeFormat,
}

/// What becomes of lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListsHow {
    /// The later one replaces the earlier one
    #[default]
    Replace,
    /// The items of the later one follow
    Append,
    /// The same, without items that are there already
    Union,
}

/// What `null` means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum NullHow {
    /// It deletes the key (RFC 7396)
    Delete,
    /// It is a value like any other
    #[default]
    Keep,
}

/// How merged files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MergeFormat {
    /// JSON
    #[default]
    Json,
    /// TOML
    Toml,
}

/// Arguments of `config init` and `config migrate`.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = "\
Examples:
  legb config init                 writes legb.toml
  legb config migrate --dry-run    prints what would be written
  legb config migrate --pyproject  appends [tool.legb] to pyproject.toml

`migrate` reads what concerns names, scopes and imports: ruff (ruff.toml, .ruff.toml, [tool.ruff]),
flake8 (.flake8, setup.cfg, tox.ini), pylint (.pylintrc, pylintrc, [tool.pylint], setup.cfg),
import-linter and tach. What has no counterpart is told.
Neither command overwrites settings that are there.")]
pub(crate) struct ConfigWriteArgs {
    /// Folder of the project
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Append to pyproject.toml instead of writing legb.toml
    #[arg(long)]
    pub(crate) pyproject: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
