//! Contracts as legb has them: `[[contracts]]` in `legb.toml`, `[[tool.legb.contracts]]` in `pyproject.toml`.
//!
//! They may also be written as tables with names, `[contracts.name]`; beside these may stand what holds for all of them.

use super::Read;
use super::demand::{Dialect, demand};
use super::section::{Options, Section, Value};
use crate::contract::{Complaint, Contract, Demand, Written};
use crate::imports::Scope;

/// The contracts below the key `contracts`.
pub(crate) fn read(value: &Written<Value>) -> Read {
    let mut read = Read::default();
    match &value.value {
        Value::List(items) => {
            for item in items {
                match &item.value {
                    Value::Table(section) => read.push(contract(section, None, &Settings::default())),
                    _ => read.complain(&item.place, "a contract is a table".to_owned(), None),
                }
            }
        }
        Value::Table(section) => {
            let settings = settings(section, &mut read);
            for entry in &section.entries {
                if let Value::Table(section) = &entry.value.value {
                    read.push(contract(section, Some(&entry.key), &settings));
                }
            }
        }
        _ => read.complain(&value.place, "`contracts` is an array of tables".to_owned(), None),
    }
    let mut named: Vec<String> = read.contracts.iter().flat_map(external_names).collect();
    named.sort_unstable();
    named.dedup();
    for contract in &mut read.contracts {
        contract.scope.external_submodules.clone_from(&named);
    }
    read
}

/// What holds for all contracts of a table, unless they say otherwise.
#[derive(Clone, Debug, Default)]
struct Settings {
    roots: Vec<String>,
    without_typing: bool,
    without_later: bool,
}

fn settings(section: &Section, read: &mut Read) -> Settings {
    let plain: Vec<_> =
        section.entries.iter().filter(|entry| !matches!(entry.value.value, Value::Table(_))).cloned().collect();
    let plain = Section { place: section.place.clone(), entries: plain };
    let mut options = Options::new(&plain);
    let settings = scope_settings(&mut options, &Settings::default());
    read.complaints.extend(options.finish());
    settings
}

fn scope_settings(options: &mut Options<'_>, default: &Settings) -> Settings {
    let roots: Vec<String> = options.list("root_packages").into_iter().map(|root| root.value).collect();
    Settings {
        roots: if roots.is_empty() { default.roots.clone() } else { roots },
        without_typing: options.flag("exclude_type_checking_imports", default.without_typing),
        without_later: options.flag("exclude_function_imports", default.without_later),
    }
}

fn contract(section: &Section, key: Option<&Written<String>>, settings: &Settings) -> Result<Contract, Vec<Complaint>> {
    let mut options = Options::new(section);
    let name = match key {
        Some(key) => options.text("name").or_else(|| Some(key.clone())),
        None => options.required_text("name"),
    };
    let id = options.text("id").map(|id| id.value).or_else(|| key.map(|key| key.value.clone()));
    let settings = scope_settings(&mut options, settings);
    let scope = Scope {
        roots: settings.roots,
        external: true,
        without_typing: settings.without_typing,
        without_later: settings.without_later,
        ..Scope::default()
    };
    super::contract(options, name, id, scope, |options| demand(options, Dialect::Own))
}

/// Dotted names that a contract forbids: some of them may lie outside of the project.
fn external_names(contract: &Contract) -> Vec<String> {
    let Demand::Forbidden(forbidden) = &contract.demand else { return Vec::new() };
    let names = forbidden.forbidden.iter().map(|expression| &expression.value);
    let imported = contract.ignored.iter().map(|expression| &expression.value.imported);
    let dotted = names.chain(imported).filter(|expression| !expression.has_wildcard());
    dotted.map(|expression| expression.as_str().to_owned()).filter(|name| name.contains('.')).collect()
}
