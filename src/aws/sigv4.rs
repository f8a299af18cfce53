//! Signature Version 4, by which AWS knows the sender of a request.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::identity::Credentials;
use super::region::Region;
use crate::clock;
use crate::codec::encode_hex as hex;
use crate::http::Method;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A moment as AWS writes it, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timestamp {
    /// `20150830T123600Z`.
    time: String,
}

impl Timestamp {
    pub(super) fn now() -> Result<Self, clock::Error> {
        let now = clock::now()?;
        let (date, time) = (now.date(), now.time());
        Ok(Self {
            time: format!(
                "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
                date.year(),
                u8::from(date.month()),
                date.day(),
                time.hour(),
                time.minute(),
                time.second()
            ),
        })
    }

    /// `20150830`.
    fn date(&self) -> &str {
        self.time.split('T').next().unwrap_or_default()
    }
}

/// The request and service that a signature is valid for.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) method: Method,
    /// As the `host` header has it. The path is always `/`, and there is no query.
    pub(super) host: &'a str,
    pub(super) region: &'a Region,
    pub(super) service: &'a str,
    pub(super) at: Timestamp,
}

/// Adds to `headers` (names in lower case) those of the signature, which covers all of them and the body.
pub(super) fn sign(
    scope: &Scope,
    credentials: &Credentials,
    mut headers: Vec<(&'static str, String)>,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    headers.push(("x-amz-date", scope.at.time.clone()));
    if let Some(token) = &credentials.session_token {
        headers.push(("x-amz-security-token", token.expose().clone()));
    }
    let mut signed: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.trim()))
        .chain([("host", scope.host)])
        .collect();
    signed.sort_unstable();
    let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");

    let mut canonical = Zeroizing::new(format!("{}\n/\n\n", scope.method));
    for (name, value) in signed {
        // Writing to a text does not fail.
        let _ = writeln!(canonical, "{name}:{value}");
    }
    let _ = write!(canonical, "\n{names}\n{}", hex(&Sha256::digest(body)));

    let date = scope.at.date();
    let credential_scope = format!("{date}/{}/{}/aws4_request", scope.region, scope.service);
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let text = format!(
        "{ALGORITHM}\n{}\n{credential_scope}\n{digest}",
        scope.at.time
    );

    let secret = Zeroizing::new(format!("AWS4{}", credentials.secret_access_key.expose()));
    let mut key = Zeroizing::new(mac(secret.as_bytes(), date));
    for part in [scope.region.as_str(), scope.service, "aws4_request"] {
        key = Zeroizing::new(mac(key.as_slice(), part));
    }
    let signature = hex(&mac(key.as_slice(), &text));
    let id = credentials.access_key_id.expose();
    headers.push((
        "authorization",
        format!(
            "{ALGORITHM} Credential={id}/{credential_scope}, SignedHeaders={names}, Signature={signature}"
        ),
    ));
    headers
}

fn mac(key: &[u8], text: &str) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    /// Of the suite that AWS published, `post-sts-header-before`.
    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    fn authorization(
        method: Method,
        (host, region, service): (&str, &str, &str),
        token: Option<&str>,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> String {
        let scope = Scope {
            method,
            host,
            region: &region.parse().unwrap(),
            service,
            at: Timestamp {
                time: "20150830T123600Z".into(),
            },
        };
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned().into(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned().into(),
            session_token: token.map(|token| token.to_owned().into()),
        };
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let signed = sign(&scope, &credentials, headers.collect(), body.as_bytes());
        signed.last().unwrap().1.clone()
    }

    #[test]
    fn requests_of_the_published_suite_are_signed_alike() {
        let place = ("example.amazonaws.com", "us-east-1", "service");
        let prefix = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=";
        let table = "
            get-vanilla => host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31
            post-vanilla => host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b
            post-sts-header-before => host;x-amz-date;x-amz-security-token, Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead
            post-x-www-form-urlencoded => content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a
        ";
        let form = [("content-type", "application/x-www-form-urlencoded")];
        for (name, expected) in cases(table) {
            let authorization = match name {
                "get-vanilla" => authorization(Method::GET, place, None, &[], ""),
                "post-vanilla" => authorization(Method::POST, place, None, &[], ""),
                "post-sts-header-before" => {
                    authorization(Method::POST, place, Some(TOKEN), &[], "")
                }
                _ => authorization(Method::POST, place, None, &form, "Param1=value1"),
            };
            assert_eq!(authorization, format!("{prefix}{expected}"), "{name}");
        }
    }

    /// The answer is the one of botocore 1.44.5 for this request.
    #[test]
    fn a_request_is_signed_as_botocore_signs_it() {
        let host = "secretsmanager.eu-west-1.amazonaws.com";
        let place = (host, "eu-west-1", "secretsmanager");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
        ];
        let body = r#"{"SecretId":"ksm-config"}"#;
        assert_eq!(
            authorization(Method::POST, place, Some(TOKEN), &headers, body),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/secretsmanager/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, \
             Signature=9c1482a003f32dc2b96843241f90bbcc872b7c77d3f74bdf3072d8a993857787"
        );
    }

    #[test]
    fn the_time_is_written_to_the_second() {
        let now = Timestamp::now().unwrap();
        assert_eq!(now.time.len(), 16, "{now:?}");
        assert_eq!(now.date().len(), 8, "{now:?}");
    }
}
