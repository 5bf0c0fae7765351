//! What a read or deletion of a variable without a value raises, word for word.

use legb_base::Dialect;

use crate::names::Rule;

/// An exception as CPython words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Name of the type.
    pub exception: &'static str,
    /// `str()` of it.
    pub message: String,
}

/// The exception for a name that has no value where its rule looks for it.
pub fn unbound_exception(rule: Rule, name: &str, dialect: &Dialect) -> Raised {
    let new = dialect.not_associated_wording;
    let (exception, message) = match rule {
        Rule::Fast | Rule::Cell if new => (
            "UnboundLocalError",
            format!("cannot access local variable '{name}' where it is not associated with a value"),
        ),
        Rule::Fast | Rule::Cell => {
            ("UnboundLocalError", format!("local variable '{name}' referenced before assignment"))
        }
        Rule::Free | Rule::ClassFree if new => (
            "NameError",
            format!("cannot access free variable '{name}' where it is not associated with a value in enclosing scope"),
        ),
        Rule::Free | Rule::ClassFree => {
            ("NameError", format!("free variable '{name}' referenced before assignment in enclosing scope"))
        }
        Rule::Global | Rule::Name | Rule::ClassGlob => ("NameError", format!("name '{name}' is not defined")),
    };
    Raised { exception, message }
}
