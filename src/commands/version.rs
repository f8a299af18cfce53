//! `ksm version`.

use ksm::foreign;

use super::context::Context;
use crate::console::Console;
use crate::failure::Result;

/// The official CLI with the same command lines and output.
const COMPATIBLE_WITH: &str = "1.5.0";

pub(super) async fn version(ctx: &Context, console: &mut Console) -> Result<()> {
    // Printed first, since a broken configuration must not hide the version.
    console.data(format!(
        "CLI Version: {}\nCompatible with: {COMPATIBLE_WITH}\n",
        env!("CARGO_PKG_VERSION")
    ))?;
    let store = ctx.store().await?;
    let config = store.map_or_else(|| "none".to_owned(), |store| store.location());
    Ok(console.data(format!("Config file: {}\n", foreign::line(&config)))?)
}
