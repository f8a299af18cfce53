//! `ksm secret delete`: records, by whatever names them.

use std::collections::HashSet;

use ksm::vault::notation::Notation;
use ksm::vault::uid::{RecordUid, is_uid};
use ksm::vault::{Client, select};

use super::chosen;
use crate::cli::secret::DeleteArgs;
use crate::commands::context::Context;
use crate::commands::deleted;
use crate::console::Console;
use crate::failure::Failure;

/// Deletes the records and prints what became of each.
pub(super) async fn delete(
    args: &DeleteArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let named = args.records.iter().chain(&args.record_arguments);
    let named: Vec<Notation> = named
        .map(|name| chosen::notation(name))
        .collect::<Result<_, _>>()?;
    let mut vault = ctx.vault().await?;
    let uids = uids(&mut vault, named).await?;
    let outcomes = vault
        .delete(&uids)
        .await
        .map_err(|error| Failure::from(error).while_doing("Could not delete records"))?;
    deleted::tell(&outcomes, args.json, "record", ctx, console)
}

/// The UIDs of the records, each once. What looks like a UID is taken for one, so that deleting by UIDs is one request;
/// nothing is deleted if one of the others is not to be found.
async fn uids(vault: &mut Client, named: Vec<Notation>) -> Result<Vec<RecordUid>, Failure> {
    let titles: Vec<_> = named
        .iter()
        .filter(|notation| !is_uid(&notation.record))
        .cloned()
        .collect();
    let selection = select::ask(vault, &titles).await?;
    let mut seen = HashSet::new();
    let mut uids = Vec::with_capacity(named.len());
    for notation in &named {
        let uid = if is_uid(&notation.record) {
            RecordUid::from(notation.record.as_str())
        } else {
            chosen::found(&selection, notation)?.uid().clone()
        };
        if seen.insert(uid.clone()) {
            uids.push(uid);
        }
    }
    Ok(uids)
}
