//! The `ksm` program: parses the command line, runs the command, reports a failure, picks the exit code.
//!
//! Each module uses only those below it in this list, and the library.
//!
//! - `commands`: a file per verb: arguments in, calls of the library, the answer out
//! - `cli`: the command line: a file of clap structs per noun, the official spellings, the wording of usage errors
//! - `crash`: the end of a run by a mistake of ours
//! - `failure`: message, hint and exit code of every error
//! - `render`: values to text: tables, JSON, masks, pages of the guide
//! - `console`: the writer of answers and messages, and the log

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unwrap_used,
        reason = "a test may panic, and make what it needs"
    )
)]

use std::process::ExitCode;
use std::rc::Rc;

use cli::Invocation;
use console::Console;
use failure::{Code, Result};
use ksm::environment::Environment;

mod cli;
mod commands;
mod console;
mod crash;
mod failure;
mod render;

// musl's own allocator asks the system for single pages, and returns each.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    forbid_core_dumps();
    crash::install();
    ksm::signals::end_as_init();
    ksm::signals::survive_file_size_limit();
    let mut console = Console::for_process();
    let words: Vec<_> = std::env::args_os().collect();
    let environment = Environment::of_process();
    let ended = match commands::completion::asked(&words, &environment) {
        Some(answer) => {
            answer.and_then(|text| Ok(console.data(text).map(|()| ExitCode::SUCCESS)?))
        }
        None => cli::parse(words).and_then(|typed| run(typed, environment, &mut console)),
    };
    // Only a complete answer reaches a file.
    let ended = ended.and_then(|code| Ok(console.finish().map(|()| code)?));
    match ended {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            console.report(&failure);
            failure.exit_code()
        }
    }
}

fn run(typed: Invocation, environment: Environment, console: &mut Console) -> Result<ExitCode> {
    match typed {
        Invocation::Show(text) => {
            console.data(text)?;
            Ok(ExitCode::SUCCESS)
        }
        Invocation::NeedsCommand(help) => {
            console.report(&help);
            Ok(Code::Usage.into())
        }
        Invocation::Run(cli) => {
            let is_exec = cli.command.is_exec();
            match is_exec {
                true => crash::ends_with(Code::BeforeChild),
                // The program that takes our place inherits what is ignored.
                false => ksm::signals::learn_of_children(),
            }
            let runtime = commands::runtime().map_err(|failure| match is_exec {
                true => failure.before_child(),
                false => failure,
            })?;
            let ended = runtime.block_on(commands::run(*cli, Rc::new(environment), console));
            // What runs in a thread of Tokio's, such as `kubectl`, would be waited for.
            runtime.shutdown_background();
            ended
        }
    }
}

// Keeps secrets out of core files. Resource limits would pass to the child; this flag ends with `execve` (D24). A
// failure costs the precaution only.
fn forbid_core_dumps() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
