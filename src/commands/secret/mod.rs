//! `ksm secret`: a file per verb.

mod add;
mod delete;
mod delete_attachment;
mod download;
mod get;
mod interruption;
mod list;
mod mime;
mod notation;
mod password;
mod record_types;
mod safe_name;
mod template;
mod totp;
mod update;
mod upload;
mod values;

use ksm::query::{Query, TooMuch};
use ksm::vault::notation::Notation;
use ksm::vault::select::{self, NamedRecords, RecordNames};
use ksm::vault::{OnStale, Reader, Records, SelectError};

use super::context::Context;
use crate::cli::secret::SecretCommand;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn run(
    command: &SecretCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
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

/// The records with these names.
async fn find<'r>(
    names: &RecordNames<'_>,
    answer: &'r Records,
    vault: &Reader,
) -> Result<NamedRecords<'r>> {
    match names.find_in(answer) {
        Ok(found) => Ok(found),
        Err(error) => Err(select::located(vault, error).await.into()),
    }
}

fn on_stale(retry: bool) -> OnStale {
    if retry { OnStale::Retry } else { OnStale::Fail }
}

/// Words a missing attachment as `none`, the official text.
fn file_failure(error: SelectError, none: String) -> Failure {
    let is_missing = matches!(error, SelectError::NoFile { .. });
    let failure = Failure::from(error);
    if !is_missing {
        return failure;
    }
    let said = Failure::new(failure.code(), none);
    match failure.advice() {
        Some(hint) => said.hint(hint),
        None => said,
    }
}

/// Old documents of Keeper have a name that finds nothing.
fn tell_of_old_name(query: Option<&str>, console: &Console) {
    if query.is_some_and(|query| query.contains("custom_fields")) {
        console.warn("the custom fields of a record are in `custom`, not in `custom_fields`");
    }
}

/// Tells of an option that the official CLI ignores without a word.
fn tell_of_idle(option: &str, why: &str, console: &Console) {
    console.warn(&format!("`{option}` has no effect here: {why}"));
}

fn too_much(error: TooMuch) -> Failure {
    Failure::new(Code::Failed, error)
        .while_doing("JSONPath failed")
        .hint("a path with fewer `..` and `*` leads to fewer places")
}

/// The records that words of a command name.
fn named<'n>(names: impl IntoIterator<Item = &'n String>) -> Result<Vec<Notation>> {
    let named = names.into_iter().map(|name| Notation::of_record(name));
    Ok(named.collect::<Result<_, _>>()?)
}

fn query(text: &str) -> Result<Query> {
    Query::parse(text).map_err(|error| {
        let failure = Failure::usage(error).while_doing("JSONPath failed");
        match text.starts_with('.') {
            // By habit of `jq`.
            true => failure.hint("a path begins with `$`, as in `$.fields[0].value`"),
            false => failure,
        }
    })
}
