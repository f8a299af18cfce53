//! `ksm secret add field`: a record from the command line.

use ksm::schema::argument::{self, FieldPath};
use ksm::schema::{FieldInput, RecordBuilder};
use ksm::vault::record::Section;

use super::{draft, tell};
use crate::cli::secret::AddFieldArgs;
use crate::commands::context::Context;
use crate::commands::secret::types;
use crate::commands::secret::values::{self, Newline};
use crate::console::Console;
use crate::failure::Failure;

/// Creates it and prints its UID.
pub(super) async fn field(
    args: &AddFieldArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let types = types::knowing(&args.record_type, ctx).await?;
    let mut form = RecordBuilder::new(types.get(&args.record_type)?)?;
    if args.title.is_empty() {
        return Err(Failure::usage("title is missing or blank."));
    }
    for text in &args.fields {
        form.fill(argument::read(text.expose())?)?;
    }
    for given in fed(args)? {
        form.fill(given)?;
    }
    form.generate_passwords(args.place.password_generate)?;
    let notes = args.notes.as_ref().map(|notes| notes.expose().as_str());
    let draft = draft(&form, &args.title, notes)?;

    let mut vault = ctx.vault().await?;
    let place = vault.parent_folder(&args.place.folder).await?;
    let uid = vault.create(&place, &draft).await?;
    tell(&uid, args.json, console)
}

/// What files and stdin give.
fn fed(args: &AddFieldArgs) -> Result<Vec<FieldInput>, Failure> {
    let standard = args
        .field_from
        .iter()
        .map(|argument| FieldPath::cut(argument));
    let custom = args.custom_field_from.iter().map(|argument| {
        let (place, path) = FieldPath::cut(argument)?;
        let section = Section::Custom;
        Ok((FieldPath { section, ..place }, path))
    });
    let placed: Vec<_> = standard.chain(custom).collect::<Result<_, _>>()?;
    let paths = placed.iter().map(|(_, path)| *path);
    let values = values::read(paths, Newline::kept(args.keep_newline))?;
    let given = placed.into_iter().zip(values);
    Ok(given
        .map(|((place, _), value)| place.given(value))
        .collect())
}
