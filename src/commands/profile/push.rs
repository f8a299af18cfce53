//! `ksm profile push`: a profile goes into a secret of AWS, where `profile setup` finds it.

use ksm::aws::Stored;
use ksm::profile::Store;
use ksm::profile::store::aws::Form;

use super::chosen;
use crate::cli::profile::PushArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

/// Writes the profile, unless the secret serves something else.
pub(super) async fn push(args: PushArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let secret = super::aws::target(&args.aws, ctx)?;
    ctx.check_connection_settings()?;
    let (name, store) = chosen(Some(&args.name), ctx).await?;
    let config = store.config(&name).await?;
    store.checked(&name, &config, None)?;

    let form = if args.json { Form::Json } else { Form::Base64 };
    let stored = match args.force {
        true => Some(secret.overwrite(&config, form).await?),
        false => secret.push(&config, form).await?,
    };
    let place = secret.location();
    console.note(&match stored {
        None => format!("The {place} holds profile {name} already."),
        Some(Stored::Created) => format!("Pushed profile {name} to the {place}: a new secret."),
        Some(Stored::Replaced) => {
            format!("Pushed profile {name} to the {place}: a new version of it.")
        }
    });
    Ok(())
}
