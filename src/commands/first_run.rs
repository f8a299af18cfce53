//! The start with `KSM_TOKEN` (B2, D12): where there is no profile, one is made and used in the same run.

use ksm::environment::names;
use ksm::profile::redeem::{Outcome, Redemption};
use ksm::profile::{Discovery, Profile, store};

use super::context::{self, Context};
use super::profile::warn_of_new_file;
use crate::console::Level;
use crate::failure::Result;

pub(crate) async fn from_environment(ctx: &Context, discovery: Discovery) -> Result<Profile> {
    let found = &discovery.store;
    let no_profile = || match found {
        Some(store) => store::Error::Empty(store.location()).into(),
        None => context::no_configuration(&discovery),
    };
    let Some(token) = ctx.environment.text(names::KSM_TOKEN) else {
        return Err(no_profile());
    };
    let name = ctx.new_profile_name(None)?;
    let redemption = Redemption::new(&token, None, ctx.host()?, name)?;
    let name = &redemption.name;
    let text = format!("configuration from KSM_TOKEN, profile {name}");
    ctx.messages.log(Level::Info, &text);
    if let Some(note) = redemption.note() {
        ctx.messages.warn(&note.to_string());
    }
    let (http, options) = (ctx.http()?, ctx.options()?);
    if ctx.globals.ephemeral || ctx.environment.flag(names::KSM_EPHEMERAL) {
        let mut redeemed = redemption.in_memory(http, &options).await?;
        redeemed.confirm().await;
        return Ok(redeemed.profile);
    }
    let edit = match found {
        Some(store) if store.limits().read_only => return Err(no_profile()),
        Some(store) => store.edit().await?,
        None => {
            let edit = redemption.first_writable(&ctx.store_context()).await?;
            warn_of_new_file(edit.store(), ctx);
            edit
        }
    };
    // The token is for where there is no profile, and while we waited for the lock somebody may have made one.
    let is_known = edit
        .store()
        .of_device(&redemption.client_id)
        .await
        .is_some();
    if !edit.store().names().is_empty() && !is_known {
        return ctx.open(edit.store()).await;
    }
    let location = edit.store().location_in_full();
    match redemption.redeem_into(edit, http, &options).await? {
        Outcome::Bound(profile) => {
            ctx.messages
                .note(&format!("Added profile {name} to {location}"));
            Ok(profile)
        }
        Outcome::Known(_, profile) => Ok(profile),
    }
}
