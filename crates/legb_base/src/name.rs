//! Names of one file, each stored once.

use hashbrown::HashTable;

crate::define_index! {
    /// A name (identifier, mangled identifier or dotted module name) in the table of one file.
    pub struct NameId;
}

/// Every distinct name of a file: one text buffer and the offsets where the names end.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    text: String,
    ends: Vec<u32>,
    digests: Vec<Digest>,
    ids: HashTable<NameId>,
    /// The last name met of those with the same low bits of the hash, if it fits into its digest: most mentions are of a name
    /// met just before. Empty until the first name.
    recent: Vec<Option<(Digest, NameId)>>,
}

/// A table with room for more ids is not used for the next file.
const KEPT_IDS: usize = 2048;

/// How many names are kept within reach: one for every value of a byte of the hash.
const RECENT: usize = 256;

/// What tells names apart without a look at their text: up to 16 bytes of it, which for most names is all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest {
    head: u64,
    tail: u64,
    length: usize,
}

impl Digest {
    /// Names that fit into the digest are equal if their digests are.
    const FITS: usize = 16;

    #[inline]
    fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let length = bytes.len();
        let (head, tail) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(head), Some(tail)) => {
                    (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail)))
                }
                _ => (bytes.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)), 0),
            },
        };
        Self { head, tail, length }
    }

    /// Two multiplications are enough to spread names; the table takes its bits from both ends of the result.
    #[inline]
    fn hash(self) -> u64 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = self.head.wrapping_mul(ODD) ^ self.tail.rotate_left(29) ^ self.length as u64;
        let spread = mixed.wrapping_mul(ODD);
        spread ^ spread >> 32
    }
}

impl NameTable {
    /// The id of `name`, which is added if it is new.
    #[inline]
    pub fn intern(&mut self, name: &str) -> NameId {
        let digest = Digest::of(name);
        let hash = digest.hash();
        let slot = usize::from(hash.to_le_bytes()[0]);
        if let Some(&Some((known, id))) = self.recent.get(slot)
            && known == digest
        {
            return id;
        }
        self.look_up(name, digest, hash, slot)
    }

    #[inline(never)]
    fn look_up(&mut self, name: &str, digest: Digest, hash: u64, slot: usize) -> NameId {
        let (text, ends, digests) = (&self.text, &self.ends, &self.digests);
        let same = |&id: &NameId| {
            digests[id.index()] == digest && (digest.length <= Digest::FITS || get(text, ends, id) == name)
        };
        let id = match self.ids.find(hash, same) {
            Some(id) => *id,
            None => self.add(name, digest, hash),
        };
        if self.recent.is_empty() {
            self.recent.resize(RECENT, None);
        }
        if digest.length <= Digest::FITS {
            self.recent[slot] = Some((digest, id));
        }
        id
    }

    fn add(&mut self, name: &str, digest: Digest, hash: u64) -> NameId {
        let id = NameId::from_usize(self.ends.len());
        self.text.push_str(name);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.digests.push(digest);
        let digests = &self.digests;
        self.ids.insert_unique(hash, id, |&id| digests[id.index()].hash());
        id
    }

    /// The id of `name` if the file mentions it.
    pub fn find(&self, name: &str) -> Option<NameId> {
        self.ids.find(Digest::of(name).hash(), |&id| get(&self.text, &self.ends, id) == name).copied()
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

    /// Forgets all names and keeps the memory, but for a table of ids so large that every later file would pay for it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.digests.clear();
        if self.ids.capacity() > KEPT_IDS {
            self.ids = HashTable::new();
        }
        self.ids.clear();
        self.recent.fill(None);
    }
}

/// The names of a table for keeps, in as little memory as they need; names are no longer looked up by their text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameList {
    text: Box<str>,
    ends: Box<[u32]>,
}

impl NameList {
    /// The names of `table` under the same ids.
    pub fn of(table: &NameTable) -> Self {
        Self { text: table.text.as_str().into(), ends: table.ends.as_slice().into() }
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
}

#[inline]
fn get<'a>(text: &'a str, ends: &[u32], id: NameId) -> &'a str {
    let i = id.index();
    let start = if i == 0 { 0 } else { ends[i - 1] };
    &text[start as usize..ends[i] as usize]
}

#[cfg(test)]
mod tests {
    use super::{NameList, NameTable};

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
        let long = ["a".repeat(17), "a".repeat(18), format!("{}b{}", "a".repeat(8), "a".repeat(9))];
        let short = ["", "a", "aa", "ab", "ba", "aaaa", "aaaaa", "aaaaaaaaa", "aaaaaaaaaa", "é", "éé"];
        let names: Vec<&str> = long.iter().map(String::as_str).chain(short).collect();
        let ids: Vec<_> = names.iter().map(|name| table.intern(name)).collect();
        for (name, id) in names.iter().zip(&ids) {
            assert_eq!(table.intern(name), *id);
            assert_eq!((table.text(*id), table.find(name)), (*name, Some(*id)));
        }
        let list = NameList::of(&table);
        assert_eq!(list.len(), table.len());
        assert!(names.iter().zip(&ids).all(|(name, id)| list.text(*id) == *name));
        table.clear();
        assert!(table.is_empty());
        assert_eq!(table.find("ham"), None);
    }
}
