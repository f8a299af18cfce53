//! From the options of `exec` and `env` to the variables that are to be made.

use std::path::Path;
use std::rc::Rc;

use ksm::environment::{Environment, OwnConfig};
use ksm::exec::Sources;
use ksm::exec::assignment::Assignment;
use ksm::exec::dotenv::{self, Variable};
use ksm::exec::sources::BaseEnvironment;
use ksm::private_file::{self, Policy};

use super::context::Context;
use crate::cli::exec::SourceArgs;
use crate::failure::{Code, Failure, Result};

/// Reads all that the options name. Nothing is asked of a vault.
///
/// What an `--env-file` says about who we are is not for the program, and counts for this run as it would in our
/// environment.
pub(super) fn gather(
    args: &SourceArgs,
    start: BaseEnvironment,
    own: OwnConfig,
    ctx: &mut Context,
) -> Result<Sources> {
    let mut sources = Sources::new(&ctx.environment, start, own);
    for path in &args.env_files {
        let about = |failure: Failure| failure.while_doing(path.display());
        let variables = read_env_file(path)?;
        let mut environment = Environment::clone(&ctx.environment);
        for Variable { name, value } in &variables {
            if let Some(value) = value
                && !OwnConfig::Withheld.passes_on(name.as_ref())
            {
                environment = environment.with(name, value.expose());
            }
        }
        ctx.environment = Rc::new(environment);
        sources
            .add_env_file(variables)
            .map_err(|error| about(error.into()))?;
    }
    for word in &args.env {
        sources.assign(Assignment::parse(word)?)?;
    }
    Ok(sources)
}

fn read_env_file(path: &Path) -> Result<Vec<Variable>> {
    let read = private_file::read(path, Policy::Blind);
    let (bytes, _) = read.map_err(|error| match error.is_too_large() {
        true => Failure::usage(error),
        false => error.into(),
    })?;
    let text = std::str::from_utf8(bytes.expose()).map_err(|_| {
        let what = format!("{} is not valid UTF-8", path.display());
        Failure::new(Code::Local, what)
    })?;
    dotenv::parse(text)
        .map_err(|error| Failure::new(Code::Local, error).while_doing(path.display()))
}
