//! The one-time token as the user gives it (T4).

use ksm::environment::names;
use ksm::profile::{Discovery, redeem};
use ksm::sensitive::Sensitive;

use super::context::Context;
use super::input;
use crate::cli::token::TokenArgs;
use crate::failure::{Failure, Result};

/// From the option, a file, the argument or `KSM_CLI_TOKEN`, in this order.
pub(super) fn given(args: &TokenArgs, ctx: &Context) -> Result<Sensitive<String>> {
    if let Some(path) = args.token_file.as_deref().filter(|_| args.token.is_none()) {
        let line = input::first_line(path)?;
        return match line.expose().is_empty() {
            true => Err(empty(&format!(
                "{} holds no one-time token",
                path.display()
            ))),
            false => Ok(line),
        };
    }
    let is_blank = |typed: &Sensitive<String>| typed.expose().trim().is_empty();
    match args.token.as_ref().or(args.argument.as_ref()) {
        Some(typed) if typed.expose() == "-" && input::can_ask() => asked(),
        Some(typed) if typed.expose() == "-" => input::stdin(),
        Some(typed) if is_blank(typed) => Err(empty("the one-time token is empty")),
        Some(typed) => Ok(typed.clone()),
        None => match ctx.environment.text(names::KSM_CLI_TOKEN) {
            Some(token) if token.trim().is_empty() => {
                Err(empty(&format!("{} is empty", names::KSM_CLI_TOKEN)))
            }
            Some(token) => Ok(token.into()),
            None if input::can_ask() => asked(),
            None => Err(Failure::usage(
                "A one time access token is required either as a command parameter or an argument.",
            )
            .hint("`--token-file FILE` reads it from a file, and `--token -` from stdin")),
        },
    }
}

fn empty(what: &str) -> Failure {
    Failure::usage(what).hint(
        "a token looks like US:BASE64; if it comes from a variable or a program, that was empty or failed",
    )
}

/// Adds to the refusal of `token` how to get another, and whether one is needed. The development vault makes others.
pub(super) fn refused(
    error: redeem::Error,
    token: &Sensitive<String>,
    ctx: &Context,
    other: &str,
) -> Failure {
    let is_refused = error.is_refused();
    let failure = Failure::from(error);
    if !is_refused {
        return failure;
    }
    let sample = ctx.environment.text(names::KSM_DEV_TOKEN);
    let is_sample = sample.is_some_and(|sample| sample.trim() == token.expose().trim());
    if is_sample {
        return failure.hint("a token makes one device; `ksm dev token` prints another");
    }
    let found = Discovery::before_keyring(ctx.ini_file(), &ctx.store_context()).ok();
    let store = found.and_then(|found| found.store);
    failure.hint(
        match store.filter(|store| !store.names().is_empty()) {
            Some(store) => format!(
                "a token makes one device, once. {} has a profile already, which needs no token: {other}",
                store.location()
            ),
            None => "a token makes one device, once, and expires: whoever administers the application in the vault adds a \
                 device to it, which gives a new token"
                .to_owned(),
        },
    )
}

fn asked() -> Result<Sensitive<String>> {
    let line = input::unseen("One-time token", "token")?;
    match line.expose().trim().is_empty() {
        true => Err(Failure::usage("no token was typed")),
        false => Ok(line),
    }
}
