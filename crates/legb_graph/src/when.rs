//! When does an import run?

use legb_syntax::imports::ImportFlags;

/// When an import runs, in the words of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum When {
    /// Whenever the module is executed: at its top, or in a class body there.
    Module,
    /// In a `try` statement at module level.
    Try,
    /// Under a condition at module level, in a loop or in a `with` statement.
    Conditional,
    /// In a function, when it is called.
    Function,
    /// Never: under `if TYPE_CHECKING:`.
    TypeChecking,
    /// When the name is used (PEP 810).
    Lazy,
    /// By a call with a literal name: `importlib.import_module("x")`, `__import__("x")`.
    Dynamic,
}

impl When {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Module, Self::Try, Self::Conditional, Self::Function, Self::TypeChecking, Self::Lazy, Self::Dynamic];

    /// When an import with these flags runs. Of several reasons to run late, the one that holds longest.
    pub const fn of(flags: ImportFlags) -> Self {
        if flags.contains(ImportFlags::TYPE_CHECKING) {
            Self::TypeChecking
        } else if flags.contains(ImportFlags::DYNAMIC) {
            Self::Dynamic
        } else if flags.contains(ImportFlags::IN_FUNCTION) {
            Self::Function
        } else if flags.contains(ImportFlags::LAZY) {
            Self::Lazy
        } else if flags.contains(ImportFlags::IN_TRY) {
            Self::Try
        } else if flags.contains(ImportFlags::CONDITIONAL) {
            Self::Conditional
        } else {
            Self::Module
        }
    }

    /// The word for it in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Try => "try",
            Self::Conditional => "conditional",
            Self::Function => "function",
            Self::TypeChecking => "type-checking",
            Self::Lazy => "lazy",
            Self::Dynamic => "dynamic",
        }
    }
}

/// Whether an import with these flags may run while its module is executed for the first time.
pub const fn is_eager(flags: ImportFlags) -> bool {
    !flags.intersects(ImportFlags::TYPE_CHECKING.union(ImportFlags::IN_FUNCTION).union(ImportFlags::LAZY))
}

#[cfg(test)]
mod tests {
    use super::{When, is_eager};
    use legb_syntax::imports::ImportFlags as F;

    #[test]
    fn the_reason_that_holds_longest_counts() {
        for (flags, word, eager) in [
            (F::FROM, "module", true),
            (F::IN_TRY | F::CONDITIONAL, "try", true),
            (F::CONDITIONAL, "conditional", true),
            (F::IN_FUNCTION | F::IN_TRY, "function", false),
            (F::TYPE_CHECKING | F::CONDITIONAL, "type-checking", false),
            (F::LAZY | F::CONDITIONAL, "lazy", false),
            (F::DYNAMIC, "dynamic", true),
            (F::DYNAMIC | F::IN_FUNCTION, "dynamic", false),
        ] {
            assert_eq!((When::of(flags).word(), is_eager(flags)), (word, eager), "{flags:?}");
        }
        assert!(When::ALL.is_sorted());
    }
}
