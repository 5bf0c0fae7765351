//! Where do the two ways out of a branch come together again?
//!
//! The answer is the immediate post-dominator of the branch: the first operation that every way to the end of the block
//! passes. Ways that end with an exception do not count, so that `if x: raise E` comes together behind the `if`.
//! The end of the block stands for itself, as one past its last operation.

use crate::program::{Op, Target};

/// For every operation its immediate post-dominator; the end of the block where there is none.
pub(super) fn joins(ops: &[Op]) -> Vec<Target> {
    let end = ops.len();
    let after = |at: usize| -> Vec<usize> {
        match ops[at] {
            Op::Return => vec![end],
            op => {
                let next = (!op.ends() && at < end).then_some(at + 1);
                next.into_iter().chain(op.target().map(|target| target as usize)).collect()
            }
        }
    };
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); end + 1];
    for at in 0..end {
        for next in after(at) {
            before[next].push(at);
        }
    }
    let order = post_order(&before, end);
    let mut rank = vec![usize::MAX; end + 1];
    for (position, &at) in order.iter().enumerate() {
        rank[at] = position;
    }
    let mut dominator: Vec<Option<usize>> = vec![None; end + 1];
    dominator[end] = Some(end);
    let mut changed = true;
    while changed {
        changed = false;
        for &at in order.iter().rev().filter(|&&at| at != end) {
            let known = after(at).into_iter().filter(|&next| dominator[next].is_some());
            let found = known.reduce(|a, b| meet(a, b, &dominator, &rank));
            if found.is_some() && dominator[at] != found {
                dominator[at] = found;
                changed = true;
            }
        }
    }
    (0..end).map(|at| u32::try_from(dominator[at].unwrap_or(end)).unwrap_or(u32::MAX)).collect()
}

/// The operations from which the end can be reached, in post-order of the walk backwards from the end.
fn post_order(before: &[Vec<usize>], end: usize) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = vec![false; before.len()];
    let mut stack = vec![(end, 0)];
    seen[end] = true;
    while let Some((at, next)) = stack.last_mut() {
        if let Some(&previous) = before[*at].get(*next) {
            *next += 1;
            if !seen[previous] {
                seen[previous] = true;
                stack.push((previous, 0));
            }
        } else {
            order.push(*at);
            stack.pop();
        }
    }
    order
}

fn meet(mut a: usize, mut b: usize, dominator: &[Option<usize>], rank: &[usize]) -> usize {
    while a != b {
        while rank[a] < rank[b] {
            a = dominator[a]
                .expect("invariant: an operation with a rank has been given a dominator before it is asked");
        }
        while rank[b] < rank[a] {
            b = dominator[b]
                .expect("invariant: an operation with a rank has been given a dominator before it is asked");
        }
    }
    a
}

#[cfg(test)]
mod tests {
    use super::joins;
    use crate::program::Op;

    #[test]
    fn a_branch_that_raises_comes_together_behind_it() {
        let ops = [Op::JumpIfFalse(2), Op::Raise(0), Op::Pop, Op::Return];
        assert_eq!(joins(&ops)[0], 2);
        let ops = [Op::JumpIfFalse(3), Op::Pop, Op::Jump(4), Op::Dup, Op::Pop, Op::Return];
        assert_eq!(joins(&ops)[0], 4);
        let ops = [Op::JumpIfFalse(2), Op::Return, Op::Return];
        assert_eq!(joins(&ops)[0], 3);
    }
}
