//! `ksm secret delete-attachment`.

use ksm::json;
use ksm::vault::notation::Notation;
use ksm::vault::uid::FileUid;
use ksm::vault::{Error, RecordEdit, select};
use serde_json::json;

use crate::cli::secret::DeleteAttachmentArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

/// Removes all files with one change, or none if one of them is missing.
pub(super) async fn delete_attachment(
    args: &DeleteAttachmentArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let named = Notation::of_record(&args.record)?;
    let vault = ctx.vault().await?;
    let record = select::record(vault, &named).await?;
    let mut uids: Vec<FileUid> = Vec::with_capacity(args.files.len());
    for file in &args.files {
        let uid = select::attachment_uid(&record, file).map_err(|error| {
            let uid = record.uid();
            let none = format!("Cannot find a file {file} for UID {uid}. Cannot delete file.");
            super::file_failure(error, none)
        })?;
        if !uids.contains(&uid) {
            uids.push(uid);
        }
    }
    let detach = async |vault: &ksm::vault::Client, record: &ksm::vault::Record| {
        let mut edit = RecordEdit::of(record);
        uids.iter().try_for_each(|uid| edit.detach(uid))?;
        Ok::<_, Error>(vault.update(record, &edit, &uids).await)
    };
    vault
        .write_to(&record, super::on_stale(args.retry), detach)
        .await??;
    if args.json {
        let uids: Vec<_> = uids.iter().map(FileUid::as_str).collect();
        let object = json!({"record_uid": record.uid().as_str(), "deleted": uids});
        let done = format!(
            "files were taken out of record {}: {}",
            record.uid(),
            uids.join(", ")
        );
        console.receipt(&[done], json::pretty(&object))?;
    }
    Ok(())
}
