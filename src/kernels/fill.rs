//! Zeros in large buffers. Built for size, `Vec::resize` writes them byte by byte.

use zeroize::optimization_barrier;

/// Makes the buffer this long; what is new is zero.
pub fn resize(buffer: &mut Vec<u8>, length: usize) {
    buffer.resize(length, 0);
}

pub fn zero(buffer: &mut [u8]) {
    buffer.fill(0);
    optimization_barrier(buffer);
}

/// Empties the buffer and overwrites all of its memory.
pub fn wipe(buffer: &mut Vec<u8>) {
    buffer.clear();
    resize(buffer, buffer.capacity());
    optimization_barrier(buffer.as_slice());
    buffer.clear();
}
