//! Changes of the vault (protocol 8.3 to 8.5 and 8.8). No write is sent twice (D19): when its answer is lost, the error
//! says that nobody knows whether it was done.

mod files;
mod folders;
mod records;

pub use folders::FolderContents;
pub use records::ParentFolder;

pub use crate::wire::reply::Deletion;

use std::collections::HashSet;

use super::cached::tell_trouble;
use super::{Client, Error, Record, WriteOperation};
use crate::buffer::Buffer;
use crate::sensitive::Sensitive;
use crate::wire::payload::Payload;
use crate::wire::{self, reply};

/// Applies where somebody else changed a record since it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStale {
    Fail,
    /// Once.
    Retry,
}

impl Client {
    /// Does `write` to `record`, and where that is [`Error::Stale`] and may be retried, to what the record is now. The outer
    /// error is of what comes before the writing.
    pub async fn write_to<T, E: From<Error>>(
        &self,
        record: &Record,
        on_stale: OnStale,
        mut write: impl AsyncFnMut(&Self, &Record) -> Result<Result<T, Error>, E>,
    ) -> Result<Result<T, Error>, E> {
        match write(self, record).await? {
            Err(Error::Stale { .. }) if on_stale == OnStale::Retry => {
                let newest = self.newest(record.uid()).await?;
                write(self, &newest).await
            }
            written => Ok(written),
        }
    }

    async fn write<P: Payload>(
        &self,
        operation: WriteOperation,
        payload: P,
    ) -> Result<Sensitive<Buffer>, Error> {
        let answer = self.session.call(payload).await;
        let may_be_done = answer
            .as_ref()
            .err()
            .is_none_or(wire::Error::may_have_acted);
        if let Some(cache) = self.outdated.as_ref().filter(|_| may_be_done) {
            tell_trouble(cache.forget().map(drop), &*self.listener);
        }
        answer.map_err(|source| Error::Write {
            operation: Box::new(operation),
            source,
        })
    }
}

/// Reads the answer to a write. It was carried out if there is one, whatever it says.
fn parse<'a, T: serde::Deserialize<'a>>(
    operation: &WriteOperation,
    plain: &'a Sensitive<Buffer>,
) -> Result<T, Error> {
    reply::read(plain.expose()).map_err(|source| Error::Write {
        operation: Box::new(operation.clone()),
        source,
    })
}

/// One deletion for each thing asked for: those answered, then those the server said nothing about.
fn deletions(asked: &[&str], answer: &[Deletion]) -> Vec<Deletion> {
    let known: HashSet<&str> = asked.iter().copied().collect();
    let told: HashSet<&str> = answer.iter().map(|deletion| &*deletion.uid).collect();
    let answered = answer
        .iter()
        .filter(|deletion| known.contains(&*deletion.uid));
    let silent = |uid: &&&str| !told.contains(**uid);
    let unknown = asked.iter().filter(silent).map(|uid| Deletion {
        uid: (*uid).to_owned(),
        code: "n/a".to_owned(),
        message: Some("Not found".to_owned()),
    });
    answered.cloned().chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_asked_for_has_an_outcome_and_nothing_else() {
        let answered = ["B", "unasked"].map(|uid| Deletion {
            uid: uid.to_owned(),
            code: "ok".to_owned(),
            message: None,
        });
        let deletions = deletions(&["A", "B"], &answered);
        let told: Vec<_> = deletions
            .iter()
            .map(|deletion| (deletion.uid.as_str(), deletion.is_done()))
            .collect();
        assert_eq!(told, [("B", true), ("A", false)]);
    }
}
