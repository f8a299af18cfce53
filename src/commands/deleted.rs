//! Telling what became of what was to be deleted.

use ksm::vault::Outcome;

use super::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure};
use crate::render;

/// Prints the outcomes, and fails if something is still there (FIX 21).
pub(super) fn tell(
    outcomes: &[Outcome],
    json: bool,
    what: &str,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    if json {
        console.data(render::outcomes_json(outcomes))?;
    } else {
        console.styled(&render::outcomes(outcomes, ctx.layout(console)))?;
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.is_done()).count();
    if failed == 0 {
        return Ok(());
    }
    // What was done cannot be undone: the answer is due although the command fails.
    console.finish()?;
    let all = outcomes.len();
    let plural = if all == 1 { "" } else { "s" };
    Err(Failure::new(
        Code::Failed,
        format!("{failed} of {all} {what}{plural} could not be deleted"),
    ))
}
