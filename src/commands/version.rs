//! `ksm version`.

use ksm::profile::Source;

use super::context::Context;
use crate::console::Console;
use crate::failure::Failure;

/// The official CLI with the same command lines and output.
const COMPATIBLE_WITH: &str = "1.5.0";

pub(super) async fn version(ctx: &Context, console: &mut Console) -> Result<(), Failure> {
    // Printed first, since a broken configuration must not hide the version.
    console.data(format!(
        "CLI Version: {}\nCompatible with: {COMPATIBLE_WITH}\n",
        env!("CARGO_PKG_VERSION")
    ))?;
    let config = match ctx.source().await? {
        Source::Store(store) => store.origin.to_string(),
        Source::Nothing(_) => "none".to_owned(),
    };
    Ok(console.data(format!("Config file: {config}\n"))?)
}
