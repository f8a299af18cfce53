//! The credentials that a container is given: by the agent of ECS, or by that of EKS for the identity of a pod.

use std::path::PathBuf;

use super::super::reach::Reach;
use super::{Credentials, Error, document, text};
use crate::http::local::is_local;
use crate::http::{Lookup, Method, Request};

pub(super) const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
pub(super) const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// The agent of ECS.
const AGENT: &str = "http://169.254.170.2";
const LARGEST: u64 = 1 << 16;

/// Whether this is a container that is given any.
pub(super) fn is_one(var: Lookup) -> bool {
    [RELATIVE, FULL]
        .iter()
        .any(|name| text(var, name).is_some())
}

/// Asks for them.
pub(super) async fn credentials(
    reach: &Reach,
    var: Lookup<'_>,
) -> Result<Credentials, super::super::Error> {
    let url = address(var)?;
    let token = token(var)?;
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

fn address(var: Lookup) -> Result<String, Error> {
    if let Some(path) = text(var, RELATIVE) {
        // A path and nothing that could make it another host.
        return match path.starts_with('/') {
            true => Ok(format!("{AGENT}{path}")),
            false => Ok(format!("{AGENT}/{path}")),
        };
    }
    let url = text(var, FULL).unwrap_or_default();
    match url.starts_with("https://") || is_local(&url) {
        true => Ok(url),
        false => Err(Error::ContainerAddress),
    }
}

/// The file goes first: it is renewed, and the variable is not.
fn token(var: Lookup) -> Result<Option<String>, Error> {
    let token = match text(var, TOKEN_FILE).map(PathBuf::from) {
        Some(path) => Some(
            std::fs::read_to_string(&path).map_err(|source| Error::TokenFile { path, source })?,
        ),
        None => text(var, TOKEN),
    };
    let token = token.map(|token| token.trim_end_matches(['\r', '\n']).to_owned());
    match &token {
        Some(token) if token.chars().any(char::is_control) => Err(Error::ContainerToken),
        _ => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

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
            let var = |name: &str| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            };
            assert!(is_one(&var));
            assert_eq!(address(&var).ok().as_deref(), expected, "{set:?}");
        }
        assert!(!is_one(&|_| None));
    }

    #[test]
    fn a_token_that_would_be_two_headers_is_refused() {
        let with = |token: &'static str| {
            token_of(&move |name: &str| (name == TOKEN).then(|| OsString::from(token)))
        };
        fn token_of(var: Lookup) -> Option<Option<String>> {
            token(var).ok()
        }
        assert_eq!(with("canary"), Some(Some("canary".into())));
        assert_eq!(with("canary\nx: y"), None);
        assert_eq!(with(""), Some(None));
    }
}
