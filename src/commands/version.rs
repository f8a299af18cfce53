//! `ksm version`.

use ksm::{foreign, json};
use serde_json::json;

use super::context::Context;
use crate::cli::{
    VersionArgs,
    version::{COMMIT, target},
};
use crate::console::Console;
use crate::failure::Result;

/// The official CLI with the same command lines and output.
const COMPATIBLE_WITH: &str = "1.5.0";

pub(super) async fn version(
    args: &VersionArgs,
    ctx: &Context,
    console: &mut Console,
) -> Result<()> {
    if args.json {
        let store = ctx.store().await?;
        return Ok(console.data(json::pretty(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "compatible_with": COMPATIBLE_WITH,
            "commit": COMMIT,
            "target": target(),
            "config_file": store.map(|store| store.location()),
        })))?);
    }
    // Printed first, since a broken configuration must not hide the version.
    console.data(format!(
        "CLI Version: {}\nCompatible with: {COMPATIBLE_WITH}\n",
        env!("CARGO_PKG_VERSION")
    ))?;
    let store = ctx.store().await?;
    let config = store.map_or_else(|| "none".to_owned(), |store| store.location());
    Ok(console.data(format!("Config file: {}\n", foreign::line(&config)))?)
}
