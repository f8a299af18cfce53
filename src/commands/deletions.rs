//! The answers of `secret delete` and `folder delete`.

use ksm::foreign;
use ksm::vault::Deletion;

use super::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

const READ_ONLY: &str = "the application may be allowed only to read it; whoever shares it can allow changes (`Can Edit`)";

const NOT_EMPTY: &str = "`--force` deletes a folder with all folders and records in it, for good; `ksm folder list -l -f FOLDER` \
                         shows those";

/// Fails if something is still there (FIX 21), with the code of its reason if nothing was deleted.
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
    let failed: Vec<_> = deletions.iter().filter(|one| !one.is_done()).collect();
    if failed.is_empty() {
        return Ok(());
    }
    // Deletions are final, so the answer comes although the command fails.
    console.finish()?;
    let all = deletions.len();
    let plural = if all == 1 { "" } else { "s" };
    let message = format!(
        "{} of {all} {what}{plural} could not be deleted",
        failed.len()
    );
    let (code, hint) = if failed.iter().all(|one| one.code.starts_with("access_")) {
        (Code::Refused, READ_ONLY.to_owned())
    } else if failed.iter().all(|one| one.is_missing()) {
        let listing = if what == "record" { "secret" } else { what };
        (
            Code::Missing,
            format!("`ksm {listing} list` shows what there is"),
        )
    } else if failed.iter().any(|one| one.code == "not_empty") {
        (Code::Failed, NOT_EMPTY.to_owned())
    } else {
        return Err(Failure::new(Code::Failed, message));
    };
    let code = if failed.len() == all {
        code
    } else {
        Code::Failed
    };
    Err(Failure::new(code, message).hint(hint))
}
