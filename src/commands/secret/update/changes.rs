//! The changes that the arguments of `secret update` ask for, worked out without the vault.

use std::collections::HashSet;
use std::iter;

use ksm::schema::argument::{cut, cut_unseen, is_called};
use ksm::sensitive::Sensitive;
use ksm::vault::section::FieldSection;
use ksm::vault::{Record, RecordEdit};

use super::assign::{Adding, Assignment, Given};
use super::typed;
use crate::cli::secret::UpdateArgs;
use crate::commands::secret::values::{self, Newline, Reading};
use crate::failure::{Failure, Result};

/// In the order in which they are made: later ones may overwrite earlier ones.
pub(super) struct Changes {
    title: Option<String>,
    notes: Option<Sensitive<String>>,
    assignments: Vec<Assignment>,
    adding: Adding,
}

pub(super) struct Changed {
    pub(super) edit: RecordEdit,
    pub(super) preview: Record,
}

impl Changes {
    /// Reads the files that the arguments name.
    pub(super) fn of(args: &UpdateArgs) -> Result<Self> {
        let from = args.fields_from.iter().chain(&args.custom_fields_from);
        let from = from.map(|argument| cut_unseen(argument).ok_or_else(values::no_path));
        let from: Vec<_> = from.collect::<Result<_, _>>()?;
        let reading = Reading {
            newline: Newline::kept(args.keep_newline),
            allow_empty: args.allow_empty,
            purpose: "changed",
        };
        let values = values::read(from.iter().copied(), reading)?;
        let mut assignments = Vec::new();
        let mut all =
            |section, texts: &[Sensitive<String>], given: fn(Sensitive<String>) -> Given| {
                let given = texts.iter().map(|text| Assignment {
                    section,
                    given: given(text.clone()),
                });
                assignments.extend(given);
            };
        // The order of the official CLI; options of ours come last.
        all(FieldSection::Standard, &args.fields, Given::Text);
        all(FieldSection::Custom, &args.custom_fields, Given::Text);
        all(FieldSection::Standard, &args.fields_json, Given::Json);
        all(FieldSection::Custom, &args.custom_fields_json, Given::Json);
        let standard = args.fields_from.iter().map(|_| FieldSection::Standard);
        let sections = standard.chain(iter::repeat(FieldSection::Custom));
        let values = from.into_iter().zip(values).zip(sections);
        assignments.extend(values.map(|(((name, _), value), section)| Assignment {
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

    pub(super) fn is_empty(&self) -> bool {
        self.title.is_none() && self.notes.is_none() && self.assignments.is_empty()
    }

    /// The names of fields that have a value and are typed as empty.
    pub(super) fn emptied(&self, record: &Record) -> Vec<String> {
        let emptied = self.assignments.iter().filter_map(|assignment| {
            let Given::Text(text) = &assignment.given else {
                return None;
            };
            let fields = record.fields(assignment.section);
            let (name, value) = cut(text.expose(), fields).ok()?;
            let field = fields.iter().find(|field| is_called(field, name))?;
            let had = field
                .values()
                .iter()
                .any(|value| value.as_str() != Some(""));
            (value.is_empty() && had).then(|| field.name().to_owned())
        });
        emptied.collect()
    }

    /// Tells of members in JSON that neither the type of the field has, nor its value up to now.
    pub(super) fn unknown_members(&self, record: &Record) -> Vec<String> {
        let json = self.assignments.iter().flat_map(|assignment| {
            let fields = record.fields(assignment.section);
            match &assignment.given {
                Given::Json(text) => typed::unknown_members(text, fields),
                Given::Text(_) | Given::Fed(..) => Vec::new(),
            }
        });
        json.collect()
    }

    pub(super) fn apply(&self, record: &Record) -> Result<Changed> {
        let mut edit = RecordEdit::of(record);
        if let Some(title) = &self.title {
            edit.set_title(title)?;
        }
        if let Some(notes) = &self.notes {
            edit.set_notes(notes.expose())?;
        }
        // An option may overwrite another; of one option twice, one value would be lost.
        let mut given = HashSet::new();
        for assignment in &self.assignments {
            let now = edit.preview(record.uid().clone())?;
            let index = assignment
                .apply(&now, &mut edit, self.adding)
                .map_err(|failure| failure.while_doing("Could not update record"))?;
            let section = assignment.section;
            let option = std::mem::discriminant(&assignment.given);
            if !given.insert((section == FieldSection::Custom, index, option)) {
                let name = assignment.name(now.fields(section));
                return Err(Failure::usage(format!("the field {name} is given twice"))
                    .hint("`--field-json NAME=[…]` sets several values"));
            }
        }
        // A record that cannot be read again is not written.
        let preview = edit.preview(record.uid().clone())?;
        Ok(Changed { edit, preview })
    }
}
