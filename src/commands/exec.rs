//! `ksm exec`: a program with secrets in its environment.

use std::process::{ExitCode, ExitStatus};

use ksm::exec::{Environment, Launch, OwnConfig, Program, References};
use ksm::vault::lookup;

use super::context::Context;
use crate::cli::exec::ExecArgs;
use crate::console::Console;
use crate::failure::Failure;

/// Starts the program. On Unix this comes back only if that failed.
pub(crate) async fn exec(
    args: ExecArgs,
    ctx: &Context,
    console: &Console,
) -> Result<ExitCode, Failure> {
    start(args, ctx, console)
        .await
        .map_err(Failure::before_child)
}

async fn start(args: ExecArgs, ctx: &Context, console: &Console) -> Result<ExitCode, Failure> {
    let own = if args.keep_config {
        OwnConfig::Kept
    } else {
        OwnConfig::Withheld
    };
    let mut words = args.command.into_iter();
    let Some(name) = words.next() else {
        return Err(Failure::usage("Missing argument 'COMMAND...'."));
    };
    let environment = Environment::inherited(ctx.variables(), own);
    let mut launch = Launch {
        program: Program::find(&name, environment.get("PATH"))?,
        arguments: words.collect(),
        environment,
    };
    let mut references = References::default();
    references.in_environment(&launch.environment)?;
    if args.inline {
        references.in_arguments(&launch.arguments)?;
    }
    if references.any_in_arguments() {
        console.warn(
            "other users of this machine can see the secrets that `--inline` puts into arguments",
        );
    }
    if !references.notations().is_empty() {
        let mut vault = ctx.vault().await?;
        let answers = lookup::resolve_all(&mut vault, references.notations()).await?;
        // There is no later: the program takes our place.
        ctx.remember().await;
        references.put_into(&mut launch, answers)?;
    }
    Ok(as_ours(launch.run()?))
}

/// The program's exit code as ours, where it could not take our place.
fn as_ours(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
