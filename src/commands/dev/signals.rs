//! Waits for a signal that ends a vault without a command, so that its directory can be removed before the end.

use std::io;

/// The signal may have come while the directory was made. Those our parent told us to ignore (`nohup`) end nothing.
#[cfg(unix)]
pub(super) async fn next() -> io::Result<i32> {
    use ksm::signals::{IgnoredSignals, blocked, leave_to_caller};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

    let ignored = IgnoredSignals::of_process();
    let ending = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]
        .into_iter()
        .filter(|number| !ignored.is_some_and(|ignored| ignored.contains(*number)));
    let mut signals = blocked(|| signal_hook::iterator::Signals::new(ending))?;
    let arrived = leave_to_caller().or_else(|| signals.forever().next());
    arrived.ok_or_else(|| io::ErrorKind::BrokenPipe.into())
}

/// A key of the console, by the number of an interruption on Unix.
#[cfg(not(unix))]
pub(super) async fn next() -> io::Result<i32> {
    use ksm::signals::{Keys, leave_to_caller};

    let mut keys = Keys::catch()?;
    if leave_to_caller().is_none() {
        keys.next().await;
    }
    Ok(signal_hook::consts::SIGINT)
}
