//! `ksm secret delete`.

use std::collections::HashSet;

use ksm::vault::notation::Notation;
use ksm::vault::uid::{RecordUid, is_uid};
use ksm::vault::{Client, Error, select};

use crate::cli::secret::DeleteArgs;
use crate::commands::context::Context;
use crate::commands::deletions;
use crate::console::Console;
use crate::failure::{Failure, Result};

pub(super) async fn delete(args: &DeleteArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = super::named(args.records.iter().chain(&args.record_arguments))?;
    let vault = ctx.vault().await?;
    let uids = uids(vault, &named).await?;
    let deletions = vault
        .delete(&uids)
        .await
        .map_err(|error| Failure::from(error).while_doing("Could not delete records"))?;
    deletions::print(&deletions, args.json, "record", ctx, console)
}

/// The UIDs of the records, each once. What looks like a UID is taken for one, so that deleting by UIDs is one request;
/// nothing is deleted if one of the others is not found.
async fn uids(vault: &Client, named: &[Notation]) -> Result<Vec<RecordUid>, Error> {
    let titles: Vec<_> = named
        .iter()
        .filter(|notation| !is_uid(&notation.record))
        .cloned()
        .collect();
    let selection = select::ask(vault, &titles).await?;
    let mut seen = HashSet::new();
    let mut uids = Vec::with_capacity(named.len());
    for notation in named {
        let uid = if is_uid(&notation.record) {
            RecordUid::from(notation.record.as_str())
        } else {
            selection.record(notation)?.uid().clone()
        };
        if seen.insert(uid.clone()) {
            uids.push(uid);
        }
    }
    Ok(uids)
}
