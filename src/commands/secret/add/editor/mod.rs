//! `ksm secret add editor`: a record filled in with an editor.

mod edit_buffer;
mod launch;
mod wait;

use std::io;

use ksm::schema::PLACEHOLDER;
use ksm::vault::{Client, ParentFolder};

use super::file;
use super::several::{Created, create_all};
use crate::cli::secret::{AddEditorArgs, Format};
use crate::commands::context::Context;
use crate::commands::secret::{record_types, template};
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

use edit_buffer::EditBuffer;
use launch::Editor;

pub(super) async fn editor(
    args: &AddEditorArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let kind = &args.record_type;
    let types = record_types::for_name(kind, ctx).await?;
    let notes = args.notes.as_ref().map(|notes| notes.expose().as_str());
    let template = types.get(kind)?.template(args.title.as_deref(), notes)?;
    let editor = Editor::choose(args.editor.as_deref(), ctx).await?;
    // Before anything is filled in, the folder has to be there.
    let vault = ctx.vault().await?;
    let parent = vault.parent_folder(&args.place.folder).await?;

    let format = args.form.output_format;
    let text = template::written(&template, format);
    let buffer = EditBuffer::create(&text, format, &ctx.private_places())?;
    editor.open(&buffer)?;
    loop {
        if let Finished::Abandoned = finished(&buffer, &editor, console)? {
            return abandoned(console);
        }
        let failure = match submit(&buffer, args, ctx, &parent, vault).await {
            Ok(created) => return created.print(console),
            Err(failure) => failure.while_doing("Could not create the record"),
        };
        console.report(&failure);
        // Without a terminal there is nobody to ask.
        match answer("Do you wish to edit and try again? Y/n/q: ", console) {
            Ok('q') => return abandoned(console),
            Ok('n') | Err(_) => return Err(failure),
            Ok(_) => editor.open(&buffer)?,
        }
    }
}

/// Creates the records in the file. Fails if none was created.
async fn submit(
    buffer: &EditBuffer,
    args: &AddEditorArgs,
    ctx: &Context,
    parent: &ParentFolder,
    vault: &Client,
) -> Result<Created> {
    let text = file::read(buffer.file())?;
    let is_json = args.form.output_format == Format::Json;
    let edits = file::new_records(&text, is_json, args.place.password_generate, ctx).await?;
    create_all(&edits, parent, vault).await
}

enum Finished {
    FieldInput,
    Abandoned,
}

/// Asks whether to go on as long as placeholders are left.
fn finished(buffer: &EditBuffer, editor: &Editor, console: &Console) -> Result<Finished> {
    while file::read(buffer.file())?.expose().contains(PLACEHOLDER) {
        console.warn(
            "Found template markers (#ADD) still in the record data. Either add a value or remove the line completely. \
             Enter 'r' to recheck the file if the file was processed before you finished editing.",
        );
        let answer = answer("Do you wish to edit? Y/n/r/q: ", console);
        match answer.map_err(cannot_edit)? {
            'y' => editor.open(buffer)?,
            'r' => {}
            'q' => return Ok(Finished::Abandoned),
            _ => break,
        }
    }
    Ok(Finished::FieldInput)
}

/// The first letter of the answer in lower case; just Enter means yes.
fn answer(question: &str, console: &Console) -> io::Result<char> {
    let typed = console.ask(question)?;
    let first = typed.trim().chars().next();
    Ok(first.map_or('y', |first| first.to_ascii_lowercase()))
}

fn abandoned(console: &Console) -> Result<()> {
    console.note("Not adding record.");
    console.set_off();
    Ok(())
}

fn cannot_edit(error: io::Error) -> Failure {
    Failure::new(Code::Failed, error).while_doing("Could not edit the record template file")
}
