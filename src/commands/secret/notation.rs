//! `ksm secret notation`: prints one value byte for byte.

use std::slice;

use ksm::vault::notation::Notation;
use ksm::vault::select;

use crate::cli::secret::NotationArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::Result;

pub(crate) async fn notation(
    args: &NotationArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let notation = Notation::parse(&args.text)?;
    let vault = ctx.reader().await?;
    for value in select::values(vault, slice::from_ref(&notation)).await? {
        console.data_owned(value?.into_bytes())?;
    }
    Ok(())
}
