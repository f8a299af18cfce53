//! `ksm profile`: the identities of this device.

mod active;
mod aws;
mod check;
mod delete;
mod export;
mod import;
mod init;
mod list;
mod move_profile;
mod push;
mod rename;
mod setup;
mod used;

use std::rc::Rc;

use ksm::json;
use ksm::profile::store::Replacement;
use ksm::profile::{Config, Edit, ProfileName, Store};
use serde_json::Value;

use super::context::{self, Context};
use super::first_run;
use crate::cli::profile::{NewProfileArgs, ProfileCommand};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn run(
    command: ProfileCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    match command {
        ProfileCommand::Init(args) => init::init(args, ctx, console).await,
        ProfileCommand::Setup(args) => setup::setup(args, ctx, console).await,
        ProfileCommand::Push(args) => push::push(args, ctx, console).await,
        ProfileCommand::List(args) => list::list(&args, ctx, console).await,
        ProfileCommand::Active(args) => active::active(&args, ctx, console).await,
        ProfileCommand::Export(args) => export::export(&args, ctx, console).await,
        ProfileCommand::Import(args) => import::import(args, ctx, console).await,
        ProfileCommand::Check(args) => check::check(&args, ctx, console).await,
        ProfileCommand::Move(args) => move_profile::move_profile(&args, ctx, console).await,
        ProfileCommand::Rename(args) => rename::rename(&args, ctx, console).await,
        ProfileCommand::Delete(args) => delete::delete(&args, ctx, console).await,
    }
}

/// The store that has profile `wanted`, if one does; it is a failure if there is none at all. Where there is no profile,
/// KSM_TOKEN makes one.
async fn store(wanted: Option<&ProfileName>, ctx: &Context) -> Result<Rc<dyn Store>> {
    let discovery = first_run::discover_or_make(wanted, ctx).await?;
    let store = discovery.store.clone();
    store.ok_or_else(|| context::no_configuration(&discovery))
}

/// The profile that is named, else the one in use, and the store it is in.
async fn chosen(named: Option<&str>, ctx: &Context) -> Result<(ProfileName, Rc<dyn Store>)> {
    let wanted = ctx.profile_name(named);
    let store = store(wanted.as_ref(), ctx).await?;
    let name = store.choose(wanted.as_ref())?;
    Ok((name, store))
}

/// The same for a command that changes the profile.
async fn to_change(named: &str, ctx: &Context) -> Result<(ProfileName, Rc<dyn Store>)> {
    let (name, store) = chosen(Some(named), ctx).await?;
    check_stored(Some(&name), &*store)?;
    Ok((name, store))
}

/// What a variable or a mounted file gives cannot be changed.
fn check_stored(wanted: Option<&ProfileName>, store: &dyn Store) -> Result<()> {
    if !store.limits().read_only {
        return Ok(());
    }
    let (name, location) = (store.choose(wanted)?, store.location());
    let message = format!("profile `{name}` comes from {location} and is not stored anywhere");
    Err(Failure::new(Code::Local, message).hint("what the environment gives is changed there"))
}

/// Says what the addition of a profile means for what is there, or refuses it: `--force` replaces keys that may exist
/// nowhere else (D36). `config` has the new keys, where they are known already.
async fn announce_addition(
    edit: &dyn Edit,
    name: &ProfileName,
    config: Option<&Config>,
    args: &NewProfileArgs,
    ctx: &Context,
) -> Result<()> {
    let store = edit.store();
    ctx.warn(store);
    if store.has(name) {
        let lost = edit.replacement(name, config).await;
        if lost == Replacement::Keys && !args.force {
            return Err(Failure::new(Code::Local, store.taken(name)).hint(
                "`-p NAME` gives the new one another name; `--force` replaces the old one, whose keys may exist nowhere else",
            ));
        }
        let place = store.location();
        ctx.messages.note(&match lost {
            Replacement::Nothing => {
                format!("Profile {name} is in {place} already, with the same keys and settings.")
            }
            Replacement::Settings => format!(
                "Profile {name} is in {place} already with the same keys; its other settings are replaced."
            ),
            Replacement::NoKeys | Replacement::Keys => format!(
                "Replacing profile {name} in {place}; the old keys stay until the new ones are saved."
            ),
        });
    }
    ctx.warn_of_new_file(store);
    Ok(())
}

fn note_change(store: &dyn Store, console: &Console) {
    if let Some(note) = store.note_of_change() {
        console.note(&note);
    }
}

/// Tells what was done: in a sentence to people, or as the answer.
fn said(done: &str, answer: Option<Value>, console: &mut Console) -> Result<()> {
    match answer {
        Some(answer) => console.receipt(&[done.trim_end_matches('.')], json::pretty(&answer))?,
        None => console.note(done),
    }
    Ok(())
}
