//! `ksm profile init`: a one-time token becomes a profile.

use ksm::environment::names;
use ksm::profile::redeem::{Outcome, Redemption};
use ksm::profile::{Store, discover, search};
use ksm::wire::endpoint::HostName;

use super::{announce_addition, note_change};
use crate::cli::profile::InitArgs;
use crate::commands::context::Context;
use crate::commands::token;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Redeems the token and saves the profile. All that the command line says is checked before.
pub(super) async fn init(args: InitArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let name = ctx.new_profile_name(args.new.profile.as_deref())?;
    let host = args.hostname.as_deref().map(HostName::parse).transpose()?;
    let token = token::given(&args.token, ctx)?;
    let redemption = Redemption::new(token.expose(), host, ctx.host()?, name)?;
    let name = &redemption.name;
    if let Some(note) = redemption.note() {
        console.warn(&note);
    }
    if args.ini_file.is_some() && ctx.ini_file().is_some() {
        console.note(
            "NOTE: The INI file config was set on the top level command and also set on the init sub-command. The top \
             level command parameter will be ignored for the init sub-command.",
        );
    }
    let file = args.ini_file.as_deref().or(ctx.ini_file());
    let store = discover::for_new(file, args.place.storage, &ctx.store_context()).await?;
    let (http, options) = (ctx.http()?, ctx.options()?);
    let found_before = search::find(&ctx.environment);
    let edit = store.edit().await?;
    if edit.of_device(&redemption.client_id).await.is_none() {
        announce_addition(&*edit, name, None, &args.new, ctx).await?;
    }
    if let Outcome::Known(name, _) = redemption.redeem_into(edit, http, &options).await? {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "the one-time token was already redeemed: it made the profile {name} in {}",
                store.location()
            ),
        )
        .hint(format!(
            "`ksm -p {name} …` uses it; another profile needs another token"
        )));
    }
    note_change(&*store, console);
    console.note(&format!(
        "Added profile {name} to {}",
        store.location_in_full()
    ));
    warn_of_others(&*store, found_before, ctx);
    Ok(())
}

/// Says what else there is: the new profile may not be the one in use, or may be in use unexpectedly.
fn warn_of_others(store: &dyn Store, found_before: Option<search::Place>, ctx: &Context) {
    let variables = [names::KSM_CONFIG, names::KSM_CONFIG_BASE64_1];
    let set = |name: &&str| ctx.environment.get(name).is_some();
    if let Some(variable) = variables.into_iter().find(set) {
        ctx.messages
            .warn(&format!("{variable} is set, and goes before every file"));
    }
    if let Some(file) = discover::file_hiding(store, &ctx.store_context()) {
        ctx.messages.warn(&format!(
            "{file} goes before the {} for every profile that it has",
            store.location()
        ));
    }
    let found_now = search::find(&ctx.environment);
    if let (Some((before, _)), Some((now, _))) = (found_before, found_now)
        && before != now
        && now.display().to_string() == store.location()
    {
        ctx.messages.warn(&format!(
            "{} is used here from now on, and no longer {}",
            now.display(),
            before.display()
        ));
    }
}
