//! The base64 alphabets the protocol mixes (protocol.md 1): three ways to write, one tolerant way to read.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{STANDARD as B64, URL_SAFE, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding was taken off and the alphabet unified before this engine sees a text. Stray bits in the last character
/// are let pass: what they hide is lost anyway, and other writers leave them.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Why a text is not base64. It quotes nothing, since what failed to decode may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A character of neither alphabet, `at` characters from the start.
    #[error("character {} is not base64", .at + 1)]
    Character {
        /// Characters before it.
        at: usize,
    },
    /// No whole number of bytes has an encoding of this length.
    #[error("the base64 text is cut off")]
    Length,
}

/// Standard alphabet, padded: "B64" in protocol.md.
pub fn encode(bytes: &[u8]) -> String {
    B64.encode(bytes)
}

/// URL-safe alphabet, no padding: "U64" in protocol.md.
pub fn encode_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// URL-safe alphabet, padded: the form of `profile export` (cli-reference.md 5.5).
pub fn encode_url_padded(bytes: &[u8]) -> String {
    URL_SAFE.encode(bytes)
}

/// Reads either alphabet; ASCII white space and `=` at the end do not matter, anything else foreign is an error.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let mut unified = zeroize::Zeroizing::new(Vec::with_capacity(text.len()));
    let mut padded = false;
    for (at, character) in text.chars().enumerate() {
        let byte = match character {
            '-' => b'+',
            '_' => b'/',
            'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' => character as u8,
            '=' => {
                padded = true;
                continue;
            }
            blank if blank.is_ascii_whitespace() => continue,
            _ => return Err(Error::Character { at }),
        };
        if padded {
            return Err(Error::Character { at });
        }
        unified.push(byte);
    }
    TOLERANT
        .decode(unified.as_slice())
        .map_err(|_| Error::Length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_any_client_writes() {
        let cases: &[(&str, Result<&[u8], Error>)] = &[
            ("", Ok(b"")),
            ("AQIDBA==", Ok(&[1, 2, 3, 4])),
            ("AQIDBA", Ok(&[1, 2, 3, 4])),
            ("AQIDBA=", Ok(&[1, 2, 3, 4])),
            (" AQID\nBA== \r\n", Ok(&[1, 2, 3, 4])),
            ("-_-_", Ok(&[0xfb, 0xff, 0xbf])),
            ("+/+/", Ok(&[0xfb, 0xff, 0xbf])),
            ("AQ:ID", Err(Error::Character { at: 2 })),
            ("AQ==ID", Err(Error::Character { at: 4 })),
            ("A", Err(Error::Length)),
            ("käse", Err(Error::Character { at: 1 })),
        ];
        for (text, expected) in cases {
            assert_eq!(decode(text).as_deref(), expected.as_deref(), "{text:?}");
        }
    }

    #[test]
    fn writes_three_flavours() {
        let bytes = [0xfb, 0xff, 0xbf, 1];
        assert_eq!(encode(&bytes), "+/+/AQ==");
        assert_eq!(encode_url(&bytes), "-_-_AQ");
        assert_eq!(encode_url_padded(&bytes), "-_-_AQ==");
    }
}
