//! The help of `legb` itself: its commands in groups, by what one wants to know.

use std::fmt::Write as _;

use clap::Command;

use super::STYLES;

/// A heading, and the commands below it. A command that is nowhere comes last.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Find mistakes", &["check", "cycles", "contracts"]),
    ("Ask about a name", &["explain", "scopes", "predict", "definition", "references", "rename", "tour"]),
    ("Ask about imports", &["simulate", "resolve", "graph", "imports", "modules", "api", "lazy"]),
    ("Read logs", &["logs"]),
    ("Trust, settings and help", &["verify", "config", "rule", "cache", "completions"]),
];
const REST: &str = "More";

/// The command with help that shows the groups.
pub(super) fn grouped(command: Command) -> Command {
    let (commands, header) = (listed(&command), STYLES.get_header());
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{commands}{header}Options:{header:#}\n{{options}}{{after-help}}"
    ))
}

/// The groups with their commands, one on a line.
fn listed(command: &Command) -> String {
    let (header, literal) = (STYLES.get_header(), STYLES.get_literal());
    let visible: Vec<(&str, String)> = command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(|command| (command.get_name(), command.get_about().map(ToString::to_string).unwrap_or_default()))
        .collect();
    let width = visible.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let rest: Vec<&str> = visible
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !GROUPS.iter().any(|(_, names)| names.contains(name)))
        .collect();
    let mut text = String::new();
    for (title, names) in GROUPS.into_iter().chain([(REST, rest.as_slice())]) {
        let members: Vec<_> = names.iter().filter_map(|name| visible.iter().find(|(known, _)| known == name)).collect();
        if members.is_empty() {
            continue;
        }
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{header}{title}:{header:#}");
        for (name, about) in members {
            let _ = writeln!(text, "  {literal}{name}{literal:#}{:pad$}{about}", "", pad = width + 2 - name.len());
        }
        text.push('\n');
    }
    text
}
