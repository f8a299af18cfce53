//! News for the user, besides the answer.

use std::time::Duration;

use super::error::Broken;
use super::part::Part;
use super::uid::RecordUid;
use crate::foreign::Text;
use crate::http::Progress;
use crate::wire::event::Event;

#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    Session(Event),
    /// A record or folder that does not open was left out.
    SkippedRecord(Broken),
    SkippedFile(Broken),
    /// A value of a record that did open was left out.
    SkippedPart(RecordUid, Part),
    /// A record came that was not asked for, and was left out.
    Unasked(RecordUid),
    /// The server's own words.
    Warning(Text),
    FromCache(CacheUse),
    /// An answer could not be kept, or one that was kept is of no use.
    CacheTrouble(String),
    Progress(Progress),
}

/// An answer of the cache that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheUse {
    pub age: Duration,
    pub reason: CacheReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheReason {
    /// Nobody may be asked.
    Offline,
    /// It is new enough.
    Fresh,
    /// The error of the server, or nothing where it was away a moment ago.
    Away(Option<String>),
}
