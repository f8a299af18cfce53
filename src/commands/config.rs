//! `ksm config`: the settings beside the profiles (compatibility 6).

use std::path::Path;

use ksm::environment::boolean;

use super::context::Context;
use super::first_run;
use crate::cli::config::{ConfigCommand, DirectoryArgs, EditorArgs, ShowArgs, SwitchArgs};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};
use crate::render::ConfigTable;

/// Key and new value.
type Setting<'s> = (&'static str, Option<&'s str>);

pub(super) async fn run(
    command: &ConfigCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let changes = match command {
        ConfigCommand::Show(args) => return show(args, ctx, console).await,
        ConfigCommand::Color(args) => vec![("color", Some(switch(args)?))],
        ConfigCommand::Cache(args) => {
            if args.clear {
                super::cache::clear(ctx, console)?;
            }
            match args.switch.value() {
                Some(on) => vec![("cache", Some(spelled(on)))],
                None if args.clear => return Ok(()),
                None => return super::cache::show(args.json, ctx, console).await,
            }
        }
        ConfigCommand::RecordTypeDir(args) => vec![("record_type_dir", directory(args, ctx)?)],
        ConfigCommand::Editor(args) => editor(args)?.into(),
    };
    store(&changes, ctx).await
}

/// Prints the settings; without any configuration, those a run has all the same.
async fn show(args: &ShowArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let store = ctx.store().await?;
    let text = |key: &str| {
        let value = store.as_ref().and_then(|store| store.setting(key));
        value.filter(|value| !value.is_empty())
    };
    let flag = |key: &str, usual: bool| text(key).and_then(boolean).unwrap_or(usual);
    let settings = ConfigTable {
        active_profile: text("active_profile"),
        cache: flag("cache", false),
        color: flag("color", true),
        record_type_dir: text("record_type_dir"),
        editor: text("editor"),
        editor_use_blocking: flag("editor_use_blocking", false),
        editor_process_name: text("editor_process_name"),
    };
    ctx.print(&settings, args.json, console)
}

/// Stores all of them, or says that there is no place for them (FIX 35).
async fn store(changes: &[Setting<'_>], ctx: &Context) -> Result<()> {
    let wanted = ctx.profile_name(None);
    let discovery = first_run::discover_or_make(wanted.as_ref(), ctx).await?;
    let Some(store) = discovery.store else {
        return Err(Failure::new(
            Code::Local,
            "Nothing was stored: there is no keeper.ini yet",
        )
        .hint("`ksm profile init` makes one"));
    };
    if store.limits().read_only {
        let message = format!(
            "Nothing was stored: the configuration comes from {}, and no settings can be kept there",
            store.location()
        );
        return Err(Failure::new(Code::Local, message)
            .hint("`ksm --ini-file PATH config …` changes the settings of a file"));
    }
    let mut edit = store.edit().await?;
    for (key, value) in changes {
        edit.set_setting(key, *value)?;
    }
    edit.save().await?;
    let names_something = |key: &str| ["editor", "record_type_dir"].contains(&key);
    let mut changes = changes.iter();
    if store.is_unvouched()
        && let Some((key, _)) = changes.find(|(key, value)| value.is_some() && names_something(key))
    {
        ctx.warn_of_unvouched(&*store, key);
    }
    Ok(())
}

fn spelled(on: bool) -> &'static str {
    if on { "True" } else { "False" }
}

fn switch(args: &SwitchArgs) -> Result<&'static str> {
    let on = args.value();
    on.map(spelled).ok_or_else(|| {
        Failure::usage("Missing option '--enable'.").hint("`--disable` is the other choice")
    })
}

fn directory<'a>(args: &'a DirectoryArgs, ctx: &Context) -> Result<Option<&'a str>> {
    match &args.directory {
        _ if args.clear => Ok(None),
        Some(directory) if ctx.environment.absolute(Path::new(directory)).is_dir() => {
            Ok(Some(directory))
        }
        Some(directory) => Err(Failure::new(
            Code::Failed,
            format!("Cannot find the directory '{directory}' for record type schemas."),
        )),
        None => Err(Failure::usage(
            "Either a --directory is required or the --clear flag set",
        )),
    }
}

fn editor(args: &EditorArgs) -> Result<[Setting<'_>; 3]> {
    let (application, blocking, process) = match &args.application {
        _ if args.clear => (None, false, None),
        Some(application) => (
            Some(application.as_str()),
            args.blocking,
            args.process_name.as_deref(),
        ),
        None => {
            return Err(Failure::usage(
                "Either a --application is required or the --clear flag set",
            )
            .hint("`--application PROGRAM` sets the editor"));
        }
    };
    Ok([
        ("editor", application),
        ("editor_use_blocking", Some(spelled(blocking))),
        ("editor_process_name", process),
    ])
}
