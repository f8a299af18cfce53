//! A record with the credentials for a store: values under labels that the official CLI prescribes.

use crate::sensitive::Sensitive;
use crate::vault::Record;
use crate::vault::section::FieldSection;
use crate::vault::uid::RecordUid;

/// The labels that a record lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Cannot find all required credentials in record UID {record}: it has no {}", .labels.join(", no "))]
pub struct MissingLabels {
    pub record: RecordUid,
    pub labels: Vec<&'static str>,
}

/// Reads labels, and collects those that are missing.
pub(super) struct Labels<'r> {
    record: &'r Record,
    missing: Vec<&'static str>,
}

impl<'r> Labels<'r> {
    pub(super) fn of(record: &'r Record) -> Self {
        Self {
            record,
            missing: Vec::new(),
        }
    }

    /// The first value under `label`: a standard field's, else a custom one's. Blanks around it do not count.
    pub(super) fn optional(&self, label: &str) -> Option<Sensitive<String>> {
        FieldSection::ALL.into_iter().find_map(|section| {
            let value = self.record.field(section, label)?.values().first()?;
            let text = value.as_str()?.trim();
            (!text.is_empty()).then(|| Sensitive::new(text.to_owned()))
        })
    }

    /// An empty value if it is missing; [`Self::check`] fails then.
    pub(super) fn required(&mut self, label: &'static str) -> Sensitive<String> {
        let found = self.optional(label);
        if found.is_none() {
            self.missing.push(label);
        }
        found.unwrap_or_default()
    }

    pub(super) fn check(self) -> Result<(), MissingLabels> {
        match self.missing.is_empty() {
            true => Ok(()),
            false => Err(MissingLabels {
                record: self.record.uid().clone(),
                labels: self.missing,
            }),
        }
    }
}
