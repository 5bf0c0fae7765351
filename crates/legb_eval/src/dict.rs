//! Dictionaries: the `dict` type, namespaces of modules and classes, attributes of instances, and sets.
//!
//! Every entry is a cell: it holds a value for certain, or only on some of the paths that led here (`maybe`). A dictionary is
//! *open* when it may hold more than is seen, because something unknown could write to it: a missing key is then unknown
//! instead of missing.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::value::{Key, NameKey, Reason, Value};

/// A value under a key.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The key as it was given first.
    pub(crate) key: Value,
    pub(crate) value: Value,
    /// There on some paths only.
    pub(crate) maybe: bool,
}

/// Keys in the order of insertion.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dict {
    entries: IndexMap<Key, Entry, FxBuildHasher>,
    /// Why more may be in it than is seen; none where everything is seen.
    pub(crate) open: Option<Reason>,
}

impl Dict {
    /// The entry of a name.
    pub(crate) fn name(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&NameKey(name))
    }

    /// The value of a name that is there for certain.
    pub(crate) fn value_of(&self, name: &str) -> Option<&Value> {
        self.name(name).filter(|entry| !entry.maybe).map(|entry| &entry.value)
    }

    /// The entry of a key.
    pub(crate) fn entry(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Binds a name.
    pub(crate) fn set_name(&mut self, name: &str, value: Value) {
        if let Some(entry) = self.entries.get_mut(&NameKey(name)) {
            entry.value = value;
            entry.maybe = false;
        } else {
            let text: Arc<str> = name.into();
            self.set(Key::Str(text.clone()), Value::Str(text), value);
        }
    }

    /// Binds a key; an old key keeps its place and its first form.
    pub(crate) fn set(&mut self, key: Key, shown: Value, value: Value) {
        match self.entries.get_mut(&key) {
            Some(entry) => {
                entry.value = value;
                entry.maybe = false;
            }
            None => {
                self.entries.insert(key, Entry { key: shown, value, maybe: false });
            }
        }
    }

    /// Replaces a whole entry.
    pub(crate) fn put(&mut self, key: Key, entry: Entry) {
        self.entries.insert(key, entry);
    }

    /// The entry is now there for certain: had it been missing, the run would not have come here.
    pub(crate) fn settle_name(&mut self, name: &str) {
        if let Some(entry) = self.entries.get_mut(&NameKey(name)) {
            entry.maybe = false;
        }
    }

    /// Removes a name; whether it was there.
    pub(crate) fn remove_name(&mut self, name: &str) -> Option<Entry> {
        self.entries.shift_remove(&NameKey(name))
    }

    /// Removes a key.
    pub(crate) fn remove(&mut self, key: &Key) -> Option<Entry> {
        self.entries.shift_remove(key)
    }

    /// Removes the last entry.
    pub(crate) fn pop_last(&mut self) -> Option<Entry> {
        self.entries.pop().map(|(_, entry)| entry)
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// How many entries are seen.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether exactly the entries seen are there.
    pub(crate) fn is_exact(&self) -> bool {
        self.open.is_none() && self.entries.values().all(|entry| !entry.maybe)
    }

    /// The entries in their order.
    pub(crate) fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values()
    }

    /// The values in their order, to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.entries.values_mut().map(|entry| &mut entry.value)
    }

    /// Keys and entries in their order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Entry)> {
        self.entries.iter()
    }

    /// The entry at a position.
    pub(crate) fn at(&self, index: usize) -> Option<&Entry> {
        self.entries.get_index(index).map(|(_, entry)| entry)
    }

    /// Forgets the values of all entries, and what else may be there.
    pub(crate) fn forget(&mut self, reason: Reason) {
        self.open = Some(reason);
        for entry in self.entries.values_mut() {
            entry.value = Value::Unknown(reason);
            entry.maybe = true;
        }
    }
}
