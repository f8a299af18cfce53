//! What the targets share: bounds on what a parser costs, and pieces of an input.

use std::alloc::System;
use std::time::Duration;

use cap::Cap;
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Of an input that is made longer to see how its cost grows.
const STRETCHED: usize = 64 << 10;

/// Runs `parse` on an input of `length` bytes. It allocates at most `factor` bytes for each of them, and 64 KiB.
pub fn bounded<T>(length: usize, factor: usize, parse: impl FnOnce() -> T) -> T {
    let before = ALLOCATOR.total_allocated();
    let parsed = parse();
    let cost = ALLOCATOR.total_allocated() - before;
    let most = (64 << 10) + factor * length;
    assert!(cost <= most, "{length} bytes in, {cost} allocated");
    parsed
}

/// Runs `parse` on `text` repeated to 64 KiB: a step for each pair of bytes would take minutes. One input in sixteen is
/// tried so, since most say the same.
pub fn linear(text: &str, parse: impl FnOnce(&str)) {
    let sum = text.bytes().fold(0_u8, u8::wrapping_add);
    if text.is_empty() || text.len() > 256 || sum % 16 != 0 {
        return;
    }
    let long = text.repeat(STRETCHED / text.len());
    let start = used();
    parse(&long);
    let took = used() - start;
    assert!(
        took < Duration::from_secs(1),
        "{took:?} for {text:?} repeated"
    );
}

/// Of the processor, by this thread: other work on the machine makes no input slow.
fn used() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.try_into().unwrap())
}

/// The input as text. Rubbish is replaced, so that a mutation of one byte does not make all of it useless.
pub fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The input cut at NUL bytes.
pub fn pieces(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    data.split(|byte| *byte == 0)
}
