//! `ksm secret add`: new records (compatibility 9.2).

mod clone;
mod editor;
mod field;
mod file;
mod several;

use ksm::json;
use ksm::schema::RecordBuilder;
use ksm::sensitive::SensitiveJson;
use ksm::vault::uid::RecordUid;
use ksm::vault::{RecordEdit, WriteOperation};
use serde_json::json;

use crate::cli::secret::AddCommand;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) async fn add(command: &AddCommand, ctx: &Context, console: &mut Console) -> Result<()> {
    match command {
        AddCommand::Field(args) => field::field(args, ctx, console).await,
        AddCommand::File(args) => file::file(args, ctx, console).await,
        AddCommand::Editor(args) => editor::editor(args, ctx, console).await,
        AddCommand::Clone(args) => clone::clone(args, ctx, console).await,
    }
}

fn new_record(form: &RecordBuilder, title: &str, notes: Option<&str>) -> Result<RecordEdit> {
    let document: SensitiveJson = form.document(title, notes);
    let members = document.expose().as_object();
    let members = members.ok_or_else(|| Failure::new(Code::Failed, "a record is an object"))?;
    Ok(RecordEdit::new(members)?)
}

fn print_uid(uid: &RecordUid, json: bool, console: &mut Console) -> Result<()> {
    console.remark("The following is the new record UID ...");
    let done = WriteOperation::CreateRecord(uid.clone());
    match json {
        true => console.receipt(&[done], json::pretty(&json!({ "uid": uid.as_str() })))?,
        false => console.receipt(&[done], uid.as_str())?,
    }
    console.set_off();
    Ok(())
}
