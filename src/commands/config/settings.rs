//! Storing settings where the profiles are.

use super::Setting;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Stores all of them, or says that there is no place for them (FIX 35).
pub(super) async fn store(
    changes: &[Setting<'_>],
    ctx: &Context,
    console: &Console,
) -> Result<(), Failure> {
    let Some(store) = ctx.store().await? else {
        console
            .note("Nothing was stored: there is no keeper.ini yet. `ksm profile init` makes one.");
        return Ok(());
    };
    if store.limits().read_only {
        console.note(&format!(
            "Nothing was stored: the configuration comes from {}, and no settings can be kept there.",
            store.location()
        ));
        return Ok(());
    }
    let mut edit = store.edit().await?;
    for (key, value) in changes {
        edit.set_setting(key, *value)?;
    }
    Ok(edit.save().await?)
}
