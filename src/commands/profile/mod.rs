//! `ksm profile`: the identities of this device.

mod active;
mod check;
mod delete;
mod export;
mod import;
mod init;
mod list;

use std::path::Path;

use ksm::profile::locate::Located;
use ksm::profile::store::Origin;
use ksm::profile::{Edit, Place, ProfileName, Store};

use super::context::{self, Context};
use crate::cli::profile::ProfileCommand;
use crate::console::Console;
use crate::failure::Failure;

/// Runs one of the commands.
pub(super) async fn run(
    command: ProfileCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        ProfileCommand::Init(args) => init::init(args, ctx, console).await,
        ProfileCommand::List(args) => list::list(&args, ctx, console),
        ProfileCommand::Active(args) => active::active(&args, ctx, console).await,
        ProfileCommand::Export(args) => export::export(&args, ctx, console),
        ProfileCommand::Import(args) => import::import(args, ctx, console).await,
        ProfileCommand::Check(args) => check::check(&args, ctx, console).await,
        ProfileCommand::Delete(args) => delete::delete(&args, ctx, console).await,
    }
}

/// The profiles there are; it is a failure if there is no place for any.
fn store(ctx: &Context) -> Result<Store, Failure> {
    match ctx.source()? {
        ksm::profile::Source::Store(store) => Ok(store),
        ksm::profile::Source::Nothing(looked) => Err(context::no_configuration(&looked)),
    }
}

/// The profile that the user named, and the store it is in.
fn named(name: &str, ctx: &Context) -> Result<(ProfileName, Store), Failure> {
    let store = store(ctx)?;
    let name = store.choose(Some(&ProfileName::existing(name)))?;
    Ok((name, store))
}

/// Where a store can be changed, if it can.
fn place_of(store: &Store) -> Option<&Place> {
    match &store.origin {
        Origin::Place(place) => Some(place),
        Origin::Variable(_) => None,
    }
}

/// A file that the user named, which need not be there.
fn named_file(path: &Path, ctx: &Context) -> Place {
    Place::File(Located {
        path: path.to_owned(),
        policy: ctx.around().named(),
    })
}

/// Where a new profile goes that no option places.
fn new_place(ctx: &Context) -> Result<Place, Failure> {
    let around = ctx.around();
    let path = around.new_store().ok_or_else(|| {
        Failure::new(
            crate::failure::Code::Local,
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
            edit.path().display()
        ));
    }
    let around = ctx.around();
    if edit.is_new()
        && let Some(warning) = around.git_warning(edit.path())
    {
        console.warn(&warning);
    }
}

/// What the official CLI says of every save.
fn note_mode(ctx: &Context, console: &Console) {
    if cfg!(unix) && !ctx.around().flag("KSM_CONFIG_SKIP_MODE") {
        console.note("Set keeper.ini permissions to 0600 (owner-only access)");
    }
}
