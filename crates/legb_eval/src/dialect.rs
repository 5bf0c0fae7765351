//! What the versions say differently at run time, as capabilities.
//!
//! Taken from recorded runs of CPython 3.8 to 3.13 and its WebAssembly builds of 3.14 and 3.15.

use legb_base::Dialect;

/// What one version of CPython does and says while a program runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EvalDialect {
    /// What `sys.version_info[1]` is.
    pub(crate) minor: i64,
    /// Slices are hashable (3.12).
    pub(crate) slices_hash: bool,
    /// Relative imports beyond the top-level package raise `ImportError` (3.9); before, `ValueError`.
    pub(crate) beyond_top_is_import_error: bool,
    /// A missing submodule that is being imported is named (3.11).
    pub(crate) names_partial_submodule: bool,
    /// A missing attribute of a partial module names its file (3.13).
    pub(crate) partial_attribute_names_file: bool,
    /// A module in `sys.path[0]` gets the advice to rename it, for attributes (3.13).
    pub(crate) advises_renaming: bool,
    /// …and for `from` imports too; the advice speaks of a library (3.14).
    pub(crate) advises_renaming_imports: bool,
    /// Errors about arguments name the function by its qualified name (3.10).
    pub(crate) qualified_calls: bool,
    /// Comprehensions have no line of their own in tracebacks (3.12).
    pub(crate) inlined_comprehensions: bool,
    /// `zip(strict=…)` (3.10).
    pub(crate) zip_strict: bool,
    /// Starred values of displays are unpacked when all parts have been evaluated (to 3.8).
    pub(crate) unpacks_last: bool,
    /// A starred value of a display that cannot be iterated has words of its own (3.9).
    pub(crate) names_starred: bool,
    /// `dict | dict` (3.9).
    pub(crate) dict_union: bool,
    /// `list[int]` (3.9).
    pub(crate) generic_builtins: bool,
    /// `int | None` (3.10).
    pub(crate) type_unions: bool,
    /// `str.removeprefix` (3.9).
    pub(crate) removes_affixes: bool,
    /// Unpacking too many values tells how many there were (3.14).
    pub(crate) counts_unpacked: bool,
    /// Setting an attribute on an object without a dictionary says so (3.13).
    pub(crate) explains_no_dict: bool,
    /// A property without a setter is named with its class (3.11).
    pub(crate) names_property_owner: bool,
    /// Deleting a missing attribute names the object (3.11).
    pub(crate) names_owner_of_deleted: bool,
    /// Unhashable keys are told with what they were to be (3.14).
    pub(crate) names_unhashable_use: bool,
    /// A class that cannot be subscripted is named (3.12).
    pub(crate) names_class_not_subscriptable: bool,
    /// The type of a wrong index of a text is told (3.11).
    pub(crate) quotes_index_type: bool,
    /// What `in` cannot search is "not a container or iterable" (3.14).
    pub(crate) names_container: bool,
    /// Errors about the arguments of builtin methods name their class (3.9).
    pub(crate) qualified_methods: bool,
    /// `getattr()` tells the type of what is no name (3.11).
    pub(crate) names_attribute_type: bool,
    /// `super()` tells the object that does not fit (3.13).
    pub(crate) super_names_object: bool,
    /// The floor division of floats by zero has words of its own (3.9).
    pub(crate) names_floor_division: bool,
    /// The modulo of floats says that it is by zero (3.13).
    pub(crate) names_float_modulo: bool,
    /// The modulo by zero has words of its own (3.11).
    pub(crate) names_modulo: bool,
    /// All divisions by zero have the same words (3.14).
    pub(crate) one_zero_division: bool,
    /// A negative power of zero has words of its own (3.14).
    pub(crate) names_zero_power: bool,
    /// A zero before the width of a text fills with zeros (3.10).
    pub(crate) zero_pads_text: bool,
    /// `%d` of what is no number asks for a real one (3.10).
    pub(crate) speaks_of_real_numbers: bool,
    /// `min` and `max` of nothing say that the iterable is empty (3.12).
    pub(crate) says_iterable_is_empty: bool,
    /// `sum` of floats compensates rounding (3.12).
    pub(crate) compensates_sums: bool,
    /// `list.index` does not show the item (3.14).
    pub(crate) index_is_terse: bool,
    /// Errors about abstract classes count the methods (3.9).
    pub(crate) counts_abstract_methods: bool,
    /// Errors about abstract classes quote the methods (3.12).
    pub(crate) quotes_abstract_methods: bool,
    /// The class of enums is called `EnumType`, and what it makes is shown in other ways (3.11).
    pub(crate) enum_type: bool,
    /// Values are found in enums (3.12).
    pub(crate) enums_contain_values: bool,
    /// `contextlib` leaves no line of its own in tracebacks of exceptions that it lets pass (3.11).
    pub(crate) restores_tracebacks: bool,
    /// `contextlib.suppress` looks into groups (3.12).
    pub(crate) suppresses_groups: bool,
    /// `asyncio.run()` takes what can be awaited (3.14).
    pub(crate) runs_awaitables: bool,
    /// `generator.close()` returns what the generator returned (3.13).
    pub(crate) close_returns: bool,
    /// What cannot be awaited is named first (3.14).
    pub(crate) names_awaited: bool,
}

