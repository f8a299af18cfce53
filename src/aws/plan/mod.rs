//! Decides where credentials come from, before anybody is asked. A choice that does not work is an error, and never
//! leads to the next possibility (S3).

use std::fmt;
use std::path::PathBuf;

use super::error::CredentialsError as Error;
use super::identity::Credentials;
use super::shared_files::{SharedFiles, SharedProfile};
use crate::environment::{Environment, names};
use crate::foreign::Text;
use crate::limits;
use crate::sensitive::Sensitive;

/// The source of the first credentials, and the roles that are taken with them one after the other.
#[derive(Debug)]
pub(super) struct CredentialPlan {
    pub(super) source: CredentialSource,
    pub(super) roles: Vec<Role>,
}

#[derive(Debug)]
pub(super) enum CredentialSource {
    Keys(Credentials),
    Instance,
    Container,
    Process(Sensitive<String>),
    WebIdentity(WebIdentity),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) arn: String,
    pub(super) session_name: Option<String>,
    pub(super) external_id: Option<Sensitive<String>>,
    pub(super) duration: Option<String>,
}

/// A role that is taken with a token of another issuer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) role_arn: String,
    pub(super) token_file: PathBuf,
    pub(super) session_name: Option<String>,
}

impl CredentialPlan {
    pub(super) fn needs_instance(&self) -> bool {
        matches!(self.source, CredentialSource::Instance)
    }
}

/// For people, without anything secret.
impl fmt::Display for CredentialPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            CredentialSource::Keys(keys) => {
                let id = keys.access_key_id.expose().chars();
                let hidden = id.clone().count().saturating_sub(4);
                let end: String = id.skip(hidden).collect();
                write!(f, "the access key ****{}", Text::from(end.as_str()))?;
            }
            CredentialSource::Instance => f.write_str("the role of this instance")?,
            CredentialSource::Container => f.write_str("the role of this container")?,
            CredentialSource::Process(_) => f.write_str("a credential_process")?,
            CredentialSource::WebIdentity(role) => {
                write!(f, "{} by web identity", Text::from(role.role_arn.as_str()))?;
            }
        }
        let mut roles = self.roles.iter();
        roles.try_for_each(|role| write!(f, ", as {}", Text::from(role.arn.as_str())))
    }
}

impl From<CredentialSource> for CredentialPlan {
    fn from(source: CredentialSource) -> Self {
        Self {
            source,
            roles: Vec::new(),
        }
    }
}

/// Where [`by_default`] looks.
pub(super) const PLACES: &str = "the variables AWS_ACCESS_KEY_ID and AWS_WEB_IDENTITY_TOKEN_FILE, AWS's shared \
                                 configuration, the variables of a container";

/// The first of the places where AWS's own tools find credentials, except the instance; and the name of the profile whose
/// other settings count.
pub(super) fn by_default(
    files: &SharedFiles,
    environment: &Environment,
) -> Result<(Option<CredentialPlan>, String), Error> {
    let named = [names::AWS_PROFILE, names::AWS_DEFAULT_PROFILE];
    let named = named.iter().find_map(|name| environment.trimmed(name));
    let profile = named.clone().unwrap_or_else(|| "default".to_owned());
    let plan = if let Some(keys) = of_variables(environment)? {
        Some(CredentialSource::Keys(keys).into())
    } else if let Some(role) = web_identity_of_variables(environment)? {
        Some(CredentialSource::WebIdentity(role).into())
    } else {
        match of_profile(files, &profile, environment) {
            Ok(plan) => Some(plan),
            // The default profile may be missing, or hold a region only.
            Err(Error::NoProfile(_) | Error::Bare(_)) if named.is_none() => {
                let of_container = [
                    names::AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
                    names::AWS_CONTAINER_CREDENTIALS_FULL_URI,
                ];
                let mut set = of_container
                    .iter()
                    .filter_map(|name| environment.trimmed(name));
                set.next().map(|_| CredentialSource::Container.into())
            }
            Err(error) => return Err(error),
        }
    };
    Ok((plan, profile))
}

const ID: &str = names::AWS_ACCESS_KEY_ID;
const SECRET: &str = names::AWS_SECRET_ACCESS_KEY;

