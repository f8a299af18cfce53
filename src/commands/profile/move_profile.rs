//! `ksm profile move`.

use std::path::Path;
use std::rc::Rc;

use ksm::aws::Identity;
use ksm::profile::store::ini_file::IniFile;
use ksm::profile::store::{Kind, USUAL};
use ksm::profile::{ProfileName, Store, discover, move_profile};

use serde_json::json;

use super::{note_change, said, to_change};
use crate::cli::profile::MoveArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};

/// Moves one profile. Whatever fails, it is complete in one of the two places.
pub(super) async fn move_profile(
    args: &MoveArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let file = args.output_file.as_deref();
    if args.to.for_new.is_some() {
        return between(&args.name, args.to, file, args.json, ctx, console).await;
    }
    let secret = super::aws::target(&args.aws, ctx)?;
    if let Identity::Keys { .. } = secret.identity {
        let message = "a profile cannot move to AWS with --credentials=keys, which would stay here";
        return Err(Failure::usage(message)
            .hint("`ksm profile push` and `ksm profile setup --store-keys` do it in two steps"));
    }
    let (name, from) = to_change(&args.name, ctx).await?;
    let index = match file {
        None if !from.limits().no_references => Rc::clone(&from),
        file => discover::for_new(file, Some(USUAL), &ctx.store_context()).await?,
    };
    ctx.check_connection_settings()?;
    run(&name, &*from, &secret, &*index, args.json, ctx, console).await
}

/// The same to a kind of store that keeps whole profiles.
pub(super) async fn between(
    name: &str,
    kind: &Kind,
    file: Option<&Path>,
    json: bool,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let (name, from) = to_change(name, ctx).await?;
    let context = ctx.store_context();
    // A file that is there takes it before a new one does.
    let to = match (file, IniFile::found(&context)) {
        (None, Some(found)) if kind.name == USUAL.name => Rc::new(found),
        _ => discover::for_new(file, Some(kind), &context).await?,
    };
    run(&name, &*from, &*to, &*to, json, ctx, console).await
}

async fn run(
    name: &ProfileName,
    from: &dyn Store,
    to: &dyn Store,
    index: &dyn Store,
    json: bool,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    ctx.warn_of_new_file(index);
    let moved = move_profile::move_profile(name, from, to, index).await?;
    let (old, new) = (from.location(), to.location());
    let answer = json.then(|| {
        json!({
            "profile": name.as_str(),
            "location": index.location(),
            "keys": new,
            "moved": moved.is_some(),
        })
    });
    let Some(left) = moved else {
        let done = format!("Profile {name} is in {old} already.");
        return said(&done, answer, console);
    };
    note_change(index, console);
    if to.limits().keys_only {
        let done = format!(
            "Moved the keys of profile {name} from {old} to the {new}; {} says so.",
            index.location()
        );
        return said(&done, answer, console);
    }
    let done = match index.is_same(from) {
        true => format!("Moved the keys of profile {name} to {new}"),
        false => format!("Moved profile {name} from {old} to {new}"),
    };
    said(&done, answer, console)?;
    if let Some(place) = left.keys {
        console.note(&format!("{place} has its keys still."));
    }
    if left.others {
        console.note(&format!(
            "It was the active profile of {old}, which still has others; `-p {name}` chooses it."
        ));
    }
    Ok(())
}
