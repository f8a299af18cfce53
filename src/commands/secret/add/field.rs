//! `ksm secret add field`: a record from the command line.

use ksm::schema::argument::FieldPath;
use ksm::schema::{FieldInput, RecordBuilder};
use ksm::vault::section::FieldSection;

use super::{new_record, print_uid};
use crate::cli::secret::AddFieldArgs;
use crate::commands::context::Context;
use crate::commands::secret::record_types;
use crate::commands::secret::values::{self, Newline, Reading};
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn field(args: &AddFieldArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let types = record_types::for_name(&args.record_type, ctx).await?;
    let mut builder = RecordBuilder::new(types.get(&args.record_type)?)?;
    for text in &args.fields {
        builder.fill(FieldInput::parse(text.expose())?)?;
    }
    for input in from_files(args)? {
        builder.fill(input)?;
    }
    builder.generate_passwords(args.place.password_generate)?;
    let notes = args.notes.as_ref().map(|notes| notes.expose().as_str());
    let edit = new_record(&builder, &args.title, notes)?;

    let vault = ctx.vault().await?;
    let parent = vault.parent_folder(&args.place.folder).await?;
    let uid = vault.create(&parent, &edit).await?;
    print_uid(&uid, args.json, console)
}

/// The values from files and stdin.
fn from_files(args: &AddFieldArgs) -> Result<Vec<FieldInput>> {
    let standard = args.field_from.iter();
    let standard = standard.map(|argument| Ok((FieldPath::cut(argument)?, argument)));
    let custom = args.custom_field_from.iter().map(|argument| {
        let (path, file) = FieldPath::cut(argument)?;
        let section = FieldSection::Custom;
        Ok(((FieldPath { section, ..path }, file), argument))
    });
    let paths: Vec<_> = standard.chain(custom).collect::<Result<_>>()?;
    let fields = paths.iter().map(|((_, file), argument)| {
        let name = argument.strip_suffix(file).unwrap_or_default();
        (name.trim_end_matches('='), *file)
    });
    let reading = Reading {
        newline: Newline::kept(args.keep_newline),
        allow_empty: args.allow_empty,
        purpose: "set, and no record added",
    };
    let values = values::read(fields, reading)?;
    let inputs = paths.into_iter().zip(values);
    Ok(inputs
        .map(|(((path, _), _), value)| path.with(value))
        .collect())
}
