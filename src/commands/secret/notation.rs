//! `ksm secret notation`: prints one value byte for byte.

use std::slice;

use ksm::json;
use ksm::sensitive::Sensitive;
use ksm::vault::notation::{Notation, Value};
use ksm::vault::select;

use crate::cli::secret::NotationArgs;
use crate::commands::context::Context;
use crate::console::Console;
use crate::failure::{Code, Failure, Result};

pub(crate) async fn notation(
    args: &NotationArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    print(&Notation::parse(&args.text)?, args.json, ctx, console).await
}

/// The value as it is, or in JSON.
pub(super) async fn print(
    notation: &Notation,
    json: bool,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    let vault = ctx.reader().await?;
    for value in select::values(vault, slice::from_ref(notation)).await? {
        match value? {
            value if !json => console.data_owned(value.into_bytes())?,
            Value::Null => console.data("null")?,
            Value::Json(value) => {
                console.data(Sensitive::new(json::pretty(value.expose())).expose())?
            }
            text => {
                let bytes = text.into_bytes();
                let text = str::from_utf8(bytes.expose()).map_err(|_| {
                    Failure::new(
                        Code::Failed,
                        "the content of the file is no text, so JSON cannot hold it",
                    )
                    .hint("without `--json` its bytes are printed")
                })?;
                console.data(Sensitive::new(json::pretty(&text)).expose())?;
            }
        }
    }
    Ok(())
}
