use proptest::prelude::*;

use super::*;
use crate::exec::mask::{Mask, encodings::encodings};

fn mask(secrets: &[&str]) -> Mask {
    let secrets = secrets
        .iter()
        .map(|secret| ((), Sensitive::new(secret.as_bytes().to_vec())));
    Mask::new(secrets).unwrap().0
}

fn masker(secrets: &[&str]) -> Masker {
    mask(secrets).start()
}

fn shown<'t>(masker: &mut Masker, pieces: impl Iterator<Item = &'t [u8]>) -> Vec<u8> {
    let mut all = Vec::new();
    for piece in pieces {
        all.extend_from_slice(masker.push(piece));
    }
    all.extend_from_slice(masker.release());
    all
}

fn masked(mut masker: Masker, pieces: &[&[u8]]) -> String {
    let all = shown(&mut masker, pieces.iter().copied());
    String::from_utf8(all).unwrap()
}

#[test]
fn secrets_hide_under_marks_and_the_rest_stays() {
    let cases: [(&[&str], &str, &str); 13] = [
        (&["canary"], "a canary, ten canaryes", "a ****, ten ****es"),
        (&["canary"], "canarycanary", "********"),
        (&["canar"], "cana", "cana"),
        (&["canary"], "cacacanary", "caca****"),
        (&["canary-1", "canary"], "canary-2 canary-1", "****-2 ****"),
        // Overlapping ones leave no end of either.
        (&["abcdefg", "efghijk"], "-abcdefghijk-", "-****-"),
        (&["aaaaa"], "aaaaaaaaaaaaab", "****b"),
        (
            &["first line\nsecond line\n"],
            "second line\r\nfirst line",
            "****\r\n****",
        ),
        (
            &["first line\nsecond line\n"],
            "first line\nsecond line\n",
            "****\n",
        ),
        // As a terminal shows it; each line is too short to be hidden alone.
        (&["can\nary\n"], "can\r\nary\r\n", "****\r\n"),
        (
            &[r#"{"port": 54321, "next": ["canary", "ca\"nary"]}"#],
            r#"canary ca"nary {"port":54321,"next":["canary","ca\"nary"]} 54321 next"#,
            "**** **** **** 54321 next",
        ),
        (&["canary"], "x=Y2FuYXJ5", "x=****"),
        (&["canary"], "63616e617279 %", "**** %"),
    ];
    for (secrets, text, expected) in cases {
        assert_eq!(
            masked(masker(secrets), &[text.as_bytes()]),
            expected,
            "{text}"
        );
    }
}

#[test]
fn only_what_may_become_a_secret_is_held() {
    let mut masker = masker(&["canary"]);
    assert_eq!(masker.push(b"unrelated "), b"unrelated ");
    assert!(!masker.holds());
    assert_eq!(masker.push(b"xcan"), b"x");
    assert!(masker.holds());
    assert_eq!(masker.push(b"dle "), b"candle ");
    assert_eq!(masker.push(b"can"), b"");
    assert_eq!(masker.release(), b"can");
    assert_eq!(masker.push(b"ary "), b"ary ");
}

#[test]
fn what_is_decided_is_shown_and_forgotten() {
    let mut whole = masker(&["canary"]);
    assert_eq!(whole.push(b"canary"), b"****");
    assert!(!whole.holds());
    let mut masker = masker(&["canary-0123456789-0123456789-0123456789"]);
    for text in ["canary-01234567x", "canary-01234567x and more"] {
        assert_eq!(masker.push(text.as_bytes()), text.as_bytes());
    }
    for _ in 0..1000 {
        masker.push(&[b'x'; 100]);
        masker.push(b"cana");
    }
    assert!(masker.end < 1000 && masker.text.expose().len() < 1000);
}

/// The expected result, from all of the text at once.
fn naive(secrets: &[&str], text: &str) -> String {
    let (mut shown, mut covered) = (String::new(), 0);
    for (at, letter) in text.char_indices() {
        let here = secrets
            .iter()
            .filter(|secret| text[at..].starts_with(**secret));
        if let Some(longest) = here.map(|secret| secret.len()).max() {
            if at >= covered {
                shown.push_str("****");
            }
            covered = covered.max(at + longest);
        }
        if at >= covered {
            shown.push(letter);
        }
    }
    shown
}

proptest! {
    #[test]
    fn the_result_does_not_depend_on_the_pieces(
        secrets in prop::collection::vec("[ab]{5,9}|(ab){3,6}c|a{5,40}b?", 1..6),
        text in "[abc]{0,60}|(a{4,45}[bc]?){1,3}",
        cuts in prop::collection::vec(0_usize..61, 0..6),
    ) {
        let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
        let (mask, expected) = (mask(&secrets), naive(&secrets, &text));
        let text = text.as_bytes();
        prop_assert_eq!(&masked(mask.start(), &[text]), &expected);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts.into_iter().chain([text.len()]) {
            pieces.push(&text[from..cut]);
            from = cut;
        }
        prop_assert_eq!(&masked(mask.start(), &pieces), &expected);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        prop_assert_eq!(&masked(mask.start(), &bytes), &expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_encoding_hides_across_every_cut(secret in "[a-z][ -~é]{5,19}") {
        let mut masker = masker(&[&secret]);
        let spellings = encodings(secret.as_bytes()).into_iter();
        for spelling in spellings.filter(|spelling| spelling.len() >= MIN_LENGTH) {
            let text = [b"\x01".as_slice(), &spelling, b"\x02"].concat();
            // Pieces of one byte more than the text cut each repetition one byte further on.
            let more = text.len() + 1;
            let all = shown(&mut masker, text.repeat(more).chunks(more));
            let expected = b"\x01****\x02".repeat(more);
            prop_assert_eq!(all, expected, "{:?}", String::from_utf8_lossy(&spelling));
        }
    }
}
