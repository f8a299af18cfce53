//! `ksm profile push`: a profile goes into a secret of AWS, where `profile setup` finds it.

use ksm::aws::Stored;
use ksm::codec;
use ksm::profile::{Config, Member, bundle};
use ksm::sensitive::Sensitive;
use ksm::storage::aws::{self, Error, Reference};

use super::named;
use crate::cli::profile::PushArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Writes the profile, unless the secret serves something else.
pub(super) async fn push(
    args: PushArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (reference, kms_key) = super::aws::target(&args.aws)?;
    ctx.check_connection_settings()?;
    let around = ctx.around();
    let ambient = around.ambient();
    let (name, store) = named(&args.name, ctx).await?;
    let config = store.config(&name, &ambient).await?;
    config
        .open(None)
        .map_err(|source| store.unusable(&name, source))?;

    let json = bundle::to_json(&config);
    if !args.force && holds(&reference, &json, ctx).await? && kms_key.is_none() {
        console.note(&format!("The {reference} holds profile {name} already."));
        return Ok(());
    }
    let text = match args.json {
        true => json,
        false => encoded(&json),
    };
    let what = match aws::store(&reference, &text, kms_key, &ambient).await? {
        Stored::Created => "a new secret",
        Stored::Replaced => "a new version of it",
    };
    console.note(&format!(
        "Pushed profile {name} to the {reference}: {what}."
    ));
    Ok(())
}

/// Writes a configuration, unless the secret serves something else, and reads it back.
pub(super) async fn deposit(
    reference: &Reference,
    config: &Config,
    kms_key: Option<&str>,
    ctx: &Context,
) -> Result<(), Failure> {
    let around = ctx.around();
    let ambient = around.ambient();
    let json = bundle::to_json(config);
    if !holds(reference, &json, ctx).await? || kms_key.is_some() {
        aws::store(reference, &encoded(&json), kms_key, &ambient).await?;
    }
    let text = aws::load(reference, &ambient).await?;
    if bundle::read_one(text.expose()).ok() == Some(bundle::read_one(json.expose())?) {
        return Ok(());
    }
    Err(Failure::new(
        Code::Local,
        format!("the {reference} does not give the profile back as it was stored"),
    ))
}

/// In the alphabet that all SDKs of the vendor take.
fn encoded(json: &Sensitive<String>) -> Sensitive<String> {
    Sensitive::new(codec::encode(json.expose().as_bytes()))
}

/// Whether the secret holds this profile already. It is looked into before it is written, since a secret that serves
/// something else would be gone for whoever uses it.
async fn holds(
    reference: &Reference,
    json: &Sensitive<String>,
    ctx: &Context,
) -> Result<bool, Failure> {
    let text = match aws::load(reference, &ctx.around().ambient()).await {
        Ok(text) => text,
        Err(Error::Read { source, .. }) if source.is_not_found() => return Ok(false),
        Err(Error::Empty(_)) => return Ok(false),
        Err(error) => {
            return Err(Failure::from(error)
                .while_doing("the secret cannot be looked into before it is written"));
        }
    };
    let config = bundle::read_one(json.expose())?;
    match bundle::read_one(text.expose()) {
        Ok(present) if present.get(Member::ClientId).is_some() => Ok(present == config),
        Ok(_) | Err(_) => Err(Failure::new(
            Code::Local,
            format!("the {reference} holds something that is no profile, and is left as it is"),
        )
        .hint("name another secret, or say --force if nobody needs what it holds")),
    }
}
