//! How an import is written and where it stands, in the words that the walk over the tree and the scanner of text share.
//!
//! An import is a statement, or a call of `__import__` or `importlib.import_module` with a literal name, which both read
//! off the text in the same way: `__import__("a.b")` is one, `__import__(f"a.{b}")` is not.
//!
//! What an import loads is not asked here.

use std::borrow::Cow;

use bitflags::bitflags;
use legb_base::Span;

bitflags! {
    /// How an import is written and where it stands.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ImportFlags: u16 {
        /// `from … import …`.
        const FROM = 1;
        /// `import *`.
        const STAR = 1 << 1;
        /// Has `as`.
        const ALIASED = 1 << 2;
        /// `lazy` (PEP 810).
        const LAZY = 1 << 3;
        /// From `__future__`.
        const FUTURE = 1 << 4;
        /// In a `try` statement, in any of its parts. Classes inherit it from the code around them, functions do not.
        const IN_TRY = 1 << 5;
        /// Under `if TYPE_CHECKING:`, at any distance.
        const TYPE_CHECKING = 1 << 6;
        /// In a function (or, for calls, in anything else that runs later than the code around it), at any distance.
        const IN_FUNCTION = 1 << 7;
        /// Under a condition, loop, `try`, `with` or `match`. Classes inherit it, functions do not.
        const CONDITIONAL = 1 << 8;
        /// A call with a literal name: `importlib.import_module("x")`, `__import__("x")`.
        const DYNAMIC = 1 << 9;
        /// In a class body, at any distance: what is bound is no name of the module.
        const IN_CLASS = 1 << 10;
    }
}

/// A function that imports the module whose name it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportFunction {
    /// The builtin `__import__`.
    Dunder,
    /// `importlib.import_module`.
    Attribute,
    /// `import_module`, itself imported from `importlib`.
    Bare,
}

/// The literal arguments of a call that imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportCall {
    /// The literal with its quotes.
    pub literal: Span,
    /// The module named, without leading dots; empty in `import_module(".", __package__)`.
    pub module: Span,
    /// Leading dots.
    pub level: u32,
    /// The package that a relative name starts from, where it is a literal too; else it is that of the file.
    pub package: Option<Span>,
}

impl ImportFunction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dunder, Self::Attribute, Self::Bare];

    /// The function that a callee names, if it is written like this, without blanks or brackets.
    pub fn named(callee: &str) -> Option<Self> {
        Some(match callee {
            "__import__" => Self::Dunder,
            "importlib.import_module" => Self::Attribute,
            "import_module" => Self::Bare,
            _ => return None,
        })
    }

    /// The function called where `text` starts.
    pub fn at_start(text: &str) -> Option<Self> {
        let callee = text.split_once('(')?.0;
        Self::named(callee)
    }

    /// Reads the arguments behind the bracket at `open`. Nothing, unless the name is a plain literal and what else there
    /// is does not change what it means.
    pub fn read_arguments(self, text: &str, open: usize) -> Option<ImportCall> {
        let mut cursor = Arguments { bytes: text.as_bytes(), at: open };
        if !cursor.eat(b'(') {
            return None;
        }
        cursor.skip_white_space();
        let literal = cursor.literal()?;
        let dotted = &text[literal.start as usize + 1..literal.end as usize - 1];
        let name = dotted.trim_start_matches('.');
        let level = dotted.len() - name.len();
        let module = Span::new(literal.start + 1 + index32(level), literal.end - 1);
        let mut call = ImportCall { literal, module, level: index32(level), package: None };
        if dotted.is_empty() || !name.is_empty() && !is_dotted(name) {
            return None;
        }
        cursor.skip_blank();
        let more = cursor.eat(b',') && !cursor.at_end_of_call();
        if !more {
            return (level == 0 && cursor.at_end_of_call()).then_some(call);
        }
        match self {
            Self::Dunder => (level == 0 && cursor.leaves_level_alone()).then_some(call),
            Self::Attribute | Self::Bare if level == 0 => Some(call),
            Self::Attribute | Self::Bare => {
                if let Package::Named(package) = cursor.package()? {
                    call.package = Some(package);
                }
                Some(call)
            }
        }
    }
}

impl ImportCall {
    /// The module with a literal package in front (`importlib._bootstrap._resolve_name`); nothing where there are more
    /// dots than packages, which raises.
    pub fn absolute_name<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        let module = self.module.slice(text);
        let Some(package) = self.package else { return Some(Cow::Borrowed(module)) };
        let mut base = package.slice(text);
        for _ in 1..self.level {
            base = base.rsplit_once('.')?.0;
        }
        Some(if module.is_empty() { Cow::Borrowed(base) } else { Cow::Owned(format!("{base}.{module}")) })
    }
}

/// Which functions the imports of a file make known.
#[derive(Clone, Copy, Debug, Default)]
pub struct ImportBinders {
    importlib: bool,
    import_module: bool,
}

