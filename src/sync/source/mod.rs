//! The vault's end of the line: one question, and everything resolved before anything is written.

mod items;
mod question;
mod resolving;

pub use question::{Answer, Error, Form, Named, Question, Unresolved, Untitled};

use super::folders::Places;
use super::plan::Item;
use crate::vault::folder::Folders;
use crate::vault::select::{self, Selection};
use crate::vault::{Client, Links, RecordFilter};
use resolving::Resolving;

/// Asks for all that is needed, and resolves it. Fails unless the answer tells of every name whether it is there.
pub async fn resolve(client: &Client, question: &Question) -> Result<Answer, Error> {
    let notations = question.notations();
    let mut selection = Selection::new(&notations);
    let mut folders = Folders::default();
    let mut places = Places::default();
    if question.names_folders() {
        folders = client.folders().await?;
        let answer = client.records(&RecordFilter::All, Links::Without).await?;
        places = Places::of(&answer);
        selection.answer(&RecordFilter::All, answer);
    }
    select::complete(client, &mut selection).await?;
    let mut resolving = Resolving::new(question, &selection);
    let credentials = resolving.credentials();
    let records = resolving.records(&folders, &places);
    resolving.maps();
    let Resolving {
        problems, mut log, ..
    } = resolving;
    problems.check()?;
    let values = selection.values(client).await?;
    let mapped = question.maps.iter().zip(values);
    let mut found: Vec<Item> = mapped
        .map(|(map, value)| items::of_map(map, value, &mut log))
        .collect();
    found.extend(items::of_records(question, &records, &mut log)?);
    Ok(Answer {
        items: found,
        credentials: credentials.cloned(),
        log,
    })
}
