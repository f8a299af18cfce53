//! `ksm secret update`: changes one record where the arguments say so and nowhere else.

mod assign;
mod changes;
mod typed;

use ksm::foreign::Text;
use ksm::vault::notation::Notation;
use ksm::vault::{Client, Record, select};

use self::changes::Changes;
use super::on_stale;
use crate::cli::secret::UpdateArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};
use crate::render;

pub(super) async fn update(args: &UpdateArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let named = args.record.as_ref().or(args.record_argument.as_ref());
    let named = named.ok_or_else(|| Failure::usage("no record is named"))?;
    // Local failures come before the first request.
    let named = Notation::of_record(named)?;
    let changes = Changes::of(args)?;
    let vault = ctx.vault().await?;
    let record = select::record(vault, &named).await?;
    for oddity in changes.unknown_members(&record) {
        console.warn(&format!("{oddity}; it is stored all the same"));
    }
    if args.dry_run {
        return show(&changes, &record, args.json, ctx, console);
    }
    if changes.is_empty() {
        console.note("Nothing was given to change; the record stays as it is.");
        return Ok(());
    }
    for name in changes.emptied(&record) {
        console.warn(&format!(
            "`{}` had a value and is set to nothing",
            Text::from(name)
        ));
    }
    let is_saved = save(&changes, &record, args, vault).await?;
    if !is_saved {
        console.note("The record is like that already; nothing was saved.");
    }
    Ok(())
}

/// Says whether there was something to save.
async fn save(
    changes: &Changes,
    record: &Record,
    args: &UpdateArgs,
    vault: &Client,
) -> Result<bool> {
    let apply = async |vault: &Client, record: &Record| {
        let edit = changes.apply(record)?.edit;
        if !edit.changes(record)? {
            return Ok(Ok(false));
        }
        Ok::<_, Failure>(vault.update(record, &edit, &[]).await.map(|()| true))
    };
    let saved = vault.write_to(record, on_stale(args.retry), apply).await?;
    saved.map_err(|error| Failure::from(error).while_doing("Could not save record"))
}

fn show(
    changes: &Changes,
    record: &Record,
    json: bool,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let after = changes.apply(record)?.preview;
    let changes = render::Changes {
        before: record,
        after: &after,
    };
    ctx.print(&changes, json, console)
}
