//! Project Wycheproof's cases for P-256, AES-GCM and AES-CBC (`wycheproof/README.md`).

use ksm::crypto::aead::{self, Key};
use ksm::crypto::signing::{PublicKey, SigningKey};
use ksm::crypto::{cbc, ecies};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::data::{bytes, key, list, parse, signing_key, text};

/// Compares what became of each case with its label, and gives the numbers of valid and of other cases.
fn judge(cases: &str, accepted: impl Fn(&Value) -> bool) -> (usize, usize) {
    let cases = parse(cases);
    let (valid, invalid): (Vec<_>, Vec<_>) = list(&cases)
        .iter()
        .partition(|case| text(case, "result") == "valid");
    for case in &valid {
        assert!(accepted(case), "{case}");
    }
    for case in &invalid {
        assert!(!accepted(case), "{case}");
    }
    (valid.len(), invalid.len())
}

fn concat(case: &Value, names: &[&str]) -> Vec<u8> {
    names.iter().flat_map(|name| bytes(case, name)).collect()
}

#[test]
fn aes_gcm() {
    let judged = judge(include_str!("wycheproof/aes_gcm.json"), |case| {
        let (key, sealed) = (key(case, "key"), concat(case, &["iv", "ct", "tag"]));
        let opened = aead::open(&key, &sealed);
        assert_eq!(aead::open_bulk(&key, sealed), opened, "{case}");
        opened.is_ok_and(|plain| *plain.expose() == bytes(case, "msg"))
    });
    assert_eq!(judged, (21, 27));
}

#[test]
fn aes_cbc() {
    let judged = judge(include_str!("wycheproof/aes_cbc.json"), |case| {
        let opened = cbc::open_unauthenticated(&key(case, "key"), &concat(case, &["iv", "ct"]));
        opened.is_ok_and(|plain| *plain.expose() == bytes(case, "msg"))
    });
    assert_eq!(judged, (24, 48));
}

/// What is encrypted under the shared secret opens with the private key: the secret itself is not shown. Compressed
/// points, which are acceptable there, are no points of the protocol. What is encrypted to a holder of the private key
/// opens, too: that agreement draws its own key, so it meets the edges by the point of the other side alone.
#[test]
fn ecdh_on_p256() {
    let judged = judge(include_str!("wycheproof/ecdh.json"), |case| {
        let agreed = Key::from_bytes(&Sha256::digest(bytes(case, "shared"))).unwrap();
        let sealed = [
            bytes(case, "public"),
            aead::seal(&agreed, b"canary").unwrap(),
        ]
        .concat();
        let opened = ecies::open(&scalar(case), &sealed);
        let ours = ecies::seal(&scalar(case).public_key(), b"canary").unwrap();
        assert_eq!(
            ecies::open(&scalar(case), &ours).unwrap().expose(),
            b"canary"
        );
        if opened.is_ok() {
            let edge = PublicKey::from_bytes(&bytes(case, "public")).unwrap();
            assert!(ecies::seal(&edge, b"canary").is_ok(), "{case}");
        }
        opened.is_ok_and(|plain| plain.expose() == b"canary")
    });
    assert_eq!(judged, (330, 25));
}

fn scalar(case: &Value) -> SigningKey {
    let written = bytes(case, "private");
    let mut scalar = [0; 32];
    for (to, from) in scalar.iter_mut().rev().zip(written.iter().rev()) {
        *to = *from;
    }
    signing_key(&scalar)
}

#[test]
fn ecdsa_on_p256() {
    let judged = judge(include_str!("wycheproof/ecdsa.json"), |case| {
        let key = PublicKey::from_bytes(&bytes(case, "key")).unwrap();
        let message = bytes(case, "msg");
        let (front, back) = message.split_at(message.len() / 2);
        key.verify(&[front, back], &bytes(case, "sig")).is_ok()
    });
    assert_eq!(judged, (174, 310));
}
