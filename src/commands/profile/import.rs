//! `ksm profile import`: what `export` printed is saved. It is checked whole before anything is written (FIX 5).

use std::collections::HashSet;
use std::path::Path;

use ksm::foreign;
use ksm::profile::bundle::{self, Bundle};
use ksm::profile::ini::Document;
use ksm::profile::{Config, ProfileName, Store, store};
use ksm::sensitive::Sensitive;

use serde_json::json;

use super::used::{used_store, warn_of_others};
use super::{announce_addition, note_change, said};
use crate::cli::profile::{ImportArgs, NewProfileArgs};
use crate::commands::context::Context;
use crate::commands::input;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Profiles left out that are told one by one.
const TOLD_LEFT_OUT: usize = 20;

/// Adds the profile, or all profiles of an INI text, to the store.
pub(super) async fn import(args: ImportArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let text = match args.config.expose().trim() {
        "-" => input::stdin()?,
        _ => args.config.clone(),
    };
    let wanted = args
        .new
        .profile
        .clone()
        .or_else(|| ctx.globals.profile.clone());
    let bundle = bundle::read(text.expose()).map_err(|error| unread(error, &text, ctx))?;
    let file = args.output_file.as_deref();
    let store = ctx.new_store(file, args.place.storage).await?;
    let used_before = used_store(ctx);
    let names = match bundle {
        Bundle::Config(config) => one(&config, wanted, &*store, &args.new, ctx).await?,
        Bundle::Ini(document) => many(document, wanted, &*store, &args.new, ctx).await?,
    };
    note_change(&*store, console);
    let answer = json!({ "profiles": names, "location": store.location() });
    let word = if names.len() == 1 {
        "profile"
    } else {
        "profiles"
    };
    let done = format!(
        "Imported config saved to {word} {} at {}.",
        foreign::Text::from(names.join(", ")),
        store.location()
    );
    said(&done, args.json.then_some(answer), console)?;
    let is_named = file.or(ctx.ini_file()).is_some();
    warn_of_others(&*store, used_before.as_deref(), is_named, ctx);
    Ok(())
}

fn unread(error: bundle::Error, text: &Sensitive<String>, ctx: &Context) -> Failure {
    // The name of a file may pass for base64.
    let name = Path::new(text.expose());
    if ctx.environment.absolute(name).is_file() {
        let name = foreign::Text::from(text.expose());
        return refused(bundle::Error::Path)
            .hint(format!("`ksm profile import - < {name}` reads the file"));
    }
    let hint = match error {
        bundle::Error::Path => "`ksm profile import - < FILE` reads a file",
        bundle::Error::Protected => {
            "the SDK that encrypted it can decrypt it to a file, which ksm takes"
        }
        bundle::Error::Token => "`ksm profile init` makes a profile of it",
        _ => {
            "it wants the output of `ksm profile export`; `ksm profile import - < FILE` reads it from a file"
        }
    };
    refused(error).hint(hint)
}

async fn one(
    config: &Config,
    name: Option<String>,
    store: &dyn Store,
    args: &NewProfileArgs,
    ctx: &Context,
) -> Result<Vec<String>> {
    let name = ctx.new_profile_name(name.as_deref())?;
    let profile = config.open(None).map_err(refused)?;
    if let Some(note) = profile.note {
        ctx.messages.warn(&note.to_string());
    }
    let mut edit = store.edit().await?;
    announce_addition(&*edit, &name, Some(config), args, ctx).await?;
    edit.put(&name, config)?;
    edit.save().await?;
    Ok(vec![name.to_string()])
}

async fn many(
    mut document: Document,
    wanted: Option<String>,
    store: &dyn Store,
    args: &NewProfileArgs,
    ctx: &Context,
) -> Result<Vec<String>> {
    let names: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
    match (names.as_slice(), wanted) {
        // An export calls its one profile `_default`; whoever says another name means it.
        ([only], Some(name)) if document.get(only, store::STORAGE).is_none() => {
            let config = Config::in_section(&document, only);
            return one(&config, Some(name), store, args, ctx).await;
        }
        (_, Some(_)) => ctx.messages.note(
            "Ignored option --profile-name as incompatible with INI file format that can handle multiple profiles.",
        ),
        (_, None) => {}
    }
    let mut left_out = HashSet::new();
    for name in &names {
        if store::referred(&document, name).is_some() {
            continue;
        }
        let config = Config::in_section(&document, name);
        let checked = ProfileName::new(name).map_err(Failure::from);
        let Err(failure) = checked.and_then(|_| config.open(None).map_err(refused)) else {
            continue;
        };
        if names.len() == 1 {
            return Err(failure);
        }
        if left_out.len() < TOLD_LEFT_OUT {
            let (name, reason) = (foreign::Text::from(name), failure.reason());
            ctx.messages
                .warn(&format!("profile {name} is left out: {reason}"));
        }
        left_out.insert(name.clone());
    }
    if let more @ 1.. = left_out.len().saturating_sub(TOLD_LEFT_OUT) {
        ctx.messages
            .warn(&format!("{more} more profiles are left out"));
    }
    document.remove_all(&left_out);
    let names: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
    if names.is_empty() {
        return Err(refused(bundle::Error::NoProfile));
    }
    let mut edit = store.edit().await?;
    for name in &names {
        let config = Config::in_section(&document, name);
        let name = ProfileName::existing(name.as_str());
        announce_addition(&*edit, &name, Some(&config), args, ctx).await?;
    }
    edit.merge(&document)?;
    edit.save().await?;
    Ok(names)
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Local, error).while_doing("the configuration cannot be imported")
}
