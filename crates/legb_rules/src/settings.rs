//! What a project may tell rules, beyond which of them speak.

/// The settings that rules read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `banned-imports`: what `banned-import` reports; nothing, unless a project bans something.
    pub banned_imports: Vec<BannedImport>,
    /// `builtin-shadowing-arguments`: whether `builtin-shadowing` tells of parameters that merely hide a builtin; where
    /// nothing is said, if the rule is selected.
    pub builtin_arguments: Option<bool>,
}

/// A module, or a name of a module, that a project does not want to be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BannedImport {
    /// The dotted name; what lies below it is banned too.
    pub name: String,
    /// Why, or what to use instead, as a sentence.
    pub reason: Option<String>,
}

impl Settings {
    /// Where nothing is set.
    pub(crate) const NONE: &'static Self = &Self { banned_imports: Vec::new(), builtin_arguments: None };
}
