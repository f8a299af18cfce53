//! `kubectl apply`: the manifest on its stdin, where nobody else sees it.

use std::ffi::OsStr;

use ksm::environment::OwnConfig;
use ksm::exec::Launch;
use ksm::exec::supervise::{self, Exit};
use ksm::kubernetes::APPLY_CONFIG;
use ksm::program::Program;
use ksm::sensitive::Sensitive;

use crate::commands::context::Context;
use crate::failure::{Code, Failure, Result};

/// The program, found but not started.
pub(super) struct Kubectl(Launch);

impl Kubectl {
    /// Looks the program up before a token is spent for it.
    pub(super) fn find(ctx: &Context) -> Result<Self> {
        let environment = ctx.environment.for_child(OwnConfig::Withheld);
        let program = Program::find(OsStr::new("kubectl"), |variable| environment.get(variable));
        let program = program.map_err(|error| {
            Failure::new(Code::Local, error)
                .hint("without `--apply` the manifest is printed; the token was not used")
        })?;
        Ok(Self(Launch {
            program,
            arguments: APPLY_CONFIG.split(' ').map(Into::into).collect(),
            environment,
        }))
    }

    /// Hands the manifest over, and waits for as long as kubectl takes: it is the user's program, and has time limits
    /// and prompts of its own. What it says goes to stderr. Fails with a sentence.
    pub(super) fn apply(self, manifest: &Sensitive<String>) -> Result<(), String> {
        match supervise::feed(&self.0, manifest.expose().as_bytes()) {
            Ok(Exit::Status(0)) => Ok(()),
            Ok(Exit::Status(status)) => Err(format!("kubectl ended with status {status}")),
            Ok(Exit::Signal(signal)) => Err(format!("kubectl was ended by signal {signal}")),
            Err(error) => Err(Failure::new(Code::Failed, error).reason()),
        }
    }
}
