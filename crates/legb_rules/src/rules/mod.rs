//! The list of rules, in the order of their codes.

mod banned_import;
mod class_scope_comprehension;
mod contract_broken;
mod deleted_name;
mod double_import;
mod duplicate_argument;
mod empty_type_checking_block;
mod except_name_deleted;
mod global_at_module_level;
mod global_not_assigned;
mod global_statement;
mod global_undefined;
mod import_outside_toplevel;
mod import_self;
mod internal_error;
mod invalid_all;
mod late_future_import;
mod late_import;
mod lazy_import_not_at_module_scope;
mod lazy_star_import;
mod missing_init;
mod nonlocal_and_global;
mod nonlocal_without_binding;
mod possibly_unbound;
mod private_import;
mod redefined_while_unused;
mod relative_import;
mod relative_import_beyond_top;
mod script_relative_import;
mod star_import;
mod star_import_not_permitted;
mod star_import_usage;
mod stdlib_shadowing;
mod submodule_not_imported;
mod submodule_shadowing;
pub(crate) mod syntax_error;
mod typing_import_used_at_runtime;
mod typing_only_import;
mod unbound_free_variable;
mod unbound_local;
mod undefined_export;
mod undefined_name;
mod unknown_future_feature;
mod unresolved_import;
mod unresolved_name_in_module;
mod unused_import;
mod unused_variable;
mod used_before_definition;
mod used_before_global;
mod useless_import_alias;

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
    &undefined_export::META,
    &unused_import::META,
    &invalid_all::META,
    &unused_variable::META,
    &redefined_while_unused::META,
    &star_import::META,
    &star_import_usage::META,
    &star_import_not_permitted::META,
    &unknown_future_feature::META,
    &duplicate_argument::META,
    &class_scope_comprehension::META,
    &global_statement::META,
    &global_undefined::META,
    &global_not_assigned::META,
    &global_at_module_level::META,
    &nonlocal_without_binding::META,
    &nonlocal_and_global::META,
    &used_before_global::META,
    &import_self::META,
    &unresolved_import::META,
    &unresolved_name_in_module::META,
    &submodule_not_imported::META,
    &submodule_shadowing::META,
    &relative_import_beyond_top::META,
    &script_relative_import::META,
    &stdlib_shadowing::META,
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
    &lazy_import_not_at_module_scope::META,
    &lazy_star_import::META,
    &contract_broken::META,
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
