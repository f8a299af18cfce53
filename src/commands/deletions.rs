//! The answers of `secret delete` and `folder delete`.

use ksm::foreign;
use ksm::vault::Deletion;

use super::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

/// Fails if something is still there (FIX 21).
pub(super) fn print(
    deletions: &[Deletion],
    json: bool,
    what: &str,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let done = deletions.iter().filter(|deletion| deletion.is_done());
    let done: Vec<_> = done
        .map(|deletion| format!("{what} {} was deleted", foreign::Text::from(&deletion.uid)))
        .collect();
    ctx.tell(&done, deletions, json, console)?;
    let failed = deletions
        .iter()
        .filter(|deletion| !deletion.is_done())
        .count();
    if failed == 0 {
        return Ok(());
    }
    // Deletions are final, so the answer comes although the command fails.
    console.finish()?;
    let all = deletions.len();
    let plural = if all == 1 { "" } else { "s" };
    let message = format!("{failed} of {all} {what}{plural} could not be deleted");
    let mut refused = deletions.iter().filter(|deletion| !deletion.is_done());
    Err(match refused.all(|deletion| deletion.code.starts_with("access_")) {
        true => Failure::new(Code::Refused, message).hint(
            "the application may be allowed only to read it; whoever shares it can allow changes (`Can Edit`)",
        ),
        false => Failure::new(Code::Failed, message),
    })
}
