//! Credentials of a container: from the agent of ECS, or from that of EKS for the identity of a pod.

use std::path::PathBuf;

use super::document;
use crate::aws::error::{CredentialsError, Error};
use crate::aws::identity::Credentials;
use crate::aws::token_file;
use crate::cloud::{Deadline, Transport};
use crate::environment::{Environment, names};
use crate::http::local::is_local;
use crate::http::{Method, Request};
use crate::limits::Limit;

const RELATIVE: &str = names::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
const FULL: &str = names::AWS_CONTAINER_CREDENTIALS_FULL_URI;
const TOKEN: &str = names::AWS_CONTAINER_AUTHORIZATION_TOKEN;
const TOKEN_FILE: &str = names::AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;

const ECS_AGENT: &str = "http://169.254.170.2";

pub(super) async fn credentials(
    transport: &Transport,
    environment: &Environment,
) -> Result<Credentials, Error> {
    let url = address(environment)?;
    let token = token(environment)?;
    let headers: Vec<_> = token
        .into_iter()
        .map(|token| ("authorization", token))
        .collect();
    let request = Request {
        method: Method::GET,
        url: &url,
        headers: &headers,
        body: Vec::new(),
        limit: Limit::AWS_ANSWER.bytes(),
    };
    let answer = transport.answer(request, Deadline::of_call()).await?;
    if answer.status != 200 {
        return Err(CredentialsError::Container(answer.status).into());
    }
    let body = String::from_utf8(answer.body.into_vec()).unwrap_or_default();
    Ok(document::read(&body, "the container's service")?)
}

fn address(environment: &Environment) -> Result<String, CredentialsError> {
    if let Some(path) = environment.trimmed(RELATIVE) {
        // The value is a path, and never leads to another host.
        return match path.starts_with('/') {
            true => Ok(format!("{ECS_AGENT}{path}")),
            false => Ok(format!("{ECS_AGENT}/{path}")),
        };
    }
    let url = environment.trimmed(FULL).unwrap_or_default();
    match url.starts_with("https://") || is_local(&url) {
        true => Ok(url),
        false => Err(CredentialsError::ContainerAddress),
    }
}

/// The file comes first: it is renewed, and the variable is not.
fn token(environment: &Environment) -> Result<Option<String>, CredentialsError> {
    let token = match environment.trimmed(TOKEN_FILE).map(PathBuf::from) {
        Some(path) => Some(token_file::read(&path)?.expose().clone()),
        None => environment.trimmed(TOKEN),
    };
    let token = token.map(|token| token.trim_end_matches(['\r', '\n']).to_owned());
    match &token {
        Some(token) if token.chars().any(char::is_control) => Err(CredentialsError::ContainerToken),
        _ => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::{cases, settings};

    #[test]
    fn containers_are_asked_locally_or_over_tls() {
        let table = "
            RELATIVE_URI=/v2/credentials/x => http://169.254.170.2/v2/credentials/x
            RELATIVE_URI=@evil.example/ => http://169.254.170.2/@evil.example/
            FULL_URI=http://169.254.170.23/v1/credentials => http://169.254.170.23/v1/credentials
            FULL_URI=http://localhost:8080/x => http://localhost:8080/x
            FULL_URI=https://credentials.example/x => https://credentials.example/x
            FULL_URI=http://credentials.example/x => refused
            FULL_URI=file:///etc/passwd => refused
        ";
        for (set, expected) in cases(table) {
            let set = format!("AWS_CONTAINER_CREDENTIALS_{set}");
            let found = address(&settings(&set).collect());
            assert_eq!(found.as_deref().unwrap_or("refused"), expected, "{set}");
        }
    }

    #[test]
    fn a_token_that_would_be_two_headers_is_refused() {
        let with = |text| token(&Environment::from_iter([(TOKEN, text)])).ok();
        assert_eq!(with("canary"), Some(Some("canary".into())));
        assert_eq!(with("canary\nx: y"), None);
        assert_eq!(with(""), Some(None));
    }
}
