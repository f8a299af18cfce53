//! Taking a role: the two questions to the Security Token Service that AWS's own tools ask for a profile.

use serde::Deserialize;

use super::credentials::plan::{Role, WebIdentity};
use super::credentials::{Credentials, token_file};
use super::endpoint::{Addresses, Service};
use super::region::Region;
use super::sigv4::{self, Scope, Stamp};
use super::{Aws, Error, Refusal, Session};
use crate::codec::{self, Case};
use crate::crypto::random;
use crate::http::{Answer, Method, Request, host_of};

/// The one version of the service there is.
const VERSION: &str = "2011-06-15";
const FORM: (&str, &str) = (
    "content-type",
    "application/x-www-form-urlencoded; charset=utf-8",
);
const LARGEST: u64 = 1 << 16;

impl Aws<'_> {
    /// Takes `role` as the owner of `session`.
    pub(super) async fn assume(
        &self,
        role: &Role,
        session: &Session,
    ) -> Result<Credentials, Error> {
        const OPERATION: &str = "AssumeRole";
        let name = session_name(role.session_name.as_deref())?;
        let external_id = role.external_id.as_ref().map(|id| id.expose().as_str());
        let body = form(&[
            ("Action", Some(OPERATION)),
            ("Version", Some(VERSION)),
            ("RoleArn", Some(&role.arn)),
            ("RoleSessionName", Some(&name)),
            ("ExternalId", external_id),
            ("DurationSeconds", role.duration.as_deref()),
        ]);
        let url = session.addresses.of(Service::Sts, &session.region)?;
        let host = host_of(&url);
        let scope = Scope {
            method: Method::POST,
            host: &host,
            region: &session.region,
            service: Service::Sts.name(),
            at: Stamp::now(),
        };
        let headers = vec![(FORM.0, FORM.1.to_owned())];
        let headers = sigv4::sign(&scope, &session.credentials, headers, body.as_bytes());
        self.ask_for_role(OPERATION, &url, &headers, body).await
    }

    /// Takes a role with the token in a file, which is what signs the request.
    pub(super) async fn assume_with_web_identity(
        &self,
        role: &WebIdentity,
        region: &Region,
        addresses: &Addresses,
    ) -> Result<Credentials, Error> {
        const OPERATION: &str = "AssumeRoleWithWebIdentity";
        let token = token_file(&role.token_file)?;
        let name = session_name(role.session_name.as_deref())?;
        let body = form(&[
            ("Action", Some(OPERATION)),
            ("Version", Some(VERSION)),
            ("RoleArn", Some(&role.role_arn)),
            ("RoleSessionName", Some(&name)),
            ("WebIdentityToken", Some(token.expose().trim())),
        ]);
        let url = addresses.of(Service::Sts, region)?;
        let headers = [(FORM.0, FORM.1.to_owned())];
        self.ask_for_role(OPERATION, &url, &headers, body).await
    }

    async fn ask_for_role(
        &self,
        operation: &'static str,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Credentials, Error> {
        let url = format!("{url}/");
        let answer = self.reach.ask(Request {
            method: Method::POST,
            url: &url,
            headers,
            body: body.into_bytes(),
            limit: LARGEST,
        });
        read(operation, host_of(&url), &answer.await?)
    }
}

/// The name under which the session shows in AWS's logs.
fn session_name(configured: Option<&str>) -> Result<String, Error> {
    match configured {
        Some(name) => Ok(name.to_owned()),
        None => Ok(format!("ksm-{}", codec::encode_hex(&random::bytes::<8>()?))),
    }
}

/// `a=b&c=d`, with everything encoded that is not unreserved.
fn form(members: &[(&str, Option<&str>)]) -> String {
    let mut text = String::new();
    for (name, value) in members {
        let Some(value) = value else { continue };
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        let value = codec::encode_percent(value.as_bytes(), b"-._~", Case::Upper);
        text.push_str(&value);
    }
    text
}

#[derive(Deserialize)]
struct Taken {
    #[serde(rename = "AssumeRoleResult", alias = "AssumeRoleWithWebIdentityResult")]
    result: Issued,
}

#[derive(Deserialize)]
struct Issued {
    #[serde(rename = "Credentials")]
    credentials: Keys,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
}

#[derive(Deserialize)]
struct Refused {
    #[serde(rename = "Error")]
    error: Reason,
}

#[derive(Deserialize)]
struct Reason {
    #[serde(rename = "Code", default)]
    code: String,
    #[serde(rename = "Message", default)]
    message: String,
}

fn read(operation: &'static str, host: String, answer: &Answer) -> Result<Credentials, Error> {
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    match answer.status {
        200 => {
            let taken: Taken =
                quick_xml::de::from_str(text).map_err(|_| Error::Unexpected(host))?;
            let keys = taken.result.credentials;
            Ok(Credentials {
                access_key_id: keys.access_key_id.into(),
                secret_access_key: keys.secret_access_key.into(),
                session_token: Some(keys.session_token.into()),
            })
        }
        status if status >= 500 => Err(Error::Server { host, status }),
        _ => {
            let refused: Refused =
                quick_xml::de::from_str(text).map_err(|_| Error::Unexpected(host))?;
            let Reason { code, message } = refused.error;
            Err(Refusal::new(operation, &code, &message).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Result<Credentials, Error> {
        let answer = Answer {
            status,
            body: body.into(),
        };
        read("AssumeRole", "sts.example".to_owned(), &answer)
    }

    #[test]
    fn both_answers_bring_credentials() {
        for operation in ["AssumeRole", "AssumeRoleWithWebIdentity"] {
            let body = format!(
                "<?xml version=\"1.0\"?>\n<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n<{operation}Result>\
                 <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r/s</Arn></AssumedRoleUser>\
                 <Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>can&amp;ary/+</SecretAccessKey>\
                 <SessionToken>T==</SessionToken><Expiration>2026-11-22T05:00:00Z</Expiration></Credentials>\
                 </{operation}Result><ResponseMetadata/></{operation}Response>"
            );
            let found = answer(200, &body).unwrap();
            assert_eq!(found.access_key_id.expose(), "ASIA");
            assert_eq!(found.secret_access_key.expose(), "can&ary/+");
            assert_eq!(found.session_token.unwrap().expose(), "T==");
        }
    }

    #[test]
    fn what_is_no_answer_is_not_quoted_and_a_refusal_is() {
        let refusal = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                       <Message>User: x is not authorized</Message></Error></ErrorResponse>";
        for (status, body, expected) in [
            (
                403,
                refusal,
                "AWS refuses AssumeRole: AccessDenied, User: x is not authorized",
            ),
            (403, "canary", "sts.example does not answer as AWS does"),
            (
                200,
                "<a>canary</a>",
                "sts.example does not answer as AWS does",
            ),
            (503, refusal, "sts.example fails with status 503"),
        ] {
            assert_eq!(answer(status, body).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_form_says_what_was_meant() {
        let members = [("A", Some("a b&c=d/ü")), ("B", None), ("C", Some("~x"))];
        assert_eq!(form(&members), "A=a%20b%26c%3Dd%2F%C3%BC&C=~x");
    }
}
