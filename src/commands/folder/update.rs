//! `ksm folder update`: renames a folder.

use crate::cli::folder::UpdateArgs;
use crate::commands::context::Context;
use crate::failure::{Failure, Result};

pub(super) async fn update(args: &UpdateArgs, ctx: &Context) -> Result<()> {
    let vault = ctx.vault().await?;
    let renamed = vault.rename_folder(&args.folder, &args.title).await;
    renamed.map_err(|error| {
        Failure::from(error)
            .while_doing(format_args!("Could not update folder UID: {}", args.folder))
    })
}
