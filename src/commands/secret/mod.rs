//! `ksm secret`: a file per verb.

mod add;
mod attachment;
mod chosen;
mod delete;
mod delete_attachment;
mod download;
mod get;
mod list;
mod notation;
mod password;
mod references;
mod safe_name;
mod template;
mod totp;
mod types;
mod update;
mod upload;
mod values;
mod wanted;

use super::context::Context;
use crate::cli::secret::SecretCommand;
use crate::console::Console;
use crate::failure::Failure;
use ksm::query::Query;

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
        SecretCommand::Totp(args) => totp::totp(args, ctx, console).await,
        SecretCommand::Upload(args) => upload::upload(args, ctx, console).await,
        SecretCommand::Download(args) => download::download(args, ctx, console).await,
        SecretCommand::DeleteAttachment(args) => {
            delete_attachment::delete_attachment(args, ctx, console).await
        }
        SecretCommand::Add(command) => add::add(command, ctx, console).await,
        SecretCommand::Update(args) => update::update(args, ctx, console).await,
        SecretCommand::Delete(args) => delete::delete(args, ctx, console).await,
        SecretCommand::Password(args) => password::password(args, console),
        SecretCommand::Template(command) => template::template(command, ctx, console).await,
    }
}

/// Reads the value of `-q`.
fn query(text: &str) -> Result<Query, Failure> {
    Query::parse(text).map_err(|error| Failure::usage(error).while_doing("JSONPath failed"))
}
