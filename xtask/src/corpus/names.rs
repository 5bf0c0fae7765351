//! The rule of every name use: what legb says against the instruction that CPython's compiler emitted.
//!
//! An emitted use is looked for among legb's uses of the same name with the same access, in steps, each looser than the one
//! before:
//!
//! 1. at the same place: nearly every load, and stores and deletions written as plain names;
//! 2. made by the compiler, so that legb need not have it: names that stand in no source (`__qualname__` of a class, `.0` of
//!    a comprehension), the cell and the first parameter that `super()` stands for, and variables that an inlined
//!    comprehension sets aside and puts back;
//! 3. inside the emitted range: bindings whose instruction carries a whole statement (`def`, `class`, `import`, patterns);
//! 4. within the lines of the code object: instructions without a place (the end of an `except … as` clause, which also
//!    matches the clause's binding), the second name of a combined instruction, f-strings of 3.11.
//!
//! In step 1 the uses at that place, in steps 3 and 4 at least one of the uses found, must have the emitted rule. A use that
//! no step finds is unmatched. Uses that only legb has are counted: the compiler drops dead code.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use legb_base::PyVersion;
use legb_oracle::Interpreter;
use legb_oracle::run::{Request, RunError, Script, ask_each};
use legb_oracle::wire::{Code, NamesRow, Use};
use legb_scope::builtins::is_module_attribute;
use rustc_hash::{FxHashMap, FxHashSet};

use super::scopes::in_parallel;

/// A name use as legb sees it.
#[derive(Clone, Debug)]
pub(crate) struct NameUse {
    /// The name, mangled.
    pub(crate) name: String,
    /// `fast`, `cell`, `free`, `class_free`, `class_glob`, `global` or `name`.
    pub(crate) rule: &'static str,
    /// `load`, `store` or `del`.
    pub(crate) access: &'static str,
    /// Line from 1, column in UTF-8 bytes from 0; first character and the one behind the last.
    pub(crate) range: Range,
    /// Who answers, where that is compared too: `local`, `enclosing`, `global`, `builtin` or `unresolved`.
    pub(crate) scope: Option<String>,
}

type Place = (u32, u32);
type Range = (Place, Place);

/// What legb says of a file; nothing where it does not compile.
pub(crate) type UsesOf<'a> = dyn Fn(&Path, &[u8], PyVersion) -> anyhow::Result<Vec<NameUse>> + Sync + 'a;

/// The columns of [`Tally::line`].
pub(crate) const HEAD: &str =
    "files     uses    exact  in statement  in code  by compiler  only legb  unmatched  differing  ";

/// How many emitted uses were found in which step.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    files: usize,
    /// Emitted uses.
    pub(crate) uses: usize,
    exact: usize,
    in_statement: usize,
    in_code: usize,
    by_compiler: usize,
    only_legb: usize,
    /// Emitted uses that legb has not.
    pub(crate) unmatched: Vec<String>,
    /// Emitted uses for which legb says another rule.
    pub(crate) differing: Vec<String>,
}

impl Tally {
    /// The figures in columns.
    pub(crate) fn line(&self, label: &str) -> String {
        format!(
            "{:5}  {:7}  {:7}  {:12}  {:7}  {:11}  {:9}  {:9}  {:9}  {label}",
            self.files,
            self.uses,
            self.exact,
            self.in_statement,
            self.in_code,
            self.by_compiler,
            self.only_legb,
            self.unmatched.len(),
            self.differing.len()
        )
    }

    /// Prints the first differences of each kind.
    pub(crate) fn print_first(&self, show: usize) {
        for (kind, list) in [("differs", &self.differing), ("unmatched", &self.unmatched)] {
            for words in list.iter().take(show) {
                println!("  {kind}: {words}");
            }
        }
    }

    fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.uses += other.uses;
        self.exact += other.exact;
        self.in_statement += other.in_statement;
        self.in_code += other.in_code;
        self.by_compiler += other.by_compiler;
        self.only_legb += other.only_legb;
        self.unmatched.extend(other.unmatched);
        self.differing.extend(other.differing);
        self.unmatched.sort_unstable();
        self.differing.sort_unstable();
    }

    /// Compares one file.
    fn add(&mut self, file: &str, codes: &[Code], uses: &[NameUse], has_star: bool) {
        self.files += 1;
        let index = Index::new(uses);
        let bindings = Bindings::of(codes, has_star);
        for code in codes {
            let lines = lines_of(code, codes);
            for (n, emitted) in code.names.iter().enumerate() {
                self.uses += 1;
                let (found, count): (Vec<usize>, &mut usize) = {
                    let exact = index.at(emitted);
                    if !exact.is_empty() {
                        (exact, &mut self.exact)
                    } else if is_made_by_compiler(code, n) {
                        self.by_compiler += 1;
                        continue;
                    } else {
                        let inside = index.inside(emitted);
                        if inside.is_empty() {
                            (index.within_lines(emitted, lines), &mut self.in_code)
                        } else {
                            (inside, &mut self.in_statement)
                        }
                    }
                };
                let place = || {
                    let line = emitted.3.map_or_else(|| "?".to_owned(), |line| line.to_string());
                    let column = emitted.4.map_or_else(|| "?".to_owned(), |column| column.to_string());
                    format!("{file}:{line}:{column}: {} of {} in {}", emitted.7, emitted.0, code.qualname)
                };
                if found.is_empty() {
                    self.unmatched.push(place());
                } else if found.iter().any(|&n| uses[n].rule == emitted.1 && bindings.allow(&uses[n], emitted, code)) {
                    *count += 1;
                } else if found.iter().any(|&n| uses[n].rule == emitted.1) {
                    let said: Vec<&str> = found.iter().filter_map(|&n| uses[n].scope.as_deref()).collect();
                    self.differing.push(format!("{} is {}, legb says scope {}", place(), emitted.1, said.join(", ")));
                } else {
                    let said: Vec<&str> = found.iter().map(|&n| uses[n].rule).collect();
                    self.differing.push(format!("{} is {}, legb says {}", place(), emitted.1, said.join(", ")));
                }
            }
        }
        self.only_legb += index.not_emitted(codes);
    }
}

/// Whether the compiler uses a name on its own account in the `n`-th use of a code object.
fn is_made_by_compiler(code: &Code, n: usize) -> bool {
    let emitted = &code.names[n];
    let same_place = |other: &Use| range(other) == range(emitted);
    let is_argument_of_super =
        || n > 0 && emitted.2 == "load" && code.names[n - 1].0 == "__class__" && same_place(&code.names[n - 1]);
    let is_put_back = || code.names.iter().any(|other| other.2 == "save" && other.0 == emitted.0 && same_place(other));
    is_name_of_compiler(&emitted.0) || emitted.2 == "save" || is_argument_of_super() || is_put_back()
}

/// Names that the compiler uses although they stand in no source.
fn is_name_of_compiler(name: &str) -> bool {
    name.starts_with('.')
        || matches!(
            name,
            "__annotations__"
                | "__class__"
                | "__classcell__"
                | "__classdict__"
                | "__classdictcell__"
                | "__conditional_annotations__"
                | "__doc__"
                | "__firstlineno__"
                | "__module__"
                | "__name__"
                | "__qualname__"
                | "__static_attributes__"
                | "__type_params__"
        )
}

/// First and last line of a code object, as far as its instructions and those of the code inside it tell.
fn lines_of(code: &Code, codes: &[Code]) -> (u32, u32) {
    let prefix = format!("{}.", code.qualname);
    let inner = codes.iter().filter(|other| code.kind == "module" || other.qualname.starts_with(&prefix));
    let last = inner.chain([code]).flat_map(|code| &code.names).filter_map(|used| used.5).max();
    (code.firstlineno, last.unwrap_or(code.firstlineno))
}

/// Which names the bytecode of a file binds, and where: what tells a global from a builtin.
struct Bindings<'a> {
    /// Names that the module has: stored by its own code, or by a function that declares them global.
    module: FxHashSet<&'a str>,
    /// Whether names may come by `import *`.
    has_star: bool,
}

impl<'a> Bindings<'a> {
    fn of(codes: &'a [Code], has_star: bool) -> Self {
        let stores = |code: &'a Code| code.names.iter().filter(|used| used.2 == "store").map(move |used| (code, used));
        let module = codes
            .iter()
            .flat_map(stores)
            .filter(|(code, used)| used.1 == "global" || used.1 == "name" && code.kind == "module")
            .map(|(_, used)| used.0.as_str())
            .collect();
        Self { module, has_star }
    }

