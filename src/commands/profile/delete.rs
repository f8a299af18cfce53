//! `ksm profile delete`: a profile and its keys go.

use ksm::json;
use ksm::profile::ProfileName;
use serde_json::json;

use super::{check_stored, store, to_change};
use crate::cli::profile::DeleteArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn delete(args: &DeleteArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let (names, store) = match &args.name {
        Some(name) => to_change(name, ctx)
            .await
            .map(|(name, store)| (vec![name], store))?,
        None => {
            let store = store(None, ctx).await?;
            check_stored(None, &*store)?;
            (store.names(), store)
        }
    };
    let (mut answers, mut elsewhere) = (Vec::new(), Vec::new());
    for name in &names {
        // A profile that says nothing sensible can be deleted, too.
        elsewhere.push(store.keys_elsewhere(name).ok().flatten());
        answers.extend(ctx.device_with_answers(name, &*store).await);
    }
    let mut edit = store.edit().await?;
    let before = edit.store().active();
    for name in &names {
        edit.store().choose(Some(name))?;
        edit.delete(name).await?;
    }
    edit.save().await?;
    for (directory, device) in answers {
        ctx.forget_answers(directory, &device);
    }
    if names.is_empty() {
        console.note(&format!("There is no profile in {}.", store.location()));
    }
    let deleted: Vec<_> = names.iter().map(ProfileName::as_str).collect();
    if args.json {
        let done: Vec<_> = deleted
            .iter()
            .map(|name| format!("profile {name} was deleted"))
            .collect();
        let active = edit.store().active();
        let answer = json!({
            "deleted": deleted,
            "active": active.as_ref().map(ProfileName::as_str),
            "location": store.location(),
        });
        return Ok(console.receipt(&done, json::pretty(&answer))?);
    }
    for (name, elsewhere) in names.iter().zip(elsewhere) {
        console.note(&format!("Profile {name} has been deleted."));
        match elsewhere {
            Some(place) => {
                console.note(&format!("{} has its keys still.", place.location()));
            }
            None => console.note(
                "The vault knows its device still; an administrator can remove it from the application.",
            ),
        }
    }
    match edit.store().active() {
        Some(active) if before != Some(active.clone()) => {
            console.note(&format!("{active} is now the active profile."));
        }
        None if !edit.store().names().is_empty() => console.note(&format!(
            "No profile is active now; `ksm profile active NAME` chooses one of {}.",
            ProfileName::list(&edit.store().names())
        )),
        _ => {}
    }
    Ok(())
}
