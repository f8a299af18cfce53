//! `ksm profile active`: the profile for when none is named.

use super::named;
use crate::cli::profile::NameArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn active(args: &NameArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let (name, store) = named(&args.name, ctx).await?;
    if store.limits().read_only {
        console.note(&format!(
            "Nothing was stored: the profiles come from {}. `-p {name}` or KSM_CLI_PROFILE chooses one for a run.",
            store.location()
        ));
        return Ok(());
    }
    let mut edit = store.edit().await?;
    // Another command may have removed it in the meantime.
    edit.store().choose(Some(&name))?;
    edit.activate(&name)?;
    edit.save().await?;
    console.note(&format!("{name} is now the active profile."));
    Ok(())
}
