//! `ksm profile`: the identities of this device.

mod active;
mod aws;
mod check;
mod delete;
mod export;
mod import;
mod init;
mod list;
mod push;
mod relocate;
mod rename;
mod setup;
mod to_aws;

use std::path::Path;

use ksm::environment::names;
use ksm::profile::locate::Located;
use ksm::profile::{Edit, Origin, Place, ProfileName, Store, source};

use super::context::{self, Context};
use crate::cli::profile::{ProfileCommand, Storage};
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Runs one of the commands.
pub(super) async fn run(
    command: ProfileCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        ProfileCommand::Init(args) => init::init(args, ctx, console).await,
        ProfileCommand::Setup(args) => setup::setup(args, ctx, console).await,
        ProfileCommand::Push(args) => push::push(args, ctx, console).await,
        ProfileCommand::List(args) => list::list(&args, ctx, console).await,
        ProfileCommand::Active(args) => active::active(&args, ctx, console).await,
        ProfileCommand::Export(args) => export::export(&args, ctx, console).await,
        ProfileCommand::Import(args) => import::import(args, ctx, console).await,
        ProfileCommand::Check(args) => check::check(&args, ctx, console).await,
        ProfileCommand::Move(args) => relocate::relocate(&args, ctx, console).await,
        ProfileCommand::Rename(args) => rename::rename(&args, ctx, console).await,
        ProfileCommand::Delete(args) => delete::delete(&args, ctx, console).await,
    }
}

/// The profiles there are, where `wanted` is if it is anywhere; it is a failure if there is no place for any.
async fn store(wanted: Option<&ProfileName>, ctx: &Context) -> Result<Store, Failure> {
    match ctx.source_with(wanted).await? {
        ksm::profile::Source::Store(store) => Ok(store),
        ksm::profile::Source::Nothing(looked) => Err(context::no_configuration(&looked)),
    }
}

/// The profile that the user named, and the store it is in.
async fn named(name: &str, ctx: &Context) -> Result<(ProfileName, Store), Failure> {
    let name = ProfileName::existing(name);
    let store = store(Some(&name), ctx).await?;
    let name = store.choose(Some(&name))?;
    Ok((name, store))
}

/// Where a store can be changed, if it can.
fn place_of(store: &Store) -> Option<&Place> {
    match &store.origin {
        Origin::Place(place) => Some(place),
        Origin::Variable(_) => None,
    }
}

/// Where a profile can be changed that has to be stored somewhere for it.
fn changeable<'s>(store: &'s Store, name: &ProfileName) -> Result<&'s Place, Failure> {
    place_of(store).ok_or_else(|| {
        Failure::new(
            Code::Local,
            format!(
                "profile `{name}` comes from {} and is not stored anywhere",
                store.origin
            ),
        )
        .hint("what the environment gives is changed there")
    })
}

/// Where a new profile goes: to the file that the user named, else to the storage; without a word to the keyring if the
/// profiles are there already, else to a file (decision D12, FIX 13).
async fn new_place(
    file: Option<&Path>,
    storage: Option<Storage>,
    ctx: &Context,
) -> Result<Place, Failure> {
    let around = ctx.around();
    match (file, storage) {
        (Some(_), Some(Storage::Keyring)) => Err(Failure::usage(
            "a file is named, and the keyring is asked for; only one of them can have the profile",
        )),
        (Some(path), _) => Ok(Place::File(Located {
            path: path.to_owned(),
            policy: around.named(),
        })),
        (None, Some(Storage::Keyring)) => Ok(Place::Keyring),
        (None, Some(Storage::Ini)) => new_file(ctx),
        (None, None) if around.find().is_none() => match source::in_keyring(&around).await? {
            Ok(_) => Ok(Place::Keyring),
            Err(_) => new_file(ctx),
        },
        (None, None) => new_file(ctx),
    }
}

fn new_file(ctx: &Context) -> Result<Place, Failure> {
    let around = ctx.around();
    let path = around.new_store().ok_or_else(|| {
        Failure::new(
            Code::Local,
            "the working directory is gone, and nothing else says where to save the profile",
        )
        .hint("name a file with --ini-file, or a directory with KSM_INI_DIR")
    })?;
    Ok(Place::File(Located {
        policy: around.policy_of(&path),
        path,
    }))
}

/// What is to be known before a profile is added.
fn prepare(edit: &Edit, name: &ProfileName, ctx: &Context, console: &Console) {
    ctx.warn(&edit.store);
    if edit.store.names().contains(name) {
        console.note(&format!(
            "Replacing profile {name} in {}; the old keys stay until the new ones are saved.",
            edit.store.origin
        ));
    }
    let around = ctx.around();
    if let Some(warning) = edit.new_file().and_then(|path| around.git_warning(path)) {
        console.warn(&warning);
    }
}

/// What the official CLI says of every file it saves.
fn note_mode(place: &Place, ctx: &Context, console: &Console) {
    if matches!(place, Place::File(_))
        && cfg!(unix)
        && !ctx.environment.flag(names::KSM_CONFIG_SKIP_MODE)
    {
        console.note("Set keeper.ini permissions to 0600 (owner-only access)");
    }
}
