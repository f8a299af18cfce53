//! `ksm version`.

use crate::console::Console;
use crate::failure::Failure;

/// The version of the official CLI whose command lines and output we follow.
const COMPATIBLE_WITH: &str = "1.5.0";

/// Prints the versions.
pub(super) fn version(console: &mut Console) -> Result<(), Failure> {
    let own = env!("CARGO_PKG_VERSION");
    Ok(console.data(format!(
        "CLI Version: {own}\nCompatible with: {COMPATIBLE_WITH}\n"
    ))?)
}
