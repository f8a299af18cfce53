//! `ksm folder add`.

use ksm::json;
use ksm::vault::WriteOperation;
use ksm::vault::select::FolderTree;
use serde_json::json;

use super::warn_of_namesake;
use crate::cli::folder::AddArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn add(args: &AddArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let vault = ctx.vault().await?;
    let folders = vault.folders().await?;
    let parent = &FolderTree::new(&folders).find(&args.parent_folder)?.uid;
    if folders.has_namesake(None, Some(parent), &args.title) {
        warn_of_namesake(&args.title, console);
    }
    let uid = vault.create_folder(&folders, parent, &args.title).await?;
    let done = WriteOperation::CreateFolder(uid.clone());
    if args.json {
        console.receipt(&[done], json::pretty(&json!({ "uid": uid.as_str() })))?;
    } else {
        console.remark("The following is the new folder UID ...");
        console.receipt(&[done], uid.as_str())?;
    }
    Ok(())
}
