//! Which records a vault is asked for, and which of those it sends are opened and kept.

use std::collections::HashSet;

use super::uid::RecordUid;

/// One `get_secret`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// All that is shared with us.
    Everything,
    /// The records with these UIDs; never empty. What else comes is left sealed.
    Only(Vec<RecordUid>),
    /// The records with one of these names, a UID or a title, and those that their fields refer to. Titles are sealed, so
    /// everything is asked for; what has another name is not kept.
    Named(HashSet<String>),
}

impl Question {
    /// The records with these UIDs, or all if there is none.
    pub fn about(uids: &[RecordUid]) -> Self {
        match uids {
            [] => Self::Everything,
            uids => Self::Only(uids.to_vec()),
        }
    }

    /// The record filter that asks it; empty asks for everything.
    pub fn filter(&self) -> &[RecordUid] {
        match self {
            Self::Everything | Self::Named(_) => &[],
            Self::Only(uids) => uids,
        }
    }
}
