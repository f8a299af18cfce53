//! `ksm exec --mask`.

use ksm::environment::names;
use ksm::exec::mask::{Depth, Mask};
use ksm::exec::{ProgramInput, References};
use ksm::vault::notation::{self, Value};

use crate::cli::exec::ExecArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(super) fn is_masked(args: &ExecArgs, ctx: &Context) -> Result<bool> {
    if args.mask {
        return Ok(true);
    }
    let set = ctx.environment.boolean(names::KSM_EXEC_MASK);
    Ok(set?.unwrap_or(false))
}

/// Warns of the values that are not masked.
pub(super) fn mask(
    references: &References,
    answers: &[Result<Value, notation::Error>],
    console: &Console,
) -> Result<Mask> {
    let secrets = references
        .inputs()
        .zip(answers)
        .filter_map(|(input, answer)| {
            let value = answer.as_ref().ok()?.clone();
            Some((input, value.into_bytes().into()))
        });
    let (mask, depth, unmasked) =
        Mask::new(secrets).map_err(|error| Failure::new(Code::Failed, error))?;
    if depth == Depth::Plain {
        console.warn("so many secrets are masked only as they are, by line, and in base64");
    }
    if !unmasked.is_empty() {
        let inputs: Vec<_> = unmasked.iter().map(ProgramInput::to_string).collect();
        console.warn(&format!(
            "not masked, since the value is too short or too common: {}",
            inputs.join(", ")
        ));
    }
    Ok(mask)
}
