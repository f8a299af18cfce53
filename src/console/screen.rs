//! The size of the terminal.

/// In characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    rows: usize,
}

impl Screen {
    /// The terminal at stdout.
    #[cfg(unix)]
    pub(crate) fn of_stdout() -> Option<Self> {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        let screen = Self {
            columns: size.ws_col.into(),
            rows: size.ws_row.into(),
        };
        Some(screen).filter(|screen| screen.columns > 0 && screen.rows > 0)
    }

    #[cfg(not(unix))]
    pub(crate) fn of_stdout() -> Option<Self> {
        None
    }

    /// Whether all lines show at once, with one below them for the prompt of a shell.
    pub(super) fn holds(self, text: &str) -> bool {
        let rows = |line: &str| line.chars().count().div_ceil(self.columns).max(1);
        text.lines().map(rows).sum::<usize>() < self.rows
    }
}
