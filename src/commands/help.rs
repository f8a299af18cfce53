//! `ksm help`.

use crate::cli;
use crate::console::Console;
use crate::failure::Failure;

/// Prints what `--help` prints, of `ksm` or of one of its commands.
pub(super) fn help(args: &cli::HelpArgs, console: &mut Console) -> Result<(), Failure> {
    Ok(console.data(cli::help(&args.command)?)?)
}
