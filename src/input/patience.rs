//! Pipes, FIFOs and devices, which are waited for in limits. A terminal is not: a person types there.

#[cfg(not(unix))]
pub use elsewhere::{Patient, standard};
#[cfg(unix)]
pub use unix::{Patient, standard};

#[cfg(unix)]
mod unix {
    use std::io::{self, Read};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    use crate::limits;

    /// Reads what has to end in time.
    #[derive(Debug)]
    pub struct Patient<'f> {
        from: BorrowedFd<'f>,
        deadline: Option<Deadline>,
    }

    #[derive(Debug)]
    struct Deadline {
        at: Instant,
        after: Duration,
    }

    impl<'f> Patient<'f> {
        /// The whole of it within [`limits::PIPE`].
        pub fn before_end_of(file: &'f impl AsFd) -> Self {
            Self::within(file.as_fd(), limits::PIPE)
        }

        fn within(from: BorrowedFd<'f>, after: Duration) -> Self {
            let at = Instant::now() + after;
            let deadline = (!rustix::termios::isatty(from)).then_some(Deadline { at, after });
            Self { from, deadline }
        }
    }

    impl Read for Patient<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            loop {
                let rest = self.deadline.as_ref().map(Deadline::rest).transpose()?;
                let mut descriptors = [PollFd::from_borrowed_fd(self.from, PollFlags::IN)];
                // A read from a FIFO that nobody has opened yet would tell its end.
                let read = match poll(&mut descriptors, rest.as_ref()) {
                    Ok(0) => continue,
                    ready => ready.and_then(|_| rustix::io::read(self.from, &mut *buffer)),
                };
                match read {
                    Err(Errno::AGAIN | Errno::INTR) => {}
                    read => return Ok(read?),
                }
            }
        }
    }

    impl Deadline {
        fn rest(&self) -> io::Result<Timespec> {
            let rest = self.at.saturating_duration_since(Instant::now());
            let late = || {
                let after = self.after.as_secs();
                let told = format!("it is no regular file and did not end within {after} seconds");
                io::Error::new(io::ErrorKind::TimedOut, told)
            };
            match rest.is_zero() {
                true => Err(late()),
                false => rest.try_into().map_err(|_| late()),
            }
        }
    }

    /// Stdin, of which nothing is read ahead.
    pub fn standard() -> Patient<'static> {
        Patient::within(rustix::stdio::stdin(), limits::STDIN)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        fn read(mut from: Patient<'_>) -> io::Result<Vec<u8>> {
            let mut all = Vec::new();
            from.read_to_end(&mut all)?;
            Ok(all)
        }

        #[test]
        fn a_pipe_is_read_to_its_end_or_limit() {
            let (from, to) = rustix::pipe::pipe().unwrap();
            rustix::io::write(&to, b"canary").unwrap();
            let short = Duration::from_millis(30);
            let late = read(Patient::within(from.as_fd(), short)).unwrap_err();
            assert_eq!(late.kind(), io::ErrorKind::TimedOut);
            rustix::io::write(&to, b"canary").unwrap();
            drop(to);
            assert_eq!(read(Patient::before_end_of(&from)).unwrap(), b"canary");
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::fs::File;
    use std::io::{self, Read};

    /// Reads without a limit of time: a pipe there has no file of its own.
    #[derive(Debug)]
    pub struct Patient<'f>(&'f File);

    impl<'f> Patient<'f> {
        pub fn before_end_of(file: &'f File) -> Self {
            Self(file)
        }
    }

    impl Read for Patient<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    pub fn standard() -> impl Read {
        io::stdin().lock()
    }
}
