//! What `ksm exec` does to the output of the program.

use ksm::exec::mask::Mask;
use ksm::exec::{References, Slot};
use ksm::http::trust::truth;
use ksm::vault::notation::{self, Value};

use crate::cli::exec::ExecArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// As `--mask`, for those who do not write the command line.
const VARIABLE: &str = "KSM_EXEC_MASK";

/// Whether secrets are to be masked.
pub(super) fn is_masked(args: &ExecArgs, ctx: &Context) -> Result<bool, Failure> {
    match ctx.around().text(VARIABLE) {
        _ if args.mask => Ok(true),
        None => Ok(false),
        Some(text) => truth(&text).ok_or_else(|| {
            Failure::new(Code::Local, format!("{VARIABLE} is neither true nor false"))
        }),
    }
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
