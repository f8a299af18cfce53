//! P-256 key pairs: ECDSA signatures (SHA-256, DER) and the key agreement of ECIES.

use ksm_kernels::ephemeral::{self, Agreement};
use ksm_kernels::p256::{POINT, Public, Secret};
use zeroize::Zeroizing;

use super::{Error, random};
use crate::sensitive::Sensitive;

/// In bytes, of an uncompressed point: `04 || X || Y`.
pub const PUBLIC_LENGTH: usize = POINT;

/// PKCS#8 `PrivateKeyInfo` around an RFC 5915 key with its public point, up to the 32-byte scalar. Official
/// clients cut their way through exactly these bytes (protocol 3.2), so no encoder writes them.
const PKCS8_HEAD: &[u8] = &[
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
    0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02,
    0x01, 0x01, 0x04, 0x20,
];
const PKCS8_POINT: &[u8] = &[0xa1, 0x44, 0x03, 0x42, 0x00];

/// Prints as its type and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Secret);

impl SigningKey {
    pub fn generate() -> Result<Self, Error> {
        // One draw in 2^32 is no scalar of the curve; a source that gives eight of those in a row is broken.
        for _ in 0..8 {
            let scalar = Zeroizing::new(random::bytes::<32>()?);
            if let Some(key) = Secret::from_scalar(scalar.as_slice()) {
                return Ok(Self(key));
            }
        }
        Err(Error::Random)
    }

    /// Reads PKCS#8 in DER, with or without the public point, or a bare RFC 5915 key.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        // Working out the public point to compare it costs as much as a signature, and nothing here relies on it.
        let key = match scalar_of_usual_form(der) {
            Some(scalar) => Secret::from_scalar(scalar),
            None => Secret::from_der(der),
        };
        key.map(Self).ok_or(Error::Key)
    }

    /// The 138 bytes of PKCS#8 DER that every official client reads.
    pub fn to_pkcs8_der(&self) -> Sensitive<Vec<u8>> {
        Sensitive::new(
            [
                PKCS8_HEAD,
                self.0.scalar().as_slice(),
                PKCS8_POINT,
                &self.public_key().to_bytes(),
            ]
            .concat(),
        )
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public())
    }

    /// Signs SHA-256 of the concatenated `parts`, with a nonce derived as in RFC 6979. The signature is DER.
    pub fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        self.0.sign(parts)
    }

    /// Returns the x coordinate of the shared point.
    pub(super) fn agree(&self, theirs: &PublicKey) -> Zeroizing<[u8; 32]> {
        self.0.agree(&theirs.0)
    }
}

/// Finds the scalar of a key that [`SigningKey::to_pkcs8_der`] wrote.
fn scalar_of_usual_form(der: &[u8]) -> Option<&[u8]> {
    let (scalar, rest) = der.strip_prefix(PKCS8_HEAD)?.split_at_checked(32)?;
    let point = rest.strip_prefix(PKCS8_POINT)?;
    (point.len() == PUBLIC_LENGTH).then_some(scalar)
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey")
    }
}

/// A checked point on the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(Public);

impl PublicKey {
    /// Reads an uncompressed point, `04 || X || Y`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let point = bytes.try_into().map_err(|_| Error::Length)?;
        Public::from_point(point).map(Self).ok_or(Error::Key)
    }

    pub fn to_bytes(&self) -> [u8; PUBLIC_LENGTH] {
        self.0.point()
    }

    /// Agrees with the holder of this key by a key pair that is drawn here and used for nothing else.
    pub(super) fn agree_once(&self) -> Result<Agreement, Error> {
        ephemeral::agree(&self.0).ok_or(Error::Random)
    }

    /// Checks a DER signature over the concatenated `parts`.
    pub fn verify(&self, parts: &[&[u8]], der: &[u8]) -> Result<(), Error> {
        let is_right = self.0.verifies(parts, der);
        is_right.then_some(()).ok_or(Error::Signature)
    }
}
