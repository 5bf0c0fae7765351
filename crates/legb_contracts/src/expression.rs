//! Which modules does an expression of a contract mean? `shop.web`, `shop.*`, `shop.**.models`, and `a.* -> b.**` for imports.
//!
//! `*` stands for one name between two dots, `**` for one or more. A wildcard replaces a whole name. The rules, and what is
//! refused, are those of import-linter. Whether a module of that name exists is not asked here.

use std::fmt;

/// A module, or modules, as a contract names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleExpression {
    text: String,
}

impl ModuleExpression {
    /// Reads an expression; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut last = "";
        for part in text.split('.') {
            match (last, part) {
                ("**", "*" | "**") => {
                    return Err(format!("`{text}`: no wildcard may follow `**`, which already means several names"));
                }
                ("*", "**") => return Err(format!("`{text}`: `**` may not follow `*`")),
                (_, "*" | "**") => {}
                (_, part) if part.contains('*') => {
                    return Err(format!("`{text}`: a wildcard replaces a whole name, not a part of `{part}`"));
                }
                (_, part) if !is_name(part) => {
                    return Err(format!("`{text}` is no name of a module"));
                }
                _ => {}
            }
            last = part;
        }
        Ok(Self { text: text.to_owned() })
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it can mean more than one module.
    pub fn has_wildcard(&self) -> bool {
        self.text.contains('*')
    }

    /// Whether it means the module of this name.
    pub fn matches(&self, name: &str) -> bool {
        if !self.has_wildcard() {
            return self.text == name;
        }
        let parts: Vec<&str> = self.text.split('.').collect();
        let names: Vec<&str> = name.split('.').collect();
        matches_from(&parts, &names)
    }
}

impl fmt::Display for ModuleExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An import, or imports, as a contract names them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportExpression {
    /// Who imports.
    pub importer: ModuleExpression,
    /// What is imported.
    pub imported: ModuleExpression,
}

impl ImportExpression {
    /// Reads `importer -> imported`; the error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (importer, imported) = text.split_once("->").map_or(("", ""), |(from, to)| (from.trim(), to.trim()));
        if importer.is_empty() || imported.is_empty() {
            return Err(format!("`{}` is no import: write `package.importer -> package.imported`", text.trim()));
        }
        Ok(Self { importer: ModuleExpression::parse(importer)?, imported: ModuleExpression::parse(imported)? })
    }
}

impl fmt::Display for ImportExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}", self.importer, self.imported)
    }
}

fn is_name(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c == '_' || c.is_alphanumeric())
}

fn matches_from(parts: &[&str], names: &[&str]) -> bool {
    match (parts.split_first(), names.split_first()) {
        (None, None) => true,
        (Some((&"**", rest)), Some(_)) => (1..=names.len()).any(|taken| matches_from(rest, &names[taken..])),
        (Some((&part, rest)), Some((&name, others))) => (part == "*" || part == name) && matches_from(rest, others),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{ImportExpression, ModuleExpression};

    fn matches(expression: &str, name: &str) -> bool {
        ModuleExpression::parse(expression).unwrap().matches(name)
    }

    #[test]
    fn wildcards_stand_for_whole_names() {
        assert!(matches("shop.*", "shop.web"));
        assert!(!matches("shop.*", "shop.web.views"));
        assert!(!matches("shop.*", "shop"));
        assert!(matches("shop.**", "shop.web.views"));
        assert!(!matches("shop.**", "shop"));
        assert!(matches("shop.**.models", "shop.a.b.models"));
        assert!(!matches("shop.**.models", "shop.models"));
        assert!(matches("*.*.models", "a.b.models"));
        assert!(matches("**", "a.b"));
        assert!(matches("a.**.b.**", "a.b.b.c"));
        assert!(!matches("a.**.b.**", "a.b.c"));
        assert!(matches("shop", "shop"));
        assert!(!matches("shop", "shopping"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for wrong in ["a.b*", "a..b", "", "a.**.*", "a.*.**", "a.**.**", ".a", "a b", "a-b"] {
            assert!(ModuleExpression::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["a", "a ->", "-> b", "a -> b*", "a => b"] {
            assert!(ImportExpression::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ImportExpression::parse(" a.b->c.* ").unwrap().to_string(), "a.b -> c.*");
    }
}
