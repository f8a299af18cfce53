//! A progress bar for the transfer of a file.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use ksm::http::Progress;

use super::Messages;

/// A shorter transfer needs no explanation.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Progress on the last line of the terminal at stderr, removed at the end of the transfer; nothing elsewhere.
pub(crate) struct Bar {
    messages: Messages,
    since: Option<Instant>,
    shown: Option<ProgressBar>,
}

impl Bar {
    pub(crate) fn new(messages: Messages) -> Self {
        Self {
            messages,
            since: None,
            shown: None,
        }
    }

    /// Draws the progress once the transfer has taken a while.
    pub(crate) fn show(&mut self, progress: Progress) {
        let elapsed = self.since.get_or_insert_with(Instant::now).elapsed();
        if !self.messages.terminal || elapsed < SHOWN_AFTER {
            return;
        }
        let bar = self.shown.get_or_insert_with(|| drawn(elapsed));
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }

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
