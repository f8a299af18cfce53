//! `ksm profile active`: the profile for when none is named.

use ksm::environment::names;
use ksm::foreign::Text;
use ksm::json;
use ksm::profile::{ProfileName, Store};
use serde_json::{Value, json};

use super::{chosen, said};
use crate::cli::profile::ActiveArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Chooses it, or prints the one that a run uses.
pub(super) async fn active(args: &ActiveArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let Some(name) = &args.name else {
        let (name, store) = chosen(None, ctx).await?;
        return Ok(match args.json {
            true => console.data(json::pretty(&answer(&name, &*store))),
            false => console.styled(&format!("{name}\n")),
        }?);
    };
    let (name, store) = chosen(Some(name), ctx).await?;
    let done = format!("{name} is now the active profile.");
    if store.limits().read_only {
        if store.choose(None).is_ok_and(|active| active == name) {
            return said(&done, args.json.then(|| answer(&name, &*store)), console);
        }
        let message = format!(
            "Nothing was stored: the profiles come from {}",
            store.location()
        );
        return Err(Failure::new(Code::Local, message).hint(format!(
            "`-p {name}` or KSM_CLI_PROFILE chooses one for a run"
        )));
    }
    let mut edit = store.edit().await?;
    // Another command may have removed it in the meantime.
    edit.store().choose(Some(&name))?;
    edit.activate(&name)?;
    edit.save().await?;
    said(&done, args.json.then(|| answer(&name, &*store)), console)?;
    let variable = names::KSM_CLI_PROFILE;
    if let Some(other) = ctx.environment.text(variable)
        && other != name.as_str()
    {
        let other = Text::from(other);
        ctx.messages.warn(&format!(
            "{variable} names `{other}`, and goes before the active profile while it is set"
        ));
    }
    Ok(())
}

fn answer(name: &ProfileName, store: &dyn Store) -> Value {
    json!({ "profile": name.as_str(), "location": store.location() })
}
