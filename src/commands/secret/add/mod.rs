//! `ksm secret add`: new records (`cli-reference.md` 9.2).

mod clone;
mod editor;
mod field;
mod file;

use ksm::json;
use ksm::schema::Form;
use ksm::sensitive::SensitiveJson;
use ksm::vault::uid::RecordUid;
use ksm::vault::{Client, Draft, Place};
use serde_json::json;

use crate::cli::secret::AddCommand;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Runs one of the commands.
pub(super) async fn add(
    command: &AddCommand,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    match command {
        AddCommand::Field(args) => field::field(args, ctx, console).await,
        AddCommand::File(args) => file::file(args, ctx, console).await,
        AddCommand::Editor(args) => editor::editor(args, ctx, console).await,
        AddCommand::Clone(args) => clone::clone(args, ctx, console).await,
    }
}

/// A record that was filled in, as it is created.
fn draft(form: &Form, title: &str, notes: Option<&str>) -> Result<Draft, Failure> {
    let document: SensitiveJson = form.document(title, notes);
    let members = document.expose().as_object();
    let members = members.ok_or_else(|| Failure::new(Code::Failed, "a record is an object"))?;
    Ok(Draft::new(members)?)
}

/// Tells the UID of the one record that was created.
fn tell(uid: &RecordUid, json: bool, console: &mut Console) -> Result<(), Failure> {
    console.note("The following is the new record UID ...");
    if json {
        console.data(json::pretty(&json!({ "uid": uid.as_str() })))?;
    } else {
        console.data(uid.as_str())?;
    }
    console.note("");
    Ok(())
}

/// Creates several records and tells their UIDs. When one of them fails, those before it are there and are told all the
/// same (FIX 40).
async fn create_all(
    drafts: &[Draft],
    place: &Place,
    vault: &mut Client,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut uids = Vec::new();
    let mut failed = None;
    for draft in drafts {
        match vault.create(place, draft).await {
            Ok(uid) => uids.push(uid),
            Err(error) => {
                failed = Some(error);
                break;
            }
        }
    }
    match failed {
        Some(error) if uids.is_empty() => return Err(error.into()),
        _ => tell_all(&uids, console)?,
    }
    let Some(error) = failed else {
        return Ok(());
    };
    // The answer counts, whatever comes after it.
    console.finish()?;
    let (done, all) = (uids.len(), drafts.len());
    let reason = Failure::from(error).reason();
    Err(Failure::new(
        Code::Failed,
        format!("{done} of {all} records were created, then: {reason}"),
    )
    .hint("take those out of the file before you try again, or they are there twice"))
}

fn tell_all(uids: &[RecordUid], console: &mut Console) -> Result<(), Failure> {
    console.note("The following is the new record UIDs in JSON ...");
    let uids: Vec<&str> = uids.iter().map(RecordUid::as_str).collect();
    console.data(json::line(&uids))?;
    console.note("");
    Ok(())
}
