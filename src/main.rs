//! The `ksm` program: parse, run, report, exit code.

#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::unwrap_used,
        reason = "a test may panic"
    )
)]

use std::process::ExitCode;

use cli::Invocation;
use console::Console;
use failure::{Code, Failure};
use ksm::environment::Environment;

mod cli;
mod commands;
mod console;
mod failure;

mod render;

// The C library's own takes memory page by page from the system, and returns it so.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

fn main() -> ExitCode {
    forbid_core_dumps();
    ksm::private_file::signals::end_as_init();
    let mut console = Console::for_process();
    let ended = cli::parse(std::env::args_os()).and_then(|request| run(request, &mut console));
    // Only an answer that is complete reaches a file.
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

fn run(request: Invocation, console: &mut Console) -> Result<ExitCode, Failure> {
    match request {
        Invocation::Show(text) => {
            console.data(text)?;
            Ok(ExitCode::SUCCESS)
        }
        Invocation::Run(cli) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = runtime.map_err(|error| Failure::new(Code::Failed, error))?;
            runtime.block_on(commands::run(*cli, Environment::of_process(), console))
        }
    }
}

// Secrets in our memory stay out of core files. The limits are the child's too and remain as they are; this flag ends
// with `execve` (decision D24). Where it cannot be set, nothing is lost but the precaution.
fn forbid_core_dumps() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
