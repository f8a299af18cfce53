//! Fetching the records that address and card fields refer to.

use std::collections::{HashMap, HashSet};

use ksm::vault::uid::RecordUid;
use ksm::vault::{Client, Links, Record, RecordFilter};

use crate::failure::Failure;
use crate::render::{self, Masking};

/// How far the records at hand reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// What they refer to is among them, or nowhere.
    Everything,
    /// Others were not asked for.
    Some,
}

/// The records that those `shown` refer to and that are not at hand, with one request for each step of the way.
pub(super) async fn fetch(
    vault: &mut Client,
    at_hand: &[Record],
    reach: Reach,
    shown: &[&Record],
    masking: Masking,
) -> Result<Vec<Record>, Failure> {
    let mut fetched = Vec::new();
    let mut asked = HashSet::new();
    if reach == Reach::Everything {
        return Ok(fetched);
    }
    loop {
        let wanted = missing(&index(at_hand, &fetched), shown, masking, &mut asked);
        if wanted.is_empty() {
            return Ok(fetched);
        }
        let answer = vault
            .records(&RecordFilter::Uids(wanted), Links::Without)
            .await?;
        fetched.extend(answer.records);
    }
}

/// All records at hand by their UIDs.
pub(super) fn index<'r>(
    at_hand: &'r [Record],
    fetched: &'r [Record],
) -> HashMap<&'r RecordUid, &'r Record> {
    at_hand
        .iter()
        .chain(fetched)
        .map(|record| (record.uid(), record))
        .collect()
}

/// What has to be asked for next: each UID once, whatever comes of it.
fn missing(
    known: &HashMap<&RecordUid, &Record>,
    shown: &[&Record],
    masking: Masking,
    asked: &mut HashSet<RecordUid>,
) -> Vec<RecordUid> {
    let lookup = |uid: &RecordUid| known.get(uid).copied();
    let references = shown
        .iter()
        .flat_map(|record| render::references(record, masking, &lookup));
    references
        .filter(|uid| !known.contains_key(uid) && asked.insert(uid.clone()))
        .collect()
}
