//! AES-256-CBC with PKCS#7 padding, `iv (16) || ciphertext`, for the keys of sub-folders and the names of folders
//! (protocol 5.3). It is unauthenticated, and never a second try after a failed tag.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};

use super::aead::Key;
use super::{Error, random};
use crate::sensitive::Sensitive;

const IV: usize = 16;

/// Encrypts under a fresh initialization vector, without protection against changes.
pub fn seal_unauthenticated(key: &Key, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let iv: [u8; IV] = random::bytes()?;
    let body = cbc::Encryptor::<Aes256>::new(key.expose().into(), &iv.into())
        .encrypt_padded_vec::<Pkcs7>(plain);
    Ok([iv.as_slice(), &body].concat())
}

/// Decrypts. A wrong key is noticed only where the padding happens to show it.
pub fn open_unauthenticated(key: &Key, sealed: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
    let (iv, body) = sealed.split_at_checked(IV).ok_or(Error::Length)?;
    let iv: [u8; IV] = iv.try_into().map_err(|_| Error::Length)?;
    cbc::Decryptor::<Aes256>::new(key.expose().into(), &iv.into())
        .decrypt_padded_vec::<Pkcs7>(body)
        .map(Sensitive::new)
        .map_err(|_| Error::Authentication)
}
