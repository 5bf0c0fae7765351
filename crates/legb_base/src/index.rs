//! Ids and the vectors they index.
//!
//! An id is a `u32` that cannot be `u32::MAX`, so `Option<Id>` takes four bytes too. Ids are local to one file unless
//! their type says otherwise.

pub use oxc_index::{Idx, IndexVec};

/// Defines an id type: `define_index! { /// doc \n pub struct FooId; }`.
#[macro_export]
macro_rules! define_index {
    ($(#[$doc:meta])* $vis:vis struct $name:ident;) => {
        $crate::index::oxc_index::define_nonmax_u32_index_type! {
            $(#[$doc])*
            $vis struct $name;
        }
    };
}

#[doc(hidden)]
pub use oxc_index;
