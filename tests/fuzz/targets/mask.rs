//! Masks: no secret passes, in whatever pieces the output comes, and nothing else is lost.
#![no_main]

use ksm::codec::{self, Case};
use ksm::exec::mask::Mask;
use ksm_fuzz::bounded;
use libfuzzer_sys::fuzz_target;

// The first byte says how many secrets follow; parts end at 0xff, the last is the output.
fuzz_target!(|data: &[u8]| {
    let mut parts = data.split(|byte| *byte == 0xff);
    let secrets: Vec<&[u8]> = parts.by_ref().take(3).collect();
    let output: Vec<u8> = parts.flat_map(|part| expand(part, &secrets)).collect();
    let named = secrets
        .iter()
        .enumerate()
        .map(|(name, value)| (name, value.to_vec().into()));
    let length: usize = secrets.iter().map(|secret| secret.len()).sum();
    // An empty mask has its tables.
    let Ok((mask, _, unmasked)) = bounded(1 + length, 64 << 10, || Mask::new(named)) else {
        return; // too much to look for
    };
    let whole = shown(&mask, [output.as_slice()]);
    assert!(whole.len() <= output.len());
    for (name, secret) in secrets.iter().enumerate() {
        if unmasked.contains(&name) || secret.contains(&b'*') {
            continue;
        }
        let end = secret
            .iter()
            .rposition(|byte| !b"\r\n".contains(byte))
            .map_or(0, |at| at + 1);
        let value = &secret[..end];
        for spelled in [
            value.to_vec(),
            codec::encode_hex(value).into(),
            codec::encode(value).into(),
        ] {
            // A mark beside plain text may spell a secret that has a mark in it, and nothing else.
            assert!(
                spelled.is_empty() || find(&whole, &spelled).is_none(),
                "{secret:?} in {output:?}"
            );
        }
    }
    let bytes = shown(&mask, output.chunks(1));
    assert_eq!(whole, bytes, "byte for byte");
    assert_eq!(whole, shown(&mask, output.chunks(7)), "by seven");
    if !secrets.iter().any(|secret| secret.len() >= 5) {
        assert_eq!(whole, output);
    }
});

/// The part itself, or a secret in one of its spellings after the digit that asks for it.
fn expand(part: &[u8], secrets: &[&[u8]]) -> Vec<u8> {
    let Some((&kind, rest)) = part.split_first() else {
        return Vec::new();
    };
    let secret = secrets[usize::from(kind) % secrets.len()];
    let mut spelled = match kind / 8 {
        0 => secret.to_vec(),
        1 => codec::encode_hex(secret).into_bytes(),
        2 => codec::encode(secret).into_bytes(),
        3 => codec::encode_percent(secret, b"", Case::Upper).into_bytes(),
        _ => return part.to_vec(),
    };
    spelled.extend_from_slice(rest);
    spelled
}

fn shown<'a>(mask: &Mask, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut masker = mask.start();
    let mut shown = Vec::new();
    for piece in pieces {
        shown.extend_from_slice(masker.push(piece));
    }
    shown.extend_from_slice(masker.release());
    shown
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
