//! `ksm interpolate`: templates with secrets in them. All templates are read, then the vault is asked once for all of
//! them, then everything is written, or nothing.

mod input;
mod output;
mod precheck;
mod report;
mod words;

use ksm::template::{Filled, Guard, Outcome, fill};
use ksm::vault::notation::{self, Notation, Value};
use ksm::vault::select;

use self::input::Input;
use self::output::Destination;
use super::context::Context;
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::Failure;

/// Fills the templates.
pub(crate) async fn interpolate(
    args: &InterpolateArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let destination = Destination::chosen(args)?;
    if ctx.globals.output.is_some() {
        console.warn("`--output` does not concern templates: `-o FILE` after `interpolate` does");
    }
    let inputs = input::read(&args.files)?;
    precheck::warn_of_quotes(&inputs, console);
    let is_hopeless = !args.carry_on && !args.dry_run;
    if is_hopeless && let Some(failure) = precheck::malformed(&inputs, console) {
        return Err(failure);
    }

    if !args.dry_run {
        destination.rehearse(&inputs)?;
    }
    let mut answers = ask(&inputs, ctx).await?.into_iter();
    let guard = match destination {
        Destination::File(_) | Destination::InPlace => Guard::Off,
        Destination::Stdout if args.allow_unsafe_for_eval => Guard::Warn,
        Destination::Stdout => Guard::Refuse,
    };
    let filled: Vec<Filled> = inputs
        .iter()
        .map(|input| fill(&input.template, &mut answers, guard))
        .collect();

    let report = report::Report::of(&inputs, &filled);
    if args.verbose {
        report.each(args.dry_run, console);
    }
    let delivers = !args.dry_run && (report.is_complete() || args.carry_on && !args.validate);
    if delivers {
        destination.deliver(&inputs, &filled, args, console)?;
    }
    report.summary(args.dry_run, delivers, console);
    report.verdict(args, delivers)
}

/// The answers to all references of all templates, in their order. Without references nobody is asked.
async fn ask(
    inputs: &[Input],
    ctx: &Context,
) -> Result<Vec<Result<Value, notation::Error>>, Failure> {
    let notations: Vec<Notation> = inputs
        .iter()
        .flat_map(|input| input.template.references())
        .filter_map(|reference| reference.notation.clone().ok())
        .collect();
    if notations.is_empty() {
        return Ok(Vec::new());
    }
    let mut vault = ctx.vault().await?;
    let selection = select::ask(&mut vault, &notations).await?;
    let answers = selection.values(&mut vault).await?;
    // A default is for what is certainly missing.
    let answers = answers.into_iter();
    Ok(answers
        .map(|answer| answer.map_err(notation::Error::doubting))
        .collect())
}

/// Whether a reference has its value or its default.
fn is_done(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Failed(_))
}
