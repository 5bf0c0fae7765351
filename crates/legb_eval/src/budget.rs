//! How much a run may cost before it is given up.

/// What is left to spend.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Operations.
    pub steps: u64,
    /// Calls inside calls, as `sys.getrecursionlimit()` counts them.
    pub depth: usize,
    /// Branches on unknown conditions.
    pub forks: u32,
    /// Objects.
    pub objects: usize,
    /// Characters of a text, items of a container.
    pub size: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: 3_000_000, depth: 1000, forks: 1000, objects: 3_000_000, size: 1_000_000 }
    }
}
