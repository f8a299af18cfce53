//! Signals as something to wait for, so that what was made can be removed before the end.

#[cfg(unix)]
pub(super) use unix::{ENDING, FORWARDED, expect};
#[cfg(not(unix))]
pub(super) use windows::{ENDING, expect};

#[cfg(unix)]
mod unix {
    use std::io;

    use tokio::signal::unix::{SignalKind, signal};
    use tokio::sync::mpsc;

    const HANGUP: i32 = SignalKind::hangup().as_raw_value();
    const INTERRUPT: i32 = SignalKind::interrupt().as_raw_value();
    const QUIT: i32 = SignalKind::quit().as_raw_value();
    const TERMINATE: i32 = SignalKind::terminate().as_raw_value();

    /// What ends a vault that serves nobody in particular.
    pub(in super::super) const ENDING: [i32; 4] = [HANGUP, INTERRUPT, QUIT, TERMINATE];

    /// What is meant for the command rather than for us.
    pub(in super::super) const FORWARDED: [i32; 6] = [
        HANGUP,
        INTERRUPT,
        QUIT,
        TERMINATE,
        SignalKind::user_defined1().as_raw_value(),
        SignalKind::user_defined2().as_raw_value(),
    ];

    /// Signals in the order they arrive.
    pub(in super::super) struct Interruptions(mpsc::Receiver<i32>);

    impl Interruptions {
        pub(in super::super) async fn next(&mut self) -> i32 {
            match self.0.recv().await {
                Some(signal) => signal,
                // The senders live as long as the runtime.
                None => std::future::pending().await,
            }
        }
    }

    /// Takes these signals over from the system, for the rest of the process's life.
    pub(in super::super) fn expect(signals: &[i32]) -> io::Result<Interruptions> {
        ksm::private_file::signals::leave_to_caller();
        let (arrived, queue) = mpsc::channel(16);
        for number in signals.iter().copied() {
            let mut stream = signal(SignalKind::from_raw(number))?;
            let arrived = arrived.clone();
            tokio::spawn(async move {
                while stream.recv().await.is_some() {
                    if arrived.send(number).await.is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Interruptions(queue))
    }
}

#[cfg(not(unix))]
mod windows {
    use std::io;

    use tokio::signal::windows::{CtrlC, ctrl_c};

    /// Ctrl-C, by the number it has elsewhere.
    pub(in super::super) const ENDING: i32 = 2;

    pub(in super::super) struct Interruptions(CtrlC);

    impl Interruptions {
        pub(in super::super) async fn next(&mut self) -> i32 {
            self.0.recv().await;
            ENDING
        }
    }

    pub(in super::super) fn expect(_: &i32) -> io::Result<Interruptions> {
        ctrl_c().map(Interruptions)
    }
}
