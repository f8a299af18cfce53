//! `ksm dev`: a vault on this machine, and programs that find it.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use ksm::dev::{ClientEnvironment, Sandbox, Seed, Vault};
use ksm::environment::{Environment, names};
use ksm::exec::supervise::Exit;
use ksm::input::{self, Limit};
use ksm::vault::Options;
use ksm::wire::session::CLIENT_VERSION;

use crate::cli::dev::{DevAction, DevArgs, ServeArgs};
use crate::console::Console;
use crate::failure::{Code, Failure};

mod child;
mod signals;
mod socket;

use signals::Signals;

pub(super) async fn dev(
    args: DevArgs,
    environment: &Environment,
    console: &mut Console,
) -> Result<ExitCode, Failure> {
    match args.action {
        Some(DevAction::Token) => print_token(environment, console),
        None => serve(args.serve, environment, console).await,
    }
}

fn print_token(environment: &Environment, console: &mut Console) -> Result<ExitCode, Failure> {
    let named = environment.nonempty(names::KSM_DEV_SOCKET).map(Path::new);
    let token = socket::ask(named)?;
    console.data(format!("{}\n", token.expose()))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    args: ServeArgs,
    ours: &Environment,
    console: &mut Console,
) -> Result<ExitCode, Failure> {
    let seed = match &args.seed {
        Some(path) => read_seed(path)?,
        None => Seed::sample()?,
    };
    let vault = Vault::listen(seed, args.listen)?;
    // Caught for as long as there is something to remove.
    let mut signals = signals::catch().map_err(not_prepared)?;
    let sandbox = open_sandbox(&vault, ours)?;
    let variables = client_environment(&sandbox, &vault, args.unbound).await?;
    let socket = socket::open(&sandbox.socket())?;
    console.note("The development vault is for trying things out: keep real secrets out of it.");

    let exit = tokio::select! {
        never = socket::serve(socket, &vault) => match never {},
        exit = async {
            match args.command.split_first() {
                Some((program, words)) => {
                    child::run(program, words, &variables, ours, &mut signals).await
                }
                None => until_signal(variables.script(ours), &vault, &mut signals, console).await,
            }
        } => exit?,
    };
    // The end by a signal runs no destructors.
    drop((sandbox, vault));
    Ok(exit.imitate().into())
}

async fn until_signal(
    script: String,
    vault: &Vault,
    signals: &mut Signals,
    console: &mut Console,
) -> Result<Exit, Failure> {
    console.note(&format!(
        "It listens on {} until it is interrupted (Ctrl-C).",
        vault.address()
    ));
    console.note(
        "Paste this into another shell; `ksm dev token` there prints another one-time token:",
    );
    console.data(script)?;
    // With `--output`, the file is there from now on, and not only at the end.
    console.finish()?;
    Ok(Exit::Signal(signals.next().await))
}

fn read_seed(path: &Path) -> Result<Seed, Failure> {
    let about = format!("seed `{}`", path.display());
    let text = input::file(path, Limit::SEED).and_then(input::text);
    let text = text.map_err(|error| {
        Failure::new(Code::Local, error).while_doing(format!("cannot read the {about}"))
    })?;
    Seed::parse(text.expose()).map_err(|error| {
        let hint = "the README shows a seed file with all it may hold";
        Failure::new(Code::Local, error)
            .while_doing(about)
            .hint(hint)
    })
}

fn open_sandbox(vault: &Vault, environment: &Environment) -> Result<Sandbox, Failure> {
    let parent = environment.get(names::XDG_RUNTIME_DIR).map(Path::new);
    let parent = parent.filter(|path| path.is_dir());
    let program = std::env::current_exe().map_err(not_prepared)?;
    Sandbox::create(
        parent.unwrap_or_else(|| environment.temporary_directory()),
        &program,
        vault.ca_pem(),
    )
    .map_err(|error| {
        not_prepared(error).hint("TMPDIR names a directory in which files can be made")
    })
}

/// The environment of programs that find the vault: as a device that is bound already, or with a token to bind.
async fn client_environment(
    sandbox: &Sandbox,
    vault: &Vault,
    unbound: bool,
) -> Result<ClientEnvironment, Failure> {
    let mut variables = sandbox.environment();
    variables.set(names::KSM_DEV_SOCKET, sandbox.socket());
    variables.set(names::KSM_DEV_TOKEN, vault.token()?.expose());
    if unbound {
        variables.set(names::KSM_TOKEN, vault.token()?.expose());
        variables.set(names::KSM_INI_DIR, sandbox.profiles());
        return Ok(variables);
    }
    let options = Options {
        client_version: CLIENT_VERSION.to_owned(),
        longest_wait: Duration::ZERO,
        listener: Rc::new(|_| {}),
    };
    let config = ksm::dev::enroll(vault.token()?.expose(), &variables.alone(), &options).await?;
    variables.set(names::KSM_CONFIG, config.expose());
    Ok(variables)
}

fn not_prepared(error: impl Error + Send + Sync + 'static) -> Failure {
    Failure::new(Code::Local, error).while_doing("cannot prepare the development vault")
}
