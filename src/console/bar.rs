//! A progress bar for the transfer of a file.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use ksm::http::Progress;

use super::Messages;

/// A shorter transfer needs no explanation.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Progress on the last line of the terminal at stderr, removed at the end of the transfer; nothing elsewhere.
pub(crate) struct Bar {
    messages: Messages,
    // From the first byte on, since the rate counts from there.
    current: Option<ProgressBar>,
}

impl Bar {
    pub(crate) fn new(messages: Messages) -> Self {
        Self {
            messages,
            current: None,
        }
    }

    /// Draws the progress once the transfer has taken a while.
    pub(crate) fn show(&mut self, progress: Progress) {
        if !self.messages.terminal {
            return;
        }
        let bar = self.current.get_or_insert_with(undrawn);
        if bar.is_hidden() && bar.elapsed() >= SHOWN_AFTER {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }

    pub(crate) fn clear(&mut self) {
        if let Some(bar) = self.current.take() {
            bar.finish_and_clear();
        }
    }
}

// The bar takes what the rest leaves of the line.
fn undrawn() -> ProgressBar {
    let line = "{bytes} of {total_bytes} [{wide_bar}] {bytes_per_sec}, {eta} left";
    let style = ProgressStyle::with_template(line).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
        .with_style(style.progress_chars("=> "))
        .with_finish(ProgressFinish::AndClear)
}
