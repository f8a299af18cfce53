//! Storing settings where the profiles are.

use ksm::profile::{Edit, Origin, Source};

use super::Setting;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Stores them all, or says that there is no place for them (FIX 35).
pub(super) async fn store(
    changes: &[Setting<'_>],
    ctx: &Context,
    console: &Console,
) -> Result<(), Failure> {
    let store = match ctx.source().await? {
        Source::Store(store) => store,
        Source::Nothing(_) => {
            console.note(
                "Nothing was stored: there is no keeper.ini yet. `ksm profile init` makes one.",
            );
            return Ok(());
        }
    };
    let Origin::Place(place) = &store.origin else {
        console.note(&format!(
            "Nothing was stored: the configuration comes from {}, and no settings can be kept there.",
            store.origin
        ));
        return Ok(());
    };
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    for (key, value) in changes {
        edit.set_setting(key, *value)?;
    }
    Ok(edit.save().await?)
}
