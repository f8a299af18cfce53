//! The one-time token as the user gives it (T4).

use std::io::{self, IsTerminal};

use ksm::environment::names;
use ksm::sensitive::Sensitive;

use super::context::Context;
use super::input;
#[cfg(unix)]
use super::prompt::PromptGuard;
use crate::cli::token::TokenArgs;
use crate::failure::{Code, Failure, Result};

/// From the option, a file, the argument or `KSM_CLI_TOKEN`, in this order.
pub(super) fn given(args: &TokenArgs, ctx: &Context) -> Result<Sensitive<String>> {
    if let Some(path) = args.token_file.as_deref().filter(|_| args.token.is_none()) {
        return input::first_line(path);
    }
    match args.token.as_ref().or(args.argument.as_ref()) {
        Some(typed) if typed.expose() == "-" && is_terminal() => asked(),
        Some(typed) if typed.expose() == "-" => input::stdin(),
        Some(typed) => Ok(typed.clone()),
        None => match ctx.environment.text(names::KSM_CLI_TOKEN) {
            Some(token) => Ok(token.into()),
            None if is_terminal() => asked(),
            None => Err(Failure::usage(
                "A one time access token is required either as a command parameter or an argument.",
            )
            .hint("`--token-file FILE` reads it from a file, and `--token -` from stdin")),
        },
    }
}

/// The refusal of `token`; the development vault makes another.
pub(super) fn refused(failure: Failure, token: &Sensitive<String>, ctx: &Context) -> Failure {
    let sample = ctx.environment.text(names::KSM_DEV_TOKEN);
    let is_sample = sample.is_some_and(|sample| sample.trim() == token.expose().trim());
    match failure.code() {
        Code::Refused if is_sample => {
            failure.hint("a token makes one device; `ksm dev token` prints another")
        }
        _ => failure,
    }
}

fn is_terminal() -> bool {
    cfg!(unix) && io::stdin().is_terminal()
}

/// Asks for the token at the terminal, which does not show it.
fn asked() -> Result<Sensitive<String>> {
    #[cfg(unix)]
    let line = PromptGuard::watch().during(|| {
        ksm::input::unseen_line(|| crate::console::note("One-time token (it is not shown):"))
    });
    // The terminal hands over the key, since a signal would leave it silent.
    #[cfg(unix)]
    if matches!(&line, Err(error) if error.kind() == io::ErrorKind::Interrupted) {
        let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
    }
    #[cfg(not(unix))]
    let line: io::Result<Sensitive<String>> = Err(io::Error::from(io::ErrorKind::Unsupported));
    let line = line.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => Failure::usage("no token was typed"),
        _ => Failure::of_input(Code::Usage, error).while_doing("cannot read the token"),
    })?;
    match line.expose().trim().is_empty() {
        true => Err(Failure::usage("no token was typed")),
        false => Ok(line),
    }
}
