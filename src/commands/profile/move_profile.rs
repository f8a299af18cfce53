//! `ksm profile move`.

use std::path::Path;
use std::rc::Rc;

use ksm::aws::Identity;
use ksm::profile::move_profile::{self, Moved};
use ksm::profile::store::kinds::{self, Kind};
use ksm::profile::{Edit, ProfileName, Store, discover};

use super::{named_to_change, note_change, warn_of_new_file};
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
        return between(&args.name, args.to, file, ctx, console).await;
    }
    let secret = super::aws::target(&args.aws, ctx)?;
    if let Identity::Keys { .. } = secret.identity {
        let message = "a profile cannot move to AWS with --credentials=keys, which would stay here";
        return Err(Failure::usage(message)
            .hint("`ksm profile push` and `ksm profile setup --store-keys` do it in two steps"));
    }
    let (name, from) = named_to_change(&args.name, ctx).await?;
    let index = match file {
        None if !from.limits().no_references => Rc::clone(&from),
        file => discover::for_new(file, Some(kinds::USUAL), &ctx.store_context()).await?,
    };
    ctx.check_connection_settings()?;
    run(&name, &*from, &secret, &*index, ctx, console).await
}

/// The same to a kind of store that keeps whole profiles.
pub(super) async fn between(
    name: &str,
    kind: &Kind,
    file: Option<&Path>,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let (name, from) = named_to_change(name, ctx).await?;
    // A store that is there takes it before a new one does.
    let to = match (file, (kind.found)(&ctx.store_context())) {
        (None, Some(found)) => found,
        _ => discover::for_new(file, Some(kind), &ctx.store_context()).await?,
    };
    run(&name, &*from, &*to, &*to, ctx, console).await
}

async fn run(
    name: &ProfileName,
    from: &dyn Store,
    to: &dyn Store,
    index: &dyn Store,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let opened = |edit: &dyn Edit| warn_of_new_file(edit, ctx);
    let moved = move_profile::move_profile(name, from, to, index, &opened).await?;
    let (from, to) = (from.location(), to.location());
    if moved == Moved::Already {
        console.note(&format!("Profile {name} is in {from} already."));
        return Ok(());
    }
    note_change(index, console);
    match moved {
        Moved::Already => {}
        Moved::KeysReturned { left } => console.note(&format!(
            "Moved the keys of profile {name} to {from}; {left} has them still."
        )),
        Moved::KeysMoved => console.note(&format!(
            "Moved the keys of profile {name} from {from} to the {to}; {} says so.",
            index.location()
        )),
        Moved::Whole {
            left,
            leaves_others,
        } => {
            console.note(&format!("Moved profile {name} from {from} to {to}"));
            if let Some(left) = left {
                console.note(&format!("{left} has its keys still."));
            }
            if leaves_others {
                console.note(&format!(
                    "It was the active profile of {from}, which still has others; `-p {name}` chooses it."
                ));
            }
        }
    }
    Ok(())
}
