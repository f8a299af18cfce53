//! `ksm profile rename`.

use ksm::profile::ProfileName;
use serde_json::json;

use super::{said, to_change};
use crate::cli::profile::RenameArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Gives a profile another name where it is; the active one stays active.
pub(super) async fn rename(args: &RenameArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let to = ProfileName::new(&args.to)?;
    let (name, store) = to_change(&args.name, ctx).await?;
    let mut edit = store.edit().await?;
    edit.store().choose(Some(&name))?;
    if edit.store().has(&to) {
        return Err(store.taken(&to).into());
    }
    // A store that keeps names has the keys by the name of the section that refers to it.
    let elsewhere = edit.store().keys_elsewhere(&name)?;
    if let Some(elsewhere) = elsewhere.filter(|store| !store.limits().keys_only) {
        let place = elsewhere.location();
        return Err(Failure::new(
            Code::Local,
            format!("the keys of profile `{name}` are in {place} by this name"),
        )
        .hint(format!(
            "`ksm profile move {name} --to ini` takes them to the file"
        )));
    }
    edit.rename(&name, &to)?;
    edit.save().await?;
    let done = format!("Profile {name} is called {to} now.");
    let answer =
        || json!({ "profile": to.as_str(), "was": name.as_str(), "location": store.location() });
    said(&done, args.json.then(answer), console)
}
