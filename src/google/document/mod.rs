//! A file of credentials: JSON of four types.

use serde_json::Value;

use super::error::CredentialsError as Error;
use super::hosts::Endpoint;
use super::identity::{
    GoogleIdentity, Impersonation, ServiceAccount, Source, Subject, User, Workload,
};
use crate::cloud::is_encrypted_or_local;
use crate::crypto::rsa::RsaKey;
use crate::environment::{Environment, names};
use crate::sensitive::{Sensitive, SensitiveJson};

/// Who chose the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The user of this machine.
    File,
    /// Whoever may edit a record.
    Record,
}

pub(super) fn read(
    text: &Sensitive<String>,
    place: Place,
    environment: &Environment,
) -> Result<GoogleIdentity, Error> {
    let document = serde_json::from_str(text.expose()).map_err(|_| Error::Json)?;
    let document = SensitiveJson::new(document);
    let members = Members(document.expose());
    let mut identity = of_members(members, place, environment)?;
    let quota_project = environment.trimmed(names::GOOGLE_CLOUD_QUOTA_PROJECT);
    identity.quota_project = quota_project.or_else(|| members.optional("quota_project_id"));
    match &identity.quota_project {
        Some(project) if !is_header(project) => Err(Error::Header("quota_project_id")),
        _ => Ok(identity),
    }
}

fn of_members(
    members: Members<'_>,
    place: Place,
    environment: &Environment,
) -> Result<GoogleIdentity, Error> {
    match members.optional("universe_domain") {
        Some(domain) if domain != "googleapis.com" => return Err(Error::Universe(domain.into())),
        _ => {}
    }
    let kind = members.required("type")?;
    let identity = |source| GoogleIdentity {
        source,
        impersonation: None,
        quota_project: None,
        project: members.optional("project_id"),
    };
    match (kind.as_str(), place) {
        ("service_account", _) => {
            let account = service_account(members, environment)?;
            Ok(identity(Source::ServiceAccount(account)))
        }
        ("authorized_user", _) => Ok(identity(Source::User(user(members, environment)?))),
        ("external_account" | "impersonated_service_account", Place::Record) => {
            Err(Error::InRecord(kind.into()))
        }
        ("external_account", Place::File) => {
            let workload = workload(members, environment)?;
            Ok(GoogleIdentity {
                impersonation: impersonation(members, environment)?,
                ..identity(Source::Workload(workload))
            })
        }
        ("impersonated_service_account", Place::File) => {
            let source = members.member("source_credentials")?;
            // A source of a source would be read the same way, without an end.
            if source.optional("type").as_deref() == Some("impersonated_service_account") {
                return Err(Error::Type(kind.into()));
            }
            let source = of_members(source, place, environment)?;
            let impersonation = impersonation(members, environment)?;
            Ok(GoogleIdentity {
                impersonation: Some(impersonation.ok_or(Error::Missing(IMPERSONATION))?),
                ..source
            })
        }
        _ => Err(Error::Type(kind.into())),
    }
}

const IMPERSONATION: &str = "service_account_impersonation_url";

fn service_account(
    members: Members<'_>,
    environment: &Environment,
) -> Result<ServiceAccount, Error> {
    let pem: Sensitive<String> = members.required("private_key")?.into();
    Ok(ServiceAccount {
        email: members.required("client_email")?,
        key: RsaKey::from_pem(pem.expose()).map_err(|_| Error::Key)?,
        key_id: members.optional("private_key_id"),
        token_url: token_url(members, environment)?,
    })
}

fn user(members: Members<'_>, environment: &Environment) -> Result<User, Error> {
    Ok(User {
        client_id: members.required("client_id")?,
        client_secret: members.required("client_secret")?.into(),
        refresh_token: members.required("refresh_token")?.into(),
        token_url: token_url(members, environment)?,
    })
}

fn token_url(members: Members<'_>, environment: &Environment) -> Result<String, Error> {
    let written = members.optional("token_uri");
    let written = written.as_deref().unwrap_or(Endpoint::DEFAULT_TOKEN);
    Endpoint::Token.address(written, environment)
}

fn workload(members: Members<'_>, environment: &Environment) -> Result<Workload, Error> {
    let source = members.member("credential_source")?;
    for (member, called) in [
        ("environment_id", "AWS"),
        ("executable", "a program"),
        ("certificate", "a certificate"),
    ] {
        if source.0.get(member).is_some() {
            return Err(Error::Source(called));
        }
    }
    let subject = match (source.optional("file"), source.optional("url")) {
        (Some(file), _) => Subject::File(environment.absolute(file.as_ref())),
        (None, Some(url)) if is_encrypted_or_local(&url) => Subject::Url {
            url,
            headers: headers(source)?,
        },
        (None, Some(_)) => return Err(Error::Plaintext("credential_source")),
        (None, None) => return Err(Error::Missing("file or url in its credential_source")),
    };
    let format = source.0.get("format").map(Members);
    let is_json = |format: &Members<'_>| format.optional("type").as_deref() == Some("json");
    let member = match format.filter(is_json) {
        Some(format) => Some(format.required("subject_token_field_name")?),
        None => None,
    };
    let written = members.optional("token_url");
    let written = written.as_deref().unwrap_or(Endpoint::DEFAULT_EXCHANGE);
    Ok(Workload {
        audience: members.required("audience")?,
        subject_type: members.required("subject_token_type")?,
        subject,
        member,
        exchange_url: Endpoint::Exchange.address(written, environment)?,
    })
}

fn headers(source: Members<'_>) -> Result<Vec<(String, Sensitive<String>)>, Error> {
    const MEMBER: &str = "credential_source";
    let Some(headers) = source.0.get("headers").and_then(Value::as_object) else {
        return Ok(Vec::new());
    };
    let header = |(name, value): (&String, &Value)| {
        let value = value.as_str().filter(|value| is_header(value));
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        match value.filter(|_| is_name) {
            Some(value) => Ok((name.to_ascii_lowercase(), value.to_owned().into())),
            None => Err(Error::Header(MEMBER)),
        }
    };
    headers.iter().map(header).collect()
}

fn is_header(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() || c == ' ')
}

fn impersonation(
    members: Members<'_>,
    environment: &Environment,
) -> Result<Option<Impersonation>, Error> {
    let Some(written) = members.optional(IMPERSONATION) else {
        return Ok(None);
    };
    let delegates = members.0.get("delegates").and_then(Value::as_array);
    let delegates = delegates.into_iter().flatten().filter_map(Value::as_str);
    Ok(Some(Impersonation {
        url: Endpoint::Impersonation.address(&written, environment)?,
        delegates: delegates.map(str::to_owned).collect(),
    }))
}

/// An object of the document.
#[derive(Clone, Copy)]
struct Members<'d>(&'d Value);

impl<'d> Members<'d> {
    /// `None` for an empty text.
    fn optional(self, name: &str) -> Option<String> {
        let text = self.0.get(name)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn required(self, name: &'static str) -> Result<String, Error> {
        self.optional(name).ok_or(Error::Missing(name))
    }

    fn member(self, name: &'static str) -> Result<Self, Error> {
        self.0.get(name).map(Members).ok_or(Error::Missing(name))
    }
}

#[cfg(test)]
mod tests;
