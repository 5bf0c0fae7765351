//! Which settings are there? The one list that checking, typed settings, schema, documentation and `config init` are made from.

use legb_report::FORMATS;

/// A setting.
#[derive(Debug)]
pub struct Key {
    /// Its name; a dot stands between a table and what is in it.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// What it does, as Markdown: a line that stands alone, and more below it where that is needed.
    pub doc: &'static str,
    /// What holds where nobody says anything, in words.
    pub default: &'static str,
    /// A value, as TOML.
    pub example: &'static str,
    /// Whether `extend-NAME` appends to it.
    pub extendable: bool,
    /// The commands that it counts for, in words.
    pub commands: &'static str,
}

/// What a setting may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Count,
    /// One text.
    One(Item),
    /// A list of texts.
    Many(Item),
    /// One text, or a list of them.
    OneOrMany(Item),
    /// A table that has a text for each name.
    TextByName,
    /// A table that has a list of rules for each pattern.
    RulesByGlob,
    /// A list of names, or a table that has a text for each name.
    NamesOrTexts,
    /// Contracts, which are read by themselves.
    Contracts,
}

/// What a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Itself.
    Text,
    /// A path; relative ones start from the folder of the file.
    Path,
    /// A pattern of paths.
    Glob,
    /// A rule: its name, its code, the beginning of a code, a group, or `all`.
    Rule,
    /// A version of Python, or `all`.
    Version,
    /// A setting, with dots between tables and what is in them.
    Setting,
    /// The name of an output format of `legb check`.
    Format,
}

impl Kind {
    /// What it may hold, in words that follow "is".
    pub const fn described(self) -> &'static str {
        match self {
            Self::Flag => "true or false",
            Self::Count => "a whole number from 1",
            Self::One(_) => "a text",
            Self::Many(_) => "a list of texts",
            Self::OneOrMany(_) => "a text or a list of texts",
            Self::TextByName => "a table with a text for each name",
            Self::RulesByGlob => "a table with a list of rules for each pattern",
            Self::NamesOrTexts => "a list of names, or a table with a reason for each name",
            Self::Contracts => "an array of tables",
        }
    }
}

/// Names of the output formats of `legb check`.
pub(crate) fn format_names() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().map(|format| format.name())
}

/// The key that names the files that one extends.
pub(crate) const EXTENDS: &str = "extends";
/// The key that names the settings of lower layers that are deleted.
pub(crate) const UNSET: &str = "unset";
/// What stands before the name of a setting whose list is added to.
pub(crate) const EXTEND: &str = "extend-";
/// The table that holds what is about logs.
pub(crate) const LOGS: &str = "logs";

/// The setting of a name.
pub fn key(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The setting that a name adds to: `select` for `extend-select`.
pub(crate) fn extended(name: &str) -> Option<&'static Key> {
    key(name.strip_prefix(EXTEND)?).filter(|key| key.extendable)
}

const ANALYSIS: &str = "all that look at code";

