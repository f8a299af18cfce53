//! The fields of records as variables.

use std::collections::{BTreeMap, HashSet};

use ksm::export::{self, FieldError, FieldSource, Naming};
use ksm::vault::Record;
use ksm::vault::notation::Notation;
use ksm::vault::select::Selection;

use super::Values;
use crate::cli::env::EnvArgs;
use crate::commands::context::Context;
use crate::console::Level;
use crate::failure::Result;

pub(super) fn of_records(
    args: &EnvArgs,
    selection: &Selection<'_>,
    named: &[Notation],
    ctx: &Context,
) -> Result<Values> {
    let mut taken: BTreeMap<String, FieldSource> = BTreeMap::new();
    let mut values = Values::new();
    let mut seen = HashSet::new();
    for notation in named {
        let record = selection.record(notation)?;
        if !seen.insert(record.uid()) {
            continue;
        }
        tell_of_files(record, ctx);
        let naming = Naming {
            prefix: args.prefix.as_deref().unwrap_or_default(),
            titled: false,
        };
        for field in selection.fields(record)? {
            if field.field.kind() == Some("fileRef") {
                continue;
            }
            for (second, variable) in export::of_field(record, &field, naming)? {
                let name = variable.name;
                if let Some(first) = taken.insert(name.clone(), second.clone()) {
                    return Err(FieldError::Clash {
                        first,
                        second,
                        name,
                    }
                    .into());
                }
                values.insert(name, variable.value);
            }
        }
    }
    Ok(values)
}

fn tell_of_files(record: &Record, ctx: &Context) {
    let files = record.file_references().count();
    if files > 0 {
        let text = format!("{files} attachments of {} are left out", record.uid());
        ctx.messages.log(Level::Info, &text);
    }
}
