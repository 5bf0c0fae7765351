//! Which distribution does a requirement name? (PEP 508; PEP 503 for what names are the same.)

/// The name that a requirement begins with: `Pillow` in `Pillow[webp] >= 9 ; python_version > "3.8"`.
pub(super) fn name(requirement: &str) -> Option<&str> {
    let text = requirement.trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let goes_on = rest.is_empty() || rest.starts_with(['[', '(', '<', '>', '=', '!', '~', ';', '@', ',']);
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    (goes_on && is_name(name)).then_some(name)
}

/// The name by which an index knows it: `zope-interface` for `Zope.Interface`.
pub fn normalised(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            _ => normal.push(c.to_ascii_lowercase()),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::{name, normalised};

    #[test]
    fn names_end_where_the_rest_begins() {
        for (requirement, expected) in [
            ("requests", Some("requests")),
            (" requests>=2,<3", Some("requests")),
            ("Pillow[webp]~=9.0 ; python_version > '3.8'", Some("Pillow")),
            ("zope.interface (>=5)", Some("zope.interface")),
            ("pip @ file:///tmp/pip.zip", Some("pip")),
            ("a b", None),
            ("-e .", None),
            ("./local", None),
            ("", None),
        ] {
            assert_eq!(name(requirement), expected, "{requirement}");
        }
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        assert_eq!(normalised("Zope.Interface"), "zope-interface");
        assert_eq!(normalised("a__b-.c"), "a-b-c");
    }
}
