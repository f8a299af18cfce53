//! The credentials that a container is given: by the agent of ECS, or by that of EKS for the identity of a pod.

use std::path::PathBuf;

use super::super::reach::Reach;
use super::{Credentials, Error, document, text, token_file};
use crate::environment::{Environment, names};
use crate::http::local::is_local;
use crate::http::{Method, Request};

pub(super) const RELATIVE: &str = names::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
pub(super) const FULL: &str = names::AWS_CONTAINER_CREDENTIALS_FULL_URI;
const TOKEN: &str = names::AWS_CONTAINER_AUTHORIZATION_TOKEN;
const TOKEN_FILE: &str = names::AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;

/// The agent of ECS.
const AGENT: &str = "http://169.254.170.2";
const LARGEST: u64 = 1 << 16;

/// Whether this is a container that is given any.
pub(super) fn is_one(environment: &Environment) -> bool {
    [RELATIVE, FULL]
        .iter()
        .any(|name| text(environment, name).is_some())
}

/// Asks for them.
pub(super) async fn credentials(
    reach: &Reach,
    environment: &Environment,
) -> Result<Credentials, super::super::Error> {
    let url = address(environment)?;
    let token = token(environment)?;
    let headers: Vec<_> = token
        .into_iter()
        .map(|token| ("authorization", token))
        .collect();
    let answer = reach.ask(Request {
        method: Method::GET,
        url: &url,
        headers: &headers,
        body: Vec::new(),
        limit: LARGEST,
    });
    let answer = answer.await?;
    if answer.status != 200 {
        return Err(Error::Container(answer.status).into());
    }
    let body = String::from_utf8(answer.body).unwrap_or_default();
    Ok(document::read(&body, "the container's service")?)
}

fn address(environment: &Environment) -> Result<String, Error> {
    if let Some(path) = text(environment, RELATIVE) {
        // A path and nothing that could make it another host.
        return match path.starts_with('/') {
            true => Ok(format!("{AGENT}{path}")),
            false => Ok(format!("{AGENT}/{path}")),
        };
    }
    let url = text(environment, FULL).unwrap_or_default();
    match url.starts_with("https://") || is_local(&url) {
        true => Ok(url),
        false => Err(Error::ContainerAddress),
    }
}

/// The file goes first: it is renewed, and the variable is not.
fn token(environment: &Environment) -> Result<Option<String>, Error> {
    let token = match text(environment, TOKEN_FILE).map(PathBuf::from) {
        Some(path) => Some(token_file(&path)?.expose().clone()),
        None => text(environment, TOKEN),
    };
    let token = token.map(|token| token.trim_end_matches(['\r', '\n']).to_owned());
    match &token {
        Some(token) if token.chars().any(char::is_control) => Err(Error::ContainerToken),
        _ => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_asked_at_addresses_of_its_own_or_over_tls() {
        type Case = (
            &'static [(&'static str, &'static str)],
            Option<&'static str>,
        );
        let cases: [Case; 7] = [
            (
                &[(RELATIVE, "/v2/credentials/x")],
                Some("http://169.254.170.2/v2/credentials/x"),
            ),
            (
                &[(RELATIVE, "@evil.example/")],
                Some("http://169.254.170.2/@evil.example/"),
            ),
            (
                &[(FULL, "http://169.254.170.23/v1/credentials")],
                Some("http://169.254.170.23/v1/credentials"),
            ),
            (
                &[(FULL, "http://localhost:8080/x")],
                Some("http://localhost:8080/x"),
            ),
            (
                &[(FULL, "https://credentials.example/x")],
                Some("https://credentials.example/x"),
            ),
            (&[(FULL, "http://credentials.example/x")], None),
            (&[(FULL, "file:///etc/passwd")], None),
        ];
        for (set, expected) in cases {
            let environment = set.iter().copied().collect();
            assert!(is_one(&environment));
            assert_eq!(address(&environment).ok().as_deref(), expected, "{set:?}");
        }
        assert!(!is_one(&Environment::default()));
    }

    #[test]
    fn a_token_that_would_be_two_headers_is_refused() {
        let with = |text| token(&Environment::from_iter([(TOKEN, text)])).ok();
        assert_eq!(with("canary"), Some(Some("canary".into())));
        assert_eq!(with("canary\nx: y"), None);
        assert_eq!(with(""), Some(None));
    }
}
