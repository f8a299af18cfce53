//! `ksm version`.

use std::path::Path;

use ksm::profile::locate::Surroundings;
use ksm::profile::source::{self, Source};

use crate::console::Console;
use crate::failure::Failure;

/// The version of the official CLI whose command lines and output we follow.
const COMPATIBLE_WITH: &str = "1.5.0";

/// Prints the versions, and which configuration a command would use.
pub(super) fn version(
    ini_file: Option<&Path>,
    around: &Surroundings<'_>,
    console: &mut Console,
) -> Result<(), Failure> {
    // First, so that somebody whose configuration is broken can still tell the version.
    console.data(format!(
        "CLI Version: {}\nCompatible with: {COMPATIBLE_WITH}\n",
        env!("CARGO_PKG_VERSION")
    ))?;
    let config = match source::find(ini_file, around)? {
        Source::Store(store) => store.origin.to_string(),
        Source::Nothing(_) => "none".to_owned(),
    };
    Ok(console.data(format!("Config file: {config}\n"))?)
}
