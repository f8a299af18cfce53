//! Bytes in one piece of memory, of which there may be many. Memory of ordinary pages costs as much as encrypting it, so a
//! large buffer asks Linux for huge ones.

use std::fmt;
use std::io::{self, Read};
use std::ops::{Deref, DerefMut};

#[cfg(target_os = "linux")]
use ksm_kernels::fill;
#[cfg(target_os = "linux")]
use memmap2::{Advice, MmapMut};

use crate::sensitive::{Sensitive, Wipe};

/// A buffer of so many bytes has pages of its own.
#[cfg(target_os = "linux")]
const LARGE: usize = 4 << 20;
/// The size of a huge page on most processors.
#[cfg(target_os = "linux")]
const PAGE: usize = 2 << 20;

/// The bytes that were written so far.
pub enum Buffer {
    Heap(Vec<u8>),
    #[cfg(target_os = "linux")]
    Pages(Pages),
}

/// Memory of its own that does not grow.
#[cfg(target_os = "linux")]
pub struct Pages {
    mapped: MmapMut,
    /// Where the first huge page begins.
    start: usize,
    room: usize,
    length: usize,
}

impl Buffer {
    /// An empty buffer for `room` bytes; for more it moves. Returns `None` where there is no memory for them.
    pub fn with_room(room: usize) -> Option<Self> {
        #[cfg(target_os = "linux")]
        if room >= LARGE {
            return Pages::with_room(room).map(Self::Pages);
        }
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(room).ok()?;
        Some(Self::Heap(bytes))
    }

    /// Adds bytes at the end. Returns `None` where there is no memory for them.
    pub fn extend(&mut self, more: &[u8]) -> Option<()> {
        #[cfg(target_os = "linux")]
        if let Self::Pages(pages) = self
            && let Some(place) = pages.after(more.len())
        {
            place.copy_from_slice(more);
            pages.length += more.len();
            return Some(());
        }
        let bytes = self.growing(more.len()).ok()?;
        bytes.extend_from_slice(more);
        Some(())
    }

    /// Adds all that `source` gives.
    #[expect(
        clippy::disallowed_methods,
        reason = "an attachment may be as large as memory"
    )]
    pub fn read(&mut self, mut source: impl Read) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        if let Self::Pages(pages) = self
            && pages.fill(&mut source)?
        {
            return Ok(());
        }
        source.read_to_end(self.growing(0)?).map(drop)
    }

    pub fn truncate(&mut self, length: usize) {
        match self {
            Self::Heap(bytes) => bytes.truncate(length),
            #[cfg(target_os = "linux")]
            Self::Pages(pages) => pages.length = pages.length.min(length),
        }
    }

    /// The bytes as a vector: those of pages are copied, and wiped.
    pub fn into_vec(self) -> Vec<u8> {
        match self {
            Self::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Self::Pages(mut pages) => {
                let bytes = pages.written().to_vec();
                pages.wipe();
                bytes
            }
        }
    }

    /// A vector with room for `more`.
    fn growing(&mut self, more: usize) -> io::Result<&mut Vec<u8>> {
        let mut bytes = std::mem::take(self).into_vec();
        let room = bytes.try_reserve(more);
        *self = Self::Heap(bytes);
        room.map_err(|_| io::ErrorKind::OutOfMemory)?;
        match self {
            Self::Heap(bytes) => Ok(bytes),
            #[cfg(target_os = "linux")]
            Self::Pages(_) => Err(io::ErrorKind::OutOfMemory.into()),
        }
    }
}

#[cfg(target_os = "linux")]
impl Pages {
    fn with_room(room: usize) -> Option<Self> {
        let mapped = MmapMut::map_anon(room.checked_add(PAGE)?).ok()?;
        let start = mapped.as_ptr().align_offset(PAGE);
        // A page that would be empty for the most part stays an ordinary one.
        let huge = (room + PAGE / 2) / PAGE * PAGE;
        // A kernel without huge pages gives ordinary ones.
        let _ = mapped.advise_range(Advice::HugePage, start, huge);
        Some(Self {
            mapped,
            start,
            room,
            length: 0,
        })
    }

    fn written(&self) -> &[u8] {
        let end = self.start + self.length;
        self.mapped.get(self.start..end).unwrap_or_default()
    }

    fn written_mut(&mut self) -> &mut [u8] {
        let end = self.start + self.length;
        self.mapped.get_mut(self.start..end).unwrap_or_default()
    }

    fn wipe(&mut self) {
        self.length = self.room;
        fill::zero(self.written_mut());
        self.length = 0;
    }

    /// The next `count` bytes, if there is room for them.
    fn after(&mut self, count: usize) -> Option<&mut [u8]> {
        let left = self.room.checked_sub(self.length)?;
        let start = self.start + self.length;
        (count <= left)
            .then(|| self.mapped.get_mut(start..start + count))
            .flatten()
    }

    /// Reads until `source` ends, which is true, or there is no room left.
    fn fill(&mut self, source: &mut impl Read) -> io::Result<bool> {
        loop {
            let left = self.room.saturating_sub(self.length);
            let room = self.after(left).unwrap_or_default();
            if room.is_empty() {
                return Ok(false);
            }
            match source.read(room) {
                Ok(0) => return Ok(true),
                Ok(count) => self.length += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Default for Buffer {
    fn default() -> Self {
        Self::Heap(Vec::new())
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Self::Pages(pages) => pages.written(),
        }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Heap(bytes) => bytes,
            #[cfg(target_os = "linux")]
            Self::Pages(pages) => pages.written_mut(),
        }
    }
}

impl Wipe for Buffer {
    /// Overwrites what lay behind the end as well.
    fn wipe(&mut self) {
        match self {
            Self::Heap(bytes) => bytes.wipe(),
            #[cfg(target_os = "linux")]
            Self::Pages(pages) => pages.wipe(),
        }
    }
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        self.to_vec().into()
    }
}

impl PartialEq for Buffer {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Heap(bytes)
    }
}

impl From<Vec<u8>> for Sensitive<Buffer> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes.into())
    }
}

impl From<Sensitive<Vec<u8>>> for Sensitive<Buffer> {
    fn from(mut bytes: Sensitive<Vec<u8>>) -> Self {
        Self::new(std::mem::take(bytes.expose_mut()).into())
    }
}

impl From<Sensitive<Buffer>> for Sensitive<Vec<u8>> {
    fn from(mut buffer: Sensitive<Buffer>) -> Self {
        Self::new(std::mem::take(buffer.expose_mut()).into_vec())
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_keeps_its_bytes_while_it_grows() {
        let pattern: Vec<u8> = (0..251).collect();
        let bytes = pattern.repeat((5 << 20) / pattern.len());
        for room in [0, 1, 1 << 20, bytes.len(), 6 << 20] {
            let mut pieces = Buffer::with_room(room).unwrap();
            for piece in bytes.chunks(1 << 19) {
                pieces.extend(piece).unwrap();
            }
            let mut whole = Buffer::with_room(room).unwrap();
            whole.read(&*bytes).unwrap();
            assert!(*pieces == *bytes && *whole == *bytes, "{room}");
            assert!(pieces.into_vec() == bytes, "{room}");
            whole.truncate(5);
            assert_eq!(*whole, bytes[..5]);
            whole.wipe();
            assert!(whole.is_empty());
        }
        assert!(Buffer::with_room(usize::MAX).is_none());
    }
}
