//! HKDF (RFC 5869) with SHA-256: many keys from one.

use hkdf::Hkdf;
use sha2::Sha256;

use super::Error;
use super::aead::Key;
use crate::sensitive::Sensitive;

/// Gives keys and names for any number of purposes; none tells anything about another.
#[derive(Debug)]
pub struct KeySource(Sensitive<[u8; 32]>);

impl KeySource {
    /// `secret` holds at least 32 random bytes.
    pub fn new(salt: &[u8], secret: &[u8]) -> Self {
        let (extracted, _) = Hkdf::<Sha256>::extract(Some(salt), secret);
        Self(<[u8; 32]>::from(extracted).into())
    }

    /// The purpose is the parts one after the other, each behind its length: no two lists of parts run together.
    pub fn derive_key(&self, purpose: &[&[u8]]) -> Result<Key, Error> {
        let bytes: Sensitive<[u8; 32]> = self.derive_bytes(purpose)?.into();
        Key::from_bytes(bytes.expose())
    }

    pub fn derive_bytes<const N: usize>(&self, purpose: &[&[u8]]) -> Result<[u8; N], Error> {
        let lengths = purpose.iter().map(|part| (part.len() as u64).to_be_bytes());
        let lengths: Vec<_> = lengths.collect();
        let parts = lengths.iter().zip(purpose);
        let info: Vec<&[u8]> = parts
            .flat_map(|(length, part)| [length.as_slice(), *part])
            .collect();
        self.expand(&info)
    }

    fn expand<const N: usize>(&self, info: &[&[u8]]) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        let source = Hkdf::<Sha256>::from_prk(self.0.expose()).map_err(|_| Error::Length)?;
        let expanded = source.expand_multi_info(info, &mut bytes);
        expanded.map_err(|_| Error::Length)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_the_standard() {
        let bytes = |from: u8, to: u8| (from..=to).collect::<Vec<_>>();
        // Test cases 1 to 3 of RFC 5869.
        for (secret, salt, info, expected) in [
            (
                vec![0x0b; 22],
                bytes(0, 0x0c),
                bytes(0xf0, 0xf9),
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            ),
            (
                bytes(0, 0x4f),
                bytes(0x60, 0xaf),
                bytes(0xb0, 0xff),
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb",
            ),
            (
                vec![0x0b; 22],
                vec![],
                vec![],
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
            ),
        ] {
            let keys = KeySource::new(&salt, &secret);
            let answer: [u8; 42] = keys.expand(&[&info]).unwrap();
            assert_eq!(hex::encode(answer), expected);
        }
    }

    #[test]
    fn no_purpose_runs_into_another() {
        let keys = KeySource::new(b"salt", &[7; 32]);
        let purposes: [&[&[u8]]; 5] = [&[], &[b"ab"], &[b"a", b"b"], &[b"", b"ab"], &[b"ab", b""]];
        let derived: std::collections::HashSet<[u8; 16]> = purposes
            .iter()
            .map(|purpose| keys.derive_bytes(purpose).unwrap())
            .collect();
        assert_eq!(derived.len(), purposes.len());
        let other = KeySource::new(b"salt", &[8; 32]);
        let key = |keys: &KeySource| keys.derive_key(&[b"ab"]).unwrap();
        assert!(key(&keys) == key(&keys) && key(&keys) != key(&other));
    }
}
