//! The fields of records as variables.

use std::collections::{BTreeMap, HashSet};

use ksm::export::{self, FieldError, FieldSource, Naming};
use ksm::vault::notation::{Notation, PREFIX, Target};
use ksm::vault::select::{FolderTree, Selection};
use ksm::vault::uid::RecordUid;
use ksm::vault::{Links, Reader, Record, RecordFilter, SelectError};

use super::{Values, with_a_name};
use crate::commands::context::Context;
use crate::console::{Level, Messages};
use crate::failure::{Failure, Result};

pub(super) struct Fields<'a> {
    pub(super) values: Values,
    prefix: &'a str,
    messages: Messages,
    sources: BTreeMap<String, FieldSource>,
    records: HashSet<RecordUid>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(prefix: Option<&'a str>, ctx: &Context) -> Self {
        Self {
            values: Values::new(),
            prefix: prefix.unwrap_or_default(),
            messages: ctx.messages,
            sources: BTreeMap::new(),
            records: HashSet::new(),
        }
    }

    /// Adds the records with these names, and the records of folders that have one which no record has.
    pub(super) async fn add_named(
        &mut self,
        named: &[Notation],
        selection: &Selection<'_>,
        vault: &Reader,
    ) -> Result<()> {
        let mut missing = Vec::new();
        for notation in named {
            match selection.record(notation) {
                Ok(record) => self.add(record, selection, false)?,
                Err(error @ SelectError::NoRecord { .. }) => missing.push((notation, error)),
                Err(error) => return Err(error.into()),
            }
        }
        match missing.is_empty() {
            true => Ok(()),
            false => self.add_folders(missing, vault).await,
        }
    }

    async fn add_folders(
        &mut self,
        named: Vec<(&Notation, SelectError)>,
        vault: &Reader,
    ) -> Result<()> {
        let folders = vault.folders().await?;
        let tree = FolderTree::new(&folders);
        let mut wanted = HashSet::new();
        for (notation, no_record) in named {
            match tree.find(&notation.record) {
                Ok(folder) => drop(wanted.insert(&folder.uid)),
                Err(SelectError::NoFolder { advice, .. }) => {
                    let failure = Failure::from(no_record.or_folder(advice));
                    let name = &notation.record;
                    let is_notation = name.contains('/') && Notation::parse(name).is_ok();
                    return Err(match is_notation {
                        true => failure.hint(with_a_name(&format!("{PREFIX}{name}"))),
                        false => failure,
                    });
                }
                Err(error) => return Err(error.into()),
            }
        }
        let all = vault.records(&RecordFilter::All, Links::Without).await?;
        let within = all.records.iter();
        let within =
            within.filter(|record| record.folder().is_some_and(|uid| wanted.contains(uid)));
        let within: Vec<_> = within.map(notation).collect();
        let mut selection = Selection::new(&[]);
        selection.answer(&RecordFilter::All, all);
        for notation in &within {
            self.add(selection.record(notation)?, &selection, true)?;
        }
        Ok(())
    }

    fn add(&mut self, record: &Record, selection: &Selection<'_>, titled: bool) -> Result<()> {
        if !self.records.insert(record.uid().clone()) {
            return Ok(());
        }
        let naming = Naming {
            prefix: self.prefix,
            titled,
        };
        for field in selection.fields(record)? {
            if field.field.kind() == Some("fileRef") {
                let files = field.values().len();
                let text = format!("attachments of {} that are left out: {files}", record.uid());
                self.messages.log(Level::Info, &text);
                continue;
            }
            for (second, variable) in export::of_field(record, &field, naming)? {
                let name = variable.name;
                if let Some(first) = self.sources.insert(name.clone(), second.clone()) {
                    return Err(FieldError::Clash {
                        first,
                        second,
                        name,
                    }
                    .into());
                }
                self.values.insert(name, variable.value);
            }
        }
        Ok(())
    }
}

fn notation(record: &Record) -> Notation {
    Notation {
        record: record.uid().as_str().to_owned(),
        target: Target::Title,
    }
}
