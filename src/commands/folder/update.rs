//! `ksm folder update`: renames a folder.

use ksm::json;
use serde_json::json;

use crate::cli::folder::UpdateArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Failure, Result};

pub(super) async fn update(args: &UpdateArgs, ctx: &Context, console: &mut Console) -> Result<()> {
    let vault = ctx.vault().await?;
    let renamed = vault.rename_folder(&args.folder, &args.title).await;
    renamed.map_err(|error| {
        Failure::from(error)
            .while_doing(format_args!("Could not update folder UID: {}", args.folder))
    })?;
    if args.json {
        let answer = json!({ "folder": args.folder, "title": args.title });
        let done = format!("folder {} was renamed", args.folder);
        console.receipt(&[done], json::pretty(&answer))?;
    }
    Ok(())
}
