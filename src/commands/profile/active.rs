//! `ksm profile active`: the profile for when none is named.

use ksm::profile::Edit;

use super::{named, place_of};
use crate::cli::profile::ActiveArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Stores the choice.
pub(super) async fn active(
    args: &ActiveArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (name, store) = named(&args.name, ctx).await?;
    let Some(place) = place_of(&store) else {
        console.note(&format!(
            "Nothing was stored: the profiles come from {}. `-p {name}` or KSM_CLI_PROFILE chooses one for a run.",
            store.origin
        ));
        return Ok(());
    };
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    // Another command may have removed it in the meantime.
    edit.store.choose(Some(&name))?;
    edit.activate(&name)?;
    edit.save().await?;
    console.note(&format!("{name} is now the active profile."));
    Ok(())
}
