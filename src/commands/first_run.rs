//! The start with `KSM_TOKEN` (B2, D12): where there is no profile, one is made and used in the same run.

use ksm::environment::names;
use ksm::profile::redeem::{self, Outcome, Redemption};
use ksm::profile::{Discovery, Profile, ProfileName, store};

use super::context::{self, Context};
use crate::console::Level;
use crate::failure::{Failure, Result};

const RESTARTED: &str = "a token makes one device, once; where a container starts again, KSM_INI_DIR on a volume keeps its \
                         profile, or KSM_CONFIG gives one";

const EPHEMERAL: &str = "a token makes one device, once, so `--ephemeral` and KSM_EPHEMERAL need another for each run; KSM_INI_DIR \
                         on a volume keeps a profile instead, or KSM_CONFIG gives one";

/// The configuration that has profile `wanted`, if one does. Where there is no profile, KSM_TOKEN makes one first.
pub(super) async fn discover_or_make(
    wanted: Option<&ProfileName>,
    ctx: &Context,
) -> Result<Discovery> {
    let discovery = ctx.discover_and_warn(wanted).await?;
    let found = discovery.store.as_ref();
    let has_profiles = found.is_some_and(|store| !store.names().is_empty());
    let has_token = ctx.environment.text(names::KSM_TOKEN).is_some();
    if has_profiles || !has_token || ctx.globals.offline || is_ephemeral(ctx)? {
        return Ok(discovery);
    }
    from_environment(ctx, discovery).await?;
    let context = ctx.store_context();
    let made = Discovery::before_keyring(ctx.ini_file(), &context)?;
    Ok(made.with_keyring(wanted, &context).await?)
}

/// For `profile check`, which spends no token.
pub(super) fn remark_on_token(ctx: &Context) -> Option<String> {
    let token = ctx.environment.text(names::KSM_TOKEN)?;
    Some(match Redemption::new(&token, None, None, ProfileName::default()) {
        Ok(_) => "KSM_TOKEN has a one-time token; the next command that needs a profile makes one of it".to_owned(),
        Err(error) => format!("KSM_TOKEN does not serve: {}", Failure::from(error).reason()),
    })
}

/// Whether the device is to be kept in memory. A word that is neither yes nor no would store it.
pub(super) fn is_ephemeral(ctx: &Context) -> Result<bool> {
    let variable = ctx.environment.boolean(names::KSM_EPHEMERAL)?;
    Ok(ctx.globals.ephemeral || variable == Some(true))
}

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
    let connection = ctx.connection()?;
    if is_ephemeral(ctx)? {
        let redeemed = redemption.in_memory(connection).await;
        let mut redeemed = redeemed.map_err(|error| refused(error, EPHEMERAL))?;
        redeemed.confirm().await;
        return Ok(redeemed.profile);
    }
    let edit = match found {
        Some(store) if store.limits().read_only => return Err(no_profile()),
        Some(store) => store.edit().await?,
        None => {
            let edit = redemption.first_writable(&ctx.store_context()).await?;
            ctx.warn_of_new_file(edit.store());
            edit
        }
    };
    // The token is for where there is no profile, and while we waited for the lock somebody may have made one.
    let is_known = redemption.has_made_one_in(edit.store()).await;
    if !edit.store().names().is_empty() && !is_known {
        return ctx.open(edit.store()).await;
    }
    let location = edit.store().location_in_full();
    let redeemed = redemption.redeem_into(edit, connection).await;
    match redeemed.map_err(|error| refused(error, RESTARTED))? {
        Outcome::Bound(profile) => {
            ctx.messages
                .note(&format!("Added profile {name} to {location}"));
            Ok(profile)
        }
        Outcome::Known(_, profile) => Ok(profile),
    }
}

fn refused(error: redeem::Error, hint: &'static str) -> Failure {
    match error.is_refused() {
        true => Failure::from(error).hint(hint),
        false => error.into(),
    }
}
