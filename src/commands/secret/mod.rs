//! `ksm secret`: a file per verb.

mod notation;

use super::context::Context;
use crate::cli::secret::SecretCommand;
use crate::console::Console;
use crate::failure::Failure;

/// Runs one of the verbs.
pub(super) async fn secret(
    command: &SecretCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        SecretCommand::List(_) | SecretCommand::Get(_) => Ok(()),
        SecretCommand::Notation(args) => notation::notation(args, ctx, console).await,
    }
}
