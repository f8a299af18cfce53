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

use std::rc::Rc;

use ksm::json;
use ksm::profile::{Config, Edit, ProfileName, Store, store};
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
    match &discovery.store {
        Some(store) => Ok(Rc::clone(store)),
        None => Err(context::no_configuration(&discovery)),
    }
}

/// The profile that the user named, and the store it is in.
async fn named(name: &str, ctx: &Context) -> Result<(ProfileName, Rc<dyn Store>)> {
    let name = ProfileName::existing(name);
    let store = store(Some(&name), ctx).await?;
    let name = store.choose(Some(&name))?;
    Ok((name, store))
}

/// The same for a command that changes the profile, which a variable or a mounted file does not allow.
async fn named_to_change(name: &str, ctx: &Context) -> Result<(ProfileName, Rc<dyn Store>)> {
    let name = ProfileName::existing(name);
    let store = store_to_change(Some(&name), ctx).await?;
    let name = store.choose(Some(&name))?;
    Ok((name, store))
}

async fn store_to_change(wanted: Option<&ProfileName>, ctx: &Context) -> Result<Rc<dyn Store>> {
    let store = store(wanted, ctx).await?;
    if store.limits().read_only {
        let name = store.choose(wanted)?;
        let location = store.location();
        return Err(Failure::new(
            Code::Local,
            format!("profile `{name}` comes from {location} and is not stored anywhere"),
        )
        .hint("what the environment gives is changed there"));
    }
    Ok(store)
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
        let loses_keys = !edit.has_keys_of(name, config).await;
        if loses_keys && !args.force {
            let taken = store::Error::Taken {
                name: name.clone(),
                location: store.location(),
            };
            return Err(Failure::new(Code::Local, taken).hint(
                "`-p NAME` gives the new one another name; `--force` replaces the old one, whose keys may exist nowhere else",
            ));
        }
        ctx.messages.note(&format!(
            "Replacing profile {name} in {}; the old keys stay until the new ones are saved.",
            store.location()
        ));
    }
    ctx.warn_of_new_file(store);
    Ok(())
}

fn note_change(store: &dyn Store, console: &Console) {
    if let Some(note) = store.note_of_change() {
        console.note(note);
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
