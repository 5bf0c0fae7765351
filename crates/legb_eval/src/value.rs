//! What is a value of the evaluated program, and what is known of it?
//!
//! A [`Value`] is exact or [`Value::Unknown`]; there is nothing between. Immutable values of the language carry their content,
//! everything with an identity is an [`ObjId`] into the [heap](crate::heap). A [`Key`] is a value as dictionaries compare it.
//!
//! An unknown value carries the [`Reason`] why nothing is known, which is shown to people. Reasons are few and stored once.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::Equivalent;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// An object of the [heap](crate::heap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjId(pub(crate) u32);

/// Why something is unknown: an index into [`Reasons`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Reason(u32);

/// The texts of all reasons of one run, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reasons {
    texts: indexmap::IndexSet<String, rustc_hash::FxBuildHasher>,
}

impl Reasons {
    /// The reason with this text.
    pub(crate) fn add(&mut self, text: impl Into<String>) -> Reason {
        let (at, _) = self.texts.insert_full(text.into());
        Reason(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The text of a reason.
    pub(crate) fn text(&self, reason: Reason) -> &str {
        self.texts.get_index(reason.0 as usize).map_or("", String::as_str)
    }
}

/// A value of the evaluated program.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    None,
    Ellipsis,
    NotImplemented,
    Bool(bool),
    Int(i64),
    /// An integer that does not fit into 64 bits.
    Big(Arc<BigInt>),
    Float(f64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    Obj(ObjId),
    Unknown(Reason),
}

impl Value {
    /// A text.
    pub(crate) fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// An integer of any size.
    pub(crate) fn int(number: BigInt) -> Self {
        number.to_i64().map_or_else(|| Self::Big(Arc::new(number)), Self::Int)
    }

    /// A length or count.
    pub(crate) fn count(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Whether nothing is known of the value itself (its parts may still be unknown).
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    pub(crate) const fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The text, of a `str`.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The object, of a value with an identity.
    pub(crate) const fn as_obj(&self) -> Option<ObjId> {
        match self {
            Self::Obj(id) => Some(*id),
            _ => None,
        }
    }

    /// The integer, of `int` and `bool`.
    pub(crate) fn as_bigint(&self) -> Option<BigInt> {
        match self {
            Self::Bool(value) => Some(BigInt::from(u8::from(*value))),
            Self::Int(value) => Some(BigInt::from(*value)),
            Self::Big(value) => Some(BigInt::clone(value)),
            _ => None,
        }
    }

    /// The integer, of an `int` or `bool` that fits.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Bool(value) => Some(i64::from(*value)),
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether two values are certainly one and the same, or the same immutable content: what a join may keep.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::NotImplemented, Self::NotImplemented) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Big(a), Self::Big(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Obj(a), Self::Obj(b)) => a == b,
            (Self::Unknown(a), Self::Unknown(b)) => a == b,
            _ => false,
        }
    }
}

/// A value as dictionaries and sets compare it: `1`, `1.0` and `True` are the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    None,
    Ellipsis,
    NotImplemented,
    Int(i64),
    Big(Arc<BigInt>),
    /// The bits of a float that equals no integer.
    Float(u64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    Tuple(Box<[Key]>),
    /// The sorted hashes are not needed: two frozen sets are compared key by key in the order made, which may miss.
    Object(ObjId),
}

impl Key {
    /// The key of a float.
    pub(crate) fn float(value: f64) -> Self {
        // Integral floats within 64 bits equal the integer; others keep their bits (all zeros are integral).
        #[expect(clippy::cast_possible_truncation, reason = "guarded by the range check")]
        if value.fract() == 0.0 && value.abs() < 9.0e18 {
            return Self::Int(value as i64);
        }
        Self::Float(value.to_bits())
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::None => state.write_u8(0),
            Self::Ellipsis => state.write_u8(1),
            Self::NotImplemented => state.write_u8(2),
            Self::Int(value) => state.write_i64(*value),
            Self::Big(value) => value.hash(state),
            Self::Float(bits) => state.write_u64(*bits),
            Self::Str(text) => text.hash(state),
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Tuple(parts) => parts.hash(state),
            Self::Object(id) => state.write_u32(id.0),
        }
    }
}

/// A name, to look up the key of a text without making one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameKey<'a>(pub(crate) &'a str);

impl Hash for NameKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<Key> for NameKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        matches!(key, Key::Str(text) if **text == *self.0)
    }
}
