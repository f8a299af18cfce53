//! Whether work takes time in proportion, told by the clock of a machine that does other things meanwhile.

use std::time::{Duration, Instant};

/// Others at work may hold up one side in some tries.
const TRIES: usize = 16;
/// How many short inputs are together as long as the long one.
const PIECES: usize = 32;

/// Whether `work` takes less than `times` as long as `other`.
pub(crate) fn takes_less(times: u32, other: impl Fn(), work: impl Fn()) -> bool {
    (0..TRIES).any(|_| {
        let (before, took, after) = (time(&other), time(&work), time(&other));
        took < times * before.min(after)
    })
}

/// Whether `work` on an input of this length takes about as long as on short inputs of the same length together. Work
/// that grows with the square takes many times as long.
pub(crate) fn is_linear<T>(length: usize, make: impl Fn(usize) -> T, work: impl Fn(&T)) -> bool {
    let (long, short) = (make(length), make(length / PIECES));
    takes_less(4, || (0..PIECES).for_each(|_| work(&short)), || work(&long))
}

fn time(work: impl Fn()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}
