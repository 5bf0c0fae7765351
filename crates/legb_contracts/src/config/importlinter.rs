//! Contracts as import-linter has them: `.importlinter`, `setup.cfg`, or `[tool.importlinter]` in `pyproject.toml`.

use super::demand::{Dialect, demand};
use super::section::{Options, Section, Value};
use super::{Read, ini_text};
use crate::contract::{Complaint, Contract, Place, Written};
use crate::imports::Scope;

const SECTION: &str = "importlinter";

/// The contracts of an INI file; nothing if it has no section for import-linter.
pub(crate) fn read_ini(path: &str, text: &str) -> Option<Read> {
    let sections = match ini_text::read(path, text) {
        Ok(sections) => sections,
        // A file that others read as well is only ours if it speaks of import-linter.
        Err(complaint) if text.contains(&format!("[{SECTION}")) => return Some(Read::failed(complaint)),
        Err(_) => return None,
    };
    let session = sections.iter().find(|(name, _)| name == SECTION).map(|(_, section)| section)?;
    let mut read = Read::default();
    let scope = scope(session, &mut read);
    let prefix = format!("{SECTION}:");
    for (name, section) in sections.iter().filter(|(name, _)| name.starts_with(&prefix)) {
        let id = name.rsplit(':').next().map(str::to_owned);
        read.push(contract(section, id, &scope));
    }
    warn_of_none(&mut read, &session.place);
    Some(read)
}

/// The contracts in the table `tool.importlinter`.
pub(crate) fn read_table(session: &Section) -> Read {
    let mut read = Read::default();
    let scope = scope(session, &mut read);
    match session.get("contracts").map(|entry| &entry.value) {
        Some(Written { value: Value::List(items), .. }) => {
            for item in items {
                match &item.value {
                    Value::Table(section) => read.push(contract(section, None, &scope)),
                    _ => read.complain(&item.place, "a contract is a table".to_owned(), None),
                }
            }
        }
        Some(other) => read.complain(&other.place, "`contracts` is an array of tables".to_owned(), None),
        None => {}
    }
    warn_of_none(&mut read, &session.place);
    read
}

fn warn_of_none(read: &mut Read, place: &Place) {
    if read.contracts.is_empty() && read.complaints.is_empty() {
        let help = "write `[importlinter:contract:name]`, or `[[tool.importlinter.contracts]]` in pyproject.toml";
        read.complain(place, "there is no contract here".to_owned(), Some(help.to_owned()));
    }
}

/// Which imports count for all contracts of the file.
fn scope(session: &Section, read: &mut Read) -> Scope {
    let mut options = Options::new(session);
    let mut roots = options.list("root_packages");
    if session.get("root_packages").is_none() {
        roots.extend(options.required_text("root_package"));
    } else {
        options.allow(&["root_package"]);
    }
    let scope = Scope {
        roots: roots.into_iter().map(|root| root.value).collect(),
        external: options.flag("include_external_packages", false),
        without_typing: options.flag("exclude_type_checking_imports", false),
        as_grimp: true,
        ..Scope::default()
    };
    let custom = options.list("contract_types");
    for written in custom {
        let message = format!("`{}` is a contract type written in Python, which legb does not run", written.value);
        let help = "contracts of this type are left out".to_owned();
        read.warnings.push(Complaint { place: written.place, message, help: Some(help) });
        read.custom_types.extend(written.value.split(':').next().map(|name| name.trim().to_owned()));
    }
    options.allow(&["contracts", "show_timings", "cache_dir"]);
    read.complaints.extend(options.finish());
    scope
}

fn contract(section: &Section, id: Option<String>, scope: &Scope) -> Result<Contract, Vec<Complaint>> {
    let mut options = Options::new(section);
    let name = options.required_text("name");
    let id = options.text("id").map(|id| id.value).or(id);
    super::contract(options, name, id, scope.clone(), |options| demand(options, Dialect::ImportLinter))
}
