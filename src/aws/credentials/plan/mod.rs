//! Where credentials are to come from, decided before anybody is asked. What is chosen and does not work is an error;
//! the next possibility is for what was not chosen at all (security.md S3).

use std::path::PathBuf;

use super::super::shared_files::{Profile, SharedFiles};
use super::{Credentials, Error, container, text};
use crate::environment::{Environment, names};
use crate::sensitive::Sensitive;

/// A first identity, and the roles that it takes one after the other.
#[derive(Debug)]
pub(in super::super) struct Plan {
    pub(super) base: Base,
    pub(super) roles: Vec<Role>,
}

/// Where the first identity comes from.
#[derive(Debug)]
pub(super) enum Base {
    Keys(Credentials),
    Instance,
    Container,
    Process(Sensitive<String>),
    WebIdentity(WebIdentity),
}

/// A role to be taken by somebody.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct Role {
    pub(in super::super) arn: String,
    pub(in super::super) session_name: Option<String>,
    pub(in super::super) external_id: Option<Sensitive<String>>,
    pub(in super::super) duration: Option<String>,
}

/// A role to be taken with a token that somebody else issued.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct WebIdentity {
    pub(in super::super) role_arn: String,
    pub(in super::super) token_file: PathBuf,
    pub(in super::super) session_name: Option<String>,
}

impl Plan {
    /// The role of the instance, and nothing else.
    pub(in super::super) fn instance() -> Self {
        Base::Instance.into()
    }

    /// Whether the instance is asked.
    pub(in super::super) fn needs_instance(&self) -> bool {
        matches!(self.base, Base::Instance)
    }
}

impl From<Base> for Plan {
    fn from(base: Base) -> Self {
        Self {
            base,
            roles: Vec::new(),
        }
    }
}

const PLACES: &str = "the variables AWS_ACCESS_KEY_ID and AWS_WEB_IDENTITY_TOKEN_FILE, AWS's shared configuration, the \
                      variables of a container";

/// What AWS's own tools use by themselves, but for the instance, which is asked only if it was chosen. Also the name of
/// the profile whose other settings count.
pub(in super::super) fn by_default(
    files: &SharedFiles,
    environment: &Environment,
) -> Result<(Plan, String), Error> {
    let (plan, profile) = chain(files, environment)?;
    Ok((plan.ok_or(Error::Nowhere(PLACES))?, profile))
}

/// The same with the instance as the last place.
pub(in super::super) fn by_default_or_instance(
    files: &SharedFiles,
    environment: &Environment,
) -> Result<(Plan, String), Error> {
    let (plan, profile) = chain(files, environment)?;
    Ok((plan.unwrap_or_else(Plan::instance), profile))
}

