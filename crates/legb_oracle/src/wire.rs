//! The rows that the scripts write. Field names are those of the JSON.

use serde::Deserialize;

/// What the symbol table pass says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SymtableRow {
    /// The file.
    pub path: String,
    /// Whether nothing was refused.
    pub ok: bool,
    /// The table of the module, where the tables were built.
    #[serde(default)]
    pub top: Option<Table>,
    /// Who refused the file: `symtable` (its parser included), `compile` or `read`.
    #[serde(default)]
    pub stage: Option<String>,
    /// Exception type.
    #[serde(default, rename = "type")]
    pub exception: Option<String>,
    /// Exception message.
    #[serde(default)]
    pub msg: Option<String>,
    /// Line from 1, as CPython gives it.
    #[serde(default)]
    pub lineno: Option<i64>,
    /// Column from 1, as CPython gives it.
    #[serde(default)]
    pub offset: Option<i64>,
    /// Last line; null before 3.10.
    #[serde(default)]
    pub end_lineno: Option<i64>,
    /// Column behind the end; null before 3.10.
    #[serde(default)]
    pub end_offset: Option<i64>,
}

impl SymtableRow {
    /// Reads a row. What only `compile()` refuses may stand apart, in a field `compile_error`, as legb's own rows have it.
    pub fn read(json: &str) -> serde_json::Result<Self> {
        let mut value: serde_json::Value = serde_json::from_str(json)?;
        if let Some(serde_json::Value::Object(error)) = value.get_mut("compile_error").map(serde_json::Value::take)
            && let Some(row) = value.as_object_mut()
        {
            row.extend(error);
            row.insert("ok".to_owned(), false.into());
        }
        serde_json::from_value(value)
    }

    /// The message without what differs from run to run: CPython 3.12 puts the address of an object into one of its own
    /// internal errors, which reads `(ADDR)` here.
    pub fn message(&self) -> String {
        let mut out = String::new();
        let mut rest = self.msg.as_deref().unwrap_or_default();
        while let Some((before, after)) = rest.split_once('(') {
            out.push_str(before);
            out.push('(');
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let is_address = digits > 6 && after[digits..].starts_with(')');
            if is_address {
                out.push_str("ADDR");
            }
            rest = if is_address { &after[digits..] } else { after };
        }
        out + rest
    }
}

/// A symbol table, in the words of the module `symtable`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Table {
    /// `get_type()`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `get_name()`.
    pub name: String,
    /// `get_lineno()`.
    pub lineno: u32,
    /// `is_nested()`.
    pub nested: bool,
    /// `is_optimized()`.
    pub optimized: bool,
    /// `has_children()`.
    pub has_children: bool,
    /// The symbols, sorted by name.
    pub symbols: Vec<Symbol>,
    /// The tables inside, in CPython's order.
    pub children: Vec<Table>,
}

/// A symbol: its name, the predicates that are true of it, and the letter of its scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Symbol(pub String, pub Vec<String>, pub String);

/// Which rule the compiler chose for each use of a name.
#[derive(Clone, Debug, Deserialize)]
pub struct NamesRow {
    /// The file.
    pub path: String,
    /// Whether it compiles.
    pub ok: bool,
    /// Its code objects, depth first.
    #[serde(default)]
    pub codes: Vec<Code>,
    /// Exception message, where it does not compile.
    #[serde(default)]
    pub msg: Option<String>,
}

/// A code object.
#[derive(Clone, Debug, Deserialize)]
pub struct Code {
    /// Names from the module down, with dots between.
    pub qualname: String,
    /// Its own name.
    pub name: String,
    /// `module`, `class`, `function`, `lambda`, `comprehension`, `generator`, `annotate` or `type parameters`.
    pub kind: String,
    /// Its first line, decorators included.
    pub firstlineno: u32,
    /// Every use of a name, in the order of the instructions.
    pub names: Vec<Use>,
}

/// A use of a name: name, rule, access, line, column, end line, end column, instruction.
#[derive(Clone, Debug, Deserialize)]
pub struct Use(
    pub String,
    pub String,
    pub String,
    pub Option<u32>,
    pub Option<u32>,
    pub Option<u32>,
    pub Option<u32>,
    pub String,
);

/// The Python files of an archive.
#[derive(Clone, Debug, Deserialize)]
pub struct UnpackRow {
    /// Name inside the archive, and the bytes of the file, one character each.
    pub files: Vec<(String, String)>,
}

/// Names that a module can read without binding them.
#[derive(Clone, Debug, Deserialize)]
pub struct BuiltinsRow {
    /// Names of the module `builtins`.
    pub builtins: Vec<String>,
    /// What `site` adds to them at start-up.
    pub site: Vec<String>,
    /// What the import system puts into a module before its first statement.
    pub module: Vec<String>,
}

/// The modules that an interpreter brings along.
#[derive(Clone, Debug, Deserialize)]
pub struct StdlibRow {
    /// Top-level names of the library, as found in this build.
    pub names: Vec<String>,
    /// `sys.stdlib_module_names`: top-level names on any platform, without tests; empty before 3.10.
    pub listed: Vec<String>,
    /// Names that no finder has, and the module that stands under each once its parent is loaded.
    pub aliases: Vec<(String, String)>,
    /// Modules compiled into the interpreter.
    pub builtin: Vec<String>,
    /// Frozen modules: name, and whether it is a package.
    pub frozen: Vec<(String, bool)>,
    /// Modules that are loaded before the first line of a program; empty where that cannot be asked.
    pub startup: Vec<String>,
    /// Modules in the folders of the library: name, `source` or `extension`, and whether it is a package.
    pub modules: Vec<(String, String, bool)>,
}

/// Who imports whom in the standard library.
#[derive(Clone, Debug, Deserialize)]
pub struct StdlibImportsRow {
    /// A module, and the modules that it imports while it is imported.
    pub imports: Vec<(String, Vec<String>)>,
}

/// What the modules of the standard library hold.
#[derive(Clone, Debug, Deserialize)]
pub struct StdlibNamesRow {
    /// A module, and its names when its own body has ended.
    pub names: Vec<(String, Vec<String>)>,
}

/// What the classes of the interpreter have that their first base has not.
#[derive(Clone, Debug, Deserialize)]
pub struct BuiltinAttributesRow {
    /// A class, and its attributes.
    pub attributes: Vec<(String, Vec<String>)>,
}

/// With how many arguments functions of the interpreter cannot be called.
#[derive(Clone, Debug, Deserialize)]
pub struct BuiltinCallsRow {
    /// Owner, name, number of positional arguments, and what is said then.
    pub refused: Vec<(String, String, usize, String)>,
}

/// Which modules names mean to an interpreter.
#[derive(Clone, Debug, Deserialize)]
pub struct ImportsRow {
    /// `sys.path` while it was asked.
    pub sys_path: Vec<String>,
    /// The answers, in the order of the names.
    pub answers: Vec<ImportAnswer>,
}

/// Name, kind, origin, whether it is a package, and its search locations.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ImportAnswer(pub String, pub String, pub Option<String>, pub bool, pub Option<Vec<String>>);
