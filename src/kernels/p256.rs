//! Keys of the curve P-256. A point is `04 || X || Y`, uncompressed.

use ::p256::elliptic_curve::ecdh::diffie_hellman;
use ::p256::elliptic_curve::sec1::ToSec1Point;
use ::p256::{NistP256, SecretKey};
use ecdsa::hazmat::sign_prehashed_rfc6979;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// In bytes.
pub const POINT: usize = 65;

/// Is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(SecretKey);

impl Secret {
    /// Returns `None` for what is no scalar of the curve, one in 2^32.
    pub fn from_scalar(scalar: &[u8]) -> Option<Self> {
        SecretKey::from_slice(scalar).ok().map(Self)
    }

    /// Reads PKCS#8, with or without the public point, or a bare RFC 5915 key.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        SecretKey::from_der(der).ok().map(Self)
    }

    pub fn scalar(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    #[inline(never)]
    pub fn public(&self) -> Public {
        Public(self.0.public_key())
    }

    /// Signs SHA-256 of the concatenated `parts`, with a nonce derived as in RFC 6979. The signature is DER.
    #[inline(never)]
    pub fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        let digest = parts
            .iter()
            .fold(Sha256::new(), |digest, part| digest.chain_update(part));
        // The `SigningKey` of the crate works out its public point first, which takes as long as signing.
        let scalar = self.0.to_nonzero_scalar();
        let (signature, _) =
            sign_prehashed_rfc6979::<NistP256, Sha256>(&scalar, &digest.finalize(), &[]);
        signature.to_der().as_bytes().to_vec()
    }

    /// Returns the x coordinate of the shared point.
    #[inline(never)]
    pub fn agree(&self, theirs: &Public) -> Zeroizing<[u8; 32]> {
        let shared = diffie_hellman(self.0.to_nonzero_scalar(), theirs.0.as_affine());
        Zeroizing::new((*shared.raw_secret_bytes()).into())
    }
}

/// A checked point on the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public(::p256::PublicKey);

impl Public {
    /// Returns `None` for what is no point of the curve.
    #[inline(never)]
    pub fn from_point(point: &[u8; POINT]) -> Option<Self> {
        ::p256::PublicKey::from_sec1_bytes(point).ok().map(Self)
    }

    pub fn point(&self) -> [u8; POINT] {
        let mut point = [0; POINT];
        point.copy_from_slice(self.0.to_sec1_point(false).as_bytes());
        point
    }

    /// Checks a DER signature over SHA-256 of the concatenated `parts`.
    pub fn verifies(&self, parts: &[&[u8]], der: &[u8]) -> bool {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, self.point())
            .verify(&parts.concat(), der)
            .is_ok()
    }
}
