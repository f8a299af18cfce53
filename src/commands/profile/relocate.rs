//! `ksm profile move`: the keys are written and read back at the new place before they go from the old one.

use std::path::Path;

use ksm::profile::{Config, Edit, Kept, Member, Origin, Place, ProfileName, Store, source};
use ksm::storage::Reference;

use super::{changeable, named, new_place, note_mode, to_aws};
use crate::cli::profile::{MoveArgs, MoveTarget, Storage};
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Moves one profile. Whatever fails, it is complete in one of the two places.
pub(super) async fn relocate(
    args: &MoveArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let storage = match args.to {
        MoveTarget::Ini => Storage::Ini,
        MoveTarget::Keyring => Storage::Keyring,
        MoveTarget::Aws => return to_aws::move_to_aws(args, ctx, console).await,
    };
    between(
        &args.name,
        storage,
        args.output_file.as_deref(),
        ctx,
        console,
    )
    .await
}

/// The same between places that keep whole profiles.
pub(super) async fn between(
    name: &str,
    storage: Storage,
    file: Option<&Path>,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let around = ctx.around();
    let (name, store) = named(name, ctx).await?;
    let from = changeable(&store, &name)?;
    let to = destination(storage, file, ctx).await?;
    let elsewhere = elsewhere(&store, &name)?;
    if from.is_same(&to) {
        let Some(elsewhere) = elsewhere else {
            console.note(&format!("Profile {name} is in {from} already."));
            return Ok(());
        };
        let mut edit = Edit::begin(from, &around).await?;
        let config = complete(&edit.store, &name, ctx).await?;
        edit.put(&name, &config)?;
        edit.save().await?;
        read_back(&name, &config, from, ctx).await?;
        note_mode(from, ctx, console);
        console.note(&format!(
            "Moved the keys of profile {name} to {from}; {elsewhere} has them still."
        ));
        return Ok(());
    }
    // Both are locked from here on, so that what is read is what goes.
    let mut old = Edit::begin(from, &around).await?;
    let mut new = make_room(&name, &to, ctx, console).await?;
    let config = complete(&old.store, &name, ctx).await?;
    let was_active = old.store.active().as_ref() == Some(&name);
    new.put(&name, &config)?;
    new.save().await?;
    if let Err(failure) = read_back(&name, &config, &to, ctx).await {
        // No second copy of the keys stays behind. If this fails too, the first failure is still the one to tell.
        if new.delete(&name).await.is_ok() {
            let _ = new.save().await;
        }
        return Err(failure);
    }
    old.delete(&name).await?;
    old.save().await?;
    note_mode(&to, ctx, console);
    console.note(&format!("Moved profile {name} from {from} to {to}"));
    if let Some(elsewhere) = elsewhere {
        console.note(&format!("{elsewhere} has its keys still."));
    }
    let left = old.store.names();
    if was_active && !left.is_empty() {
        console.note(&format!(
            "It was the active profile of {from}, which still has others; `-p {name}` chooses it."
        ));
    }
    Ok(())
}

/// Where the keys are, if that is not where the profile is.
pub(super) fn elsewhere(store: &Store, name: &ProfileName) -> Result<Option<String>, Failure> {
    match (store.kept(name)?, &store.origin) {
        (Kept::There(Reference::Keyring(_)), Origin::Place(Place::Keyring)) => Ok(None),
        (Kept::There(reference), _) => Ok(Some(reference.to_string())),
        (Kept::Here(_), _) => Ok(None),
    }
}

/// The configuration of a profile, which is there, from wherever its keys are.
pub(super) async fn complete(
    store: &Store,
    name: &ProfileName,
    ctx: &Context,
) -> Result<Config, Failure> {
    store.choose(Some(name))?;
    let config = store.config(name, &ctx.around().ambient()).await?;
    let opened = config.open(None);
    opened.map_err(|source| store.unusable(name, source))?;
    // What a device needed before it was bound is kept nowhere.
    Ok(config.with(Member::ClientKey, None))
}

/// Makes ready to add a profile in a place that has none of its name.
pub(super) async fn make_room(
    name: &ProfileName,
    to: &Place,
    ctx: &Context,
    console: &Console,
) -> Result<Edit, Failure> {
    let around = ctx.around();
    let new = Edit::begin(to, &around).await?;
    if new.store.has(name) {
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
    Ok(new)
}

async fn destination(
    storage: Storage,
    file: Option<&Path>,
    ctx: &Context,
) -> Result<Place, Failure> {
    let around = ctx.around();
    match (storage, file, around.find()) {
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
