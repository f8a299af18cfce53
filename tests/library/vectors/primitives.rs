//! Base64, ciphers, keys, signatures, UIDs, link data.

use ksm::codec;
use ksm::crypto::aead::{self, Key};
use ksm::crypto::signing::{PublicKey, SigningKey};
use ksm::crypto::{Error, cbc, ecies};
use ksm::vault::keys::{RecordKey, Unwrapper};
use ksm::vault::{link, uid};
use serde_json::Value;

use super::data::{bytes, decoded, key, list, parse, signing_key, text};

/// Inputs that both official decoders read, or that only padding keeps one of them from, are read; foreign
/// characters, which those decoders drop, are refused.
#[test]
fn base64() {
    for vector in list(&parse(include_str!("base64.json"))["vectors"]) {
        let input = text(vector, "input");
        let foreign = input.contains(':');
        let official = vector["url_safe_str_to_bytes"]
            .as_str()
            .filter(|_| !foreign);
        let ours = codec::decode(input).ok().map(hex::encode);
        assert_eq!(ours.as_deref(), official, "{vector}");
    }
}

#[test]
fn aes_gcm() {
    let vectors = &parse(include_str!("crypto.json"))["aes_256_gcm"];
    for vector in list(&vectors["vectors"]) {
        let key = key(vector, "key");
        let plain = aead::open(&key, &bytes(vector, "output")).unwrap();
        assert_eq!(plain.expose(), &bytes(vector, "plaintext"), "{vector}");
        let again = aead::open(&key, &aead::seal(&key, plain.expose()).unwrap()).unwrap();
        assert_eq!(again, plain, "{vector}");
    }
    for vector in list(&vectors["must_fail"]) {
        assert!(
            aead::open(&key(vector, "key"), &bytes(vector, "input")).is_err(),
            "{vector}"
        );
    }
}

#[test]
fn aes_cbc() {
    for vector in list(&parse(include_str!("crypto.json"))["aes_256_cbc_pkcs7"]["vectors"]) {
        let key = key(vector, "key");
        let plain = cbc::open_unauthenticated(&key, &bytes(vector, "output")).unwrap();
        assert_eq!(plain.expose(), &bytes(vector, "plaintext"), "{vector}");
        let sealed = cbc::seal_unauthenticated(&key, plain.expose()).unwrap();
        assert_eq!(sealed.len(), bytes(vector, "output").len(), "{vector}");
        assert_eq!(
            cbc::open_unauthenticated(&key, &sealed).unwrap(),
            plain,
            "{vector}"
        );
    }
}

#[test]
fn ecies_on_p256() {
    for vector in list(&parse(include_str!("crypto.json"))["ecies_p256"]["vectors"]) {
        // The protocol itself never uses an id; a vector with one belongs to another use of the primitive.
        if !text(vector, "id").is_empty() {
            continue;
        }
        let recipient = signing_key(&bytes(vector, "recipient_private_scalar"));
        assert_eq!(
            recipient.public_key().to_bytes().to_vec(),
            bytes(vector, "recipient_public")
        );
        let plain = ecies::open(&recipient, &bytes(vector, "output")).unwrap();
        assert_eq!(plain.expose(), &bytes(vector, "plaintext"), "{vector}");
        let sealed = ecies::seal(&recipient.public_key(), plain.expose()).unwrap();
        assert_eq!(ecies::open(&recipient, &sealed).unwrap(), plain, "{vector}");
    }
}

#[test]
fn client_key_pairs() {
    let vectors = &parse(include_str!("crypto.json"))["client_key_pair"];
    for vector in list(&vectors["vectors"]) {
        let key = SigningKey::from_der(&bytes(vector, "pkcs8_der")).unwrap();
        assert_eq!(key, signing_key(&bytes(vector, "private_scalar")));
        assert_eq!(
            key.to_pkcs8_der().expose(),
            &bytes(vector, "pkcs8_der"),
            "{vector}"
        );
        assert_eq!(
            codec::encode(key.to_pkcs8_der().expose()),
            text(vector, "config_privateKey_b64")
        );
        assert_eq!(
            key.public_key().to_bytes().to_vec(),
            bytes(vector, "public_raw"),
            "{vector}"
        );
        assert_eq!(
            codec::encode(&key.public_key().to_bytes()),
            text(vector, "payload_publicKey_b64")
        );
    }
    for vector in list(&vectors["other_private_key_encodings"]) {
        let key = SigningKey::from_der(&bytes(vector, "der")).unwrap();
        let public = text(vector, "official_sdk_result_public");
        assert_eq!(hex::encode(key.public_key().to_bytes()), public, "{vector}");
    }
}

#[test]
fn signatures() {
    let vectors = parse(include_str!("signature.json"));
    let key = SigningKey::from_der(&decoded(&vectors, "private_key_pkcs8_b64")).unwrap();
    let public = PublicKey::from_bytes(&bytes(&vectors, "public_raw")).unwrap();
    assert_eq!(key.public_key(), public);
    for vector in list(&vectors["valid"]) {
        let parts = [
            bytes(vector, "encrypted_transmission_key"),
            bytes(vector, "encrypted_payload"),
        ];
        let parts = [parts[0].as_slice(), parts[1].as_slice()];
        assert_eq!(parts.concat(), bytes(vector, "signature_base"), "{vector}");
        assert_eq!(
            public.verify(&parts, &bytes(vector, "signature_der")),
            Ok(()),
            "{vector}"
        );
        assert_eq!(
            hex::encode(key.sign(&parts)),
            text(vector, "rfc6979_signature_der"),
            "{vector}"
        );
    }
    for vector in list(&vectors["invalid"]) {
        let base = bytes(vector, "signature_base");
        let name = if vector["signature_der"].is_null() {
            "signature_fixed_64"
        } else {
            "signature_der"
        };
        let result = public.verify(&[&base], &bytes(vector, name));
        assert_eq!(result, Err(Error::Signature), "{vector}");
    }
}

#[test]
fn new_uids() {
    for vector in list(&parse(include_str!("crypto.json"))["uid_generation"]["vectors"]) {
        let draw: [u8; 16] = bytes(vector, "random_bytes_every_draw").try_into().unwrap();
        let uid = uid::generate_from(|| Ok(draw)).unwrap();
        assert_eq!(uid, text(vector, "result_uid"), "{vector}");
        assert!(uid::is_uid(&uid), "{vector}");
    }
}

#[test]
fn link_data() {
    let vectors = parse(include_str!("links.json"));
    let owner =
        ksm::device::AppKey(Key::from_bytes(&bytes(&vectors, "owner_record_key_hex")).unwrap());
    // A record whose wrapped key is empty has its wrapping key for a key.
    let mut key = RecordKey::zero();
    let unwrapper = Unwrapper::new(&owner);
    unwrapper.unwrap_in(&[], &mut key).unwrap();
    for vector in list(&vectors["vectors"]) {
        let data = vector["link"]["data"].as_str().unwrap_or_default();
        let decode = |key| link::decode(data, key).unwrap_or(Value::Null);
        assert_eq!(decode(Some(&key)), vector["link_data_with_key"], "{vector}");
        assert_eq!(decode(None), vector["link_data_without_key"], "{vector}");
    }
}
