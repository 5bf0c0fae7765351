//! Names of one file, each stored once.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;


crate::define_index! {
    /// A name (identifier, mangled identifier or dotted module name) in the table of one file.
    pub struct NameId;
}

/// Every distinct name of a file: one text buffer and the offsets where the names end.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    text: String,
    ends: Vec<u32>,
    ids: HashTable<NameId>,
}

impl NameTable {
    /// The id of `name`, which is added if it is new.
    #[inline]
    pub fn intern(&mut self, name: &str) -> NameId {
        let hash = hash(name);
        let (text, ends) = (&self.text, &self.ends);
        if let Some(id) = self.ids.find(hash, |&id| get(text, ends, id) == name) {
            return *id;
        }
        let id = NameId::from_usize(self.ends.len());
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let (text, ends) = (&self.text, &self.ends);
        self.ids.insert_unique(hash, id, |&id| self::hash(get(text, ends, id)));
        id
    }

    /// The id of `name` if the file mentions it.
    pub fn find(&self, name: &str) -> Option<NameId> {
        self.ids.find(hash(name), |&id| get(&self.text, &self.ends, id) == name).copied()
    }

    /// The text of a name.
    #[inline]
    pub fn text(&self, id: NameId) -> &str {
        get(&self.text, &self.ends, id)
    }

    /// How many names there are; ids run from 0 to one less.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Forgets all names and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.ids.clear();
    }
}

#[inline]
fn get<'a>(text: &'a str, ends: &[u32], id: NameId) -> &'a str {
    let i = id.index();
    let start = if i == 0 { 0 } else { ends[i - 1] };
    &text[start as usize..ends[i] as usize]
}

#[inline]
fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::NameTable;

    #[test]
    fn a_name_is_stored_once() {
        let mut table = NameTable::default();
        let (a, b) = (table.intern("spam"), table.intern("ham"));
        assert_ne!(a, b);
        assert_eq!(table.intern("spam"), a);
        assert_eq!((table.text(a), table.text(b)), ("spam", "ham"));
        assert_eq!(table.find("ham"), Some(b));
        assert_eq!(table.find("eggs"), None);
        assert_eq!(table.len(), 2);
        table.clear();
        assert!(table.is_empty());
        assert_eq!(table.find("ham"), None);
    }
}
