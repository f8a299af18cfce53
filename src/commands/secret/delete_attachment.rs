//! `ksm secret delete-attachment`: a record without some of its files.

use ksm::json;
use ksm::vault::uid::FileUid;
use ksm::vault::{Client, Draft, Error, Record};
use serde_json::json;

use super::{attachment, chosen};
use crate::cli::secret::DeleteAttachmentArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// Takes the files from the record, with one change and only if all of them are there.
pub(super) async fn delete_attachment(
    args: &DeleteAttachmentArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let mut vault = ctx.vault().await?;
    let record = chosen::record(&mut vault, &args.record).await?;
    let mut uids: Vec<FileUid> = Vec::with_capacity(args.files.len());
    for named in &args.files {
        let uid = attachment::uid_of(&record, named)?.ok_or_else(|| {
            let what = format!(
                "Cannot find a file {named} for UID {}. Cannot delete file.",
                record.uid()
            );
            attachment::missing(&record, None, what)
        })?;
        if !uids.contains(&uid) {
            uids.push(uid);
        }
    }
    match detach(&mut vault, &record, &uids).await {
        Err(Error::Stale { .. }) if args.retry => {
            let newest = chosen::record(&mut vault, record.uid().as_str()).await?;
            detach(&mut vault, &newest, &uids).await?;
        }
        detached => detached?,
    }
    if args.json {
        let uids: Vec<_> = uids.iter().map(FileUid::as_str).collect();
        let object = json!({"record_uid": record.uid().as_str(), "deleted": uids});
        console.data(json::pretty(&object))?;
    }
    Ok(())
}

async fn detach(vault: &mut Client, record: &Record, uids: &[FileUid]) -> Result<(), Error> {
    let mut draft = Draft::of(record);
    for uid in uids {
        draft.detach(uid)?;
    }
    vault.update(record, &draft, uids).await
}
