//! The order of events: what the code of a file does with its names, in the order in which it runs.
//!
//! A flat list. Compound statements are pieces: an opening event whose `len` counts the events of the piece. Lengths are
//! relative, so a piece can be moved as a whole. The code of functions lies in the middle of the code around it, inside a
//! piece that the code around it skips.

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// The reference `arg` needs a value.
    Read,
    /// The reference `arg` gets a value.
    Bind,
    /// The reference `arg` loses its value.
    Delete,
    /// The handler name bound by reference `arg` loses its value.
    ExceptEnd,
    /// An exception may be raised.
    Point,
    /// Names from elsewhere may be bound: `import *`.
    Star,
    /// The function bound by the variable of reference `arg` is called.
    Call,
    /// As `Call`, and nothing is done with the result: if the function never returns, nothing follows.
    CallStatement,
    /// A method is called as a statement; its name stands at offset `arg` of the text.
    MethodStatement,
    /// Piece: the body of another code block, scope `arg`, which runs later or never.
    Nested,
    /// Piece: the `arg` events before are a test; the piece runs if it holds. Flags: [`Test`].
    Then,
    /// Piece: runs if the test of the `Then` before does not hold. Always follows a `Then`.
    Else,
    /// Piece: the rest of `and`/`or`, which may not be evaluated. Flags: [`Short`].
    Short,
    /// Piece: test and body of a loop. Flags: [`Loop`]. Followed by `OrElse`. `arg`: offset of the statement.
    Loop,
    /// Between the test and the body of a loop. Flags: [`Test`].
    Guard,
    /// Piece: the `else` of the loop before.
    OrElse,
    /// Piece: body of `try`. Followed by any number of `Handler` and one `TryElse` in any order, then `Finally`.
    Try,
    /// Piece: an exception handler.
    Handler,
    /// Piece: the `else` of `try`.
    TryElse,
    /// Piece: the `finally` of `try`.
    Finally,
    /// Piece: body of `with`. Flags: 1 if exceptions may be swallowed.
    With,
    /// Piece: a case of `match`: pattern and guard, `CaseBody`, body. Flags: 1 if it always matches.
    Case,
    /// Between the pattern of a case and its body.
    CaseBody,
    /// Closes the cases of one `match`.
    MatchEnd,
    /// Leaves the innermost loop.
    Break,
    /// Goes on with the innermost loop.
    Continue,
    /// Leaves the code block.
    Return,
    /// Raises.
    Raise,
    /// Nothing comes here, in all likelihood.
    Unlikely,
    /// Ends the program, or a condition that never holds was asserted.
    Exit,
}

/// What is known of a test (flags of `Then` and `Guard`).
pub(crate) mod test {
    /// It holds always.
    pub(crate) const TRUE: u8 = 1;
    /// It never holds.
    pub(crate) const FALSE: u8 = 2;
    /// `TYPE_CHECKING`: false at run time, yet the names bound count as bound.
    pub(crate) const TYPE_CHECKING: u8 = 4;
    /// The test binds names in parts that are skipped at times.
    pub(crate) const BINDS: u8 = 8;
}

/// Flags of `Short`.
pub(crate) mod short {
    /// Evaluated whenever the whole test holds.
    pub(crate) const IF_TRUE: u8 = 1;
    /// Evaluated whenever the whole test does not hold.
    pub(crate) const IF_FALSE: u8 = 2;
}

/// Flags of `Loop`.
pub(crate) mod looping {
    /// `for` or a comprehension: the body may run zero times.
    pub(crate) const FOR: u8 = 1;
    /// The body runs at least once.
    pub(crate) const NONEMPTY: u8 = 2;
    /// Names lose their values somewhere inside.
    pub(crate) const DELETES: u8 = 4;
    /// A comprehension.
    pub(crate) const COMPREHENSION: u8 = 8;
}

/// One event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    /// What happens.
    pub(crate) op: Op,
    /// Details, by kind of event.
    pub(crate) flags: u8,
    /// A reference, scope or offset, by kind of event.
    pub(crate) arg: u32,
    /// How many of the following events belong to this piece.
    pub(crate) len: u32,
}
