//! `ksm help`.

use crate::cli;
use crate::console::Console;
use crate::failure::Result;

pub(super) fn help(args: &cli::HelpArgs, console: &mut Console) -> Result<()> {
    Ok(console.data(cli::help(&args.command)?)?)
}
