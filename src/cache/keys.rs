//! From the keys of a device to the names and keys of its entries. Names and keys tell nothing of what they were made from.

use std::ffi::OsString;

use super::entry::{EntryKeys, Subject};
use crate::codec;
use crate::crypto::Error;
use crate::crypto::aead::Key;
use crate::crypto::kdf::KeySource;
use crate::device::Device;
use crate::sensitive::Sensitive;

/// Changes with the format, so that no version reads what another wrote.
const FORMAT: &[u8] = b"ksm cache 2";
/// Bytes of each half of a name.
const HALF: usize = 16;
const END: &str = ".sealed";

#[derive(Debug)]
pub(super) struct DeviceKeys(KeySource);

impl DeviceKeys {
    /// Devices of one application share its key, so the private key has its part: none opens what another kept.
    pub(super) fn new(device: &Device) -> Self {
        let private = device.signing_key.to_pkcs8_der();
        let secret = [&device.app_key.0.expose()[..], private.expose()].concat();
        let secret = Sensitive::new(secret);
        Self(KeySource::new(device.client_id.as_bytes(), secret.expose()))
    }

    pub(super) fn entry_keys(&self, subject: &Subject<'_>) -> Result<EntryKeys, Error> {
        Ok(EntryKeys {
            label: self.label_key()?,
            answer: self.answer_key(subject)?,
        })
    }

    pub(super) fn label_key(&self) -> Result<Key, Error> {
        self.0.derive_key(&[FORMAT, b"label"])
    }

    pub(super) fn answer_key(&self, subject: &Subject<'_>) -> Result<Key, Error> {
        self.0
            .derive_key(&[FORMAT, b"key", subject.host.as_bytes(), subject.question])
    }

    /// `<32 hex of the device>-<32 hex of the question>.sealed`.
    pub(super) fn name(&self, subject: &Subject<'_>) -> Result<OsString, Error> {
        let purpose = [FORMAT, b"name", subject.host.as_bytes(), subject.question];
        let of_question: [u8; HALF] = self.0.derive_bytes(&purpose)?;
        let name = self.beginning_of_names()? + &codec::encode_hex(&of_question) + END;
        Ok(name.into())
    }

    /// The same for all questions, and another for each device.
    pub(super) fn beginning_of_names(&self) -> Result<String, Error> {
        let of_device: [u8; HALF] = self.0.derive_bytes(&[FORMAT, b"device"])?;
        Ok(codec::encode_hex(&of_device) + "-")
    }
}

/// Whether a file of this name is an entry of some device.
pub(super) fn is_name(name: &str) -> bool {
    let halves = name.strip_suffix(END).and_then(|name| name.split_once('-'));
    halves.is_some_and(|(device, question)| {
        [device, question].iter().all(|half| {
            let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
            half.len() == 2 * HALF && half.bytes().all(is_hex)
        })
    })
}
