//! The commands: each takes its arguments, calls the library and prints what `render` makes of the result.

use std::io;
use std::process::ExitCode;
use std::rc::Rc;

use ksm::environment::Environment;
use tokio::runtime::{self, Runtime};

use crate::cli::{Cli, Command};
use crate::console::{ColorWish, Console};
use crate::failure::{Code, Failure, Result};

use context::Context;
use kept::KeptVault;

mod cache;
pub(crate) mod completion;
mod config;
mod connections;
mod context;
mod deletions;
#[cfg(feature = "dev-vault")]
mod dev;
mod env;
mod exec;
mod first_run;
mod folder;
mod help;
mod init;
mod input;
mod interpolate;
mod kept;
mod keyring;
mod notices;
mod profile;
mod prompt;
mod secret;
mod shell;
mod sources;
mod sync;
mod token;
mod vault;
mod version;

/// Fails where there is no room for the six files that Tokio opens: it would panic.
pub(crate) fn runtime() -> Result<Runtime> {
    let runtime = room_for_files(6)
        .and_then(|()| runtime::Builder::new_current_thread().enable_all().build());
    runtime.map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied => {
                "the system refuses a call: a filter around ksm, such as seccomp, has to allow epoll and eventfd"
            }
            _ => "`ulimit -n` tells how many files may be open; 32 are enough",
        };
        Failure::new(Code::Failed, error)
            .while_doing("ksm cannot wait for anything here")
            .hint(hint)
    })
}

/// Copies of a descriptor are had at a fifth of the time of pipes.
#[cfg(unix)]
fn room_for_files(count: usize) -> io::Result<()> {
    use std::os::fd::AsFd;
    let stderr = io::stderr();
    let copies = (0..count).map(|_| stderr.as_fd().try_clone_to_owned());
    copies.collect::<io::Result<Vec<_>>>().map(drop)
}

#[cfg(not(unix))]
fn room_for_files(_: usize) -> io::Result<()> {
    Ok(())
}

/// Runs the command. The exit code is that of a child process if there was one.
pub(crate) async fn run(
    cli: Cli,
    environment: Rc<Environment>,
    console: &mut Console,
) -> Result<ExitCode> {
    run_line(cli, environment, None, console).await
}

/// The same, with the vault that a shell keeps.
async fn run_line(
    cli: Cli,
    environment: Rc<Environment>,
    mut kept: Option<&mut KeptVault>,
    console: &mut Console,
) -> Result<ExitCode> {
    console.allow_color(ColorWish::of(cli.globals.color(), &environment) != ColorWish::Off);
    console.set_quiet(cli.globals.quiet);
    let mut ctx = Context::new(cli.globals, environment, console);
    if let Some(target) = &ctx.globals.output
        && !cli.command.ignores_output()
    {
        console.set_target(target.clone());
    }
    if let Some(kept) = &mut kept {
        kept.lend(&mut ctx);
    }
    let changes_profiles = cli.command.changes_profiles();
    let ended = dispatch(cli.command, &mut ctx, console).await;
    ctx.close().await;
    if let Some(kept) = kept {
        kept.take_back(&mut ctx);
        if changes_profiles {
            kept.close_stored();
        }
    }
    ended
}

async fn dispatch(command: Command, ctx: &mut Context, console: &mut Console) -> Result<ExitCode> {
    match command {
        Command::Profile(command) => profile::run(command, ctx, console).await?,
        Command::Secret(command) => secret::run(&command, ctx, console).await?,
        Command::Folder(command) => folder::run(&command, ctx, console).await?,
        Command::Config(command) => config::run(&command, ctx, console).await?,
        Command::Env(args) => env::env(args, ctx, console).await?,
        Command::Exec(args) => return exec::exec(args, ctx, console).await,
        Command::Keyring(args) => keyring::run(args, ctx, console).await?,
        Command::Interpolate(args) => interpolate::interpolate(&args, ctx, console).await?,
        Command::Init(command) => init::run(command, ctx, console).await?,
        #[cfg(feature = "dev-vault")]
        Command::Dev(args) => {
            ctx.may_connect()?;
            return dev::dev(args, &ctx.environment, console).await;
        }
        Command::Version(args) => version::version(&args, ctx, console).await?,
        Command::Help(args) => help::help(&args, ctx, console)?,
        Command::Completion(args) => completion::completion(&args, console)?,
        Command::Sync(args) => sync::sync(&args, ctx, console).await?,
        Command::Shell(args) => return shell::shell(&args, ctx, console).await,
        Command::Quit(_) => return Err(shell::nothing_to_quit()),
    }
    Ok(ExitCode::SUCCESS)
}
