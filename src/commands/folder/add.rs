//! `ksm folder add`.

use ksm::json;
use ksm::vault::WriteOperation;
use serde_json::json;

use crate::cli::folder::AddArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn add(args: &AddArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let vault = ctx.vault().await?;
    let uid = vault
        .create_folder(&args.parent_folder, &args.title)
        .await?;
    let done = WriteOperation::CreateFolder(uid.clone());
    if args.json {
        console.receipt(&[done], json::pretty(&json!({ "uid": uid.as_str() })))?;
    } else {
        console.remark("The following is the new folder UID ...");
        console.receipt(&[done], uid.as_str())?;
    }
    Ok(())
}
