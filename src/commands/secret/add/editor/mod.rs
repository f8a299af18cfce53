//! `ksm secret add editor`: a record filled in with an editor.

mod desk;
mod launch;
mod wait;

use ksm::schema::PLACEHOLDER;
use ksm::vault::Draft;

use super::{create_all, file};
use crate::cli::secret::{AddEditorArgs, Format};
use crate::commands::context::Context;
use crate::commands::secret::{template, types};
use crate::console::Console;
use crate::failure::{Code, Failure};

use desk::Desk;
use launch::Editor;

/// Opens the template of a record in an editor, and creates what is saved there.
pub(super) async fn editor(
    args: &AddEditorArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let kind = &args.record_type;
    let types = types::knowing(kind, ctx).await?;
    let notes = args.notes.as_ref().map(|notes| notes.expose().as_str());
    let template = types.get(kind)?.template(args.title.as_deref(), notes)?;
    let editor = Editor::choose(args.editor.as_deref(), ctx).await?;
    // Nobody fills in a record for a folder that is not there.
    let mut vault = ctx.vault().await?;
    let place = vault.place(&args.place.folder).await?;

    let text = template::written(&template, args.form.output_format);
    let desk = Desk::lay_out(&text, args.form.output_format).map_err(cannot_edit)?;
    editor.open(&desk)?;
    loop {
        let drafts = match finished(&desk, &editor, console)? {
            Finished::Given => drafts(&desk, args, ctx).await,
            Finished::Abandoned => return abandoned(console),
        };
        let failure = match drafts {
            // Whatever fails from here on may have been done in part: the next attempt is the user's own.
            Ok(drafts) => return create_all(&drafts, &place, &mut vault, console).await,
            Err(failure) => failure,
        };
        let question = format!(
            "Could not create the record: {}. Do you wish to edit and try again? Y/n/q: ",
            failure.reason()
        );
        match answer(&question, console)? {
            'n' => return Err(failure),
            'q' => return abandoned(console),
            _ => editor.open(&desk)?,
        }
    }
}

async fn drafts(desk: &Desk, args: &AddEditorArgs, ctx: &Context) -> Result<Vec<Draft>, Failure> {
    let text = file::read(desk.file())?;
    let is_json = args.form.output_format == Format::Json;
    file::drafts(&text, is_json, args.place.password_generate, ctx).await
}

/// How the editing ended.
enum Finished {
    Given,
    Abandoned,
}

/// Asks what is meant as long as placeholders are left.
fn finished(desk: &Desk, editor: &Editor, console: &Console) -> Result<Finished, Failure> {
    while file::read(desk.file())?.expose().contains(PLACEHOLDER) {
        console.warn(
            "Found template markers (#ADD) still in the record data. Either add a value or remove the line completely. \
             Enter 'r' to recheck the file if the file was processed before you finished editing.",
        );
        match answer("Do you wish to edit? Y/n/r/q: ", console)? {
            'y' => editor.open(desk)?,
            'r' => {}
            'q' => return Ok(Finished::Abandoned),
            _ => break,
        }
    }
    Ok(Finished::Given)
}

/// The first letter of what the user types, small; just Enter means yes.
fn answer(question: &str, console: &Console) -> Result<char, Failure> {
    let typed = console.ask(question).map_err(cannot_edit)?;
    let first = typed.trim().chars().next();
    Ok(first.map_or('y', |first| first.to_ascii_lowercase()))
}

fn abandoned(console: &Console) -> Result<(), Failure> {
    console.note("Not adding record.");
    console.note("");
    Ok(())
}

fn cannot_edit(error: std::io::Error) -> Failure {
    Failure::new(Code::Failed, error).while_doing("Could not edit the record template file")
}