    /// Whether a scope is one that the instruction allows.
    fn allow(&self, ours: &NameUse, emitted: &Use, code: &Code) -> bool {
        let Some(scope) = ours.scope.as_deref() else { return true };
        let name = emitted.0.as_str();
        let in_module = || match (self.module.contains(name), scope) {
            (true, "global") => true,
            // The binding comes later: until then the name is looked for further on.
            (true, "builtin" | "unresolved") => code.kind != "function" && emitted.2 == "load",
            (false, "global") => self.has_star || is_module_attribute(name, PyVersion::NEWEST),
            (false, "builtin" | "unresolved") => true,
            _ => false,
        };
        match emitted.1.as_str() {
            // A comprehension that is compiled into a function shares its slots: there they are enclosing.
            "fast" | "cell" => matches!(scope, "local" | "enclosing"),
            "free" => scope == "enclosing",
            "class_free" => matches!(scope, "local" | "enclosing"),
            "class_glob" => scope != "local",
            "name" if code.kind == "class" => {
                // A bare annotation makes a name the class's too, though nothing stores it.
                let makes =
                    |used: &Use| used.0 == name && used.2 != "load" && used.1 == "name" || used.0 == "__annotations__";
                let is_own = code.names.iter().any(makes);
                if scope == "local" { is_own } else { in_module() }
            }
            _ => in_module(),
        }
    }
}

/// legb's uses by name and access.
struct Index<'a> {
    uses: &'a [NameUse],
    by_key: FxHashMap<(&'a str, &'a str), Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(uses: &'a [NameUse]) -> Self {
        let mut by_key: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (n, used) in uses.iter().enumerate() {
            by_key.entry((used.name.as_str(), used.access)).or_default().push(n);
        }
        Self { uses, by_key }
    }

    fn find(&self, name: &str, access: &str, fits: impl Fn(Range) -> bool) -> Vec<usize> {
        let all = self.by_key.get(&(name, access)).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(|&n| fits(self.uses[n].range)).collect()
    }

    fn at(&self, emitted: &Use) -> Vec<usize> {
        let Some(place) = range(emitted) else {
            return Vec::new();
        };
        self.find(&emitted.0, &emitted.2, |range| range == place)
    }

    fn inside(&self, emitted: &Use) -> Vec<usize> {
        let Some((start, end)) = range(emitted) else {
            return Vec::new();
        };
        self.find(&emitted.0, &emitted.2, |range| start <= range.0 && range.1 <= end)
    }

    fn within_lines(&self, emitted: &Use, (first, last): (u32, u32)) -> Vec<usize> {
        let fits = |range: Range| first <= range.0.0 && range.0.0 <= last;
        let found = self.find(&emitted.0, &emitted.2, fits);
        // The end of an `except … as name` clause binds the name to None and deletes it; the source says so nowhere.
        if found.is_empty() && emitted.2 == "del" { self.find(&emitted.0, "store", fits) } else { found }
    }

    /// How many of legb's uses the compiler emitted nowhere.
    fn not_emitted(&self, codes: &[Code]) -> usize {
        let emitted: FxHashSet<(&str, &str)> =
            codes.iter().flat_map(|code| &code.names).map(|used| (used.0.as_str(), used.2.as_str())).collect();
        let places: FxHashSet<(&str, &str, Range)> = codes
            .iter()
            .flat_map(|code| &code.names)
            .filter_map(|used| Some((used.0.as_str(), used.2.as_str(), range(used)?)))
            .collect();
        // Combined instructions stand for two names and have the place of one: for the other the line must do.
        let combined: FxHashSet<(&str, u32)> = codes
            .iter()
            .flat_map(|code| &code.names)
            .filter(|used| used.7.matches("_FAST").count() == 2)
            .filter_map(|used| Some((used.0.as_str(), used.3?)))
            .collect();
        let is_lacking = |used: &&NameUse| {
            // Bindings are emitted with the place of their statement: for them the name must do.
            !emitted.contains(&(used.name.as_str(), used.access))
                || (used.access == "load"
                    && !places.contains(&(used.name.as_str(), used.access, used.range))
                    && !combined.contains(&(used.name.as_str(), used.range.0.0)))
        };
        self.uses.iter().filter(is_lacking).count()
    }
}

