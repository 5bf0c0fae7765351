//! One import of one file, and what it means.

use std::cell::OnceCell;
use std::path::Path;

use legb_scope::{ImportFlags, ImportSite, ModuleSummary, SiteFlags};

use super::{ProjectCx, Target};

/// An import that runs, with the file it stands in.
pub(crate) struct ImportCx<'p, 'a> {
    pub(crate) project: &'p ProjectCx<'a>,
    /// The file.
    pub(crate) file: usize,
    pub(crate) summary: &'a ModuleSummary,
    pub(crate) site: &'a ImportSite,
    target: OnceCell<Target>,
}

impl<'p, 'a> ImportCx<'p, 'a> {
    /// The imports of a file, but for those that never run.
    pub(crate) fn of(project: &'p ProjectCx<'a>, file: usize) -> impl Iterator<Item = Self> + use<'p, 'a> {
        let summary = project.files[file].summary;
        let sites = summary.into_iter().flat_map(|summary| summary.imports.iter().map(move |site| (summary, site)));
        sites
            .filter(|(_, site)| !site.site.contains(SiteFlags::NOT_RUN) && !site.flags.contains(ImportFlags::FUTURE))
            .map(move |(summary, site)| Self { project, file, summary, site, target: OnceCell::new() })
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> &'a Path {
        self.project.files[self.file].path
    }

    /// What it asks for.
    pub(crate) fn target(&self) -> &Target {
        self.target.get_or_init(|| {
            let package = self.project.module(self.file).map(legb_resolve::ModuleName::package);
            self.project.target(self.path(), package, self.summary, self.site)
        })
    }

    /// Whether the statement may deal with what the import raises.
    pub(crate) fn is_guarded(&self) -> bool {
        self.site.site.contains(SiteFlags::GUARDED)
    }

    /// The module of the statement, as it is written.
    pub(crate) fn written_module(&self) -> String {
        let dots = ".".repeat(self.site.level as usize);
        dots + self.site.module.map_or("", |id| self.summary.text(id))
    }

    /// Whether the dots of a relative import lead to something on the disk, packages or not.
    pub(crate) fn leads_somewhere(&self) -> bool {
        let up = self.path().ancestors().nth(self.site.level as usize);
        let first = self.site.module.map(|id| self.summary.text(id)).or_else(|| self.name()).unwrap_or_default();
        let first = first.split('.').next().unwrap_or(first);
        up.is_some_and(|folder| !self.project.around.fs.listing(folder).with_stem(first).is_empty())
    }

    /// The name that is taken from the module, unless that is `*`.
    pub(crate) fn name(&self) -> Option<&'a str> {
        let name = self.site.name.filter(|_| !self.site.flags.contains(ImportFlags::STAR))?;
        Some(self.summary.text(name))
    }
}
