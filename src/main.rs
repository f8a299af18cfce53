//! The `ksm` program: parse, run, report, exit code.

use std::env;
use std::process::ExitCode;

use console::Console;

mod cli;
mod commands;
mod console;
mod failure;
mod query;
mod render;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    forbid_core_dumps();
    let mut console = Console::for_process();
    let ended = match cli::parse(env::args_os()) {
        Ok(request) => commands::run(request, &mut console).await,
        Err(failure) => Err(failure),
    };
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

// Secrets in our memory stay out of core files. The limits are the child's too and remain as they are; this flag ends
// with `execve` (decision D24). Where it cannot be set, nothing is lost but the precaution.
fn forbid_core_dumps() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
