//! Creates several records, of which some may fail (FIX 40).

use ksm::json;
use ksm::vault::uid::RecordUid;
use ksm::vault::{Client, Error, ParentFolder, RecordEdit, WriteOperation};

use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// The first records of those wanted, and perhaps not all of them.
#[derive(Debug)]
pub(super) struct Created {
    uids: Vec<RecordUid>,
    wanted: usize,
    /// The failure of the next record.
    reason: Option<Error>,
}

/// Creates records in order up to the first that fails. Fails if no record was created.
pub(super) async fn create_all(
    edits: &[RecordEdit],
    parent: &ParentFolder,
    vault: &Client,
) -> Result<Created> {
    let mut created = Created {
        uids: Vec::with_capacity(edits.len()),
        wanted: edits.len(),
        reason: None,
    };
    for edit in edits {
        match vault.create(parent, edit).await {
            Ok(uid) => created.uids.push(uid),
            Err(error) if created.uids.is_empty() => return Err(error.into()),
            Err(error) => {
                created.reason = Some(error);
                break;
            }
        }
    }
    Ok(created)
}

impl Created {
    /// Prints the UIDs, and fails if some records are missing.
    pub(super) fn print(self, console: &mut Console) -> Result<()> {
        console.remark("The following is the new record UIDs in JSON ...");
        let uids: Vec<&str> = self.uids.iter().map(RecordUid::as_str).collect();
        let created = self.uids.iter().cloned().map(WriteOperation::CreateRecord);
        let created: Vec<_> = created.collect();
        console.receipt(&created, json::line(&uids))?;
        console.set_off();
        let Some(reason) = self.reason else {
            return Ok(());
        };
        // The UIDs count although the command fails.
        console.finish()?;
        let (done, all) = (uids.len(), self.wanted);
        let reason = Failure::from(reason).reason();
        let message = format!("{done} of {all} records were created, then: {reason}");
        Err(Failure::new(Code::Failed, message)
            .hint("take those out of the file before you try again, or they are there twice"))
    }
}
