//! The setting `per-file-ignores`: rules that do not speak of some files.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use legb_config::Settings;
use legb_project::Exclusion;
use legb_report::Entry;
use legb_rules::Selection;

/// Which rules are silent where. Asking costs nothing where nothing was set.
#[derive(Clone, Debug, Default)]
pub(crate) struct PerFile {
    ignores: Arc<[(Exclusion, Selection)]>,
}

impl PerFile {
    /// What the settings say.
    pub(crate) fn new(settings: &Settings) -> anyhow::Result<Self> {
        let here = std::env::current_dir().context("cannot tell the working directory")?;
        let ignores = settings.per_file_ignores.iter().filter(|ignore| !ignore.rules.is_empty()).map(|ignore| {
            let files = Exclusion::new([ignore.pattern.as_str()], &here).context("bad pattern in per-file-ignores")?;
            Ok((files, Selection::new(&ignore.rules, &[], &[])?))
        });
        Ok(Self { ignores: ignores.collect::<anyhow::Result<Vec<_>>>()?.into() })
    }

    /// Whether a rule, by its code, is silent about a file.
    pub(crate) fn ignores(&self, path: &Path, code: &str) -> bool {
        self.ignores.iter().any(|(files, rules)| rules.contains(code) && files.matches_or_is_below_match(path))
    }

    /// Takes away findings of rules that are silent about their file.
    pub(crate) fn apply(&self, entries: &mut Vec<Entry>) {
        if !self.ignores.is_empty() {
            entries.retain(|entry| !self.ignores(Path::new(&entry.finding.path), entry.finding.code));
        }
    }
}