impl EvalDialect {
    pub(crate) const fn of(dialect: &Dialect) -> Self {
        let minor = dialect.version.minor();
        Self {
            minor: minor as i64,
            slices_hash: minor >= 12,
            beyond_top_is_import_error: minor >= 9,
            names_partial_submodule: minor >= 11,
            partial_attribute_names_file: minor >= 13,
            advises_renaming: minor >= 13,
            advises_renaming_imports: minor >= 14,
            qualified_calls: minor >= 10,
            inlined_comprehensions: minor >= 12,
            zip_strict: minor >= 10,
            unpacks_last: minor < 9,
            names_starred: minor >= 9,
            dict_union: minor >= 9,
            generic_builtins: minor >= 9,
            type_unions: minor >= 10,
            removes_affixes: minor >= 9,
            counts_unpacked: minor >= 14,
            explains_no_dict: minor >= 13,
            names_property_owner: minor >= 11,
            names_owner_of_deleted: minor >= 11,
            names_unhashable_use: minor >= 14,
            names_class_not_subscriptable: minor >= 12,
            quotes_index_type: minor >= 11,
            names_container: minor >= 14,
            qualified_methods: minor >= 9,
            names_attribute_type: minor >= 11,
            super_names_object: minor >= 13,
            names_floor_division: minor >= 9,
            names_float_modulo: minor >= 13,
            names_modulo: minor >= 11,
            one_zero_division: minor >= 14,
            names_zero_power: minor >= 14,
            zero_pads_text: minor >= 10,
            speaks_of_real_numbers: minor >= 10,
            says_iterable_is_empty: minor >= 12,
            compensates_sums: minor >= 12,
            index_is_terse: minor >= 14,
            counts_abstract_methods: minor >= 9,
            quotes_abstract_methods: minor >= 12,
            enum_type: minor >= 11,
            enums_contain_values: minor >= 12,
            restores_tracebacks: minor >= 11,
            suppresses_groups: minor >= 12,
            runs_awaitables: minor >= 14,
            close_returns: minor >= 13,
            names_awaited: minor >= 14,
        }
    }

    /// What the models of the library ask for by name.
    pub(crate) fn feature(&self, name: &str) -> Option<bool> {
        Some(match name {
            "enum_type" | "enums_format_as_text" | "private_names_in_enums" => self.enum_type,
            "enums_contain_values" => self.enums_contain_values,
            "restores_tracebacks" => self.restores_tracebacks,
            "suppresses_groups" => self.suppresses_groups,
            "runs_awaitables" => self.runs_awaitables,
            _ => return None,
        })
    }
}
