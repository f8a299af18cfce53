//! What `ksm exec` does to the output of the program.

use ksm::environment::names;
use ksm::exec::mask::Mask;
use ksm::exec::{References, Slot};
use ksm::vault::notation::{self, Value};

use crate::cli::exec::ExecArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// Whether secrets are to be masked.
pub(super) fn is_masked(args: &ExecArgs, ctx: &Context) -> Result<bool, Failure> {
    if args.mask {
        return Ok(true);
    }
    let set = ctx.environment.boolean(names::KSM_EXEC_MASK);
    let set = set.map_err(|error| Failure::new(Code::Local, error))?;
    Ok(set.unwrap_or(false))
}

/// Masks what the program is about to get, and names what is not masked.
pub(super) fn mask(
    references: &References,
    answers: &[Result<Value, notation::Error>],
    console: &Console,
) -> Result<Mask, Failure> {
    let secrets = references
        .slots()
        .zip(answers)
        .filter_map(|(slot, answer)| Some((slot, answer.as_ref().ok()?.clone().into_bytes())));
    let (mask, open) = Mask::new(secrets).map_err(|error| Failure::new(Code::Failed, error))?;
    if !open.is_empty() {
        let slots: Vec<_> = open.iter().map(Slot::to_string).collect();
        console.warn(&format!(
            "not masked, since the value is too short, too common or too long: {}",
            slots.join(", ")
        ));
    }
    Ok(mask)
}
