//! Access tokens of an identity.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::assertion::{self, SCOPE};
use super::error::{Error, OwnError};
use super::identity::{
    GoogleIdentity, Impersonation, ServiceAccount, Source, Subject, User, Workload,
};
use crate::clock;
use crate::cloud::{
    AccessToken, Call, Cloud, Error as CallError, Operation, Transport, read_oauth_refusal,
};
use crate::http::{Method, host_of};
use crate::input::{self, Limit};
use crate::json;
use crate::sensitive::Sensitive;

pub(super) async fn of(
    identity: &GoogleIdentity,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    let token = match &identity.source {
        Source::ServiceAccount(account) => of_service_account(account, transport).await?,
        Source::User(user) => of_user(user, transport).await?,
        Source::Workload(workload) => of_workload(workload, transport).await?,
        Source::Machine(server) => {
            server.knock(transport).await?;
            let body = server.token(transport).await?;
            AccessToken::of_answer(&body, Cloud::Google, "the metadata server")?
        }
    };
    match &identity.impersonation {
        Some(impersonation) => impersonate(&token, impersonation, transport).await,
        None => Ok(token),
    }
}

async fn of_service_account(
    account: &ServiceAccount,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    let now = clock::now().map_err(CallError::from)?;
    let assertion = assertion::sign(account, now.unix_timestamp())?;
    let parameters = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion.expose()),
    ];
    ask(&account.token_url, &parameters, transport).await
}

async fn of_user(user: &User, transport: &Transport) -> Result<AccessToken, Error> {
    let parameters = [
        ("grant_type", "refresh_token"),
        ("client_id", &user.client_id),
        ("client_secret", user.client_secret.expose()),
        ("refresh_token", user.refresh_token.expose()),
    ];
    ask(&user.token_url, &parameters, transport).await
}

async fn of_workload(workload: &Workload, transport: &Transport) -> Result<AccessToken, Error> {
    let subject = subject(workload, transport).await?;
    let parameters = [
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        ("audience", workload.audience.as_str()),
        ("scope", SCOPE),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("subject_token", subject.expose()),
        ("subject_token_type", &workload.subject_type),
    ];
    ask(&workload.exchange_url, &parameters, transport).await
}

async fn ask(
    url: &str,
    parameters: &[(&str, &str)],
    transport: &Transport,
) -> Result<AccessToken, Error> {
    Ok(AccessToken::ask(Cloud::Google, url, parameters, transport).await?)
}

/// The token of the other issuer. It is read anew for each request, since somebody renews it.
async fn subject(workload: &Workload, transport: &Transport) -> Result<Sensitive<String>, Error> {
    let (text, place) = match &workload.subject {
        Subject::File(path) => {
            let text = input::file(path, Limit::CLOUD_CREDENTIALS).and_then(input::text);
            let text = text.map_err(|source| OwnError::SubjectFile {
                path: path.clone(),
                source,
            })?;
            (text, path.display().to_string())
        }
        Subject::Url { url, headers } => {
            let headers = headers.iter();
            let headers: Vec<_> = headers
                .map(|(name, value)| (name.as_str(), value.expose().clone()))
                .collect();
            let call = Call {
                cloud: Cloud::Google,
                operation: Operation::new("to take the token of another issuer"),
                method: Method::GET,
                url,
                headers: &headers,
                body: Sensitive::default(),
                limit: Limit::CLOUD_ANSWER,
                read_told: read_oauth_refusal,
            };
            let body = transport.ask(&call).await?;
            let place = host_of(url);
            let text = input::text(body).map_err(|_| OwnError::Subject(place.clone()))?;
            (text, place)
        }
    };
    let token = match &workload.member {
        Some(member) => {
            let document: serde_json::Value = serde_json::from_str(text.expose())
                .map_err(|_| OwnError::Subject(place.clone()))?;
            let token = document.get(member).and_then(serde_json::Value::as_str);
            token.map(|token| token.to_owned().into())
        }
        None => Some(text.expose().trim().to_owned().into()),
    };
    token
        .filter(|token: &Sensitive<String>| !token.expose().is_empty())
        .ok_or(OwnError::Subject(place).into())
}

/// The service asks for seconds, and the call takes some of them.
const LIFETIME: &str = "3600s";
const LASTS: Duration = Duration::from_secs(3500);

async fn impersonate(
    token: &AccessToken,
    impersonation: &Impersonation,
    transport: &Transport,
) -> Result<AccessToken, Error> {
    #[derive(Serialize)]
    struct Wish<'a> {
        delegates: &'a [String],
        scope: [&'static str; 1],
        lifetime: &'static str,
    }
    #[derive(Deserialize)]
    struct Granted {
        #[serde(rename = "accessToken")]
        access_token: String,
    }
    let Impersonation { url, delegates } = impersonation;
    let wish = Wish {
        delegates,
        scope: [SCOPE],
        lifetime: LIFETIME,
    };
    let unexpected = || CallError::Unexpected {
        cloud: Cloud::Google,
        host: host_of(url),
    };
    let body = serde_json::to_vec(&wish).map_err(|_| unexpected())?;
    let call = Call {
        cloud: Cloud::Google,
        operation: Operation::new("to give a token of the service account"),
        method: Method::POST,
        url,
        headers: &[
            ("authorization", token.header()),
            ("content-type", "application/json".to_owned()),
        ],
        body: body.into(),
        limit: Limit::CLOUD_ANSWER,
        read_told: read_oauth_refusal,
    };
    let body = transport.ask(&call).await?;
    let granted: Option<Granted> = json::object(body.expose()).ok();
    let token =
        granted.and_then(|granted| AccessToken::lasting(granted.access_token.into(), LASTS));
    Ok(token.ok_or_else(unexpected)?)
}
