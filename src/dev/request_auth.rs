//! The server's side of the envelope (protocol 5): authenticates and decrypts requests.

use hyper::HeaderMap;
use serde::Deserialize;

use super::devices::Devices;
use super::error_reply::{ErrorReply, Result};
use crate::codec;
use crate::crypto::aead::{self, Key};
use crate::crypto::signing::{PublicKey, SigningKey};
use crate::crypto::{Error, ecies};
use crate::json;
use crate::sensitive::Sensitive;

/// The server's key. No published table has it, so clients need it from their token (protocol 4).
pub(super) struct RequestAuth {
    pub(super) key_id: u32,
    pub(super) key: SigningKey,
}

pub(super) struct AuthenticatedRequest {
    /// Seals the answer.
    pub(super) reply_key: Key,
    /// JSON.
    pub(super) payload: Sensitive<Vec<u8>>,
    pub(super) client_id: String,
    /// The public key of a device that binds itself.
    pub(super) new_key: Option<PublicKey>,
}

/// The members of every payload.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Sender {
    client_version: Option<String>,
    client_id: Option<String>,
    public_key: Option<String>,
}

impl RequestAuth {
    pub(super) fn generate() -> Result<Self, Error> {
        Ok(Self {
            key_id: 20,
            key: SigningKey::generate()?,
        })
    }

    pub(super) fn authenticate(
        &self,
        devices: &Devices,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<AuthenticatedRequest> {
        if header(headers, "PublicKeyId")? != self.key_id.to_string() {
            return Err(ErrorReply::other_key(self.key_id));
        }
        let wrapped = header(headers, "TransmissionKey")?;
        let wrapped =
            codec::decode(wrapped).map_err(|error| ErrorReply::member("TransmissionKey", error))?;
        let reply_key = ecies::open(&self.key, &wrapped)
            .and_then(|key| Key::from_bytes(key.expose()))
            .map_err(|error| ErrorReply::member("TransmissionKey", error))?;
        let payload =
            aead::open(&reply_key, body).map_err(|error| ErrorReply::member("body", error))?;
        let sender: Sender = json::object(payload.expose()).map_err(|_| {
            ErrorReply::bad(
                "the payload is not a JSON object with texts as `clientVersion` and `clientId`",
            )
        })?;

        check_version(sender.client_version.as_deref().unwrap_or_default())?;
        let client_id = sender.client_id.unwrap_or_default();
        let new_key = sender.public_key.as_deref().map(read_key).transpose()?;
        let verifier = devices.verifier(&client_id, new_key)?;
        let signature = header(headers, "Authorization")?
            .strip_prefix("Signature ")
            .map(codec::decode);
        let Some(Ok(signature)) = signature else {
            return Err(ErrorReply::denied(
                "`Authorization` is not `Signature` and base64",
            ));
        };
        verifier
            .verify(&[&wrapped, body], &signature)
            .map_err(|_| ErrorReply::denied("Signature is invalid"))?;
        Ok(AuthenticatedRequest {
            reply_key,
            payload,
            client_id,
            new_key,
        })
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| ErrorReply::bad(format!("the header `{name}` is missing")))
}

/// Two letters for the family of clients, then three numbers (protocol 5.4).
fn check_version(version: &str) -> Result<()> {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match version.split_at_checked(2) {
        Some((family, numbers))
            if family.bytes().all(|byte| byte.is_ascii_lowercase())
                && numbers.split('.').count() == 3
                && numbers.split('.').all(number) =>
        {
            Ok(())
        }
        _ => Err(ErrorReply::client_version(version)),
    }
}

fn read_key(text: &str) -> Result<PublicKey> {
    let bytes = codec::decode(text).map_err(|error| ErrorReply::member("publicKey", error))?;
    PublicKey::from_bytes(&bytes).map_err(|error| ErrorReply::member("publicKey", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::mac;
    use crate::wire::envelope;
    use crate::wire::payload::{GetSecret, SignedPayload};
    use crate::wire::server_key::{CustomKey, ServerKey};

    /// Headers and body as a client with `signing_key` sends them.
    fn request(
        auth: &RequestAuth,
        payload: &SignedPayload<GetSecret>,
        signing_key: &SigningKey,
    ) -> (HeaderMap, Vec<u8>) {
        let key = CustomKey {
            id: auth.key_id.into(),
            key: auth.key.public_key(),
        };
        let (envelope, _) = envelope::seal(payload, &ServerKey::Custom(key), signing_key).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("PublicKeyId", envelope.key_id.to_string().parse().unwrap());
        headers.insert(
            "TransmissionKey",
            envelope.transmission_key.parse().unwrap(),
        );
        headers.insert("Authorization", envelope.authorization.parse().unwrap());
        (headers, envelope.body)
    }

    #[test]
    fn only_requests_that_their_device_signed_pass() {
        let auth = RequestAuth::generate().unwrap();
        let mut devices = Devices::default();
        let token = devices.issue().unwrap();
        let (key, other) = (
            SigningKey::generate().unwrap(),
            SigningKey::generate().unwrap(),
        );
        let public_key = codec::encode(&key.public_key().to_bytes());
        let payload = SignedPayload {
            client_version: "mr17.3.0".to_owned(),
            client_id: mac::client_id(&codec::decode(token.expose()).unwrap()).unwrap(),
            payload: GetSecret {
                public_key: Some(public_key),
                ..GetSecret::default()
            },
        };
        let code =
            |headers: &HeaderMap, body: &[u8]| match auth.authenticate(&devices, headers, body) {
                Ok(request) => request.client_id,
                Err(refusal) => refusal.body["message"].as_str().unwrap().to_owned(),
            };

        let (headers, body) = request(&auth, &payload, &key);
        assert_eq!(code(&headers, &body), payload.client_id);
        let (headers, body) = request(&auth, &payload, &other);
        assert_eq!(code(&headers, &body), "Signature is invalid");

        let (mut headers, body) = request(&auth, &payload, &key);
        assert!(code(&headers, &body[1..]).starts_with("body: "));
        let (_, replaced) = request(&auth, &payload, &key);
        assert!(
            code(&headers, &replaced).starts_with("body: "),
            "each request has its own key"
        );
        headers.remove("TransmissionKey");
        assert_eq!(
            code(&headers, &body),
            "the header `TransmissionKey` is missing"
        );
        headers.insert("PublicKeyId", "10".parse().unwrap());
        assert_eq!(code(&headers, &body), "unknown key id");
    }

    #[test]
    fn a_client_version_is_two_letters_and_three_numbers() {
        let cases = [
            ("mr17.3.0", true),
            ("mp17.10.123", true),
            ("", false),
            ("17.3.0", false),
            ("mr17.3", false),
            ("mr17.3.0-beta", false),
            ("MR17.3.0", false),
            ("mr17.3.0.1", false),
            ("mr17..0", false),
            ("ä17.3.0", false),
        ];
        for (version, accepted) in cases {
            assert_eq!(check_version(version).is_ok(), accepted, "{version}");
        }
    }
}
