//! What the arguments of `secret update` are to make of a record, worked out without the vault.

use std::iter;

use ksm::sensitive::Sensitive;
use ksm::vault::record::Section;
use ksm::vault::{Record, RecordDraft};

use super::assign::{Adding, Assignment, Given};
use super::name::cut_blindly;
use crate::cli::secret::UpdateArgs;
use crate::commands::secret::values::{self, Newline};
use crate::failure::Failure;

/// All that is to change, in the order in which it is done: what comes later may overwrite what came before.
pub(super) struct Changes {
    title: Option<String>,
    notes: Option<Sensitive<String>>,
    assignments: Vec<Assignment>,
    adding: Adding,
}

/// A record after its changes.
pub(super) struct Changed {
    pub(super) draft: RecordDraft,
    pub(super) preview: Record,
}

impl Changes {
    /// Takes the arguments together, and reads the files among them.
    pub(super) fn of(args: &UpdateArgs) -> Result<Self, Failure> {
        let from = args.fields_from.iter().chain(&args.custom_fields_from);
        let from = from.map(|argument| cut_blindly(argument).ok_or_else(values::unplaced));
        let from: Vec<_> = from.collect::<Result<_, _>>()?;
        let paths = from.iter().map(|(_, path)| *path);
        let fed = values::read(paths, Newline::kept(args.keep_newline))?;
        let mut assignments = Vec::new();
        let mut all =
            |section, texts: &[Sensitive<String>], given: fn(Sensitive<String>) -> Given| {
                let given = texts.iter().map(|text| Assignment {
                    section,
                    given: given(text.clone()),
                });
                assignments.extend(given);
            };
        // The order of the official CLI; what it does not have comes last.
        all(Section::Standard, &args.fields, Given::Text);
        all(Section::Custom, &args.custom_fields, Given::Text);
        all(Section::Standard, &args.fields_json, Given::Json);
        all(Section::Custom, &args.custom_fields_json, Given::Json);
        let standard = args.fields_from.iter().map(|_| Section::Standard);
        let sections = standard.chain(iter::repeat(Section::Custom));
        let fed = from.into_iter().zip(fed).zip(sections);
        assignments.extend(fed.map(|(((name, _), value), section)| Assignment {
            section,
            given: Given::Fed(name.to_owned(), value),
        }));
        Ok(Self {
            title: args.title.clone(),
            notes: args.notes.clone(),
            assignments,
            adding: if args.add {
                Adding::Allowed
            } else {
                Adding::Refused
            },
        })
    }

    /// Whether there is nothing to do.
    pub(super) fn is_nothing(&self) -> bool {
        self.title.is_none() && self.notes.is_none() && self.assignments.is_empty()
    }

    /// Makes the changes to a copy of `record`.
    pub(super) fn apply(&self, record: &Record) -> Result<Changed, Failure> {
        let mut draft = RecordDraft::of(record);
        if let Some(title) = &self.title {
            draft.set_title(title)?;
        }
        if let Some(notes) = &self.notes {
            draft.set_notes(notes.expose())?;
        }
        for assignment in &self.assignments {
            let now = draft.preview(record.uid().clone())?;
            assignment
                .apply(&now, &mut draft, self.adding)
                .map_err(|failure| failure.while_doing("Could not update record"))?;
        }
        // What cannot be read again is not written.
        let preview = draft.preview(record.uid().clone())?;
        Ok(Changed { draft, preview })
    }
}
