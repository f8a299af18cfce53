//! The place of the answer: the output of ksm, or the file of a GitHub runner.

use std::io;

use ksm::environment::names;
use ksm::export::{self, Format, NamedValue};
use ksm::private_file::Appended;
use ksm::sensitive::Sensitive;

use crate::cli::env::EnvArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) struct Target {
    pub(super) format: &'static dyn Format,
    runner: Option<Appended>,
}

impl Target {
    /// Finds out whether the answer can be delivered, before anything is asked.
    pub(super) fn of(args: &EnvArgs, ctx: &Context, console: &Console) -> Result<Self> {
        let format = match args.json {
            true => export::format("json").unwrap_or(args.format),
            false => args.format,
        };
        let name = format.name();
        let only = |is_given: bool, option: &str, of: &str| match is_given && name != of {
            true => Err(Failure::usage(format!("`{option}` is for `--format {of}`"))),
            false => Ok(()),
        };
        only(args.step_output, "--step-output", "github")?;
        only(args.name.is_some(), "--name", "k8s")?;
        only(args.namespace.is_some(), "--namespace", "k8s")?;
        if name == "k8s" && args.name.is_none() {
            return Err(Failure::usage(
                "`--format k8s` needs `--name`, the name of the Secret",
            ));
        }
        let runner = match name {
            "github" => Some(runner(args, ctx, console)?),
            _ => None,
        };
        Ok(Self { format, runner })
    }

    pub(super) fn deliver(
        &mut self,
        all: &[NamedValue],
        encoded: Sensitive<Vec<u8>>,
        console: &mut Console,
    ) -> Result<()> {
        let Some(runner) = &mut self.runner else {
            return Ok(console.data_owned(encoded)?);
        };
        // A value that the runner does not hide yet is not handed to it.
        console.check_open()?;
        // A runner that reads no more hides nothing, and gets no values.
        let masked = console.data(export::masks(all).expose());
        masked.map_err(|error| Failure::new(Code::Failed, error.to_string()))?;
        Ok(runner.append(encoded.expose())?)
    }
}

fn runner(args: &EnvArgs, ctx: &Context, console: &Console) -> Result<Appended> {
    if ctx.globals.output.is_some() {
        return Err(Failure::usage(
            "`--format github` appends to the file of the runner, so `--output` does not apply",
        ));
    }
    let variable = match args.step_output {
        true => names::GITHUB_OUTPUT,
        false => names::GITHUB_ENV,
    };
    let Some(path) = ctx.environment.path(variable) else {
        let what = format!("{variable} is not set, so this is no step of GitHub Actions");
        let hint =
            "a runner sets it in each step; elsewhere another `--format` serves, such as `dotenv`";
        return Err(Failure::new(Code::Local, what).hint(hint));
    };
    if console.is_terminal() {
        let what = "stdout is a terminal, where no runner hides the values";
        return Err(Failure::new(Code::Local, what));
    }
    if console.is_thrown_away() {
        let what = "stdout is thrown away, so no runner would hide the values";
        return Err(Failure::new(Code::Local, what));
    }
    let is_stdout = |variable: &&str| {
        let path = ctx.environment.path(variable);
        let file = path.and_then(|path| Appended::open(&path).ok());
        file.is_some_and(|file| file.is_open_as(io::stdout()))
    };
    let files = [names::GITHUB_ENV, names::GITHUB_OUTPUT];
    if let Some(variable) = files.into_iter().find(is_stdout) {
        let what = format!("stdout is the file of {variable}, so no runner would hide the values");
        let hint = "ksm appends to that file by itself: leave the redirection out";
        return Err(Failure::new(Code::Local, what).hint(hint));
    }
    Ok(Appended::open(&path)?)
}
