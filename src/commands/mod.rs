//! From what was asked for to the command that does it.

use std::process::ExitCode;

use crate::cli::{Command, Request};
use crate::console::Console;
use crate::failure::Failure;
use context::Context;

mod context;
#[cfg(feature = "dev-vault")]
mod dev;
mod enroll;
mod help;
mod profile;
mod unavailable;
mod version;

/// Runs what the command line asks for; the exit code is a child's where there was one.
pub(crate) async fn run(request: Request, console: &mut Console) -> Result<ExitCode, Failure> {
    let cli = match request {
        Request::Show(text) => {
            console.data(text)?;
            return Ok(ExitCode::SUCCESS);
        }
        Request::Run(cli) => *cli,
    };
    console.allow_color(cli.globals.color().unwrap_or(true));
    if cli.globals.cache() == Some(true) {
        console.note("Nothing is cached yet: `--cache` changes nothing in this version.");
    }
    match cli.command {
        Command::Help(args) => help::help(&args, console)?,
        #[cfg(feature = "dev-vault")]
        Command::Dev(args) => return dev::dev(args, console).await,
        Command::Version => version::version(console)?,
        Command::Sync(_) => return Err(unavailable::sync()),
        Command::Shell(_) => return Err(unavailable::shell()),
        Command::Quit(_) => return Err(unavailable::quit()),
        Command::Profile(command) => {
            let ctx = Context::new(cli.globals, console.words());
            profile::run(command, &ctx, console).await?;
        }
        Command::Secret(_) | Command::Exec(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}
