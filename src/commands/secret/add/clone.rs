//! `ksm secret add clone`: a copy of a record.

use std::collections::BTreeSet;

use ksm::foreign::Text;
use ksm::vault::notation::Notation;
use ksm::vault::uid::FileUid;
use ksm::vault::{Error, RecordEdit, SelectError, select};

use super::print_uid;
use crate::cli::secret::AddCloneArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Copies the JSON into the same folder (FIX 20). Attachments belong to one record, so the copy does not refer to them.
pub(super) async fn clone(args: &AddCloneArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = Notation::of_record(&args.uid)?;
    let vault = ctx.vault().await?;
    let record = select::record(vault, &named).await.map_err(|error| {
        let is_missing = matches!(error, Error::Select(SelectError::NoRecord { .. }));
        let failure = Failure::from(error);
        match is_missing {
            // Scripts look for these words of the official CLI (compatibility 9.2).
            true => failure.while_doing(format!("Record UID not found {}", args.uid)),
            false => failure,
        }
    })?;
    let Some(folder) = record.folder() else {
        let uid = record.uid();
        return Err(Failure::new(
            Code::Failed,
            format!(
                "Unable to find the parent shared folder for record {uid} - individually shared records cannot be \
                 cloned."
            ),
        ));
    };
    let mut edit = RecordEdit::of(&record);
    if let Some(title) = &args.title {
        edit.set_title(title)?;
    }
    // Not `files()`, which lacks attachments that do not open or were not handed out.
    let files: BTreeSet<FileUid> = record.file_references().map(FileUid::from).collect();
    for file in &files {
        edit.detach(file)?;
    }
    if args
        .title
        .as_deref()
        .is_none_or(|title| title == record.title())
    {
        console.warn(&format!(
            "the copy is called `{}` like the record, so this title will be ambiguous; `-t TITLE` gives it another",
            Text::from(record.title())
        ));
    }
    let parent = vault.parent_folder(folder.as_str()).await?;
    let uid = vault.create(&parent, &edit).await?;
    if !files.is_empty() {
        let count = files.len();
        console.note(&format!(
            "The copy is without the attachments of the record ({count})."
        ));
    }
    print_uid(&uid, args.json, console)
}
