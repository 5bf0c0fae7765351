//! The list of rules, in the order of their codes.

mod class_scope_comprehension;
mod deleted_name;
mod duplicate_argument;
mod except_name_deleted;
mod global_at_module_level;
mod global_not_assigned;
mod global_statement;
mod global_undefined;
mod internal_error;
mod nonlocal_and_global;
mod nonlocal_without_binding;
mod possibly_unbound;
mod redefined_while_unused;
pub(crate) mod syntax_error;
mod unbound_free_variable;
mod unbound_local;
mod undefined_name;
mod unused_import;
mod unused_variable;
mod used_before_definition;
mod used_before_global;

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
    &unused_import::META,
    &unused_variable::META,
    &redefined_while_unused::META,
    &duplicate_argument::META,
    &class_scope_comprehension::META,
    &global_statement::META,
    &global_undefined::META,
    &global_not_assigned::META,
    &global_at_module_level::META,
    &nonlocal_without_binding::META,
    &nonlocal_and_global::META,
    &used_before_global::META,
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
