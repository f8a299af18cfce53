//! A key or signal that ends the process while something is half done, which is then put right first.

#[cfg(unix)]
pub(super) use unix::Interruption;
#[cfg(not(unix))]
pub(super) use windows::Interruption;

#[cfg(unix)]
mod unix {
    use std::future::poll_fn;
    use std::io::{self, IsTerminal};
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;
    use std::task::Poll;

    use ksm::signals::{IgnoredSignals, blocked};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::{register, register_conditional_default};
    use signal_hook::low_level::emulate_default_handler;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// From the first signal on, another one has its default effect.
    pub(in crate::commands) struct Interruption {
        signals: Vec<(i32, Signal)>,
    }

    impl Interruption {
        /// Signals that our parent told us to ignore stay ignored. Where the system does not tell, only the key of a terminal
        /// counts.
        pub(in crate::commands) fn expect() -> io::Result<Self> {
            let ignored = IgnoredSignals::of_process();
            let counts = |number: &i32| match ignored {
                Some(ignored) => !ignored.contains(*number),
                None => *number == SIGINT && io::stdin().is_terminal(),
            };
            let another_ends = Arc::new(AtomicBool::new(false));
            let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(counts);
            let signals = signals.map(|number| {
                register_conditional_default(number, Arc::clone(&another_ends))?;
                register(number, Arc::clone(&another_ends))?;
                Ok((number, signal(SignalKind::from_raw(number))?))
            });
            let signals = blocked(|| signals.collect::<io::Result<_>>())?;
            Ok(Self { signals })
        }

        /// Waits for the first signal, and gives its number.
        pub(in crate::commands) async fn arrived(&mut self) -> i32 {
            poll_fn(|context| {
                let arrived = self.signals.iter_mut().find_map(|(number, signal)| {
                    signal.poll_recv(context).is_ready().then_some(*number)
                });
                arrived.map_or(Poll::Pending, Poll::Ready)
            })
            .await
        }

        /// Ends the process as the signal would have. Process 1 survives this.
        pub(in crate::commands) fn let_it_end_us(number: i32) {
            let _ = emulate_default_handler(number);
        }
    }
}

#[cfg(not(unix))]
mod windows {
    use std::io;

    use ksm::signals::{Keys, end_as_interrupted};

    /// From the first key of the console on, another one ends us.
    pub(in crate::commands) struct Interruption(Option<Keys>);

    impl Interruption {
        pub(in crate::commands) fn expect() -> io::Result<Self> {
            Keys::catch().map(Some).map(Self)
        }

        pub(in crate::commands) async fn arrived(&mut self) -> i32 {
            match &mut self.0 {
                Some(keys) => drop(keys.next().await),
                None => std::future::pending().await,
            }
            self.0 = None;
            signal_hook::consts::SIGINT
        }

        pub(in crate::commands) fn let_it_end_us(_: i32) {
            end_as_interrupted();
        }
    }
}