impl ImportBinders {
    /// Takes note of an import statement.
    pub fn see(&mut self, module: &str, name: Option<&str>, level: u32, aliased: bool) {
        if level > 0 || aliased {
            return;
        }
        match name {
            None => self.importlib |= module == "importlib" || module.starts_with("importlib."),
            Some(name) => self.import_module |= module == "importlib" && matches!(name, "import_module" | "*"),
        }
    }

    /// Whether a function is known.
    pub fn bind(self, function: ImportFunction) -> bool {
        match function {
            ImportFunction::Dunder => true,
            ImportFunction::Attribute => self.importlib,
            ImportFunction::Bare => self.import_module,
        }
    }
}

/// Whether a name has neither empty parts nor characters that end or split it.
fn is_dotted(name: &str) -> bool {
    !name.split('.').any(str::is_empty)
}

fn index32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Where a relative name starts from.
enum Package {
    /// `__package__`.
    OfFile,
    /// A literal.
    Named(Span),
}

/// A place in the arguments of a call.
struct Arguments<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Arguments<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let eaten = self.bytes[self.at..].starts_with(word.as_bytes());
        self.at += if eaten { word.len() } else { 0 };
        eaten
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\x0c' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// White space and comments.
    fn skip_blank(&mut self) {
        self.skip_white_space();
        while self.peek() == Some(b'#') {
            self.at += self.bytes[self.at..].iter().take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
            self.skip_white_space();
        }
    }

    fn at_end_of_call(&mut self) -> bool {
        self.skip_blank();
        self.peek() == Some(b')')
    }

    /// A string without prefix, escapes, blanks and control characters, in single quotes or double ones.
    fn literal(&mut self) -> Option<Span> {
        let start = self.at;
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let rest = &self.bytes[start + 1..];
        let length = rest.iter().position(|byte| matches!(byte, 0..=b' ' | b'"' | b'\'' | b'\\' | 0x7f))?;
        if length == 0 || rest[length] != quote {
            return None;
        }
        self.at = start + length + 2;
        Some(Span::new(index32(start), index32(self.at)))
    }

    /// The second argument of `import_module`, and the last.
    fn package(&mut self) -> Option<Package> {
        self.eat_word("package=");
        let package = if self.eat_word("__package__") {
            Package::OfFile
        } else {
            let literal = self.literal()?;
            Package::Named(Span::new(literal.start + 1, literal.end - 1))
        };
        self.skip_blank();
        self.eat(b',');
        self.at_end_of_call().then_some(package)
    }

    /// Whether the further arguments of `__import__` do not say where the name starts from.
    fn leaves_level_alone(&mut self) -> bool {
        let (mut depth, mut commas) = (0_u32, 1);
        while let Some(byte) = self.peek() {
            match byte {
                b')' if depth == 0 => return commas < 4,
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' if depth > 0 => depth -= 1,
                b',' if depth == 0 => commas += 1,
                b'"' | b'\'' => {
                    if self.literal().is_none() {
                        return false;
                    }
                    continue;
                }
                b'l' if self.eat_word("level") => return false,
                b'#' | b'*' | b'\\' | b']' | b'}' | 0x80.. => return false,
                _ => {}
            }
            self.at += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::ImportFunction;

    fn read(call: &str) -> Option<(String, u32)> {
        let function = ImportFunction::at_start(call)?;
        let found = function.read_arguments(call, call.find('(')?)?;
        let level = if found.package.is_some() { 0 } else { found.level };
        Some((found.absolute_name(call)?.into_owned(), level))
    }

    #[test]
    fn literal_names_are_read() {
        for (call, module, level) in [
            ("__import__('a.b')", "a.b", 0),
            ("__import__('a', globals(), locals(), ['x'])", "a", 0),
            ("importlib.import_module(\n    \"a-b\",  # why\n)", "a-b", 0),
            ("import_module('a', 'ignored')", "a", 0),
            ("import_module('.a', __package__)", "a", 1),
            ("import_module('..a', package=__package__,)", "a", 2),
            ("import_module('.', __package__)", "", 1),
            ("import_module('.a', 'p.q')", "p.q.a", 0),
            ("import_module('..a.b', package=\"p.q\")", "p.a.b", 0),
            ("import_module('..', 'p.q')", "p", 0),
        ] {
            assert_eq!(read(call), Some((module.to_owned(), level)), "{call}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_read() {
        for call in [
            "__import__(name)",
            "__import__('a' + b)",
            "__import__('a' 'b')",
            "__import__(f'a')",
            "__import__('')",
            "__import__('.a')",
            "__import__('a', level=1)",
            "__import__('a', globals(), locals(), [], 1)",
            "__import__('a', *rest)",
            "__import__('a\\x62')",
            "importlib . import_module('a')",
            "importlib.import_module (\"a\")",
            "import_module('.a')",
            "import_module('.a', __name__)",
            "import_module('...a', 'p.q')",
            "import_module('a..b')",
            "import_module('a.')",
            "import_module('a'",
        ] {
            assert_eq!(read(call), None, "{call}");
        }
    }
}
