//! `ksm profile delete`: a profile and its keys go.

use ksm::profile::{Edit, ProfileName};

use super::{changeable, named, relocate};
use crate::cli::profile::DeleteArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Removes the profile from where it is.
pub(super) async fn delete(
    args: &DeleteArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let (name, store) = named(&args.name, ctx).await?;
    let place = changeable(&store, &name)?;
    // A profile that says nothing sensible can be deleted, too.
    let elsewhere = relocate::elsewhere(&store, &name).ok().flatten();
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    edit.store.choose(Some(&name))?;
    let before = edit.store.active();
    edit.delete(&name).await?;
    edit.save().await?;
    console.note(&format!("Profile {name} has been deleted."));
    if let Some(elsewhere) = elsewhere {
        console.note(&format!("{elsewhere} has its keys still."));
    }
    match edit.store.active() {
        Some(active) if before != Some(active.clone()) => {
            console.note(&format!("{active} is now the active profile."));
        }
        None if !edit.store.names().is_empty() => console.note(&format!(
            "No profile is active now; `ksm profile active NAME` chooses one of {}.",
            list(&edit.store.names())
        )),
        _ => {}
    }
    Ok(())
}

fn list(names: &[ProfileName]) -> String {
    let names: Vec<&str> = names.iter().map(ProfileName::as_str).collect();
    names.join(", ")
}
