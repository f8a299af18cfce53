//! Which records a vault is asked for, and which of those it sends are opened and kept.

use std::collections::HashSet;

use super::uid::RecordUid;

/// One `get_secret`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFilter {
    /// All that is shared with us.
    All,
    /// The records with these UIDs; never empty. What else comes is left sealed.
    Uids(Vec<RecordUid>),
    /// The records with one of these names, a UID or a title, and those that their fields refer to. Titles are sealed, so
    /// everything is asked for; what has another name is not kept.
    Names(HashSet<String>),
}

impl RecordFilter {
    /// The records with these UIDs, or all if there is none.
    pub fn about(uids: &[RecordUid]) -> Self {
        match uids {
            [] => Self::All,
            uids => Self::Uids(uids.to_vec()),
        }
    }

    /// The record filter that asks it; empty asks for everything.
    pub fn uids(&self) -> &[RecordUid] {
        match self {
            Self::All | Self::Names(_) => &[],
            Self::Uids(uids) => uids,
        }
    }
}
