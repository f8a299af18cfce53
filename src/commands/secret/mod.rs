//! `ksm secret`: a file per verb.

#[allow(dead_code, reason = "the commands that use it are on their way")]
mod chosen;
mod get;
mod list;
mod notation;
mod references;
mod wanted;

use super::context::Context;
use crate::cli::secret::SecretCommand;
use crate::console::Console;
use crate::failure::Failure;
use crate::query::Query;

/// Runs one of the verbs.
pub(super) async fn secret(
    command: &SecretCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        SecretCommand::List(args) => list::list(args, ctx, console).await,
        SecretCommand::Get(args) => get::get(args, ctx, console).await,
        SecretCommand::Notation(args) => notation::notation(args, ctx, console).await,
    }
}

/// Reads the value of `-q`.
fn query(text: &str) -> Result<Query, Failure> {
    Query::parse(text).map_err(|error| Failure::usage(error).while_doing("JSONPath failed"))
}
