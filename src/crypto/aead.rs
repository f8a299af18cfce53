//! AES-256-GCM in the protocol's layout: `nonce (12) || ciphertext || tag (16)`. The protocol has no associated data; the
//! cache has.

use std::io::{self, Read};

use ksm_kernels::aes_gcm::{Cipher, NONCE, TAG};
use ksm_kernels::bulk;

use super::{Error, random};
use crate::buffer::Buffer;
use crate::sensitive::Sensitive;

/// Sealing adds this many bytes.
pub const OVERHEAD: usize = NONCE + TAG;

/// A 256-bit key. It stays where it is, since what is moved leaves a copy that nobody wipes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(Box<Sensitive<[u8; 32]>>);

impl Key {
    pub fn generate() -> Result<Self, Error> {
        Ok(Self(Box::new(random::bytes()?.into())))
    }

    /// A place for a key, which is zero.
    pub fn zero() -> Self {
        Self(Box::new([0; 32].into()))
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| Error::Length)?;
        Ok(Self(Box::new(bytes.into())))
    }

    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// A plain text in a buffer with room for what sealing adds, so that a large one is in memory once.
#[derive(Debug)]
pub struct Unsealed(Sensitive<Buffer>);

impl Unsealed {
    /// Makes room for `length` bytes; more may come. Returns `None` where there is not that much memory.
    pub fn with_room(length: u64) -> Option<Self> {
        let whole = usize::try_from(length).ok()?.checked_add(OVERHEAD)?;
        let mut buffer = Buffer::with_room(whole)?;
        buffer.extend(&[0; NONCE])?;
        Some(Self(buffer.into()))
    }

    pub fn read_from(&mut self, source: impl Read) -> io::Result<()> {
        self.0.expose_mut().read(source)
    }

    /// In bytes, of the plain text.
    pub fn length(&self) -> u64 {
        self.0.expose().len().saturating_sub(NONCE) as u64
    }

    /// Encrypts in place under a fresh nonce. The key seals nothing else, and what is left of it in memory is not wiped
    /// (D27).
    pub fn seal(mut self, key: &Key) -> Result<Buffer, Error> {
        let fresh: [u8; NONCE] = random::bytes()?;
        let buffer = self.0.expose_mut();
        let (nonce, body) = buffer.split_at_mut_checked(NONCE).ok_or(Error::Length)?;
        nonce.copy_from_slice(&fresh);
        let tag = bulk::encrypt(key.expose(), &fresh, body).ok_or(Error::Length)?;
        buffer.extend(&tag).ok_or(Error::Length)?;
        Ok(std::mem::take(buffer))
    }
}

/// Encrypts under a fresh nonce.
pub fn seal(key: &Key, plain: &[u8]) -> Result<Vec<u8>, Error> {
    seal_with(key, &[], plain)
}

/// Encrypts like [`seal`]; opens together with `associated` only.
pub fn seal_with(key: &Key, associated: &[u8], plain: &[u8]) -> Result<Vec<u8>, Error> {
    let nonce: [u8; NONCE] = random::bytes()?;
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let body = sealed.get_mut(NONCE..).ok_or(Error::Length)?;
    let tag = Cipher::new(key.expose()).encrypt(&nonce, associated, body);
    sealed.extend_from_slice(&tag.ok_or(Error::Length)?);
    Ok(sealed)
}

pub fn open(key: &Key, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
    open_with(key, &[], sealed.to_vec())
}

/// Decrypts what [`seal_with`] sealed, without a second copy.
pub fn open_with(
    key: &Key,
    associated: &[u8],
    sealed: Vec<u8>,
) -> Result<Sensitive<Vec<u8>>, Error> {
    let mut sealed = Sensitive::new(sealed);
    let buffer = sealed.expose_mut();
    let end = buffer
        .len()
        .checked_sub(TAG)
        .filter(|end| *end >= NONCE)
        .ok_or(Error::Length)?;
    let (front, tag) = buffer.split_at_mut(end);
    let (nonce, body) = front.split_at_mut(NONCE);
    let nonce = <[u8; NONCE]>::try_from(&*nonce).map_err(|_| Error::Length)?;
    let tag = <[u8; TAG]>::try_from(&*tag).map_err(|_| Error::Length)?;
    if !Cipher::new(key.expose()).decrypt(&nonce, associated, body, &tag) {
        return Err(Error::Authentication);
    }
    buffer.truncate(end);
    buffer.drain(..NONCE);
    Ok(sealed)
}

