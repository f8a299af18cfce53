//! Names to records, and whether every one of them can be read.

use std::collections::HashSet;

use super::question::{Named, Origin, Problems, Question, Untitled};
use crate::foreign::Text;
use crate::sync::folders::{Choice, Depth, Places};
use crate::vault::folder::Folders;
use crate::vault::notation::Notation;
use crate::vault::select::{self, Selection};
use crate::vault::uid::{self, RecordUid};
use crate::vault::{Kind, Record, SelectError};

pub(super) struct Resolving<'q> {
    question: &'q Question,
    selection: &'q Selection<'q>,
    pub(super) problems: Problems,
    pub(super) log: Vec<String>,
}

impl<'q> Resolving<'q> {
    pub(super) fn new(question: &'q Question, selection: &'q Selection<'q>) -> Self {
        Self {
            question,
            selection,
            problems: Problems::default(),
            log: Vec::new(),
        }
    }

    pub(super) fn credentials(&mut self) -> Option<&'q Record> {
        let notation = self.question.credentials.as_ref()?;
        match self.sound(notation) {
            Ok(record) => Some(record),
            Err((kind, reason)) => {
                let name = Text::from(&notation.record);
                let store = self.question.kind.traits().name.to_ascii_uppercase();
                let heading = format!("Cannot find the record with {store} credentials {name}");
                self.problems.add(&heading, vec![(kind, reason)]);
                None
            }
        }
    }

    /// The records of `--record` and of folders, each once.
    pub(super) fn records(
        &mut self,
        folders: &Folders,
        places: &Places,
    ) -> Vec<(&'q Record, Origin)> {
        let mut found: Vec<(&Record, Origin)> = Vec::new();
        let mut seen: HashSet<&RecordUid> = HashSet::new();
        let mut unresolved = Vec::new();
        for named in &self.question.records {
            match self.sound(&named.notation) {
                Ok(record) => {
                    self.note_title(named, record);
                    match seen.insert(record.uid()) {
                        true => found.push((record, Origin::Record)),
                        false => self.log.push(format!(
                            "Duplicate UIDs found in resolved records - removed duplicates: {}",
                            record.uid()
                        )),
                    }
                }
                Err(error) => unresolved.push(error),
            }
        }
        self.problems.add("Record resolution errors:", unresolved);
        if self.question.names_folders() {
            let of_folders = self.of_folders(folders, places);
            for (record, depth) in of_folders {
                match seen.insert(record.uid()) {
                    true => found.push((record, Origin::Folder(depth))),
                    false => self.log.push(format!(
                        "Records found in both --record and --folder/--folder-recursive: '{}' (UID: {}) - will keep only \
                         one copy",
                        Text::from(record.title()),
                        record.uid()
                    )),
                }
            }
        }
        found
    }

    fn of_folders(&mut self, folders: &Folders, places: &Places) -> Vec<(&'q Record, Depth)> {
        let question = self.question;
        let choice = Choice::of(folders, &question.folders, &question.folders_recursive);
        let known = select::index(self.selection.records());
        let records = choice.records(folders, places).into_iter();
        let records: Vec<_> = records
            .filter_map(|(uid, depth)| Some((*known.get(uid)?, depth)))
            .collect();
        self.log.extend(choice.log);
        let unresolved = choice.unresolved.into_iter();
        let unresolved = unresolved.map(|unresolved| (unresolved.kind, unresolved.line));
        self.problems
            .add("Folder resolution errors:", unresolved.collect());
        // Where it lies is not known, so it may belong to these folders.
        let mut unread: Vec<_> = folders
            .broken
            .iter()
            .map(|broken| (Kind::Damaged, format!("the folder {broken}")))
            .collect();
        if let Some(broken) = &places.broken {
            unread.push((Kind::Damaged, format!("the record {broken}")));
        }
        for (record, _) in &records {
            unread.extend(damage(record));
        }
        self.problems
            .add("Not all of the folders can be read:", unread);
        records
    }

    pub(super) fn maps(&mut self) {
        let (mut unread, mut untitled) = (Vec::new(), Vec::new());
        let refuses_untitled = self.question.untitled == Untitled::Refused;
        for map in &self.question.maps {
            let Err(error) = self.selection.find(&map.notation) else {
                continue;
            };
            let error = error.doubting();
            if error.kind() != Kind::Missing {
                let line = format!("Key '{}': {error}", Text::from(&map.key));
                unread.push((error.kind(), line));
            } else if refuses_untitled
                && error.is_without_record()
                && !uid::is_uid(&map.notation.record)
            {
                let (key, title) = (Text::from(&map.key), Text::from(&map.notation.record));
                let advice = error.advice().unwrap_or_default();
                let line = format!("Key '{key}': no record has the title '{title}'; {advice}");
                untitled.push((Kind::Missing, line));
            }
        }
        self.problems.add(
            "Nothing was written, since not all values can be read:",
            unread,
        );
        self.problems.is_untitled = !untitled.is_empty();
        self.problems.add("Titles that no record has:", untitled);
    }

    /// The record, if nothing of it is damaged.
    fn sound(&self, notation: &Notation) -> Result<&'q Record, (Kind, String)> {
        let name = Text::from(&notation.record);
        let record = self
            .selection
            .record(notation)
            .map_err(SelectError::doubting);
        let record = record.map_err(|error| match error.kind() {
            Kind::Missing => (
                Kind::Missing,
                format!(
                    "No record found matching token: '{name}': {}",
                    error.advice().unwrap_or_default()
                ),
            ),
            Kind::Ambiguous => (
                Kind::Ambiguous,
                format!("'{name}': {error}; {}", error.advice().unwrap_or_default()),
            ),
            Kind::Damaged => (Kind::Damaged, format!("'{name}': {error}")),
        })?;
        match damage(record) {
            Some(damage) => Err(damage),
            None => Ok(record),
        }
    }

    fn note_title(&mut self, named: &Named, record: &Record) {
        if !uid::is_uid(&named.notation.record) {
            self.log.push(format!(
                "Warning: record '{}' resolved by title to UID {}; titles are mutable, prefer the record UID for \
                 scheduled syncs",
                Text::from(&named.typed),
                record.uid()
            ));
        }
    }
}

fn damage(record: &Record) -> Option<(Kind, String)> {
    let part = record.damaged().first()?;
    let line = format!(
        "record {} is damaged: {part} has no value that JSON knows",
        record.uid()
    );
    Some((Kind::Damaged, line))
}
