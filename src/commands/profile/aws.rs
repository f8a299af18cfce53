//! The options about an AWS secret, checked together (compatibility 5.2).

use std::str::FromStr;

use ksm::aws::{Credentials, Identity, Region, SecretId};
use ksm::profile::store::aws::AwsSecret;
use ksm::sensitive::Sensitive;

use crate::cli::aws::{AwsArgs, AwsWriteArgs, CredentialsKind};
use crate::commands::context::Context;
use crate::commands::input;
use crate::failure::{Failure, Result};

/// The secret that is to be read, with none but the credentials named.
pub(super) fn named(args: &AwsArgs, kind: CredentialsKind, ctx: &Context) -> Result<AwsSecret> {
    let secret = SecretId::from_str(&args.secret).map_err(Failure::usage)?;
    let keys = (&args.aws_access_key_id, &args.aws_secret_access_key);
    let some_of_keys = keys.0.is_some() || keys.1.is_some() || args.region.is_some();
    let profile = filled(args.credentials_profile.as_deref());
    if let (Some(name), true) = (profile, kind != CredentialsKind::Profile) {
        return Err(Failure::usage(format!(
            "With --credentials-profile={name} must specify option --credentials=profile"
        )));
    }
    let identity = match kind {
        CredentialsKind::Instance if some_of_keys => {
            return Err(Failure::usage(
                "Unexpected options for --credentials=ec2instance which doesn't require additional parameters. Please \
                 do not pass other settings (profile/key/region)",
            ));
        }
        CredentialsKind::Instance => Identity::Instance,
        CredentialsKind::Profile if some_of_keys => {
            return Err(Failure::usage(
                "Unexpected options for --credentials=profile which accepts only one optional parameter \
                 --credentials-profile=NAME Please do not pass any keys (key/region)",
            )
            .hint("AWS_REGION names a region for this run"));
        }
        CredentialsKind::Profile => Identity::Profile(profile.map(str::to_owned)),
        CredentialsKind::Keys => {
            let (Some(id), Some(secret), Some(region)) =
                (keys.0, keys.1, filled(args.region.as_deref()))
            else {
                return Err(Failure::usage(
                    "Missing options for --credentials=keys which requires both keys and region to be set with \
                     --aws-access-key-id, --aws-secret-access-key, --region",
                ));
            };
            Identity::Keys {
                region: Region::from_str(region).map_err(Failure::usage)?,
                credentials: Credentials {
                    access_key_id: key("--aws-access-key-id", id.clone())?,
                    secret_access_key: match secret.expose().as_str() {
                        "-" if input::can_ask() => key(
                            "the key that was typed",
                            input::unseen("Secret of the AWS access key", "key")?,
                        )?,
                        "-" => key("the key on stdin", input::stdin()?)?,
                        _ => key("--aws-secret-access-key", secret.clone())?,
                    },
                    session_token: None,
                },
            }
        }
    };
    Ok(AwsSecret {
        secret,
        identity,
        falls_back: false,
        kms_key: None,
        context: ctx.store_context(),
    })
}

/// The secret that is to be written.
pub(super) fn target(args: &AwsWriteArgs, ctx: &Context) -> Result<AwsSecret> {
    let secret = named(&args.secret, args.credentials, ctx)?;
    let kms_key = args.kms_key_id.clone();
    match kms_key.as_ref().is_some_and(|key| key.trim().is_empty()) {
        true => Err(Failure::usage("--kms-key-id is empty")),
        false => Ok(AwsSecret { kms_key, ..secret }),
    }
}

/// A key as it is meant; what cannot be a part of a header, or of a line of `keeper.ini`, is none.
fn key(what: &str, given: Sensitive<String>) -> Result<Sensitive<String>> {
    let key = given.expose().trim();
    match !key.is_empty() && key.chars().all(|c| c.is_ascii_graphic()) {
        true => Ok(Sensitive::new(key.to_owned())),
        false => Err(Failure::usage(format!("{what} is no AWS key"))),
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
