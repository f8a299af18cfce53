//! How far a file has come, for somebody who waits at a terminal.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use ksm::http::Progress;

use super::Messages;

/// What is done sooner needs no explanation.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line at the bottom of the terminal that stderr is, and gone with the transfer; nothing where it is no terminal.
pub(crate) struct Bar {
    messages: Messages,
    since: Option<Instant>,
    shown: Option<ProgressBar>,
}

impl Bar {
    /// A bar that does not show.
    pub(crate) fn new(messages: Messages) -> Self {
        Self {
            messages,
            since: None,
            shown: None,
        }
    }

    /// Shows how far it is by now, if it takes long enough for that.
    pub(crate) fn show(&mut self, progress: Progress) {
        let elapsed = self.since.get_or_insert_with(Instant::now).elapsed();
        if !self.messages.terminal || elapsed < PATIENCE {
            return;
        }
        let bar = self.shown.get_or_insert_with(|| drawn(elapsed));
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }

    /// Takes it away.
    pub(crate) fn clear(&mut self) {
        self.since = None;
        if let Some(bar) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}

fn drawn(elapsed: Duration) -> ProgressBar {
    let line = "{bytes} of {total_bytes} [{bar:30}] {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(line).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        .with_style(style.progress_chars("=> "))
        .with_finish(ProgressFinish::AndClear)
        .with_elapsed(elapsed)
}
