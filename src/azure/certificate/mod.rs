//! The certificate of an application, and the assertion that its key signs. Both are in one file, in PEM.

use std::path::PathBuf;

use serde::Serialize;

use super::error::{Error, OwnError};
use crate::clock;
use crate::cloud::{Error as CallError, sign_assertion};
use crate::codec;
use crate::crypto;
use crate::crypto::random;
use crate::crypto::rsa::{Certificate, RsaKey};
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFile {
    pub(super) path: PathBuf,
    /// Entra ID may go by the issuer then.
    pub(super) sends_chain: bool,
}

/// In seconds, as Azure's own libraries have it.
const LASTS: i64 = 600;

impl CertificateFile {
    /// Proves an application to the endpoint `audience`. The file is read anew each time, since somebody renews it.
    pub(super) fn assertion(
        &self,
        client: &str,
        audience: &str,
    ) -> Result<Sensitive<String>, Error> {
        let text = input::file(&self.path, Limit::CLOUD_CREDENTIALS).and_then(input::text);
        let text = text.map_err(|source| OwnError::CertificateFile {
            path: self.path.clone(),
            source,
        });
        let proof = Proof::read(&text?).map_err(|lack| OwnError::Certificate {
            path: self.path.clone(),
            lack,
        })?;
        let now = clock::now().map_err(CallError::from)?;
        let id = codec::encode_hex(&random::bytes::<16>()?);
        let claims = Claims {
            aud: audience,
            iss: client,
            sub: client,
            jti: &id,
            nbf: now.unix_timestamp(),
            exp: now.unix_timestamp() + LASTS,
        };
        Ok(proof.assertion(&claims, self.sends_chain)?)
    }
}

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
    /// Tells Entra ID which certificate it is.
    x5t: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    x5c: Vec<String>,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: &'a str,
    nbf: i64,
    exp: i64,
}

struct Proof {
    key: RsaKey,
    certificate: Certificate,
    /// Those above it.
    authorities: Vec<Certificate>,
}

impl Proof {
    /// Fails with what a file lacks.
    fn read(pem: &Sensitive<String>) -> Result<Self, &'static str> {
        let key = RsaKey::from_pem(pem.expose());
        let certificates = Certificate::all_of_pem(pem.expose()).unwrap_or_default();
        let mut certificates = certificates.into_iter();
        Ok(Self {
            key: key.map_err(|_| "RSA key in PEM without a password")?,
            certificate: certificates.next().ok_or("certificate in PEM")?,
            authorities: certificates.collect(),
        })
    }

    fn assertion(
        &self,
        claims: &Claims<'_>,
        sends_chain: bool,
    ) -> Result<Sensitive<String>, crypto::Error> {
        let chain = [&self.certificate].into_iter().chain(&self.authorities);
        let chain = chain.map(|one| codec::encode(one.as_der()));
        let header = Header {
            alg: "RS256",
            typ: "JWT",
            x5t: codec::encode_url(&self.certificate.thumbprint()),
            x5c: chain.filter(|_| sends_chain).collect(),
        };
        sign_assertion(&header, claims, &self.key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Of the key in `google/assertion/account.json`.
    const CERTIFICATE: &str = include_str!("client.pem");

    fn key() -> String {
        let account = include_str!("../../google/assertion/account.json");
        let account: Value = serde_json::from_str(account).unwrap();
        account["private_key"].as_str().unwrap().to_owned()
    }

    #[test]
    fn an_assertion_names_its_certificate() {
        let pem = Sensitive::new(format!("{}{CERTIFICATE}{CERTIFICATE}", key()));
        let proof = Proof::read(&pem).unwrap();
        let claims = Claims {
            aud: "https://login.example/t/oauth2/v2.0/token",
            iss: "c",
            sub: "c",
            jti: "0",
            nbf: 1000,
            exp: 1600,
        };
        let lines = CERTIFICATE.lines().filter(|line| !line.contains("---"));
        let der = lines.collect::<String>();
        for (sends_chain, chain) in [(false, Value::Null), (true, json!([der, der]))] {
            let assertion = proof.assertion(&claims, sends_chain).unwrap();
            let (message, signature) = assertion.expose().rsplit_once('.').unwrap();
            let parts = message.split('.').map(|part| codec::decode(part).unwrap());
            let parts: Vec<Value> = parts
                .map(|part| serde_json::from_slice(&part).unwrap())
                .collect();
            // `openssl x509 -fingerprint -sha1` says so.
            assert_eq!(parts[0]["x5t"], "KkSRdTh8QwtkkUviSPe71y44mOc");
            assert_eq!(
                (&parts[0]["alg"], &parts[0]["x5c"]),
                (&json!("RS256"), &chain)
            );
            assert_eq!(
                parts[1],
                json!({"aud": claims.aud, "iss": "c", "sub": "c", "jti": "0", "nbf": 1000, "exp": 1600})
            );
            let expected = proof.key.sign(message.as_bytes()).unwrap();
            assert_eq!(signature, codec::encode_url(&expected));
        }
    }

    #[test]
    fn a_file_says_what_it_lacks() {
        let (no_key, no_certificate) = ("RSA key in PEM without a password", "certificate in PEM");
        let sealed = key().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        for (pem, expected) in [
            (key() + CERTIFICATE, None),
            (CERTIFICATE.to_owned() + &key(), None),
            (CERTIFICATE.to_owned(), Some(no_key)),
            (sealed + CERTIFICATE, Some(no_key)),
            (key(), Some(no_certificate)),
            (String::new(), Some(no_key)),
        ] {
            let read = Proof::read(&pem.clone().into());
            assert_eq!(read.err(), expected, "{pem}");
        }
    }
}
