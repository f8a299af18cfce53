//! The one-time token as the user gives it (T4).

use ksm::environment::names;
use ksm::sensitive::Sensitive;

use super::context::Context;
use super::input;
use crate::cli::token::TokenArgs;
use crate::failure::{Failure, Result};

/// From the option, a file, the argument or `KSM_CLI_TOKEN`, in this order.
pub(super) fn given(args: &TokenArgs, ctx: &Context) -> Result<Sensitive<String>> {
    if let Some(path) = args.token_file.as_deref().filter(|_| args.token.is_none()) {
        return input::first_line(path);
    }
    match args.token.as_ref().or(args.argument.as_ref()) {
        Some(typed) if typed.expose() == "-" => input::stdin(),
        Some(typed) => Ok(typed.clone()),
        None => ctx.environment.text(names::KSM_CLI_TOKEN)
            .map(Sensitive::new)
            .ok_or_else(|| {
                Failure::usage(
                    "A one time access token is required either as a command parameter or an argument.",
                )
            }),
    }
}
