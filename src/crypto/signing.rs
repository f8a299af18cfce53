//! P-256 key pairs: ECDSA signatures (SHA-256, DER) and the key agreement of ECIES.

use ecdsa::hazmat::sign_prehashed_rfc6979;
use p256::ecdsa::signature::MultipartVerifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::ecdh::{SharedSecret, diffie_hellman};
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{NistP256, SecretKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Error, random};
use crate::sensitive::Sensitive;

/// In bytes, of an uncompressed point: `04 || X || Y`.
pub const PUBLIC_LENGTH: usize = 65;

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
pub struct SigningKey(SecretKey);

impl SigningKey {
    pub fn generate() -> Result<Self, Error> {
        // One draw in 2^32 is no scalar of the curve; a source that gives eight of those in a row is broken.
        for _ in 0..8 {
            let scalar = Zeroizing::new(random::bytes::<32>()?);
            if let Ok(key) = SecretKey::from_slice(scalar.as_slice()) {
                return Ok(Self(key));
            }
        }
        Err(Error::Random)
    }

    /// Reads PKCS#8 in DER, with or without the public point, or a bare RFC 5915 key.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        // Working out the public point to compare it costs as much as a signature, and nothing here relies on it.
        let key = match scalar_of_usual_form(der) {
            Some(scalar) => SecretKey::from_slice(scalar).ok(),
            None => SecretKey::from_der(der).ok(),
        };
        key.map(Self).ok_or(Error::Key)
    }

    /// The 138 bytes of PKCS#8 DER that every official client reads.
    pub fn to_pkcs8_der(&self) -> Sensitive<Vec<u8>> {
        let scalar = Zeroizing::new(self.0.to_bytes());
        Sensitive::new(
            [
                PKCS8_HEAD,
                &scalar,
                PKCS8_POINT,
                &self.public_key().to_bytes(),
            ]
            .concat(),
        )
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key())
    }

    /// Signs SHA-256 of the concatenated `parts`, with a nonce derived as in RFC 6979. The signature is DER.
    pub fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        let digest = parts
            .iter()
            .fold(Sha256::new(), |digest, part| digest.chain_update(part));
        // The `SigningKey` of the crate would work out its public point first, which takes as long as signing.
        let scalar = self.0.to_nonzero_scalar();
        let (signature, _) =
            sign_prehashed_rfc6979::<NistP256, Sha256>(&scalar, &digest.finalize(), &[]);
        signature.to_der().as_bytes().to_vec()
    }

    pub(super) fn agree(&self, theirs: &PublicKey) -> SharedSecret<NistP256> {
        diffie_hellman(self.0.to_nonzero_scalar(), theirs.0.as_affine())
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
pub struct PublicKey(p256::PublicKey);

impl PublicKey {
    /// Reads an uncompressed point, `04 || X || Y`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() != PUBLIC_LENGTH {
            return Err(Error::Length);
        }
        p256::PublicKey::from_sec1_bytes(bytes)
            .map(Self)
            .map_err(|_| Error::Key)
    }

    pub fn to_bytes(&self) -> [u8; PUBLIC_LENGTH] {
        let mut bytes = [0; PUBLIC_LENGTH];
        bytes.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        bytes
    }

    /// Checks a DER signature over the concatenated `parts`.
    pub fn verify(&self, parts: &[&[u8]], der: &[u8]) -> Result<(), Error> {
        let signature = Signature::from_der(der).map_err(|_| Error::Signature)?;
        VerifyingKey::from(&self.0)
            .multipart_verify(parts, &signature)
            .map_err(|_| Error::Signature)
    }
}
