//! `ksm profile import`: what `export` printed is saved. It is checked whole before anything is written (FIX 5).

use ksm::environment::names;
use ksm::profile::bundle::{self, Bundle};
use ksm::profile::ini::Document;
use ksm::profile::{Config, Edit, Place, ProfileName};

use super::{new_place, note_mode, prepare};
use crate::cli::profile::ImportArgs;
use crate::commands::context::Context;
use crate::commands::input;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Adds the profile, or all profiles of an INI text, to the store.
pub(super) async fn import(
    args: ImportArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let text = match args.config.expose().trim() {
        "-" => input::stdin()?,
        _ => args.config.clone(),
    };
    let wanted = args.profile.clone().or_else(|| ctx.globals.profile.clone());
    let bundle = bundle::read(text.expose())
        .map_err(|error| refused(error).hint("it wants the output of `ksm profile export`"))?;
    let file = args.output_file.as_deref().or(ctx.ini_file());
    let place = new_place(file, args.storage, ctx).await?;
    let names = match bundle {
        Bundle::Config(config) => {
            let name = wanted.or_else(|| ctx.environment.text(names::KSM_CLI_PROFILE));
            one(&config, name, &place, ctx, console).await?
        }
        Bundle::Ini(document) => many(document, wanted, &place, ctx, console).await?,
    };
    note_mode(&place, ctx, console);
    let (word, names) = (
        if names.len() == 1 {
            "profile"
        } else {
            "profiles"
        },
        names.join(", "),
    );
    console.note(&format!(
        "Imported config saved to {word} {names} at {place}."
    ));
    Ok(())
}

async fn one(
    config: &Config,
    name: Option<String>,
    place: &Place,
    ctx: &Context,
    console: &Console,
) -> Result<Vec<String>, Failure> {
    let name = name.map_or_else(
        || Ok(ProfileName::default()),
        |name| ProfileName::new(&name),
    )?;
    let profile = config.open(None).map_err(refused)?;
    if let Some(note) = profile.note {
        console.warn(&note.to_string());
    }
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    prepare(&edit, &name, ctx, console);
    edit.put(&name, config)?;
    edit.save().await?;
    Ok(vec![name.to_string()])
}

async fn many(
    mut document: Document,
    wanted: Option<String>,
    place: &Place,
    ctx: &Context,
    console: &Console,
) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
    match (names.as_slice(), wanted) {
        // An export calls its one profile `_default`; whoever says another name means it.
        ([only], Some(name)) if document.get(only, "storage").is_none() => {
            let config = Config::in_section(&document, only);
            return one(&config, Some(name), place, ctx, console).await;
        }
        (_, Some(_)) => console.note(
            "Ignored option --profile-name as incompatible with INI file format that can handle multiple profiles.",
        ),
        (_, None) => {}
    }
    for name in &names {
        if document
            .get(name, "storage")
            .is_some_and(|kind| kind.expose() != "internal")
        {
            continue;
        }
        let checked = ProfileName::new(name).map_err(Failure::from);
        let checked = checked.and_then(|_| {
            Config::in_section(&document, name)
                .open(None)
                .map_err(refused)
        });
        match checked {
            Ok(_) => {}
            Err(failure) if names.len() == 1 => return Err(failure),
            Err(failure) => {
                console.warn(&format!("profile {name} is left out: {}", failure.reason()));
                document.remove(name);
            }
        }
    }
    let names: Vec<String> = document.profiles().map(ToOwned::to_owned).collect();
    if names.is_empty() {
        return Err(refused(bundle::Error::NoProfile));
    }
    let mut edit = Edit::begin(place, &ctx.around()).await?;
    for name in &names {
        prepare(&edit, &ProfileName::existing(name.as_str()), ctx, console);
    }
    edit.merge(document)?;
    edit.save().await?;
    Ok(names)
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Failed, error).while_doing("the configuration cannot be imported")
}
