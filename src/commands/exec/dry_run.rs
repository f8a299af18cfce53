//! `ksm exec --dry-run`: does all but write secrets and start the program, and ends as the run would.

use std::process::ExitCode;

use ksm::exec::{Files, Launch, References};
use ksm::vault::Kind;
use ksm::vault::notation::{self, Value};
use ksm::vault::select::{self, Selection};

use super::Context;
use crate::cli::exec::ExecArgs;
use crate::console::Console;
use crate::failure::Result;
use crate::render::{DryRun, DryRunStep, Finding};

/// Shows the record and field of each reference, and fails where the run would fail.
pub(super) async fn show(
    args: &ExecArgs,
    references: References,
    mut launch: Launch,
    mut files: Files,
    ctx: &Context,
    console: &mut Console,
) -> Result<ExitCode> {
    let notations = references.notations();
    let (plan, answers) = if notations.is_empty() {
        (DryRun::default(), Vec::new())
    } else {
        let vault = ctx.reader().await?;
        let selection = select::ask(vault, notations).await?;
        let answers = selection.values(vault).await?;
        (plan(&references, &selection, &answers), answers)
    };
    ctx.print(&plan, args.json, console)?;
    // The plan is printed even where the run would fail.
    console.finish()?;
    references.put_into(&mut launch, &mut files, answers)?;
    launch.check_size()?;
    Ok(ExitCode::SUCCESS)
}

fn plan(
    references: &References,
    selection: &Selection<'_>,
    answers: &[Result<Value, notation::Error>],
) -> DryRun {
    let asked = references.destinations().iter().zip(references.notations());
    let steps = asked.zip(answers).map(|((destination, notation), answer)| {
        let record = selection.record(notation).ok();
        DryRunStep {
            destination: destination.clone(),
            record: record
                .map_or(&*notation.record, |record| record.title())
                .to_owned(),
            uid: record.map(|record| record.uid().clone()),
            target: notation.target.to_string(),
            finding: finding(answer),
        }
    });
    DryRun {
        steps: steps.collect(),
        requests: selection.requests(),
        downloads: selection.downloads(),
    }
}

fn finding(answer: &Result<Value, notation::Error>) -> Finding {
    match answer.as_ref().map_err(notation::Error::kind) {
        Ok(value) if value.is_empty() => Finding::Empty,
        Ok(_) => Finding::Found,
        Err(Kind::Missing) => Finding::Missing,
        Err(Kind::Ambiguous) => Finding::Ambiguous,
        Err(Kind::Damaged) => Finding::Damaged,
    }
}