fn chain(files: &SharedFiles, environment: &Environment) -> Result<(Option<Plan>, String), Error> {
    let named = [names::AWS_PROFILE, names::AWS_DEFAULT_PROFILE];
    let named = named.iter().find_map(|name| text(environment, name));
    let profile = named.clone().unwrap_or_else(|| "default".to_owned());
    let plan = if let Some(keys) = of_variables(environment)? {
        Some(Base::Keys(keys).into())
    } else if let Some(role) = web_identity_of_variables(environment)? {
        Some(Base::WebIdentity(role).into())
    } else {
        match of_profile(files, &profile, environment) {
            Ok(plan) => Some(plan),
            // The one that nobody named may be missing, or hold a region only.
            Err(Error::NoProfile(_) | Error::Bare(_)) if named.is_none() => {
                container::is_one(environment).then(|| Base::Container.into())
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
    match (text(environment, ID), text(environment, SECRET)) {
        (Some(id), Some(secret)) => Ok(Some(Credentials {
            access_key_id: id.into(),
            secret_access_key: secret.into(),
            session_token: text(environment, names::AWS_SESSION_TOKEN).map(Sensitive::new),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => half(ID, SECRET),
        (None, Some(_)) => half(SECRET, ID),
    }
}

fn web_identity_of_variables(environment: &Environment) -> Result<Option<WebIdentity>, Error> {
    const FILE: &str = names::AWS_WEB_IDENTITY_TOKEN_FILE;
    const ROLE: &str = names::AWS_ROLE_ARN;
    match (text(environment, FILE), text(environment, ROLE)) {
        (Some(file), Some(role_arn)) => Ok(Some(WebIdentity {
            role_arn,
            token_file: file.into(),
            session_name: text(environment, names::AWS_ROLE_SESSION_NAME),
        })),
        (Some(_), None) => Err(Error::HalfSet {
            set: FILE,
            missing: ROLE,
        }),
        // A role alone is for whoever has a token.
        (None, _) => Ok(None),
    }
}

/// What a profile says, its `source_profile`s followed to the first.
pub(in super::super) fn of_profile(
    files: &SharedFiles,
    name: &str,
    environment: &Environment,
) -> Result<Plan, Error> {
    let mut roles = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    let mut name = name.to_owned();
    let base = loop {
        let unknown = || Error::NoProfile(name.clone());
        let profile = files.profile(&name).ok_or_else(unknown)?;
        let own_source = seen.last() == Some(&name);
        if seen.contains(&name) && !own_source {
            return Err(Error::Circle(name));
        }
        let role = match own_source {
            // A profile may be its own source: the keys beside its role.
            true => None,
            false => text_of(profile, "role_arn"),
        };
        let token_file = text_of(profile, "web_identity_token_file");
        match (role, token_file) {
            (Some(role_arn), Some(token_file)) => {
                break Base::WebIdentity(WebIdentity {
                    role_arn,
                    token_file: token_file.into(),
                    session_name: text_of(profile, "role_session_name"),
                });
            }
            (Some(arn), None) => {
                roles.push(role_of(&name, arn, profile)?);
                seen.push(name.clone());
                match text_of(profile, "source_profile") {
                    Some(source) => name = source,
                    None => break source_of(&name, profile, environment)?,
                }
            }
            (None, _) if own_source => break keys_of(&name, profile)?,
            (None, _) => break base_of(&name, profile)?,
        }
    };
    roles.reverse();
    Ok(Plan { base, roles })
}

fn role_of(name: &str, arn: String, profile: Profile) -> Result<Role, Error> {
    if profile.get("mfa_serial").is_some() {
        return Err(Error::Mfa(name.to_owned()));
    }
    Ok(Role {
        arn,
        session_name: text_of(profile, "role_session_name"),
        external_id: profile.get("external_id").cloned(),
        duration: text_of(profile, "duration_seconds"),
    })
}

/// Who takes a role that no other profile takes.
fn source_of(name: &str, profile: Profile, environment: &Environment) -> Result<Base, Error> {
    match text_of(profile, "credential_source").as_deref() {
        Some("Ec2InstanceMetadata") => Ok(Base::Instance),
        Some("EcsContainer") => Ok(Base::Container),
        Some("Environment") => match of_variables(environment)? {
            Some(keys) => Ok(Base::Keys(keys)),
            None => Err(Error::Nowhere(
                "the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            )),
        },
        Some(other) => Err(Error::Source {
            profile: name.to_owned(),
            source_name: other.to_owned(),
        }),
        None => Err(Error::Incomplete {
            profile: name.to_owned(),
            key: "source_profile or credential_source beside its role_arn",
        }),
    }
}

fn base_of(name: &str, profile: Profile) -> Result<Base, Error> {
    const SIGN_IN: [&str; 4] = [
        "sso_session",
        "sso_start_url",
        "sso_account_id",
        "login_session",
    ];
    if SIGN_IN.iter().any(|key| profile.get(key).is_some()) {
        return Err(Error::SignIn(name.to_owned()));
    }
    match (
        profile.get("aws_access_key_id"),
        profile.get("credential_process"),
    ) {
        (None, Some(command)) => Ok(Base::Process(command.clone())),
        _ => keys_of(name, profile),
    }
}

fn keys_of(name: &str, profile: Profile) -> Result<Base, Error> {
    let (id, secret) = (
        profile.get("aws_access_key_id"),
        profile.get("aws_secret_access_key"),
    );
    let lacks = |key| Error::Incomplete {
        profile: name.to_owned(),
        key,
    };
    match (id, secret) {
        (Some(id), Some(secret)) => Ok(Base::Keys(Credentials {
            access_key_id: id.clone(),
            secret_access_key: secret.clone(),
            session_token: profile.get("aws_session_token").cloned(),
        })),
        (Some(_), None) => Err(lacks("aws_secret_access_key")),
        (None, Some(_)) => Err(lacks("aws_access_key_id")),
        (None, None) => Err(Error::Bare(name.to_owned())),
    }
}

fn text_of(profile: Profile, key: &str) -> Option<String> {
    profile.get(key).map(|value| value.expose().clone())
}

#[cfg(test)]
mod tests;
