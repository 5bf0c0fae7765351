//! Files in the format of Python's `configparser`, as far as `setup.cfg` uses it.
//!
//! Sections, `key = value` or `key: value`, values that go on over indented lines, comments on lines of their own.
//! Interpolation is not done.

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The section it stands in.
    pub(crate) section: String,
    /// In lower case, as `configparser` reads it.
    pub(crate) key: String,
    /// The lines of the value without blank ones, each with its number in the file.
    pub(crate) lines: Vec<(u32, String)>,
}

/// The entries of a file, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ini {
    /// All of them.
    pub(crate) entries: Vec<Entry>,
}

impl Ini {
    /// Reads a text. Lines that make no sense are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        let mut section = None;
        let mut open = false;
        for (number, line) in (1..).zip(text.lines()) {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                if let Some(entry) = ini.entries.last_mut().filter(|_| open) {
                    entry.lines.push((number, trimmed.to_owned()));
                }
                continue;
            }
            open = false;
            if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                section = Some(name.trim().to_owned());
            } else if let (Some(section), Some((key, value))) = (&section, trimmed.split_once(['=', ':'])) {
                let value = value.trim();
                let lines = if value.is_empty() { Vec::new() } else { vec![(number, value.to_owned())] };
                ini.entries.push(Entry { section: section.clone(), key: key.trim().to_lowercase(), lines });
                open = true;
            }
        }
        ini
    }

    /// The entries of a section.
    pub(crate) fn section<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.section == name)
    }

    /// An entry of a section.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.section == section && entry.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::Ini;

    #[test]
    fn values_go_on_over_indented_lines() {
        let ini = Ini::parse("[a]\nKey = 1\nlist =\n    one\n\n    # no\n    two\n[b]\nx: y\nstray\n  z\n");
        let entries: Vec<_> =
            ini.entries.iter().map(|e| (e.section.as_str(), e.key.as_str(), e.lines.clone())).collect();
        assert_eq!(
            entries,
            [
                ("a", "key", vec![(2, "1".to_owned())]),
                ("a", "list", vec![(4, "one".to_owned()), (7, "two".to_owned())]),
                ("b", "x", vec![(9, "y".to_owned())]),
            ]
        );
        assert_eq!(ini.section("a").count(), 2);
        assert!(ini.get("b", "x").is_some() && ini.get("b", "key").is_none());
    }
}
