//! `ksm shell` and `ksm quit`.

use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Each line is a command without the word `ksm`. It is cut into words as a POSIX shell does, and nothing\n\
                  else is replaced in it. Options before `shell` count for every line; an option on a line wins there.\n\
                  `quit`, `exit`, `q` and the end of the input end the shell. A line that begins with `!` is run by the\n\
                  shell of the system.\n\n\
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
