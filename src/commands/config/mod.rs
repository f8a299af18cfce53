//! `ksm config`: the settings beside the profiles (compatibility 6).

mod settings;
mod show;

use std::path::Path;

use super::context::Context;
use crate::cli::config::{ConfigCommand, DirectoryArgs, EditorArgs, SwitchArgs};
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Key and new value.
type Setting<'s> = (&'static str, Option<&'s str>);

pub(super) async fn run(
    command: &ConfigCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let changes = match command {
        ConfigCommand::Show(args) => return show::show(args, ctx, console).await,
        ConfigCommand::Color(args) => vec![("color", Some(switch(args)?))],
        ConfigCommand::Cache(args) => vec![("cache", Some(switch(args)?))],
        ConfigCommand::RecordTypeDir(args) => vec![("record_type_dir", directory(args, ctx)?)],
        ConfigCommand::Editor(args) => editor(args)?.into(),
    };
    settings::store(&changes, ctx, console).await
}

fn spelled(on: bool) -> &'static str {
    if on { "True" } else { "False" }
}

fn switch(args: &SwitchArgs) -> Result<&'static str, Failure> {
    let on = args.value();
    on.map(spelled).ok_or_else(|| {
        Failure::usage("Missing option '--enable'.").hint("`--disable` is the other choice")
    })
}

fn directory<'a>(args: &'a DirectoryArgs, ctx: &Context) -> Result<Option<&'a str>, Failure> {
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

fn editor(args: &EditorArgs) -> Result<[Setting<'_>; 3], Failure> {
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
            ));
        }
    };
    Ok([
        ("editor", application),
        ("editor_use_blocking", Some(spelled(blocking))),
        ("editor_process_name", process),
    ])
}
