//! The key that secrets are encrypted with on the bus: Diffie-Hellman in the group of 1024 bits of RFC 2409, HKDF and
//! AES-128-CBC, as the Secret Service has it.

use aes::Aes128;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use crypto_bigint::modular::ConstMontyParams;
use crypto_bigint::{U1024, const_monty_form, const_monty_params};
use zeroize::Zeroizing;

use crate::crypto::kdf::KeySource;
use crate::crypto::{Error, random};
use crate::sensitive::Sensitive;

pub(super) const ALGORITHM: &str = "dh-ietf1024-sha256-aes128-cbc-pkcs7";
const SIZE: usize = 128;

const_monty_params!(
    Prime,
    U1024,
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b\
     302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6\
     49286651ece65381ffffffffffffffff"
);
const_monty_form!(Element, Prime);

/// Our half of an agreement.
pub(super) struct Half(Sensitive<[u8; SIZE]>);

/// What both sides have agreed on.
pub(super) struct TransferKey(Sensitive<[u8; 16]>);

/// A secret on its way.
pub(super) struct Sealed {
    pub(super) iv: Vec<u8>,
    pub(super) body: Vec<u8>,
}

impl Half {
    pub(super) fn generate() -> Result<Self, Error> {
        Ok(Self(Sensitive::new(random::bytes()?)))
    }

    pub(super) fn public(&self) -> [u8; SIZE] {
        self.raised(&U1024::from_u8(2))
    }

    /// Agrees with the other side by what it published.
    pub(super) fn agree(self, other: &[u8]) -> Result<TransferKey, Error> {
        let zeros = other.len().saturating_sub(SIZE);
        let (zeros, other) = other.split_at_checked(zeros).ok_or(Error::Length)?;
        if zeros.iter().any(|byte| *byte != 0) {
            return Err(Error::Length);
        }
        let mut padded = [0; SIZE];
        let start = SIZE - other.len();
        padded
            .get_mut(start..)
            .ok_or(Error::Length)?
            .copy_from_slice(other);
        let other = U1024::from_be_slice(&padded);
        // 0, 1 and -1 would give away the key.
        let last = Prime::PARAMS.modulus().as_ref().wrapping_sub(&U1024::ONE);
        if other <= U1024::ONE || other >= last {
            return Err(Error::Key);
        }
        let shared = Sensitive::new(self.raised(&other));
        let key = KeySource::new(&[], shared.expose()).derive_bytes(&[])?;
        Ok(TransferKey(Sensitive::new(key)))
    }

    fn raised(&self, base: &U1024) -> [u8; SIZE] {
        let exponent = Zeroizing::new(U1024::from_be_slice(self.0.expose()));
        let raised = Element::new(base).pow(&exponent).retrieve();
        raised.to_be_bytes().into()
    }
}

impl TransferKey {
    pub(super) fn seal(&self, secret: &[u8]) -> Result<Sealed, Error> {
        let iv: [u8; 16] = random::bytes()?;
        let cipher = cbc::Encryptor::<Aes128>::new(self.0.expose().into(), &iv.into());
        Ok(Sealed {
            iv: iv.to_vec(),
            body: cipher.encrypt_padded_vec::<Pkcs7>(secret),
        })
    }

    pub(super) fn open(&self, iv: &[u8], body: &[u8]) -> Result<Sensitive<Vec<u8>>, Error> {
        let iv: [u8; 16] = iv.try_into().map_err(|_| Error::Length)?;
        cbc::Decryptor::<Aes128>::new(self.0.expose().into(), &iv.into())
            .decrypt_padded_vec::<Pkcs7>(body)
            .map(Sensitive::new)
            .map_err(|_| Error::Authentication)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Python's secretstorage computes it of the private keys 1 to 128 and 128 to 255, byte by byte.
    const OURS: &str = "52893c96a07492593d36d00328ba21101c0ab104717cf1928b3890e1ecbd76e827e7ba7d589a03ef64f8f5648cea2b07\
             7409319013d832c41a04a3793eb4b73ca2a36306241de180ec36f5cfbef207ba2e04a39f1384dce12b8ebe27b54dbf04\
             9be0abc80ebd4849976974b2be955c2c87ba11712576887f5b96427a1d8fb2fd";
    const THEIRS: &str = "a1ddb1d2406bf73f47a16caa94f64566652757e41b6659a9cce250d8e5bbbc5efbd710a038eb7c872e509bfe9dcc7292\
             af348fecfa8d7c8f7c09a8e862c182aded54b5b076dea71ecde68b7de657573dce81adb2d44559863b6e326425433732\
             bcf6818ee938d39aab192d684b7af0a84a682b403412c6c84b5907f50cee2028";
    const SEALED: &str = "607dc41978440893ec90c651809add62";

    fn half(first: u8) -> Half {
        Half(Sensitive::new(std::array::from_fn(|at| {
            first + u8::try_from(at).unwrap()
        })))
    }

    #[test]
    fn the_key_is_that_of_others() {
        assert_eq!(hex::encode(half(1).public()), OURS);
        assert_eq!(hex::encode(half(128).public()), THEIRS);
        let key = half(1).agree(&hex::decode(THEIRS).unwrap()).unwrap();
        let iv: Vec<u8> = (0..16).collect();
        let opened = key.open(&iv, &hex::decode(SEALED).unwrap()).unwrap();
        assert_eq!(opened.expose(), b"canary");
    }

    #[test]
    fn what_one_side_seals_the_other_opens() {
        let (one, other) = (Half::generate().unwrap(), Half::generate().unwrap());
        // An encoder may leave out zeros at the start, or write one.
        let published = [&[0], other.public().as_slice()].concat();
        let theirs = other.agree(&one.public()).unwrap();
        let ours = one.agree(&published).unwrap();
        for secret in [&b""[..], b"canary", &[7; 16]] {
            let sealed = ours.seal(secret).unwrap();
            assert_eq!(
                theirs.open(&sealed.iv, &sealed.body).unwrap().expose(),
                secret
            );
            assert!(theirs.open(&sealed.iv[1..], &sealed.body).is_err());
        }
    }

    #[test]
    fn a_published_number_that_reveals_the_key_is_refused() {
        let prime = Prime::PARAMS.modulus().as_ref();
        let last: [u8; SIZE] = prime.wrapping_sub(&U1024::ONE).to_be_bytes().into();
        for published in [
            &[][..],
            &[0],
            &[1],
            &[0; SIZE],
            &last,
            &[255; SIZE],
            &[1; SIZE + 1],
        ] {
            assert!(half(1).agree(published).is_err(), "{published:?}");
        }
        assert!(half(1).agree(&[2]).is_ok());
    }
}