/// Decrypts like [`open`] what is large or many: an answer, its records, the content of a file. What is left of the
/// key on the stack is not wiped (D27).
pub fn open_bulk(key: &Key, sealed: Vec<u8>) -> Result<Sensitive<Vec<u8>>, Error> {
    let mut sealed = Sensitive::new(sealed);
    open_bulk_in(key, sealed.expose_mut())?;
    Ok(sealed)
}

/// The same, of what may be larger still.
pub fn open_buffer(key: &Key, sealed: Buffer) -> Result<Sensitive<Buffer>, Error> {
    let mut sealed = Sensitive::new(sealed);
    let length = opened_length(key, sealed.expose_mut())?;
    sealed.expose_mut().truncate(length);
    Ok(sealed)
}

/// Decrypts like [`open_bulk`] where the text lies. Nothing can be said of it after a failure.
pub fn open_bulk_in(key: &Key, sealed: &mut Vec<u8>) -> Result<(), Error> {
    let length = opened_length(key, sealed)?;
    sealed.truncate(length);
    Ok(())
}

/// Decrypts in place, and returns how many bytes at the front are the plain text.
fn opened_length(key: &Key, sealed: &mut [u8]) -> Result<usize, Error> {
    if sealed.len() < OVERHEAD {
        return Err(Error::Length);
    }
    bulk::decrypt(key.expose(), sealed).ok_or(Error::Authentication)
}

pub fn open_key(key: &Key, wrapped: &[u8]) -> Result<Key, Error> {
    Opener::new(key).open_key(wrapped)
}

/// A key with its schedule, for one that opens many others. It is wiped when dropped.
pub struct Opener(Cipher);

impl Opener {
    pub fn new(key: &Key) -> Self {
        Self(Cipher::new(key.expose()))
    }

    pub fn open_key(&self, wrapped: &[u8]) -> Result<Key, Error> {
        let mut key = Key::zero();
        self.open_key_in(wrapped, &mut key)?;
        Ok(key)
    }

    /// Opens a key in the place of another. Nothing can be said of `key` after a failure.
    pub fn open_key_in(&self, wrapped: &[u8], key: &mut Key) -> Result<(), Error> {
        let (nonce, body) = wrapped.split_first_chunk().ok_or(Error::Length)?;
        let (body, tag) = body.split_last_chunk().ok_or(Error::Length)?;
        let place = key.0.expose_mut();
        *place = body.try_into().map_err(|_| Error::Length)?;
        match self.0.decrypt(nonce, &[], place, tag) {
            true => Ok(()),
            false => Err(Error::Authentication),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_only_what_was_sealed_with_the_same_key() {
        let key = Key::generate().unwrap();
        let sealed = seal(&key, b"canary").unwrap();
        assert_eq!(sealed.len(), 6 + OVERHEAD);
        let both = |key: &Key, sealed: &[u8]| {
            let opened = open(key, sealed);
            assert_eq!(opened, open_bulk(key, sealed.to_vec()));
            let in_buffer = open_buffer(key, sealed.to_vec().into());
            assert_eq!(opened, in_buffer.map(Into::into));
            opened
        };
        assert_eq!(both(&key, &sealed).unwrap().expose(), b"canary");
        assert_eq!(
            both(&Key::generate().unwrap(), &sealed),
            Err(Error::Authentication)
        );
        for (room, text) in [(0, &b"canary"[..]), (6, b"canary"), (9, b"")] {
            let mut unsealed = Unsealed::with_room(room).unwrap();
            unsealed.read_from(text).unwrap();
            assert_eq!(unsealed.length(), text.len() as u64);
            let sealed = unsealed.seal(&key).unwrap();
            assert_eq!(both(&key, &sealed).unwrap().expose(), text);
        }
        assert!(Unsealed::with_room(u64::MAX).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(
                both(&key, &changed),
                Err(Error::Authentication),
                "byte {at}"
            );
        }
        for length in 0..OVERHEAD {
            assert_eq!(
                both(&key, &sealed[..length]),
                Err(Error::Length),
                "length {length}"
            );
        }
    }
    #[test]
    fn associated_data_has_to_be_the_same() {
        let key = Key::generate().unwrap();
        let sealed = seal_with(&key, b"for", b"canary").unwrap();
        let open = |associated: &[u8]| open_with(&key, associated, sealed.clone());
        assert_eq!(open(b"for").unwrap().expose(), b"canary");
        for other in [&b""[..], b"fo", b"for ", b"fos"] {
            assert_eq!(open(other), Err(Error::Authentication), "{other:?}");
        }
    }
}