/// Every setting, in the order of the documentation.
pub static KEYS: [Key; 23] = [
    Key {
        name: EXTENDS,
        kind: Kind::OneOrMany(Item::Path),
        doc: "Files whose settings hold where this one says nothing.\n\nOf several, the later ones win. A file counts once, at \
              its lowest place.",
        default: "none",
        example: "\"../legb.toml\"",
        extendable: false,
        commands: "all",
    },
    Key {
        name: UNSET,
        kind: Kind::Many(Item::Setting),
        doc: "Settings of lower layers that are deleted before those of this one count.\n\nIn JSON, `null` as the value of a \
              setting does the same.",
        default: "none",
        example: "[\"python\", \"logs.tz\"]",
        extendable: false,
        commands: "all",
    },
    Key {
        name: "target-version",
        kind: Kind::OneOrMany(Item::Version),
        doc: "The versions of Python to answer for: `\"3.8\"` to `\"3.15\"`, a list, or `\"all\"`.",
        default: "the lowest that `requires-python` allows, else `.python-version`, else the newest",
        example: "\"3.11\"",
        extendable: false,
        commands: ANALYSIS,
    },
    Key {
        name: "src",
        kind: Kind::Many(Item::Path),
        doc: "Folders that absolute imports start from.",
        default: "what the build backend is told, else the folder `src`, and the folder of the project",
        example: "[\"src\", \"tools\"]",
        extendable: false,
        commands: ANALYSIS,
    },
    Key {
        name: "python",
        kind: Kind::One(Item::Path),
        doc: "Interpreter or virtual environment whose packages count. It is looked at, never started.",
        default: "`VIRTUAL_ENV`, else a folder `.venv` in the project or above it, else none",
        example: "\".venv\"",
        extendable: false,
        commands: "check, resolve, explain --import",
    },
    Key {
        name: "exclude",
        kind: Kind::Many(Item::Glob),
        doc: "Files and folders to leave out.\n\nA pattern without a slash matches the name of any file or folder, one with a \
              slash a path from the folder of the file that says so. `.gitignore` and its like count besides.",
        default: "folders that hardly ever hold code of the project: `.venv`, `node_modules`, `dist` and others",
        example: "[\"build\", \"src/generated\"]",
        extendable: true,
        commands: ANALYSIS,
    },
    Key {
        name: "force-exclude",
        kind: Kind::Flag,
        doc: "Leave excluded files out even if they are named on the command line.",
        default: "`false`",
        example: "true",
        extendable: false,
        commands: ANALYSIS,
    },
    Key {
        name: "select",
        kind: Kind::Many(Item::Rule),
        doc: "The rules that speak: names, codes, beginnings of codes, groups, or `all`.\n\nOf two selectors that contradict \
              each other the more exact wins. `--select` on the command line replaces this, and what `ignore` and \
              `extend-select` say in files.",
        default: "the rules that are on by default, see `legb rule`",
        example: "[\"names\", \"late-binding-closure\"]",
        extendable: true,
        commands: "check",
    },
    Key {
        name: "ignore",
        kind: Kind::Many(Item::Rule),
        doc: "Rules that do not speak.",
        default: "`[]`",
        example: "[\"builtin-shadowing\"]",
        extendable: true,
        commands: "check",
    },
    Key {
        name: "per-file-ignores",
        kind: Kind::RulesByGlob,
        doc: "Rules that do not speak of some files.\n\nPatterns are those of `exclude`; a pattern that matches a folder holds \
              for all below it.",
        default: "`{}`",
        example: "{ \"__init__.py\" = [\"unused-import\"], \"tests\" = [\"scope\"] }",
        extendable: false,
        commands: "check",
    },
    Key {
        name: "banned-imports",
        kind: Kind::NamesOrTexts,
        doc: "What the rule `banned-import` reports: dotted names of modules, and of what they hold, with a reason for each.\n\n\
              What lies below a name is banned too. A list of names does where there is nothing to say.",
        default: "`{}`",
        example: "{ \"urllib.request\" = \"the project has a client of its own\" }",
        extendable: false,
        commands: "check",
    },
    Key {
        name: "builtin-shadowing-arguments",
        kind: Kind::Flag,
        doc: "Whether the rule `builtin-shadowing` tells of parameters that hide a builtin and do no harm.",
        default: "`true` where the rule is selected, else `false`",
        example: "false",
        extendable: false,
        commands: "check",
    },
    Key {
        name: "contracts",
        kind: Kind::Contracts,
        doc: "Architecture contracts, see [contracts](contracts.md).\n\nThey are read from the file of the project alone: other \
              layers have none.",
        default: "none",
        example: "[{ name = \"Tiers\", type = \"layers\", layers = [\"shop.web\", \"shop.db\"] }]",
        extendable: false,
        commands: "check, contracts",
    },
    Key {
        name: "format",
        kind: Kind::One(Item::Format),
        doc: "How `legb check` prints what it found.",
        default: "the first that `legb check --help` lists",
        example: "\"concise\"",
        extendable: false,
        commands: "check",
    },
    Key {
        name: "threads",
        kind: Kind::Count,
        doc: "Number of threads.",
        default: "`RAYON_NUM_THREADS`, else all processors",
        example: "4",
        extendable: false,
        commands: ANALYSIS,
    },
    Key {
        name: "cache-dir",
        kind: Kind::One(Item::Path),
        doc: "Where the cache lies.",
        default: "`legb` in `XDG_CACHE_HOME`, else in `~/.cache`",
        example: "\".legb_cache\"",
        extendable: false,
        commands: "all",
    },
    Key {
        name: "no-cache",
        kind: Kind::Flag,
        doc: "Neither read nor write a cache.\n\n`legb cycles` keeps its answers. With and without a cache they are the same.",
        default: "`false`",
        example: "true",
        extendable: false,
        commands: "all",
    },
    Key {
        name: "baseline",
        kind: Kind::One(Item::Path),
        doc: "File of findings that are known and let pass.",
        default: "none",
        example: "\"legb-baseline.json\"",
        extendable: false,
        commands: "check",
    },
    Key {
        name: "logs.tz",
        kind: Kind::One(Item::Text),
        doc: "Zone of times without one: `local`, `utc`, an offset, or a name such as `Europe/Berlin`.",
        default: "`local`",
        example: "\"utc\"",
        extendable: false,
        commands: "logs",
    },
    Key {
        name: "logs.format-in",
        kind: Kind::One(Item::Text),
        doc: "Read logs as this instead of finding out: the name of a format, also of one below `logs.formats`, a format \
              string of Python's logging, or a regular expression.",
        default: "found out from the content",
        example: "\"%(asctime)s %(levelname)s %(message)s\"",
        extendable: false,
        commands: "logs",
    },
    Key {
        name: "logs.formats",
        kind: Kind::TextByName,
        doc: "Formats of your own, by name: a format string of Python's logging in any style, or a regular expression with \
              groups named time, level, service and message.",
        default: "`{}`",
        example: "{ worker = '(?<time>\\S+) \\[(?<level>\\w+)\\] (?<message>.*)' }",
        extendable: false,
        commands: "logs",
    },
    Key {
        name: "logs.map",
        kind: Kind::TextByName,
        doc: "Where frames of tracebacks lie here: beginnings of paths in logs, and what they are in the project.",
        default: "`{}`",
        example: "{ \"/srv/app\" = \".\" }",
        extendable: false,
        commands: "logs",
    },
    Key {
        name: "logs.rate",
        kind: Kind::One(Item::Text),
        doc: "At most N alerts in any span for each fingerprint, as `N/SPAN`.",
        default: "`3/10s`",
        example: "\"5/1m\"",
        extendable: false,
        commands: "logs --follow",
    },
];

#[cfg(test)]
mod tests {
    use super::{KEYS, extended, key};

    #[test]
    fn names_differ_and_lists_can_be_added_to() {
        for (at, one) in KEYS.iter().enumerate() {
            assert!(KEYS[at + 1..].iter().all(|other| other.name != one.name), "{}", one.name);
            assert!(!one.doc.is_empty() && !one.default.is_empty());
        }
        assert_eq!(extended("extend-select").unwrap().name, "select");
        assert!(extended("extend-src").is_none());
        assert!(key("extend-select").is_none());
    }
}
