//! `ksm exec`: a program with secrets in its environment, in its arguments and in files.

use std::ffi::OsString;
use std::process::ExitCode;

use ksm::environment::OwnConfig;
use ksm::exec::PassedOver;
use ksm::exec::assignment;
use ksm::exec::files::{Files, Reach, Writing};
use ksm::exec::sources::BaseEnvironment;
use ksm::exec::supervise::{self, Completion, OutputOptions};
use ksm::exec::{Launch, Sources};
use ksm::foreign::Text;
use ksm::program::Program;
use ksm::sensitive;
use ksm::vault::notation;
use ksm::vault::select;

use super::context::Context;
use super::sources;
use crate::cli::exec::ExecArgs;
use crate::console::{self, Console};
use crate::failure::{Code, Failure, Result};

mod dry_run;
mod masking;

/// Returns only if the program does not take our place.
pub(crate) async fn exec(
    args: ExecArgs,
    ctx: &mut Context,
    console: &mut Console,
) -> Result<ExitCode> {
    start(args, ctx, console)
        .await
        .map_err(Failure::before_child)
}

async fn start(args: ExecArgs, ctx: &mut Context, console: &mut Console) -> Result<ExitCode> {
    let Some((name, words)) = args.command.split_first() else {
        return Err(Failure::usage("Missing argument 'COMMAND...'."));
    };
    let start = match args.pristine {
        true => BaseEnvironment::Pristine,
        false => BaseEnvironment::Inherited,
    };
    let own = match args.keep_config {
        true => OwnConfig::Kept,
        false => OwnConfig::Withheld,
    };
    let mut sources = sources::gather(&args.sources, start, own, ctx)?;
    for word in &args.files {
        let (path, notation) = assignment::parse_file(word)?;
        sources.add_file(path, notation);
    }
    let program = Program::find(name, |variable| sources.search(variable))?;
    let writing = match args.dry_run {
        true => Writing::DryRun,
        false => Writing::Real,
    };
    let mut files = files_of(ctx, writing);
    let paths = sources.paths()?;
    if !args.dry_run {
        // What a run that was killed left at one of the paths is not in the way of this one.
        files.sweep(match paths.is_empty() {
            true => Reach::First,
            false => Reach::All,
        });
    }
    for path in paths {
        Files::expect_free(path)?;
    }
    let is_masked = masking::is_masked(&args, ctx)?;
    let mut references = sources.references()?;
    match args.inline {
        true => references.in_arguments(words)?,
        false => tell_of_arguments(words, console),
    }
    tell_of_variables(&sources, console);
    let mut launch = Launch {
        program,
        arguments: words.to_vec(),
        environment: sources.environment,
    };
    if references.any_in_arguments() {
        console.warn(
            "other users of this machine can see the secrets that `--inline` puts into arguments",
        );
    }
    if args.dry_run {
        return dry_run::show(&args, references, launch, files, ctx, console).await;
    }
    if ctx.globals.output.is_some() {
        console.warn("`--output` does not concern what a program prints: `ksm exec … > FILE` does");
    }
    let mut answers = Vec::new();
    if !references.notations().is_empty() {
        let vault = ctx.reader().await?;
        answers = select::values(vault, references.notations()).await?;
    }
    sources::tell_of_empty(&references, &answers, console);
    // Closed before the start, since the program may take our place, or run for long.
    ctx.close().await;
    ctx.forget_profile();
    let mask = is_masked
        .then(|| masking::mask(&references, &answers, console))
        .transpose()?;
    references.put_into(&mut launch, &mut files, answers)?;
    let capture = args.capture_output;
    #[cfg(unix)]
    if mask.is_none() && !capture && !files.outlive_their_maker() {
        // The program takes the place of this memory, which the system clears.
        return Err(launch.run().into());
    }
    sensitive::overwrite_dead_frames::<{ 256 << 10 }>();
    let Completion { exit, output_error } =
        supervise::run(launch, files, &OutputOptions { mask, capture })?;
    let lost = output_error.map(|reason| Failure::new(Code::Failed, reason));
    if let Some(lost) = &lost {
        console.report(lost);
    }
    Ok(match (exit.imitate(), lost) {
        (0, Some(lost)) => lost.exit_code(),
        (code, _) => ExitCode::from(code),
    })
}

/// A program would see the reference itself, and fail in its own words.
fn tell_of_arguments(words: &[OsString], console: &Console) {
    let mut texts = words.iter().map(|word| word.to_string_lossy());
    if texts.any(|text| notation::has_prefix(&text)) {
        console.warn(
            "an argument is a reference, and the program gets it as it is; `-e NAME=NOTATION` sets a variable to the value, \
             and `--inline` puts it into arguments",
        );
    }
}

fn tell_of_variables(sources: &Sources, console: &Console) {
    for name in sources.unset() {
        let name = Text::from(name.to_string_lossy());
        console.warn(&format!(
            "variable `{name}` is not set, so `-e {name}` hands nothing on"
        ));
    }
    for (name, why) in sources.passed_over() {
        let name = Text::from(name.to_string_lossy());
        console.warn(&match why {
            PassedOver::Within => format!(
                "variable `{name}` has a reference within its value, which stays as it is; `ksm interpolate` fills in a \
                 template"
            ),
            PassedOver::Passing => format!(
                "variable `{name}` stays as it is; `@file:` and `@fd:` count in the option `-e NAME=@file:NOTATION` only"
            ),
            PassedOver::Misspelled => format!(
                "variable `{name}` stays as it is; a reference begins with `keeper://`"
            ),
        });
    }
}

fn files_of(ctx: &Context, writing: Writing) -> Files {
    Files::new(ctx.private_places(), writing, console::note)
}
