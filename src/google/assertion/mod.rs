//! The assertion by which a service account proves itself (RFC 7523): a JSON Web Token that its key signs.

use serde::Serialize;

use super::identity::ServiceAccount;
use crate::cloud::sign_assertion;
use crate::crypto;
use crate::sensitive::Sensitive;

pub(super) const SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Whoever else gets an assertion can do nothing with it.
const AUDIENCE: &str = super::hosts::Endpoint::DEFAULT_TOKEN;

/// The longest that Google takes, in seconds.
const LASTS: i64 = 3600;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'a str,
    aud: &'static str,
    iat: i64,
    exp: i64,
}

/// `now` is in seconds since 1970.
pub(super) fn sign(account: &ServiceAccount, now: i64) -> Result<Sensitive<String>, crypto::Error> {
    let header = Header {
        alg: "RS256",
        typ: "JWT",
        kid: account.key_id.as_deref(),
    };
    let claims = Claims {
        iss: &account.email,
        scope: SCOPE,
        aud: AUDIENCE,
        iat: now,
        exp: now + LASTS,
    };
    sign_assertion(&header, &claims, &account.key)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::codec;
    use crate::crypto::rsa::RsaKey;

    /// Its key was made for this test.
    const ACCOUNT: &str = include_str!("account.json");
    /// Google's own library made it for that account, at [`NOW`].
    const ASSERTION: &str = include_str!("assertion.txt");
    const NOW: i64 = 1_767_323_045;

    fn account() -> ServiceAccount {
        let account: Value = serde_json::from_str(ACCOUNT).unwrap();
        let member = |name: &str| account[name].as_str().unwrap().to_owned();
        ServiceAccount {
            email: member("client_email"),
            key: RsaKey::from_pem(&member("private_key")).unwrap(),
            key_id: Some(member("private_key_id")),
            token_url: member("token_uri"),
        }
    }

    fn parts(assertion: &str) -> [Value; 2] {
        let mut parts = assertion
            .split('.')
            .map(|part| codec::decode(part).unwrap());
        [(); 2].map(|()| serde_json::from_slice(&parts.next().unwrap()).unwrap())
    }

    #[test]
    fn an_assertion_says_what_googles_library_says() {
        let signed = sign(&account(), NOW).unwrap();
        let [header, claims] = parts(signed.expose());
        let expected = parts(ASSERTION.trim());
        assert_eq!([header, claims], expected);
    }

    #[test]
    fn a_signature_is_that_of_googles_library() {
        let (message, signature) = ASSERTION.trim().rsplit_once('.').unwrap();
        let signed = account().key.sign(message.as_bytes()).unwrap();
        assert_eq!(codec::encode_url(&signed), signature);
    }
}
