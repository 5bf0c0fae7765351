//! The list of rules, in the order of their codes.

mod banned_import;
mod builtin_attribute_shadowing;
mod builtin_shadowing;
mod call_in_default;
mod circular_import;
mod class_scope_comprehension;
mod contract_broken;
pub(crate) mod deleted_name;
mod double_import;
mod duplicate_argument;
mod eager_use_of_lazy_import;
mod empty_type_checking_block;
mod environ_read_at_import;
pub(crate) mod except_name_deleted;
mod forward_annotation_syntax;
mod from_import_copy;
mod global_at_module_level;
mod global_not_assigned;
mod global_rebinds_import;
mod global_statement;
mod global_undefined;
mod import_outside_toplevel;
mod import_self;
mod import_shadowed_by_loop;
mod import_shadowed_local;
mod internal_error;
mod invalid_all;
mod json_escapes_text;
mod json_not_serializable;
mod late_binding_closure;
mod late_future_import;
mod late_import;
mod lazy_import_not_at_module_scope;
mod lazy_star_import;
mod list_pop_first;
mod manual_counter;
mod manual_defaultdict;
mod missing_global;
mod missing_init;
mod mutable_class_default;
mod mutable_default;
mod naive_datetime;
mod name_mangling_trap;
mod needless_ordered_dict;
mod nonlocal_and_global;
mod nonlocal_without_binding;
mod open_without_encoding;
mod possibly_unbound;
mod prefer_pathlib;
mod private_import;
mod redeclared_in_assignment;
mod redefined_argument;
mod redefined_loop_name;
mod redefined_outer_name;
mod redefined_while_unused;
mod reimported;
mod relative_import;
mod relative_import_beyond_top;
mod reload_stale;
mod script_relative_import;
mod self_assignment;
mod shadowed_import;
mod shared_mutable_import;
mod star_import;
mod star_import_not_permitted;
mod star_import_usage;
mod stdlib_shadowing;
mod submodule_not_imported;
mod submodule_shadowing;
pub(crate) mod syntax_error;
mod sys_path_mutation;
mod typing_import_used_at_runtime;
mod typing_only_import;
pub(crate) mod unbound_free_variable;
mod unbound_local;
mod undefined_export;
pub(crate) mod undefined_loop_variable;
mod undefined_name;
mod unknown_future_feature;
mod unresolved_import;
mod unresolved_name_in_module;
mod unused_annotation;
mod unused_argument;
pub(crate) mod unused_import;
pub(crate) mod unused_suppression;
mod unused_variable;
mod used_before_definition;
mod used_before_global;
mod useless_import_alias;
mod walrus_overwrites_outer;

use crate::meta::RuleMeta;

/// Every rule.
pub static RULES: &[&RuleMeta] = &[
    &syntax_error::META,
    &unbound_local::META,
    &undefined_name::META,
    &used_before_definition::META,
    &possibly_unbound::META,
    &unbound_free_variable::META,
    &deleted_name::META,
    &except_name_deleted::META,
    &undefined_loop_variable::META,
    &undefined_export::META,
    &unused_import::META,
    &invalid_all::META,
    &unused_variable::META,
    &unused_annotation::META,
    &unused_argument::META,
    &redefined_while_unused::META,
    &reimported::META,
    &shadowed_import::META,
    &import_shadowed_by_loop::META,
    &import_shadowed_local::META,
    &star_import::META,
    &star_import_usage::META,
    &star_import_not_permitted::META,
    &unknown_future_feature::META,
    &self_assignment::META,
    &redeclared_in_assignment::META,
    &forward_annotation_syntax::META,
    &duplicate_argument::META,
    &late_binding_closure::META,
    &builtin_shadowing::META,
    &redefined_outer_name::META,
    &redefined_loop_name::META,
    &redefined_argument::META,
    &builtin_attribute_shadowing::META,
    &walrus_overwrites_outer::META,
    &class_scope_comprehension::META,
    &name_mangling_trap::META,
    &global_statement::META,
    &global_undefined::META,
    &global_not_assigned::META,
    &global_at_module_level::META,
    &global_rebinds_import::META,
    &nonlocal_without_binding::META,
    &nonlocal_and_global::META,
    &used_before_global::META,
    &missing_global::META,
    &mutable_default::META,
    &call_in_default::META,
    &mutable_class_default::META,
    &circular_import::META,
    &import_self::META,
    &unresolved_import::META,
    &unresolved_name_in_module::META,
    &submodule_not_imported::META,
    &submodule_shadowing::META,
    &relative_import_beyond_top::META,
    &script_relative_import::META,
    &stdlib_shadowing::META,
    &from_import_copy::META,
    &shared_mutable_import::META,
    &reload_stale::META,
    &double_import::META,
    &missing_init::META,
    &late_import::META,
    &import_outside_toplevel::META,
    &late_future_import::META,
    &private_import::META,
    &relative_import::META,
    &banned_import::META,
    &typing_only_import::META,
    &typing_import_used_at_runtime::META,
    &empty_type_checking_block::META,
    &useless_import_alias::META,
    &eager_use_of_lazy_import::META,
    &lazy_import_not_at_module_scope::META,
    &lazy_star_import::META,
    &sys_path_mutation::META,
    &contract_broken::META,
    &prefer_pathlib::META,
    &naive_datetime::META,
    &json_not_serializable::META,
    &json_escapes_text::META,
    &needless_ordered_dict::META,
    &open_without_encoding::META,
    &list_pop_first::META,
    &manual_counter::META,
    &manual_defaultdict::META,
    &environ_read_at_import::META,
    &unused_suppression::META,
    &internal_error::META,
];

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::meta::Group;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
        for (at, rule) in RULES.iter().enumerate() {
            assert!(RULES[at + 1..].iter().all(|other| other.name != rule.name), "{}", rule.name);
            let hundred = match rule.group {
                Group::Names => "LEGB1",
                Group::Scope => "LEGB2",
                Group::Modules => "LEGB3",
                Group::Idioms => "LEGB4",
                Group::Meta => "LEGB9",
            };
            assert!(rule.code.starts_with(hundred) && rule.code.len() == 7, "{}", rule.code);
        }
    }

    #[test]
    fn every_rule_says_what_why_and_how_sure() {
        for rule in RULES {
            for heading in ["## What", "## Why", "## How sure"] {
                assert!(rule.doc.contains(heading), "{}: no {heading}", rule.name);
            }
            assert!(!rule.summary.is_empty() && !rule.summary.ends_with('.'), "{}", rule.name);
        }
    }
}
