//! From what was asked for to the command that does it.

use std::env;
use std::process::ExitCode;

use ksm::profile::locate::Surroundings;

use crate::cli::{Command, Request};
use crate::console::Console;
use crate::failure::Failure;

mod help;
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
    // Only results follow `-o`, not what is told about ksm itself or printed by a program (cli-reference 1.3).
    if let (Command::Profile(_) | Command::Secret(_), Some(target)) =
        (&cli.command, &cli.globals.output)
    {
        console.aim(target.clone());
    }
    match cli.command {
        Command::Help(args) => help::help(&args, console)?,
        Command::Version => {
            let directory = env::current_dir().ok();
            let around = Surroundings {
                var: &|name| env::var_os(name),
                directory: directory.as_deref(),
            };
            version::version(cli.globals.ini_file.as_deref(), &around, console)?;
        }
        Command::Sync(_) => return Err(unavailable::sync()),
        Command::Shell(_) => return Err(unavailable::shell()),
        Command::Quit(_) => return Err(unavailable::quit()),
        Command::Profile(_) | Command::Secret(_) | Command::Exec(_) => {}
        #[cfg(feature = "dev-vault")]
        Command::Dev(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}
