//! The classes that the interpreter itself has.
//!
//! Their objects are made first and in this order, so that a [`Ty`] is an [`ObjId`] too.

use crate::value::ObjId;

macro_rules! types {
    ($($variant:ident $name:literal $base:ident,)*) => {
        /// A class of the interpreter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Ty {
            $($variant,)*
        }

        impl Ty {
            /// All of them, a base before what derives from it.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// `__name__`.
            pub(crate) const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The base class; that of `object` is `object`.
            pub(crate) const fn base(self) -> Self {
                match self {
                    $(Self::$variant => Self::$base,)*
                }
            }
        }
    };
}

types! {
    Object "object" Object,
    Type "type" Object,
    NoneType "NoneType" Object,
    Ellipsis "ellipsis" Object,
    NotImplementedType "NotImplementedType" Object,
    Int "int" Object,
    Bool "bool" Int,
    Float "float" Object,
    Complex "complex" Object,
    Str "str" Object,
    Bytes "bytes" Object,
    Bytearray "bytearray" Object,
    Memoryview "memoryview" Object,
    Tuple "tuple" Object,
    List "list" Object,
    Dict "dict" Object,
    Set "set" Object,
    Frozenset "frozenset" Object,
    Range "range" Object,
    Slice "slice" Object,
    Function "function" Object,
    BuiltinFunctionOrMethod "builtin_function_or_method" Object,
    Method "method" Object,
    Module "module" Object,
    Property "property" Object,
    Staticmethod "staticmethod" Object,
    Classmethod "classmethod" Object,
    Super "super" Object,
    Generator "generator" Object,
    Coroutine "coroutine" Object,
    AsyncGenerator "async_generator" Object,
    Cell "cell" Object,
    Mappingproxy "mappingproxy" Object,
    DictKeys "dict_keys" Object,
    DictValues "dict_values" Object,
    DictItems "dict_items" Object,
    Enumerate "enumerate" Object,
    Zip "zip" Object,
    Map "map" Object,
    Filter "filter" Object,
    Reversed "reversed" Object,
    Iterator "iterator" Object,
    GenericAlias "GenericAlias" Object,
    Partial "partial" Object,
    LazyImport "lazy_import" Object,
    ModuleSpec "ModuleSpec" Object,
    BaseException "BaseException" Object,
    BaseExceptionGroup "BaseExceptionGroup" BaseException,
    ExceptionGroup "ExceptionGroup" BaseExceptionGroup,
    Exception "Exception" BaseException,
    ArithmeticError "ArithmeticError" Exception,
    FloatingPointError "FloatingPointError" ArithmeticError,
    OverflowError "OverflowError" ArithmeticError,
    ZeroDivisionError "ZeroDivisionError" ArithmeticError,
    AssertionError "AssertionError" Exception,
    AttributeError "AttributeError" Exception,
    BufferError "BufferError" Exception,
    EOFError "EOFError" Exception,
    ImportError "ImportError" Exception,
    ModuleNotFoundError "ModuleNotFoundError" ImportError,
    LookupError "LookupError" Exception,
    IndexError "IndexError" LookupError,
    KeyError "KeyError" LookupError,
    MemoryError "MemoryError" Exception,
    NameError "NameError" Exception,
    UnboundLocalError "UnboundLocalError" NameError,
    OSError "OSError" Exception,
    BlockingIOError "BlockingIOError" OSError,
    ChildProcessError "ChildProcessError" OSError,
    ConnectionError "ConnectionError" OSError,
    BrokenPipeError "BrokenPipeError" ConnectionError,
    ConnectionAbortedError "ConnectionAbortedError" ConnectionError,
    ConnectionRefusedError "ConnectionRefusedError" ConnectionError,
    ConnectionResetError "ConnectionResetError" ConnectionError,
    FileExistsError "FileExistsError" OSError,
    FileNotFoundError "FileNotFoundError" OSError,
    InterruptedError "InterruptedError" OSError,
    IsADirectoryError "IsADirectoryError" OSError,
    NotADirectoryError "NotADirectoryError" OSError,
    PermissionError "PermissionError" OSError,
    ProcessLookupError "ProcessLookupError" OSError,
    TimeoutError "TimeoutError" OSError,
    ReferenceError "ReferenceError" Exception,
    RuntimeError "RuntimeError" Exception,
    NotImplementedError "NotImplementedError" RuntimeError,
    RecursionError "RecursionError" RuntimeError,
    StopAsyncIteration "StopAsyncIteration" Exception,
    StopIteration "StopIteration" Exception,
    SyntaxError "SyntaxError" Exception,
    IndentationError "IndentationError" SyntaxError,
    TabError "TabError" IndentationError,
    SystemError "SystemError" Exception,
    TypeError "TypeError" Exception,
    ValueError "ValueError" Exception,
    UnicodeError "UnicodeError" ValueError,
    UnicodeDecodeError "UnicodeDecodeError" UnicodeError,
    UnicodeEncodeError "UnicodeEncodeError" UnicodeError,
    UnicodeTranslateError "UnicodeTranslateError" UnicodeError,
    Warning "Warning" Exception,
    BytesWarning "BytesWarning" Warning,
    DeprecationWarning "DeprecationWarning" Warning,
    EncodingWarning "EncodingWarning" Warning,
    FutureWarning "FutureWarning" Warning,
    ImportWarning "ImportWarning" Warning,
    PendingDeprecationWarning "PendingDeprecationWarning" Warning,
    ResourceWarning "ResourceWarning" Warning,
    RuntimeWarning "RuntimeWarning" Warning,
    SyntaxWarning "SyntaxWarning" Warning,
    UnicodeWarning "UnicodeWarning" Warning,
    UserWarning "UserWarning" Warning,
    GeneratorExit "GeneratorExit" BaseException,
    KeyboardInterrupt "KeyboardInterrupt" BaseException,
    SystemExit "SystemExit" BaseException,
    PythonFinalizationError "PythonFinalizationError" RuntimeError,
}

impl Ty {
    /// The class object.
    pub(crate) const fn id(self) -> ObjId {
        ObjId(self as u32)
    }

    /// The class of the interpreter with this object.
    pub(crate) fn of(id: ObjId) -> Option<Self> {
        Self::ALL.get(id.0 as usize).copied()
    }

    /// Whether it derives from another, or is it.
    pub(crate) fn is_a(self, other: Self) -> bool {
        // The only class of the interpreter with two bases.
        if self == Self::ExceptionGroup && other == Self::Exception {
            return true;
        }
        let mut at = self;
        while at != other && at != Self::Object {
            at = at.base();
        }
        at == other
    }
}
