//! `ksm shell` and `ksm quit`.

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Each line is a command without the word `ksm`. It is cut into words as a POSIX shell does, and nothing\n\
                  else is replaced in it. Options before `shell` count for every line; an option on a line wins there.\n\
                  `quit`, `exit`, `q` and the end of the input end the shell. A line that begins with `#` is passed over, and\n\
                  one that begins with `!` is run by the shell of the system.\n\n\
                  From a pipe, the lines belong to the shell: commands and programs find their stdin empty. On a terminal,\n\
                  Tab completes, and Ctrl-C cancels the line or the command.\n\n\
                  The lines are kept in memory only, because they may hold values."
)]
pub(crate) struct ShellArgs {
    /// End with the first line that fails, and with its exit code
    #[arg(long)]
    pub(crate) fail: bool,

    // The official program for desktops starts its shell with it.
    #[arg(long, hide = true)]
    app: bool,
}

#[derive(Debug, Args)]
pub(crate) struct QuitArgs {}
