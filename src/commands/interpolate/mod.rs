//! `ksm interpolate`: fills templates with secrets. Reads all templates, asks the vault once for all of them, then writes
//! everything or nothing.

mod answer;
mod marker;
mod output;
mod templates;

use ksm::template::{Filled, Guard, Problem, Reference, fill};
use ksm::vault::notation::{self, Notation, Value};
use ksm::vault::select;

use self::output::Output;
use self::templates::InputTemplate;
use super::context::Context;
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};
use crate::render::interpolation::{self, Interpolation};

pub(crate) async fn interpolate(
    args: &InterpolateArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let mut output = Output::of(args)?;
    if ctx.globals.output.is_some() {
        // Going on would print the secrets.
        let message = "`--output` does not concern templates; nothing was written";
        return Err(Failure::usage(message).hint("`-o FILE` stands after `interpolate`"));
    }
    if args.json && !args.dry_run && matches!(output, Output::Stdout) {
        let message = "`--json` reports to stdout, where the result would go";
        return Err(Failure::usage(message)
            .hint("`-o FILE` or `--in-place` writes it elsewhere; `--dry-run` writes nothing"));
    }
    if args.in_place && args.output_file.is_some() {
        console
            .warn("`--in-place` writes over the template; `--output-file` has no effect beside it");
    }
    let inputs = templates::read(args.templates())?;
    let labeled = || inputs.iter().map(InputTemplate::labeled);
    interpolation::doubled_quotes(labeled()).for_each(|warning| console.warn(&warning));
    if inputs.iter().any(InputTemplate::is_for_another) {
        console.warn(
            "a template has no reference: `{{ … }}` and `op://…` are those of other programs, and ours look like \
             keeper://Database/field/password",
        );
    }
    if !args.carry_on && !args.dry_run {
        refuse_malformed(interpolation::malformed(labeled()), console)?;
    }

    if !args.dry_run {
        output.check_writable(&inputs, args)?;
        refuse_nothing(&output, &inputs)?;
    }
    let mut answers = ask(&inputs, ctx).await?.into_iter();
    let guard = match output.is_stream() {
        true if args.allow_unsafe_for_eval => Guard::Warn,
        true => Guard::Refuse,
        false if args.allow_newlines || args.allow_unsafe_for_eval => Guard::Off,
        false => Guard::LineEnds,
    };
    let filled: Vec<Filled> = inputs
        .iter()
        .map(|input| fill(&input.template, &mut answers, guard))
        .collect();

    let report = Interpolation::new(labeled().zip(&filled));
    if args.verbose {
        note_all(report.details(args.dry_run), console);
    }
    let is_complete = report.problems().next().is_none();
    let delivers = !args.dry_run && (is_complete || args.carry_on && !args.validate);
    if delivers {
        output.deliver(&inputs, &filled, args, console)?;
    }
    if args.json {
        let results = inputs.iter().zip(&filled);
        console.data(answer::answer(results, &output, delivers))?;
    } else {
        note_all(report.summary(args.dry_run, delivers), console);
    }
    verdict(report.problems(), args, delivers)
}

/// The program before us in a pipeline may have failed (D31).
fn refuse_nothing(output: &Output, inputs: &[InputTemplate]) -> Result<()> {
    let is_empty = |input: &InputTemplate| input.path.is_none() && input.template.text().is_empty();
    match output {
        Output::File { path, .. } if inputs.iter().any(is_empty) => Err(Failure::usage(format!(
            "stdin was empty; {} was not written",
            path.display()
        ))),
        _ => Ok(()),
    }
}

fn note_all(lines: Vec<String>, console: &Console) {
    let lines = lines.iter().flat_map(|line| line.split('\n'));
    lines.for_each(|line| console.note(line));
}

fn refuse_malformed(errors: Vec<String>, console: &Console) -> Result<()> {
    if errors.is_empty() {
        return Ok(());
    }
    note_all(errors, console);
    console.note("");
    Err(
        Failure::usage("the template has references that cannot be understood; nothing was written").hint(
            "a reference looks like keeper://<UID or title>/field/<label or type>; one with blanks or quotes in it stands \
             in braces: keeper://{…}",
        ),
    )
}

/// Returns the answers to all references of all templates, in their order. Asks nothing if there are none.
async fn ask(
    inputs: &[InputTemplate],
    ctx: &Context,
) -> Result<Vec<Result<Value, notation::Error>>> {
    let notations: Vec<Notation> = inputs
        .iter()
        .flat_map(|input| input.template.references())
        .filter_map(|reference| reference.notation.clone().ok())
        .collect();
    if notations.is_empty() {
        return Ok(Vec::new());
    }
    let vault = ctx.reader().await?;
    let selection = select::ask(vault, &notations).await?;
    let answers = selection.values(vault).await?;
    // A default is for what is certainly missing.
    let answers = answers.into_iter();
    Ok(answers
        .map(|answer| answer.map_err(notation::Error::doubting))
        .collect())
}

fn verdict<'p>(
    problems: impl Iterator<Item = (&'p Reference, &'p Problem)>,
    args: &InterpolateArgs,
    delivered: bool,
) -> Result<()> {
    let (mut codes, mut hints) = (Vec::new(), Vec::new());
    for (reference, problem) in problems {
        codes.push(code(problem));
        hints.push(hint(reference, problem));
    }
    let Some(first) = codes.first() else {
        return Ok(());
    };
    // Some of several items failed; otherwise the code they share, if they do.
    let is_mixed = delivered || codes.iter().any(|code| code != first);
    let code = if is_mixed { Code::Failed } else { *first };
    let what = match (codes.len(), delivered) {
        _ if args.validate => "Validation failed: not all notations could be resolved".to_owned(),
        (1, false) => "a reference could not be replaced".to_owned(),
        (1, true) => "a reference could not be replaced and stays as it is".to_owned(),
        (several, false) => format!("{several} references could not be replaced"),
        (several, true) => {
            format!("{several} references could not be replaced and stay as they are")
        }
    };
    if delivered || args.dry_run || args.validate {
        return Err(Failure::new(code, what));
    }
    let hint = hints.into_iter().min().map_or("", |(_, hint)| hint);
    Err(Failure::new(code, format!("{what}; nothing was written")).hint(hint))
}

/// What cures a problem. Of several hints, the one with the lowest number is given.
fn hint(reference: &Reference, problem: &Problem) -> (u8, &'static str) {
    match problem {
        _ if reference.misread(problem).is_some() => (
            3,
            "`keeper://{…}` says where a reference ends; `--continue` writes what can be",
        ),
        Problem::LineEnds => (
            0,
            "`|dotenv` at the end of a reference quotes a value with line ends, as do `|json`, `|yaml` and `|shell`; \
             `--allow-newlines` writes it as it is",
        ),
        Problem::Dangerous(_) => (
            1,
            "`|shell` at the end of a reference quotes its value for a shell",
        ),
        Problem::Unresolved(_) => (
            2,
            "`:-DEFAULT` in a reference is for what may be missing; `--continue` writes what can be",
        ),
        Problem::Malformed(_) | Problem::Untransformed(_) | Problem::TooMuch => {
            (4, "`--continue` writes what can be")
        }
    }
}

fn code(problem: &Problem) -> Code {
    match problem {
        Problem::Malformed(_) => Code::Usage,
        Problem::Unresolved(error) => Failure::from(error.clone()).code(),
        Problem::Untransformed(_)
        | Problem::Dangerous(_)
        | Problem::LineEnds
        | Problem::TooMuch => Code::Failed,
    }
}
