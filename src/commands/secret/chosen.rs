//! The one record that a command is about: by its UID, its exact title, or a notation.

use std::slice;

use ksm::vault::notation::{Error, Notation, PREFIX, Target, parse};
use ksm::vault::select::{self, Selection};
use ksm::vault::uid::is_uid;
use ksm::vault::{Client, Record};

use crate::failure::{Code, Failure};

/// Finds the record that `named` names. A text in the form of a UID that is none may be a title. None, or more than
/// one, is a failure (decision D5); so is one that does not open.
pub(crate) async fn record(vault: &mut Client, named: &str) -> Result<Record, Failure> {
    let notation = notation(named)?;
    let selection = select::ask(vault, slice::from_ref(&notation)).await?;
    found(&selection, &notation).cloned()
}

/// The one record that a selection found for `notation`.
pub(crate) fn found<'l>(
    selection: &'l Selection<'_>,
    notation: &Notation,
) -> Result<&'l Record, Failure> {
    selection.record(notation).map_err(|error| {
        let doubt = selection.doubt(notation, &error).is_some();
        let failure = failure(error);
        if doubt {
            failure.hint("records that do not open were left out; theirs may be the title")
        } else {
            failure
        }
    })
}

/// The UID or title that `named` stands for, as a question for the record. Whatever a notation says after its record
/// is left out.
pub(crate) fn notation(named: &str) -> Result<Notation, Failure> {
    let is_notation = named
        .get(..PREFIX.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    let record = if is_notation {
        let parsed = Notation::parse(named).or_else(|error| match error {
            parse::Error::MissingSection => {
                let record = named.strip_suffix('/').unwrap_or(named);
                Notation::parse(&format!("{record}/title"))
            }
            error => Err(error),
        });
        parsed?.record
    } else {
        named.to_owned()
    };
    if record.is_empty() {
        return Err(Failure::usage("the UID or title of the record is empty"));
    }
    Ok(Notation {
        record,
        target: Target::Title,
    })
}

fn failure(error: Error) -> Failure {
    match error {
        Error::RecordNotFound { record } if is_uid(&record) => Failure::new(
            Code::Missing,
            format!("Cannot find a record for UID {record}."),
        ),
        Error::RecordNotFound { record } => Failure::new(
            Code::Missing,
            format!("Cannot find a record with the title {record}."),
        ),
        Error::RecordAmbiguous { record, uids } => {
            let uids: Vec<_> = uids.iter().map(ToString::to_string).collect();
            let message = format!("{} records have the title {record}", uids.len());
            Failure::new(Code::Missing, message)
                .hint(format!("choose one by its UID: {}", uids.join(", ")))
        }
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_in_three_ways() {
        for (named, record) in [
            ("Prod DB", "Prod DB"),
            ("a/b/c", "a/b/c"),
            ("-AAAAAAAAAAAAAAAAAAAAA", "-AAAAAAAAAAAAAAAAAAAAA"),
            ("keeper://Prod DB/field/password", "Prod DB"),
            ("KEEPER://Prod DB", "Prod DB"),
            ("keeper://Prod DB/", "Prod DB"),
            (r"keeper://a\/b", "a/b"),
        ] {
            assert_eq!(notation(named).unwrap().record, record, "{named}");
        }
        for named in ["", "keeper://", "keeper:///field/x", "keeper://a/fields/b"] {
            assert_eq!(notation(named).unwrap_err().code(), Code::Usage, "{named}");
        }
    }
}