fn range(used: &Use) -> Option<Range> {
    Some(((used.3?, used.4?), (used.5?, used.6?)))
}

/// Compares files with several interpreters at a time.
pub(crate) fn compare_files(
    interpreter: &Interpreter,
    files: &[PathBuf],
    jobs: usize,
    ours: &UsesOf<'_>,
) -> anyhow::Result<Tally> {
    in_parallel(files, jobs, &|files| compare_some(interpreter, files, ours), Tally::merge)
}

fn compare_some(interpreter: &Interpreter, files: &[PathBuf], ours: &UsesOf<'_>) -> anyhow::Result<Tally> {
    let requests: Vec<Request> = files.iter().cloned().map(Request::File).collect();
    let mut tally = Tally::default();
    let mut failure = None;
    ask_each(interpreter, Script::Names, &requests, |n, answer| {
        if let Err(error) = compare_one(&mut tally, &files[n], answer, interpreter.version, ours) {
            failure = Some(error);
        }
    })?;
    failure.map_or(Ok(tally), Err)
}

fn compare_one(
    tally: &mut Tally,
    path: &Path,
    answer: Result<NamesRow, RunError>,
    version: PyVersion,
    ours: &UsesOf<'_>,
) -> anyhow::Result<()> {
    let truth = answer?;
    if truth.ok {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let has_star = String::from_utf8_lossy(&bytes).contains("import *");
        tally.add(&path.display().to_string(), &truth.codes, &ours(path, &bytes, version)?, has_star);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{NameUse, Tally};
    use legb_oracle::wire::{Code, Use};

    fn emitted(name: &str, rule: &str, access: &str, place: Option<[u32; 4]>) -> Use {
        let at = |n: usize| place.map(|place| place[n]);
        Use(name.into(), rule.into(), access.into(), at(0), at(1), at(2), at(3), "OP".into())
    }

    fn ours(name: &str, rule: &'static str, access: &'static str, [line, column, end_line, end]: [u32; 4]) -> NameUse {
        NameUse { name: name.into(), rule, access, range: ((line, column), (end_line, end)), scope: None }
    }

    fn compare(names: Vec<Use>, uses: &[NameUse]) -> Tally {
        let code =
            Code { qualname: "<module>".into(), name: "<module>".into(), kind: "module".into(), firstlineno: 1, names };
        let mut tally = Tally::default();
        tally.add("a.py", &[code], uses, false);
        tally
    }

    #[test]
    fn uses_are_found_step_by_step() {
        let tally = compare(
            vec![
                emitted("x", "name", "load", Some([1, 0, 1, 1])),
                emitted("f", "name", "store", Some([2, 0, 3, 8])),
                emitted("e", "name", "store", None),
                emitted("e", "name", "del", None),
                emitted("__qualname__", "name", "store", Some([2, 0, 2, 0])),
                emitted("i", "fast", "save", Some([4, 0, 4, 9])),
                emitted("i", "fast", "store", Some([4, 0, 4, 9])),
                emitted("__class__", "free", "load", Some([5, 0, 5, 7])),
                emitted("self", "fast", "load", Some([5, 0, 5, 7])),
                emitted("y", "name", "load", Some([3, 0, 3, 1])),
                emitted("z", "name", "load", Some([3, 0, 3, 1])),
            ],
            &[
                ours("x", "name", "load", [1, 0, 1, 1]),
                ours("f", "name", "store", [2, 4, 2, 5]),
                ours("e", "name", "store", [3, 4, 3, 5]),
                ours("y", "global", "load", [3, 0, 3, 1]),
                ours("dead", "name", "load", [3, 0, 3, 1]),
            ],
        );
        assert_eq!((tally.uses, tally.exact, tally.in_statement, tally.in_code, tally.by_compiler), (11, 1, 1, 2, 5));
        assert_eq!(tally.differing, ["a.py:3:0: OP of y in <module> is name, legb says global"]);
        assert_eq!(tally.unmatched, ["a.py:3:0: OP of z in <module>"]);
        assert_eq!(tally.only_legb, 1);
    }
}
