//! `ksm folder update`: renames a folder.

use ksm::json;
use ksm::vault::Client;
use ksm::vault::select::FolderTree;
use serde_json::json;

use super::warn_of_namesake;
use crate::cli::folder::UpdateArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(super) async fn update(args: &UpdateArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let vault = ctx.vault().await?;
    let renamed = rename(args, vault, console).await;
    renamed.map_err(|failure| {
        failure.while_doing(format_args!("Could not update folder UID: {}", args.folder))
    })?;
    if args.json {
        let answer = json!({ "folder": args.folder, "title": args.title });
        let done = format!("folder {} was renamed", args.folder);
        console.receipt(&[done], json::pretty(&answer))?;
    }
    Ok(())
}

async fn rename(args: &UpdateArgs, vault: &Client, console: &Console) -> Result<()> {
    let folders = vault.folders().await?;
    let tree = FolderTree::new(&folders);
    let folder = tree.find(&args.folder)?;
    if folders.has_namesake(Some(&folder.uid), folder.parent.as_ref(), &args.title) {
        warn_of_namesake(&args.title, console);
    }
    Ok(vault
        .rename_folder(&folders, &folder.uid, &args.title)
        .await?)
}
