//! `ksm help`.

use crate::cli;
use crate::console::Console;
use crate::failure::Failure;

pub(super) fn help(args: &cli::HelpArgs, console: &mut Console) -> Result<(), Failure> {
    Ok(console.data(cli::help(&args.command)?)?)
}
