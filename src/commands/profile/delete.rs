//! `ksm profile delete`: a profile and its keys go.

use ksm::foreign;
use ksm::profile::ProfileName;

use super::named_to_change;
use crate::cli::profile::NameArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn delete(args: &NameArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let (name, store) = named_to_change(&args.name, ctx).await?;
    // A profile that says nothing sensible can be deleted, too.
    let elsewhere = store.keys_elsewhere(&name).ok().flatten();
    let answers = ctx.device_with_answers(&name, &*store).await;
    let mut edit = store.edit().await?;
    edit.store().choose(Some(&name))?;
    let before = edit.store().active();
    edit.delete(&name).await?;
    edit.save().await?;
    if let Some((directory, device)) = answers {
        ctx.forget_answers(directory, &device);
    }
    console.note(&format!("Profile {name} has been deleted."));
    if let Some(elsewhere) = elsewhere {
        let place = elsewhere.location();
        console.note(&format!("{place} has its keys still."));
    }
    match edit.store().active() {
        Some(active) if before != Some(active.clone()) => {
            console.note(&format!("{active} is now the active profile."));
        }
        None if !edit.store().names().is_empty() => console.note(&format!(
            "No profile is active now; `ksm profile active NAME` chooses one of {}.",
            list(&edit.store().names())
        )),
        _ => {}
    }
    Ok(())
}

fn list(names: &[ProfileName]) -> String {
    let names: Vec<&str> = names.iter().map(ProfileName::as_str).collect();
    foreign::Text::from(names.join(", ")).to_string()
}
