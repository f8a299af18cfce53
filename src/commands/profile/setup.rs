//! `ksm profile setup`: a profile whose keys stay in a secret of AWS. The secret is read before anything is saved.

use ksm::aws::Identity;
use ksm::environment::boolean;
use ksm::profile::store::aws::AwsSecret;
use ksm::profile::store::{self, USUAL};
use ksm::profile::{Store, bundle};

use serde_json::json;

use super::{announce_addition, chosen, move_profile, note_change, said};
use crate::cli::profile::SetupArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Saves where the keys are, once they were seen there.
pub(super) async fn setup(args: SetupArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let name = ctx.new_profile_name(args.new.profile.as_deref())?;
    if args.kind.for_new.is_some() {
        return into_another(&args, ctx, console).await;
    }
    let secret = of_aws(&args, ctx)?;
    let file = args.ini_file.as_deref();
    let store = ctx.new_store(file, Some(USUAL)).await?;
    let mut edit = store.edit().await?;
    announce_addition(&*edit, &name, None, &args.new, ctx).await?;
    edit.check_writable(&name).await?;

    ctx.check_connection_settings()?;
    let text = secret.text().await?;
    let profile = bundle::read_one(text.expose())
        .map_err(|error| Failure::new(Code::Local, error))
        .and_then(|config| Ok(config.open(None)?));
    let profile = profile.map_err(|failure| {
        failure
            .while_doing(format!("{} holds no profile", secret.location()))
            .hint("`ksm profile push NAME --secret SECRET` writes one into it")
    })?;
    if let Some(note) = &profile.note {
        console.warn(&note.to_string());
    }

    edit.refer(&name, &secret)?;
    edit.save().await?;
    note_change(&*store, console);
    let place = store.location_in_full();
    let answer =
        || json!({ "profile": name.as_str(), "location": place, "keys": secret.location() });
    let done = format!("Added profile {name} to {place}");
    said(&done, args.json.then(answer), console)
}

/// Does the same as `profile move` for a store of whole profiles, with the profile in use if none is named.
async fn into_another(args: &SetupArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    if args.ini_file.is_some() {
        return Err(store::Error::FileAndKeyring.into());
    }
    let (name, _) = chosen(args.new.profile.as_deref(), ctx).await?;
    move_profile::between(name.as_str(), args.kind, None, args.json, ctx, console).await
}

fn of_aws(args: &SetupArgs, ctx: &Context) -> Result<AwsSecret> {
    let secret = super::aws::named(&args.aws, args.credentials, ctx)?;
    if matches!(secret.identity, Identity::Keys { .. }) && !args.store_keys {
        return Err(Failure::usage(
            "With --credentials=keys the AWS keys are kept in keeper.ini, which takes the option --store-keys",
        )
        .hint("`aws configure --profile NAME` keeps them with AWS's own; then use --credentials profile -n NAME"));
    }
    let falls_back = args.fallback.as_deref().map_or(Some(false), boolean);
    let falls_back =
        falls_back.ok_or_else(|| Failure::usage("--fallback is either true or false"))?;
    Ok(AwsSecret {
        falls_back,
        ..secret
    })
}
