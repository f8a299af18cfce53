//! `ksm profile move`: the keys are written and read back at the new place before they go from the old one.

use ksm::profile::{Config, Edit, Place, ProfileName, source};

use super::{changeable, named, new_place, note_mode};
use crate::cli::profile::{MoveArgs, Storage};
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Moves one profile. Whatever fails, it is complete in one of the two places.
pub(super) async fn relocate(
    args: &MoveArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let around = ctx.around();
    let (name, store) = named(&args.name, ctx).await?;
    let from = changeable(&store, &name)?;
    let to = destination(args, ctx).await?;
    if *from == to {
        console.note(&format!("Profile {name} is in {to} already."));
        return Ok(());
    }
    // Both are locked from here on, so that what is read is what goes.
    let mut old = Edit::begin(from, &around).await?;
    let mut new = Edit::begin(&to, &around).await?;
    old.store.choose(Some(&name))?;
    let config = old.store.config(&name, &around.ambient()).await?;
    let opened = config.open(None);
    opened.map_err(|source| old.store.unusable(&name, source))?;
    if new.store.has(&name) {
        return Err(Failure::new(
            Code::Local,
            format!("there is a profile `{name}` in {to} already"),
        )
        .hint(format!(
            "`ksm profile rename {name} NEW_NAME` makes room for it"
        )));
    }
    if let Some(warning) = new.new_file().and_then(|path| around.git_warning(path)) {
        console.warn(&warning);
    }
    let was_active = old.store.active().as_ref() == Some(&name);
    new.put(&name, &config)?;
    new.save().await?;
    read_back(&name, &config, &to, ctx).await?;
    old.delete(&name).await?;
    old.save().await?;
    note_mode(&to, ctx, console);
    console.note(&format!("Moved profile {name} from {from} to {to}"));
    let left = old.store.names();
    if was_active && !left.is_empty() {
        console.note(&format!(
            "It was the active profile of {from}, which still has others; `-p {name}` chooses it."
        ));
    }
    Ok(())
}

async fn destination(args: &MoveArgs, ctx: &Context) -> Result<Place, Failure> {
    let around = ctx.around();
    match (args.to, args.output_file.as_deref(), around.find()) {
        // A file that is there takes it before a new one does.
        (Storage::Ini, None, Some(found)) => Ok(Place::File(found)),
        (to, file, _) => new_place(file, Some(to), ctx).await,
    }
}

/// Reads the new place as the next command will.
async fn read_back(
    name: &ProfileName,
    config: &Config,
    place: &Place,
    ctx: &Context,
) -> Result<(), Failure> {
    let around = ctx.around();
    let store = source::open(place, &around).await?;
    store.choose(Some(name))?;
    if store.config(name, &around.ambient()).await? == *config {
        return Ok(());
    }
    Err(Failure::new(
        Code::Local,
        format!(
            "{place} does not give profile `{name}` back as it was stored; it stays where it is"
        ),
    ))
}
