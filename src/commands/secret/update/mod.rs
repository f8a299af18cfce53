//! `ksm secret update`: one record, changed where the arguments say so and nowhere else.

mod assign;
mod changes;
mod typed;

use ksm::vault::{Client, Error, Record};

use self::changes::Changes;
use super::chosen;
use crate::cli::secret::UpdateArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;
use crate::render::{self, Paper};

/// Changes the record, or shows what would change.
pub(super) async fn update(
    args: &UpdateArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let named = args.record.as_ref().or(args.record_argument.as_ref());
    let named = named.ok_or_else(|| Failure::usage("no record is named"))?;
    // Whatever can go wrong on this machine does so before anything is asked.
    chosen::notation(named)?;
    let changes = Changes::of(args)?;
    let mut vault = ctx.vault().await?;
    let record = chosen::record(&mut vault, named).await?;
    if args.dry_run {
        return show(&changes, &record, args.json, console);
    }
    if changes.is_nothing() {
        console.note("Nothing was given to change; the record stays as it is.");
        return Ok(());
    }
    match save(&mut vault, &changes, &record).await {
        Err(Unsaved::Stale(_)) if args.retry => {
            let newest = chosen::record(&mut vault, record.uid().as_str()).await?;
            Ok(save(&mut vault, &changes, &newest).await?)
        }
        saved => Ok(saved?),
    }
}

/// Why a change is not in the vault, as far as we know.
enum Unsaved {
    /// The record is newer than what the change was made to.
    Stale(Failure),
    Other(Failure),
}

async fn save(vault: &mut Client, changes: &Changes, record: &Record) -> Result<(), Unsaved> {
    let changed = changes.apply(record).map_err(Unsaved::Other)?;
    let saved = vault.update(record, &changed.draft, &[]).await;
    saved.map_err(|error| {
        let stale = matches!(error, Error::Stale { .. });
        let failure = Failure::from(error).while_doing("Could not save record");
        if stale {
            Unsaved::Stale(failure.hint(
                "nothing was written; `--retry` makes the same change to what the record is now",
            ))
        } else {
            Unsaved::Other(failure)
        }
    })
}

impl From<Unsaved> for Failure {
    fn from(unsaved: Unsaved) -> Self {
        match unsaved {
            Unsaved::Stale(failure) | Unsaved::Other(failure) => failure,
        }
    }
}

fn show(
    changes: &Changes,
    record: &Record,
    json: bool,
    console: &mut Console,
) -> Result<(), Failure> {
    let after = changes.apply(record)?.preview;
    if json {
        console.data(render::changes_json(record, &after).expose())?;
    } else {
        let paper = Paper::of(console);
        console.painted(render::changes(record, &after, paper).expose())?;
    }
    Ok(())
}
