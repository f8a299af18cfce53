//! `ksm dev`: a vault on this machine, and programs that find it.

use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use ksm::dev::{ClientEnvironment, Sandbox, Seed, Shell, Vault};
use ksm::environment::{ChildEnvironment, Environment, System, names};
use ksm::exec::Launch;
use ksm::exec::supervise::{self, Exit, OutputOptions};
use ksm::input::{self, Limit};
use ksm::json;
use ksm::private_file;
use ksm::program::Program;
use ksm::signals::Hold;
use serde_json::json;

use crate::cli::dev::{DevAction, DevArgs, ServeArgs, TokenArgs};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

mod signals;
mod socket;

pub(super) async fn dev(
    args: DevArgs,
    environment: &Environment,
    console: &mut Console,
) -> Result<ExitCode> {
    match args.action {
        Some(DevAction::Token(token)) => print_token(&token, environment, console),
        None => serve(args.serve, environment, console).await,
    }
}

fn print_token(
    args: &TokenArgs,
    environment: &Environment,
    console: &mut Console,
) -> Result<ExitCode> {
    let named = environment.nonempty(names::KSM_DEV_SOCKET).map(Path::new);
    let token = socket::ask(named)?;
    match args.json {
        true => console.data(json::pretty(&json!({ "token": token.expose() })))?,
        false => console.data(format!("{}\n", token.expose()))?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(args: ServeArgs, ours: &Environment, console: &mut Console) -> Result<ExitCode> {
    let seed = match &args.seed {
        Some(path) => read_seed(path)?,
        None => Seed::sample()?,
    };
    let vault = Arc::new(Vault::listen(seed, args.listen)?);
    // Kept back for as long as there is something to remove.
    let _hold = Hold::begin();
    let sandbox = open_sandbox(&vault, ours)?;
    let variables = client_environment(&sandbox, &vault, args.unbound).await?;
    socket::serve(&sandbox.socket(), &vault)?;
    console.note("The development vault is for trying things out: keep real secrets out of it.");

    let exit = match args.command.split_first() {
        Some((name, words)) => {
            let roots = sandbox.write_roots(&vault.roots_pem(ours)?);
            let roots = roots.map_err(not_prepared)?;
            run(name, words, variables.for_child(ours, &roots))?
        }
        None => {
            let shell = Shell::at_hand(System::OURS, ours);
            until_signal(shell, variables.script(shell, ours), &vault, console).await?
        }
    };
    // The end by a signal runs no destructors.
    drop(sandbox);
    Ok(exit.imitate().into())
}

/// Runs the command to its end. A signal that ended it becomes a status, as in a shell.
fn run(name: &OsStr, words: &[OsString], environment: ChildEnvironment) -> Result<Exit> {
    let launch = Launch {
        program: Program::find(name, |variable| environment.get(variable))?,
        arguments: words.to_vec(),
        environment,
    };
    let ended = supervise::run(launch, (), &OutputOptions::default())?;
    Ok(Exit::Status(ended.exit.to_status()))
}

async fn until_signal(
    shell: Shell,
    script: String,
    vault: &Vault,
    console: &mut Console,
) -> Result<Exit> {
    console.note(&format!(
        "It listens on {} until it is interrupted (Ctrl-C).",
        vault.address()
    ));
    let name = match shell {
        Shell::Posix => "shell",
        Shell::PowerShell => "PowerShell",
        Shell::Cmd => "window of cmd",
    };
    console.note(&format!(
        "Paste this into another {name}; `ksm dev token` there prints another one-time token:"
    ));
    console.data(script)?;
    // With `--output`, the file is there from now on, and not only at the end.
    console.finish()?;
    Ok(Exit::Signal(signals::next().await.map_err(not_prepared)?))
}

fn read_seed(path: &Path) -> Result<Seed> {
    let about = format!("seed `{}`", path.display());
    let text = input::file(path, Limit::SEED).and_then(input::text);
    let text = text.map_err(|error| {
        Failure::of_input(error).while_doing(format!("cannot read the {about}"))
    })?;
    Seed::parse(text.expose()).map_err(|error| {
        let hint = "`ksm help dev` shows a seed file";
        Failure::new(Code::Local, error)
            .while_doing(about)
            .hint(hint)
    })
}

fn open_sandbox(vault: &Vault, environment: &Environment) -> Result<Sandbox> {
    let program = std::env::current_exe().map_err(not_prepared)?;
    let places = private_file::places(environment);
    Sandbox::create(&places, &program, vault.ca_pem()).map_err(|error| {
        not_prepared(error).hint("TMPDIR names a directory in which files can be made")
    })
}

/// The environment of programs that find the vault: as a device that is bound already, or with a token to bind.
async fn client_environment(
    sandbox: &Sandbox,
    vault: &Vault,
    unbound: bool,
) -> Result<ClientEnvironment> {
    let mut variables = sandbox.environment();
    variables.set(names::KSM_DEV_SOCKET, sandbox.socket());
    let token = vault.issue_token()?;
    variables.set(names::KSM_DEV_TOKEN, token.text().expose());
    variables.set(names::KSM_DEV_HOST, &token.host);
    variables.set(names::KSM_DEV_CLIENT_KEY, token.client_key.expose());
    variables.set(
        names::KSM_DEV_SERVER_KEY_ID,
        token.server_key_id.to_string(),
    );
    variables.set(names::KSM_DEV_SERVER_KEY, &token.server_key);
    if unbound {
        variables.set(names::KSM_TOKEN, vault.token()?.expose());
        variables.set(names::KSM_INI_DIR, sandbox.profiles());
        return Ok(variables);
    }
    let config = ksm::dev::bind(vault.token()?.expose(), &variables.alone()).await?;
    variables.set(names::KSM_CONFIG, config.expose());
    Ok(variables)
}

fn not_prepared(error: impl Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Local, error).while_doing("cannot prepare the development vault")
}
