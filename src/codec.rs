//! Encodings of bytes as text: the base64 alphabets that the protocol mixes (protocol 1), base32, hexadecimal, percent.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{STANDARD as B64, URL_SAFE, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::sensitive::Sensitive;

/// For texts of the standard alphabet without padding. Other writers leave stray bits in the last character.
const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Quotes nothing: a text that fails to decode may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `at` counts characters from 0.
    #[error("character {} is not base64", .at + 1)]
    Character { at: usize },
    #[error("the base64 text is cut off")]
    Length,
}

/// Standard alphabet, padded.
pub fn encode(bytes: &[u8]) -> String {
    B64.encode(bytes)
}

/// URL-safe alphabet, no padding.
pub fn encode_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// URL-safe alphabet, padded.
pub fn encode_url_padded(bytes: &[u8]) -> String {
    URL_SAFE.encode(bytes)
}

/// The case of hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Lower,
    Upper,
}

impl Case {
    fn digits(self, byte: u8) -> [char; 2] {
        let digit = |value: u8| {
            let digit = char::from_digit(value.into(), 16).unwrap_or('0');
            match self {
                Self::Lower => digit,
                Self::Upper => digit.to_ascii_uppercase(),
            }
        };
        [digit(byte >> 4), digit(byte & 15)]
    }
}

/// Lower-case hexadecimal.
pub fn encode_hex(bytes: &[u8]) -> String {
    // Room that grows leaves a copy of what was there, which nobody wipes.
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.extend(Case::Lower.digits(*byte));
    }
    text
}

/// Percent-encoding (RFC 3986) of all but letters, digits and the characters of `kept`.
pub fn encode_percent(bytes: &[u8], kept: &[u8], case: Case) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || kept.contains(byte) {
            text.push((*byte).into());
        } else {
            text.push('%');
            text.extend(case.digits(*byte));
        }
    }
    text
}

/// Reads either alphabet, with or without padding, and skips ASCII white space.
pub fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let mut bytes = Sensitive::default();
    decode_into(text, &mut bytes)?;
    Ok(std::mem::take(bytes.expose_mut()))
}

/// Reads like [`decode`] into the room that `bytes` has.
pub(crate) fn decode_into(text: &str, bytes: &mut Sensitive<Vec<u8>>) -> Result<(), Error> {
    let length = text.len() / 4 * 3 + 3;
    // Room that grows leaves a copy of what was there, which nobody wipes.
    if bytes.expose().capacity() < length {
        *bytes = Vec::with_capacity(length).into();
    }
    let room = bytes.expose_mut();
    room.clear();
    // Large texts are of the standard alphabet, which one pass decodes.
    if !ksm_kernels::base64::decode(text.as_bytes(), room) {
        *bytes = decode_tolerantly(text)?.into();
    }
    Ok(())
}

fn decode_tolerantly(text: &str) -> Result<Vec<u8>, Error> {
    let mut unified = Sensitive::new(Vec::with_capacity(text.len()));
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
        unified.expose_mut().push(byte);
    }
    TOLERANT.decode(unified.expose()).map_err(|_| Error::Length)
}

/// Reads base32 (RFC 4648) in either case, with or without padding, and skips ASCII white space and dashes.
pub fn decode_base32(text: &str) -> Option<Sensitive<Vec<u8>>> {
    let mut bytes = Sensitive::new(Vec::with_capacity(text.len()));
    let (mut held, mut bits, mut symbols) = (0_u32, 0_u32, 0_u32);
    for symbol in text.trim_end_matches(['=', ' ']).bytes() {
        let value = match symbol.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            b'-' => continue,
            blank if blank.is_ascii_whitespace() => continue,
            _ => return None,
        };
        held = held << 5 | u32::from(value);
        bits += 5;
        symbols += 1;
        if bits >= 8 {
            bits -= 8;
            bytes.expose_mut().push((held >> bits) as u8);
        }
    }
    matches!(symbols % 8, 0 | 2 | 4 | 5 | 7).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_read_as_people_write_it() {
        // RFC 4648, section 10, and its spellings.
        for (text, expected) in [
            ("", Some("")),
            ("MY======", Some("f")),
            ("MZXQ====", Some("fo")),
            ("MZXW6===", Some("foo")),
            ("MZXW6YQ=", Some("foob")),
            ("MZXW6YTB", Some("fooba")),
            ("MZXW6YTBOI======", Some("foobar")),
            ("mzxw 6ytb-oi", Some("foobar")),
            ("MZXW6YTBOI== ==", Some("foobar")),
            ("MZ=XW6", None),
            ("MZXW6YTB1", None),
            ("MZXW6YTB0", None),
            ("M", None),
            ("MZX", None),
            ("MZXW6Y", None),
            ("M\u{e9}", None),
        ] {
            let read =
                decode_base32(text).map(|bytes| String::from_utf8(bytes.expose().clone()).unwrap());
            assert_eq!(read.as_deref(), expected, "{text:?}");
        }
    }

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
    fn used_room_never_grows() {
        let mut room = Sensitive::new(b"canary".to_vec());
        for (text, capacity) in [("AQ==", 6), ("AQIDBAUGBwgJ", 12), ("AQID", 12)] {
            decode_into(text, &mut room).unwrap();
            assert_eq!(room.expose().capacity(), capacity, "{text}");
        }
        assert_eq!(room.expose(), &[1, 2, 3]);
    }

    #[test]
    fn percent_and_hex_spell_each_byte() {
        assert_eq!(encode_hex(b"\x00\xfea"), "00fe61");
        for (case, expected) in [
            (Case::Lower, "a%20b%26c%3dd/%c3%bc~"),
            (Case::Upper, "a%20b%26c%3Dd/%C3%BC~"),
        ] {
            let text = encode_percent("a b&c=d/ü~".as_bytes(), b"/~", case);
            assert_eq!(text, expected);
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
