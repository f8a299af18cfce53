//! `ksm folder add`.

use ksm::json;
use serde_json::json;

use crate::cli::folder::AddArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Failure;

pub(super) async fn add(
    args: &AddArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let vault = ctx.vault().await?;
    let uid = vault
        .create_folder(&args.parent_folder, &args.title)
        .await?;
    if args.json {
        console.data(json::pretty(&json!({ "uid": uid.as_str() })))?;
    } else {
        console.note("The following is the new folder UID ...");
        console.data(uid.as_str())?;
    }
    Ok(())
}
