//! Takes roles: the two calls of the Security Token Service that AWS's own tools make for a profile.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::client::{Attempts, Call, Client};
use super::endpoints::Service;
use super::error::Error;
use super::identity::Credentials;
use super::plan::{Role, WebIdentity};
use super::refusal;
use super::token_file;
use crate::cloud::{Told, form};
use crate::codec;
use crate::crypto::random;
use crate::limits::Limit;

/// The only version of the service.
const VERSION: &str = "2011-06-15";

pub(super) async fn assume(client: &Client, role: &Role) -> Result<Credentials, Error> {
    let name = session_name(role.session_name.as_deref())?;
    let external_id = role.external_id.as_ref().map(|id| id.expose().as_str());
    let parameters = [
        ("RoleArn", Some(role.arn.as_str())),
        ("RoleSessionName", Some(&name)),
        ("ExternalId", external_id),
        ("DurationSeconds", role.duration.as_deref()),
    ];
    call(client, "AssumeRole", &parameters).await
}

/// The token in the file takes the place of a signature, so `client` has no credentials.
pub(super) async fn assume_with_web_identity(
    client: &Client,
    role: &WebIdentity,
) -> Result<Credentials, Error> {
    let token = token_file::read(&role.token_file)?;
    let name = session_name(role.session_name.as_deref())?;
    let parameters = [
        ("RoleArn", Some(role.role_arn.as_str())),
        ("RoleSessionName", Some(&name)),
        ("WebIdentityToken", Some(token.expose().trim())),
    ];
    call(client, "AssumeRoleWithWebIdentity", &parameters).await
}

async fn call(
    client: &Client,
    operation: &'static str,
    parameters: &[(&str, Option<&str>)],
) -> Result<Credentials, Error> {
    let form_type = "application/x-www-form-urlencoded; charset=utf-8";
    let mut given = vec![("Action", operation), ("Version", VERSION)];
    let parameters = parameters.iter();
    given.extend(parameters.filter_map(|(name, value)| Some((*name, (*value)?))));
    let call = Call {
        service: Service::Sts,
        operation,
        headers: vec![("content-type", form_type.to_owned())],
        body: form(&given).expose().clone(),
        limit: Limit::AWS_ANSWER,
        read_told,
    };
    let body = client.call(call, Attempts::One).await?;
    read_credentials(body.expose()).ok_or_else(|| client.unexpected(Service::Sts))
}

/// The name of the session in AWS's logs.
fn session_name(configured: Option<&str>) -> Result<String, Error> {
    match configured {
        Some(name) => Ok(name.to_owned()),
        None => Ok(format!("ksm-{}", codec::encode_hex(&random::bytes::<8>()?))),
    }
}

#[derive(Deserialize)]
struct AssumedRole {
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

fn read_credentials(body: &[u8]) -> Option<Credentials> {
    let keys = xml::<AssumedRole>(body)?.result.credentials;
    Some(Credentials {
        access_key_id: keys.access_key_id.into(),
        secret_access_key: keys.secret_access_key.into(),
        session_token: Some(keys.session_token.into()),
    })
}

fn read_told(_: u16, body: &[u8]) -> Option<Told> {
    let Reason { code, message } = xml::<Refused>(body)?.error;
    Some(refusal::told(&code, &message))
}

fn xml<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    quick_xml::de::from_str(str::from_utf8(body).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let found = read_credentials(body.as_bytes()).unwrap();
            assert_eq!(found.access_key_id.expose(), "ASIA");
            assert_eq!(found.secret_access_key.expose(), "can&ary/+");
            assert_eq!(found.session_token.unwrap().expose(), "T==");
        }
        for body in ["<a>canary</a>", "<Credentials>canary", "\u{ff}", ""] {
            assert!(read_credentials(body.as_bytes()).is_none(), "{body}");
        }
    }

    #[test]
    fn errors_of_the_service_are_read() {
        let error = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                     <Message>User: &lt;x&gt; isn&#39;t authorized</Message></Error></ErrorResponse>";
        let expected = refusal::told("AccessDenied", "User: <x> isn't authorized");
        assert_eq!(read_told(403, error.as_bytes()), Some(expected));
        assert_eq!(read_told(403, b"canary"), None);
    }
}
