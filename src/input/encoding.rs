//! Text with a byte order mark, as PowerShell and editors of Windows write it.

use super::Error;
use crate::sensitive::Sensitive;

const UTF_8: [u8; 3] = [0xef, 0xbb, 0xbf];
const LITTLE_ENDIAN: [u8; 2] = [0xff, 0xfe];
const BIG_ENDIAN: [u8; 2] = [0xfe, 0xff];

/// UTF-8 without a byte order mark. Text in UTF-16 that begins with one is recoded; whatever has none stays to the byte.
pub fn utf_8(mut bytes: Sensitive<Vec<u8>>) -> Result<Sensitive<Vec<u8>>, Error> {
    if bytes.expose().starts_with(&UTF_8) {
        bytes.expose_mut().drain(..UTF_8.len());
        return Ok(bytes);
    }
    match unit(bytes.expose()) {
        Some(unit) => from_utf_16(bytes.expose(), unit),
        None => Ok(bytes),
    }
}

/// Whether a byte order mark says that the text is in UTF-16.
pub fn is_utf_16(bytes: &[u8]) -> bool {
    unit(bytes).is_some()
}

/// Makes numbers of pairs of bytes.
type Unit = fn([u8; 2]) -> u16;

/// Two other bytes, `ff ff`, begin a configuration that the SDKs encrypted.
fn unit(bytes: &[u8]) -> Option<Unit> {
    match *bytes.first_chunk()? {
        LITTLE_ENDIAN => Some(u16::from_le_bytes),
        BIG_ENDIAN => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn from_utf_16(bytes: &[u8], unit: Unit) -> Result<Sensitive<Vec<u8>>, Error> {
    let (pairs, []) = bytes.as_chunks() else {
        return Err(Error::NotText);
    };
    let units = pairs.iter().skip(1).map(|pair| unit(*pair));
    // A buffer that grows leaves copies behind, and no unit takes more than three bytes.
    let mut text = Sensitive::new(Vec::with_capacity(pairs.len() * 3));
    for letter in char::decode_utf16(units) {
        let letter = letter.map_err(|_| Error::NotText)?;
        let encoded = &mut [0; 4];
        text.expose_mut()
            .extend_from_slice(letter.encode_utf8(encoded).as_bytes());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<Vec<u8>> {
        let text = utf_8(bytes.to_vec().into()).ok()?;
        Some(text.expose().clone())
    }

    #[test]
    fn a_byte_order_mark_says_how_text_is_read() {
        for (bytes, text) in [
            (&b"\xef\xbb\xbfa\n"[..], Some(&b"a\n"[..])),
            (b"\xff\xfea\0\xe4\0\n\0", Some("aä\n".as_bytes())),
            (b"\xfe\xff\0a\0\xe4", Some("aä".as_bytes())),
            (b"\xff\xfe\x11\xdd\x3d\xd8", None),
            (b"\xff\xfe\x3d\xd8\x11\xdd", Some("\u{1f511}".as_bytes())),
            (b"\xff\xfe", Some(b"")),
            (b"\xff\xfea", None),
            (b"\xff\xff\0", Some(b"\xff\xff\0")),
            (b"\xffa", Some(b"\xffa")),
            (b"a\xef\xbb\xbf", Some(b"a\xef\xbb\xbf")),
            (b"", Some(b"")),
        ] {
            assert_eq!(read(bytes).as_deref(), text, "{bytes:?}");
        }
    }
}
