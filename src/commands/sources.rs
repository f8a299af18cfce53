//! From the options of `exec` and `env` to the variables that are to be made.

use std::path::Path;
use std::rc::Rc;

use ksm::environment::{Environment, OwnConfig};
use ksm::exec::assignment::Assignment;
use ksm::exec::dotenv::{self, Variable};
use ksm::exec::sources::BaseEnvironment;
use ksm::exec::{References, Sources};
use ksm::foreign::Text;
use ksm::private_file::{self, Policy};
use ksm::vault::notation::Value;

use super::context::Context;
use crate::cli::exec::SourceArgs;
use crate::console::Console;
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

/// Tells of values that are there and empty, of which a program or a script may not notice.
pub(super) fn tell_of_empty<E>(
    references: &References,
    answers: &[std::result::Result<Value, E>],
    console: &Console,
) {
    let asked = references.destinations().iter().zip(references.notations());
    for ((destination, notation), answer) in asked.zip(answers) {
        if answer.as_ref().is_ok_and(Value::is_empty) {
            let record = Text::from(&notation.record);
            let target = Text::from(notation.target.to_string());
            let input = destination.input();
            console.warn(&format!("{input}: `{target}` of `{record}` is empty"));
        }
    }
}

fn read_env_file(path: &Path) -> Result<Vec<Variable>> {
    let read = private_file::read(path, Policy::Blind);
    let (bytes, _) = read.map_err(Failure::usage)?;
    let text = std::str::from_utf8(bytes.expose())
        .map_err(|_| Failure::usage(format!("{} is not valid UTF-8", path.display())))?;
    dotenv::parse(text)
        .map_err(|error| Failure::new(Code::Local, error).while_doing(path.display()))
}
