//! The verbs that change the vault (protocol.md 8.3 to 8.5 and 8.8). No write is sent twice (decision D19): when its
//! answer is lost, the error says that nobody knows whether it was done.

mod files;
mod folders;
mod records;

pub use files::Left;
pub use folders::Contents;
pub use records::Place;

use super::{Client, Error, WriteOperation};
use crate::sensitive::Sensitive;
use crate::wire::payload::Payload;
use crate::wire::{self, reply};

/// What the server did with one of several things it was to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The thing's UID.
    pub uid: String,
    /// `ok` when it is gone.
    pub code: String,
    /// Why it is not.
    pub message: Option<String>,
}

impl Outcome {
    /// Whether it is gone.
    pub fn is_done(&self) -> bool {
        self.code == "ok"
    }

    /// Those of the things that were asked for, as answered, then those the server said nothing about.
    fn all(asked: &[&str], answered: Vec<Self>) -> Vec<Self> {
        let silent = |uid: &&&str| answered.iter().all(|outcome| outcome.uid != **uid);
        let unknown: Vec<_> = asked
            .iter()
            .filter(silent)
            .map(|uid| Self {
                uid: (*uid).to_owned(),
                code: "n/a".to_owned(),
                message: Some("Not found".to_owned()),
            })
            .collect();
        let mut outcomes = answered;
        outcomes.retain(|outcome| asked.contains(&outcome.uid.as_str()));
        outcomes.extend(unknown);
        outcomes
    }
}

impl From<reply::DeletedRecord> for Outcome {
    fn from(wire: reply::DeletedRecord) -> Self {
        Self {
            uid: wire.record_uid,
            code: wire.response_code,
            message: wire.error_message,
        }
    }
}

impl From<reply::DeletedFolder> for Outcome {
    fn from(wire: reply::DeletedFolder) -> Self {
        Self {
            uid: wire.folder_uid,
            code: wire.response_code,
            message: wire.error_message,
        }
    }
}

impl Client {
    /// Sends a write, once.
    async fn write<P: Payload>(
        &mut self,
        operation: WriteOperation,
        payload: P,
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let answer = self.session.call(payload).await;
        answer.map_err(|source| Error::Write {
            operation: Box::new(operation),
            source,
        })
    }
}

/// Reads the answer to a write. It was carried out if there is one, whatever it says.
fn parse<'a, T: serde::Deserialize<'a>>(
    operation: &WriteOperation,
    plain: &'a Sensitive<Vec<u8>>,
) -> Result<T, Error> {
    serde_json::from_slice(plain.expose()).map_err(|error| Error::Write {
        operation: Box::new(operation.clone()),
        source: wire::Error::malformed("the answer", &error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_asked_for_has_an_outcome_and_nothing_else() {
        let answered = ["B", "unasked"].map(|uid| Outcome {
            uid: uid.to_owned(),
            code: "ok".to_owned(),
            message: None,
        });
        let outcomes = Outcome::all(&["A", "B"], answered.to_vec());
        let told: Vec<_> = outcomes
            .iter()
            .map(|outcome| (outcome.uid.as_str(), outcome.is_done()))
            .collect();
        assert_eq!(told, [("B", true), ("A", false)]);
    }
}