fn of_variables(environment: &Environment) -> Result<Option<Credentials>, Error> {
    let half = |set, missing| Err(Error::HalfSet { set, missing });
    match (environment.trimmed(ID), environment.trimmed(SECRET)) {
        (Some(id), Some(secret)) => Ok(Some(Credentials {
            access_key_id: id.into(),
            secret_access_key: secret.into(),
            session_token: environment
                .trimmed(names::AWS_SESSION_TOKEN)
                .map(Sensitive::new),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => half(ID, SECRET),
        (None, Some(_)) => half(SECRET, ID),
    }
}

fn web_identity_of_variables(environment: &Environment) -> Result<Option<WebIdentity>, Error> {
    const FILE: &str = names::AWS_WEB_IDENTITY_TOKEN_FILE;
    const ROLE: &str = names::AWS_ROLE_ARN;
    match (environment.trimmed(FILE), environment.trimmed(ROLE)) {
        (Some(file), Some(role_arn)) => Ok(Some(WebIdentity {
            role_arn,
            token_file: file.into(),
            session_name: environment.trimmed(names::AWS_ROLE_SESSION_NAME),
        })),
        (Some(_), None) => Err(Error::HalfSet {
            set: FILE,
            missing: ROLE,
        }),
        // A role without a token is of no use here.
        (None, _) => Ok(None),
    }
}

/// Follows each `source_profile` to the first.
pub(super) fn of_profile(
    files: &SharedFiles,
    first: &str,
    environment: &Environment,
) -> Result<CredentialPlan, Error> {
    let mut roles = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    let mut name = first.to_owned();
    let source = loop {
        let unknown = || Error::NoProfile(name.as_str().into());
        let profile = files.profile(&name).ok_or_else(unknown)?;
        let own_source = seen.last() == Some(&name);
        if seen.contains(&name) && !own_source {
            return Err(Error::Circle(name.into()));
        }
        let role = match own_source {
            // The source of a profile may be itself: the keys beside its role.
            true => None,
            false => profile.text("role_arn"),
        };
        let token_file = profile.text("web_identity_token_file");
        match (role, token_file) {
            (Some(role_arn), Some(token_file)) => {
                break CredentialSource::WebIdentity(WebIdentity {
                    role_arn,
                    token_file: token_file.into(),
                    session_name: profile.text("role_session_name"),
                });
            }
            (Some(arn), None) => {
                roles.push(role_of(&name, arn, profile)?);
                if roles.len() > limits::AWS_ROLES {
                    return Err(Error::Roles {
                        profile: first.into(),
                    });
                }
                seen.push(name.clone());
                match profile.text("source_profile") {
                    Some(source) => name = source,
                    None => break source_of(&name, profile, environment)?,
                }
            }
            (None, _) if own_source => break keys_of(&name, profile)?,
            (None, _) => break base_of(&name, profile)?,
        }
    };
    roles.reverse();
    Ok(CredentialPlan { source, roles })
}

fn role_of(name: &str, arn: String, profile: SharedProfile) -> Result<Role, Error> {
    if profile.get("mfa_serial").is_some() {
        return Err(Error::Mfa(name.into()));
    }
    Ok(Role {
        arn,
        session_name: profile.text("role_session_name"),
        external_id: profile.get("external_id").cloned(),
        duration: profile.text("duration_seconds"),
    })
}

/// The source for a role without a `source_profile`.
fn source_of(
    name: &str,
    profile: SharedProfile,
    environment: &Environment,
) -> Result<CredentialSource, Error> {
    match profile.text("credential_source").as_deref() {
        Some("Ec2InstanceMetadata") => Ok(CredentialSource::Instance),
        Some("EcsContainer") => Ok(CredentialSource::Container),
        Some("Environment") => match of_variables(environment)? {
            Some(keys) => Ok(CredentialSource::Keys(keys)),
            None => Err(Error::Nowhere(
                "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            )),
        },
        Some(other) => Err(Error::Source {
            profile: name.into(),
            source_name: other.into(),
        }),
        None => Err(Error::Incomplete {
            profile: name.into(),
            key: "source_profile or credential_source beside its role_arn",
        }),
    }
}

fn base_of(name: &str, profile: SharedProfile) -> Result<CredentialSource, Error> {
    const SIGN_IN: [&str; 4] = [
        "sso_session",
        "sso_start_url",
        "sso_account_id",
        "login_session",
    ];
    if SIGN_IN.iter().any(|key| profile.get(key).is_some()) {
        return Err(Error::SignIn(name.into()));
    }
    match profile.get("credential_process") {
        Some(command) if profile.get("aws_access_key_id").is_none() => {
            Ok(CredentialSource::Process(command.clone()))
        }
        _ => keys_of(name, profile),
    }
}

fn keys_of(name: &str, profile: SharedProfile) -> Result<CredentialSource, Error> {
    let (id, secret) = (
        profile.get("aws_access_key_id"),
        profile.get("aws_secret_access_key"),
    );
    let lacks = |key| Error::Incomplete {
        profile: name.into(),
        key,
    };
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(CredentialSource::Keys(Credentials {
            access_key_id: id.clone(),
            secret_access_key: secret.clone(),
            session_token: profile.get("aws_session_token").cloned(),
        })),
        (Some(_), None) => Err(lacks("aws_secret_access_key")),
        (None, Some(_)) => Err(lacks("aws_access_key_id")),
        (None, None) => Err(Error::Bare(name.into())),
    }
}

#[cfg(test)]
mod tests;
