//! What differs between Python versions, as capabilities.
//!
//! Other code asks a [`Dialect`] for a capability and never compares version numbers. A new difference is a new field here
//! and a value in [`Dialect::of`]; the source of each is named at the field (PEP, CPython file or measured behaviour).

use crate::version::PyVersion;

/// What one version of CPython does with names, tables and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The version this describes.
    pub version: PyVersion,
    /// `symtable()` honours `from __future__ import …` and reports its errors; before, only `compile()` does.
    pub symtable_sees_future: bool,
    /// With `from __future__ import annotations`, annotations are kept out of the tables.
    pub future_annotations_are_hidden: bool,
    /// Errors carry ranges on the offending node; before, a start only, and some point at the enclosing block.
    pub errors_have_ranges: bool,
    /// Error of a walrus that rebinds an iteration variable needs the target to be seen before (3.12; before, a mention in the target is enough).
    pub walrus_rebind_needs_binding: bool,
    /// A walrus in a comprehension looks for private names under their mangled form (3.13).
    pub walrus_lookup_mangles: bool,
    /// Code for `finally` is generated before that for `try` (3.8).
    pub finally_compiled_first: bool,
    /// Code for `else` of `try` is generated before that for the handlers (3.11).
    pub else_compiled_before_handlers: bool,
    /// `yield` in a comprehension is refused once the comprehension has been walked (3.8), not where it stands.
    pub yield_refused_behind_comprehension: bool,
    /// On the way out of a code block by `break` or `continue` errors take the place of what is left (3.9, 3.10).
    pub loop_exit_errors_wander: bool,
    /// Code generation passes over wildcards in mapping and class patterns (3.10).
    pub skips_wildcards: bool,
    /// An asynchronous comprehension makes the enclosing comprehension asynchronous too (`symtable.c` from 3.11).
    pub async_comprehension_spreads: bool,
    /// Decorators are visited before annotations, and class bases after them (`symtable.c` from 3.12).
    pub decorators_first: bool,
    /// Type parameters, `type` statements (PEP 695).
    pub type_params: bool,
    /// List, set and dict comprehensions run inside the enclosing frame (PEP 709).
    pub inlined_comprehensions: bool,
    /// A comprehension or lambda in an annotation scope directly in a class does not compile (3.12 only).
    pub no_comprehension_in_class_annotation_scope: bool,
    /// Inlining a comprehension into a class drops `__class__` to a global (3.13); 3.12 fails to compile instead.
    pub class_inlining_drops_dunder_class: bool,
    /// `super` counts in every function-like table, not only in functions (3.12).
    pub super_in_any_function_like: bool,
    /// In the type-parameter table of a generic class only its own parameters are mangled (3.13).
    pub mangles_only_own_type_params: bool,
    /// Type parameters may have defaults (PEP 696), and bound tables are called `type variable`.
    pub type_param_defaults: bool,
    /// `try`: handlers are visited before `else` (3.13).
    pub handlers_before_else: bool,
    /// Annotations are compiled into `__annotate__` (PEP 649, PEP 749).
    pub deferred_annotations: bool,
    /// `await`, `async for`, `__debug__` and late `__future__` errors come from the symbol table pass (3.14).
    pub early_context_errors: bool,
    /// Assigning to `__debug__` is refused before the symbol table is built (3.8 only, by the tree builder).
    pub debug_errors_from_parser: bool,
    /// What stands in an f-string has the line of the first of the adjoining strings (3.8, `Python/ast.c`).
    pub fstring_lines_from_first_part: bool,
    /// `import ª.x` binds `ª` as it is written, without NFKC (3.8, `Python/ast.c`).
    pub dotted_imports_keep_spelling: bool,
    /// Behind a generic class its name goes on mangling private names, until an outer class ends (3.12 only).
    pub generic_class_leaks_private: bool,
    /// `del __debug__` is refused (3.10).
    pub no_del_debug: bool,
    /// The predicates `is_type_parameter`, `is_free_class`, `is_comp_iter`, `is_comp_cell` exist (3.14).
    pub symbol_predicates_314: bool,
    /// The predicate `is_cell` exists; tables of lambdas and comprehensions are named `<lambda>` and so on (3.15).
    pub symbol_predicates_315: bool,
    /// Errors of unknown `__future__` features point at the name (3.14).
    pub future_error_at_name: bool,
    /// `yield from` outside a function has a text of its own (3.13).
    pub yield_from_has_own_text: bool,
    /// Lazy imports (PEP 810).
    pub lazy_imports: bool,
    /// Unbound locals are said to be "not associated with a value" (3.11); before, "referenced before assignment".
    pub not_associated_wording: bool,
    /// `match` statements (PEP 634).
    pub match_statement: bool,
    /// `except*` (PEP 654).
    pub except_star: bool,
    /// A relative import with too many dots raises `ValueError` (3.8), not `ImportError`.
    pub beyond_top_is_value_error: bool,
    /// `site` passes over `.pth` files whose name begins with a dot (`Lib/site.py` from 3.13; patch releases of older versions
    /// differ) and reads them as UTF-8.
    pub skips_dot_pth: bool,
    /// `TypedDict("T", x=int)` makes a type; later it is an error (`Lib/typing.py`, 3.13).
    pub typed_dict_keywords: bool,
    /// A folder in a zip archive can be a namespace package only if it has an entry of its own (`Lib/zipimport.py` to 3.13).
    pub zip_folders_need_entries: bool,
    /// Submodules of a frozen package are searched in the folder of the library that it was made from (3.11).
    pub frozen_packages_have_folders: bool,
}

impl Dialect {
    /// The dialect of a version.
    pub const fn of(version: PyVersion) -> Self {
        let minor = version.minor();
        Self {
            version,
            symtable_sees_future: minor >= 10,
            future_annotations_are_hidden: minor >= 10,
            errors_have_ranges: minor >= 10,
            walrus_rebind_needs_binding: minor >= 12,
            walrus_lookup_mangles: minor >= 13,
            loop_exit_errors_wander: minor == 9 || minor == 10,
            finally_compiled_first: minor == 8,
            else_compiled_before_handlers: minor >= 11,
            yield_refused_behind_comprehension: minor == 8,
            skips_wildcards: minor == 10,
            async_comprehension_spreads: minor >= 11,
            decorators_first: minor >= 12,
            type_params: minor >= 12,
            inlined_comprehensions: minor >= 12,
            no_comprehension_in_class_annotation_scope: minor == 12,
            class_inlining_drops_dunder_class: minor >= 13,
            super_in_any_function_like: minor >= 12,
            mangles_only_own_type_params: minor >= 13,
            type_param_defaults: minor >= 13,
            handlers_before_else: minor >= 13,
            deferred_annotations: minor >= 14,
            early_context_errors: minor >= 14,
            debug_errors_from_parser: minor == 8,
            fstring_lines_from_first_part: minor == 8,
            dotted_imports_keep_spelling: minor == 8,
            generic_class_leaks_private: minor == 12,
            no_del_debug: minor >= 10,
            symbol_predicates_314: minor >= 14,
            symbol_predicates_315: minor >= 15,
            future_error_at_name: minor >= 14,
            yield_from_has_own_text: minor >= 13,
            lazy_imports: minor >= 15,
            not_associated_wording: minor >= 11,
            match_statement: minor >= 10,
            except_star: minor >= 11,
            beyond_top_is_value_error: minor == 8,
            skips_dot_pth: minor >= 13,
            typed_dict_keywords: minor <= 12,
            zip_folders_need_entries: minor <= 13,
            frozen_packages_have_folders: minor >= 11,
        }
    }
}
