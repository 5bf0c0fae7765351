//! What does an import mean: which module, and has that module the name that is taken from it?

use std::path::Path;
use std::sync::Arc;

use legb_resolve::{Kind, Origin, RelativeError, Resolution, Why, resolve_relative, stdlib};
use legb_scope::builtins::is_module_attribute;
use legb_scope::{ImportFlags, ImportSite, ModuleFlags, ModuleSummary};

use super::{ProjectCx, Summary};

/// What an import statement asks for.
pub(crate) enum Target {
    /// A relative import that means nothing.
    Nowhere(RelativeError),
    /// A module by its absolute name.
    Module(String, Arc<Resolution>),
    /// It cannot be said.
    Unknown,
}

/// Whether a module has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    /// A statement of the module may bind it.
    Bound,
    /// It is a submodule.
    Submodule,
    /// Nothing binds it.
    Absent,
    /// It cannot be said.
    Unknown,
}

/// Of a chain of `import *` so many links are followed.
const STARS_FOLLOWED: u32 = 20;

impl ProjectCx<'_> {
    /// What an import in a file asks for; `package` is what relative imports start from.
    pub(crate) fn target(
        &self,
        path: &Path,
        package: Option<&str>,
        summary: &ModuleSummary,
        site: &ImportSite,
    ) -> Target {
        let module = site.module.map_or("", |id| summary.text(id));
        if site.level == 0 {
            return Target::Module(module.to_owned(), self.resolve(module, path));
        }
        let Some(package) = package else { return Target::Unknown };
        match resolve_relative(package, site.level, module, self.around.dialect) {
            Ok(name) => {
                let resolution = self.resolve(&name, path);
                Target::Module(name, resolution)
            }
            Err(error) => Target::Nowhere(error),
        }
    }

    /// The name under which a module of the standard library is recorded; nothing for other modules.
    pub(crate) fn library_module<'m>(&self, module: &'m str, resolution: &'m Resolution) -> Option<&'m str> {
        let in_library = |found: &Path| {
            let entries = &self.around.finder.environment().sys_path;
            entries.iter().any(|entry| entry.path == *found && entry.origin == Origin::Library)
        };
        match &resolution.why {
            Why::Alias(_) | Why::Loaded => Some(stdlib::alias(module, self.around.dialect.version).unwrap_or(module)),
            Why::CompiledIn | Why::FrozenIn | Why::Recorded => Some(module),
            Why::Entry(found) if in_library(found) => Some(module),
            _ => None,
        }
    }

    /// Whether a module has a name, as `from module import name` needs it.
    pub(crate) fn member(&self, module: &str, resolution: &Resolution, name: &str) -> Member {
        self.member_through(module, resolution, name, STARS_FOLLOWED)
    }

    fn member_through(&self, module: &str, resolution: &Resolution, name: &str, stars: u32) -> Member {
        let summary = match (resolution.kind, &resolution.origin) {
            (Kind::Source, Some(file)) if self.is_ours(file) => self.summary(file).map(|summary| (file, summary)),
            _ => None,
        };
        let is_attribute =
            || is_module_attribute(name, self.around.dialect.version) && (name != "__path__" || resolution.is_package);
        if summary.as_ref().is_some_and(|(_, summary)| summary.binds(name)) || summary.is_some() && is_attribute() {
            return Member::Bound;
        }
        if resolution.is_package {
            let submodule = self.around.finder.find(&format!("{module}.{name}"));
            match submodule.kind {
                Kind::Missing => {}
                Kind::Unknown => return Member::Unknown,
                _ => return Member::Submodule,
            }
        }
        let Some((file, summary)) = summary else { return Member::Unknown };
        if summary.flags.intersects(ModuleFlags::OPEN | ModuleFlags::HAS_GETATTR) {
            return Member::Unknown;
        }
        self.through_stars(module, resolution, &summary, file, name, stars)
    }

    /// What the `import *` statements of a module say of a name that it does not bind itself.
    fn through_stars(
        &self,
        module: &str,
        resolution: &Resolution,
        summary: &Summary<'_>,
        file: &Path,
        name: &str,
        stars: u32,
    ) -> Member {
        let package = if resolution.is_package { module } else { module.rsplit_once('.').map_or("", |(up, _)| up) };
        for site in summary.imports.iter().filter(|site| site.flags.contains(ImportFlags::STAR)) {
            let Some(left) = stars.checked_sub(1) else { return Member::Unknown };
            let Target::Module(source, found) = self.target(file, Some(package), summary, site) else {
                return Member::Unknown;
            };
            if self.hides_from_star(&found, name) {
                continue;
            }
            match self.member_through(&source, &found, name, left) {
                Member::Absent => {}
                other => return other,
            }
        }
        Member::Absent
    }

    /// Whether `import *` certainly leaves a name out: `__all__` does not list it, or it begins with an underscore.
    fn hides_from_star(&self, module: &Resolution, name: &str) -> bool {
        let Some(file) = module.origin.as_deref().filter(|file| module.kind == Kind::Source && self.is_ours(file))
        else {
            return false;
        };
        let Some(summary) = self.summary(file) else { return false };
        match &summary.all {
            _ if summary.flags.intersects(ModuleFlags::OPEN | ModuleFlags::ALL_IS_DYNAMIC) => false,
            Some(all) => !all.iter().any(|&(listed, _)| summary.text(listed) == name),
            None => name.starts_with('_'),
        }
    }
}
