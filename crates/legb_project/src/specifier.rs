//! Which Python versions a `requires-python` allows (PEP 440 version specifiers).
//!
//! Only releases count: what stands behind the numbers of a version (`rc1`, `.dev0`) is ignored.

/// A comma-separated list of clauses, all of which must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Specifiers {
    clauses: Vec<Clause>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    operator: Operator,
    release: Vec<u32>,
    /// Whether the version ends with `.*`.
    prefix: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Compatible,
}

/// Spellings of the operators, longer ones first.
const OPERATORS: [(&str, Operator); 8] = [
    ("===", Operator::Equal),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("~=", Operator::Compatible),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Specifiers {
    /// Reads specifiers such as `>=3.9,<4`; the error is the clause that is none.
    pub fn parse(text: &str) -> Result<Self, &str> {
        let clauses = text.split(',').map(str::trim).filter(|clause| !clause.is_empty());
        let clauses = clauses.map(|clause| Clause::parse(clause).ok_or(clause)).collect::<Result<_, _>>()?;
        Ok(Self { clauses })
    }

    /// Whether some release of Python 3.`minor` is allowed.
    pub fn allow_minor(&self, minor: u32) -> bool {
        // No branch of Python 3 has reached fifty releases.
        (0..50).any(|micro| self.clauses.iter().all(|clause| clause.allows([3, minor, micro])))
    }
}

impl Clause {
    fn parse(text: &str) -> Option<Self> {
        let (operator, version) =
            OPERATORS.iter().find_map(|(spelling, operator)| Some((*operator, text.strip_prefix(spelling)?)))?;
        let version = version.trim();
        let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
        let (version, prefix) = match version.strip_suffix(".*") {
            Some(version) => (version, true),
            None => (version, false),
        };
        let numbers = version.find(|c: char| !c.is_ascii_digit() && c != '.').map_or(version, |end| &version[..end]);
        let release: Vec<u32> =
            numbers.trim_end_matches('.').split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
        let meaningful = match operator {
            Operator::Compatible => release.len() > 1 && !prefix,
            Operator::Equal | Operator::NotEqual => true,
            _ => !prefix,
        };
        meaningful.then_some(Self { operator, release, prefix })
    }

    fn allows(&self, version: [u32; 3]) -> bool {
        let at = |index: usize| self.release.get(index).copied().unwrap_or_default();
        let bound = [at(0), at(1), at(2)];
        let has_prefix =
            |length: usize| self.release.iter().zip(version).take(length).all(|(part, other)| *part == other);
        match self.operator {
            Operator::Equal if self.prefix => has_prefix(self.release.len()),
            Operator::NotEqual if self.prefix => !has_prefix(self.release.len()),
            Operator::Equal => version == bound,
            Operator::NotEqual => version != bound,
            Operator::Less => version < bound,
            Operator::LessOrEqual => version <= bound,
            Operator::Greater => version > bound,
            Operator::GreaterOrEqual => version >= bound,
            Operator::Compatible => version >= bound && has_prefix(self.release.len() - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Specifiers;

    fn lowest(text: &str) -> Option<u32> {
        let specifiers = Specifiers::parse(text).unwrap();
        (0..30).find(|minor| specifiers.allow_minor(*minor))
    }

    #[test]
    fn the_lowest_version_is_found() {
        for (text, minor) in [
            (">=3.9,<4", Some(9)),
            (">=3.9, <4, !=3.9.*", Some(10)),
            ("~=3.10", Some(10)),
            ("~=3.10.2", Some(10)),
            ("==3.11.*", Some(11)),
            ("==3.11.4", Some(11)),
            (">3.8", Some(8)),
            (">3.8.99", Some(9)),
            (">=3.13.0rc1", Some(13)),
            ("<3.12", Some(0)),
            (">=3", Some(0)),
            ("==2.7.*", None),
            ("", Some(0)),
        ] {
            assert_eq!(lowest(text), minor, "{text}");
        }
    }

    #[test]
    fn what_is_no_specifier_is_named() {
        assert_eq!(Specifiers::parse(">=3.9,^3.10"), Err("^3.10"));
        assert_eq!(Specifiers::parse("~=3"), Err("~=3"));
        assert_eq!(Specifiers::parse("3.9"), Err("3.9"));
    }
}
