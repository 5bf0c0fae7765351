//! Functions of the interpreter: how they are called and what they are given.

use std::sync::Arc;

use crate::machine::{Eval, Machine};
use crate::value::Value;

/// A function of the interpreter. Methods get what they are bound to as the first argument.
pub(crate) type NativeFn = fn(&mut Machine<'_>, Args) -> Eval<Value>;

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args {
    pub(crate) positional: Vec<Value>,
    pub(crate) keywords: Vec<(Arc<str>, Value)>,
}

impl Args {
    /// Positional arguments only.
    pub(crate) fn of(positional: impl IntoIterator<Item = Value>) -> Self {
        Self { positional: positional.into_iter().collect(), keywords: Vec::new() }
    }

    /// The argument at a position, or under a name.
    pub(crate) fn get(&self, at: usize, name: &str) -> Option<&Value> {
        self.positional.get(at).or_else(|| self.keyword(name))
    }

    /// The argument under a name.
    pub(crate) fn keyword(&self, name: &str) -> Option<&Value> {
        self.keywords.iter().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    /// Removes the argument under a name.
    pub(crate) fn take_keyword(&mut self, name: &str) -> Option<Value> {
        let at = self.keywords.iter().position(|(known, _)| **known == *name)?;
        Some(self.keywords.remove(at).1)
    }

    /// Every argument.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, value)| value))
    }
}
