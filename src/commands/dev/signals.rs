//! Waits for signals, so that files can be removed before the end.

#[cfg(unix)]
pub(super) use unix::{Signals, catch};
#[cfg(not(unix))]
pub(super) use windows::{Signals, catch};

#[cfg(unix)]
mod unix {
    use std::io;

    use ksm::private_file::signals::{IgnoredSignals, leave_to_caller};
    use tokio::signal::unix::{SignalKind, signal};
    use tokio::sync::mpsc;

    /// End a vault that serves no command, and are forwarded to the command otherwise.
    const SIGNALS: [SignalKind; 6] = [
        SignalKind::hangup(),
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::terminate(),
        SignalKind::user_defined1(),
        SignalKind::user_defined2(),
    ];

    /// In the order of arrival.
    pub(in super::super) struct Signals(mpsc::Receiver<i32>);

    impl Signals {
        pub(in super::super) async fn next(&mut self) -> i32 {
            match self.0.recv().await {
                Some(signal) => signal,
                // The senders live as long as the runtime.
                None => std::future::pending().await,
            }
        }
    }

    /// Catches these signals for the rest of the process's life, except those our parent told us to ignore (`nohup`).
    pub(in super::super) fn catch() -> io::Result<Signals> {
        leave_to_caller();
        let ignored = IgnoredSignals::of_process();
        let (arrived, queue) = mpsc::channel(16);
        for kind in SIGNALS {
            let number = kind.as_raw_value();
            if ignored.is_some_and(|ignored| ignored.contains(number)) {
                continue;
            }
            let mut stream = signal(kind)?;
            let arrived = arrived.clone();
            tokio::spawn(async move {
                while stream.recv().await.is_some() {
                    if arrived.send(number).await.is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Signals(queue))
    }
}

#[cfg(not(unix))]
mod windows {
    use std::io;

    use tokio::signal::windows::{CtrlC, ctrl_c};

    /// Its number on Unix.
    const INTERRUPT: i32 = 2;

    pub(in super::super) struct Signals(CtrlC);

    impl Signals {
        pub(in super::super) async fn next(&mut self) -> i32 {
            self.0.recv().await;
            INTERRUPT
        }
    }

    pub(in super::super) fn catch() -> io::Result<Signals> {
        ctrl_c().map(Signals)
    }
}
