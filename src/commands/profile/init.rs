//! `ksm profile init`: a one-time token becomes a profile.

use ksm::profile::redeem::{Outcome, Redemption};
use ksm::wire::endpoint::HostName;

use serde_json::json;

use super::used::{used_store, warn_of_others};
use super::{announce_addition, note_change, said};
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
        console.warn(&note.to_string());
    }
    if args.ini_file.is_some() && ctx.ini_file().is_some() {
        console.note(
            "NOTE: The INI file config was set on the top level command and also set on the init sub-command. The top \
             level command parameter will be ignored for the init sub-command.",
        );
    }
    let file = args.ini_file.as_deref();
    let store = ctx.new_store(file, args.place.storage).await?;
    let connection = ctx.connection()?;
    let used_before = used_store(ctx);
    let edit = store.edit().await?;
    let answers = match edit.store().has(name) {
        true => ctx.device_with_answers(name, edit.store()).await,
        false => None,
    };
    if !redemption.has_made_one_in(edit.store()).await {
        announce_addition(&*edit, name, None, &args.new, ctx).await?;
    }
    let outcome = redemption.redeem_into(edit, connection).await;
    let outcome = outcome
        .map_err(|error| token::refused(error, &token, ctx, "`ksm profile list` shows it"))?;
    if let Outcome::Known(name, _) = outcome {
        return Err(Failure::new(
            Code::Refused,
            format!(
                "the one-time token was already redeemed: it made the profile {name} in {}",
                store.location()
            ),
        )
        .hint(format!(
            "`ksm {}-p {name} …` uses it; another profile needs another token",
            match ctx.ini_file() {
                Some(file) => format!("--ini-file {} ", file.display()),
                None => String::new(),
            }
        )));
    }
    if let Some((directory, device)) = answers {
        ctx.forget_answers(directory, &device);
    }
    note_change(&*store, console);
    let place = store.location_in_full();
    let answer = || json!({ "profile": name.as_str(), "location": place });
    let done = format!("Added profile {name} to {place}");
    said(&done, args.json.then(answer), console)?;
    warn_of_others(
        &*store,
        used_before.as_deref(),
        file.or(ctx.ini_file()).is_some(),
        ctx,
    );
    Ok(())
}
