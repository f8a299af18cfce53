//! Waits for a signal that ends a vault without a command, so that its directory can be removed before the end.

use std::io;

/// The signal may have come while the directory was made. Those our parent told us to ignore (`nohup`) end nothing.
#[cfg(unix)]
pub(super) async fn next() -> io::Result<i32> {
    use ksm::private_file::signals::{IgnoredSignals, leave_to_caller};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

    let ignored = IgnoredSignals::of_process();
    let ending = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]
        .into_iter()
        .filter(|number| !ignored.is_some_and(|ignored| ignored.contains(*number)));
    let mut signals = signal_hook::iterator::Signals::new(ending)?;
    let arrived = leave_to_caller().or_else(|| signals.forever().next());
    arrived.ok_or_else(|| io::ErrorKind::BrokenPipe.into())
}

/// Ctrl-C, by its number on Unix.
#[cfg(not(unix))]
pub(super) async fn next() -> io::Result<i32> {
    tokio::signal::ctrl_c().await.map(|()| 2)
}
