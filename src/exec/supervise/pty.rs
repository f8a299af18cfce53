//! The program's terminal, and our own, which passes keys and sizes on.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pty_process::Size;
use pty_process::blocking::{Pts, open};
use rustix::process::{Pid, getpgrp};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    OptionalActions, OutputModes, Termios, isatty, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr,
    tcsetwinsize,
};

use super::descriptors::is_readable;

/// The terminal we made for a program. Dropping it restores ours.
pub(super) struct Terminal {
    master: OwnedFd,
    /// Set if our keyboard types into the program.
    keyboard: Option<Mutex<Keyboard>>,
}

struct Keyboard {
    original: Termios,
    raw: bool,
}

/// Whether our process group is the one the terminal shows.
pub(super) fn in_foreground() -> bool {
    tcgetpgrp(stdout()) == Ok(getpgrp())
}

/// Whether our stdin is the terminal, and what is typed there is for us.
pub(super) fn has_keyboard() -> bool {
    isatty(stdin()) && tcgetpgrp(stdin()) == Ok(getpgrp())
}

/// Whether a terminal sends us the signals of its keys.
pub(super) fn is_controlled() -> bool {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open("/dev/tty", flags, Mode::empty()).is_ok()
}

impl Terminal {
    /// Makes a terminal with the size and the settings of ours; the `Pts` is the program's end of it.
    pub(super) fn open() -> io::Result<(Self, Pts)> {
        let (master, pts) = open().map_err(io::Error::other)?;
        let keyboard = has_keyboard();
        let mut settings = tcgetattr(stdout())?;
        if !keyboard {
            // Our terminal still turns LF into CR LF, which must not happen twice.
            settings.output_modes -= OutputModes::OPOST;
        }
        tcsetattr(&pts, OptionalActions::Now, &settings)?;
        if let Ok(size) = tcgetwinsize(stdout()) {
            let size =
                Size::new_with_pixel(size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);
            let _ = master.resize(size);
        }
        let keyboard = keyboard
            .then(|| tcgetattr(stdin()))
            .transpose()?
            .map(|original| {
                Mutex::new(Keyboard {
                    original,
                    raw: false,
                })
            });
        let terminal = Self {
            master: master.into(),
            keyboard,
        };
        Ok((terminal, pts))
    }

    /// Duplicates our end, to read from and to type into.
    pub(super) fn master(&self) -> io::Result<OwnedFd> {
        self.master.try_clone()
    }

    /// Where a program opens its end.
    #[cfg(target_os = "linux")]
    pub(super) fn path(&self) -> io::Result<std::ffi::CString> {
        Ok(rustix::pty::ptsname(&self.master, Vec::new())?)
    }

    /// Waits, though not for long, until what the program wrote was read: output arrives a little after it was written.
    pub(super) fn settle(&self) {
        let mut time_left = Duration::from_millis(100);
        let mut still = Duration::from_millis(10);
        while !time_left.is_zero() && is_readable(&self.master, &mut still).unwrap_or(false) {
            let pause = Duration::from_millis(2);
            std::thread::sleep(pause);
            time_left = time_left.saturating_sub(pause);
            still = Duration::from_millis(10);
        }
    }

    /// The process group that reads what is typed.
    pub(super) fn foreground(&self) -> Option<Pid> {
        tcgetpgrp(&self.master).ok()
    }

    /// Makes our terminal pass every key on, for the program's terminal to interpret.
    pub(super) fn make_raw(&self) {
        // A process in the background would be stopped for changing settings.
        if let Some(mut keyboard) = self.keyboard().filter(|_| in_foreground()) {
            let mut raw = keyboard.original.clone();
            raw.make_raw();
            keyboard.raw = tcsetattr(stdin(), OptionalActions::Now, &raw).is_ok();
        }
    }

    pub(super) fn restore(&self) {
        if let Some(mut keyboard) = self.keyboard().filter(|keyboard| keyboard.raw) {
            keyboard.raw = tcsetattr(stdin(), OptionalActions::Now, &keyboard.original).is_err();
        }
    }

    /// Gives the program's terminal the size of ours, and returns whether it had another. The system signals a change
    /// to the foreground of the program's session, if this terminal controls one.
    pub(super) fn follow_size(&self) -> bool {
        let Ok(size) = tcgetwinsize(stdout()) else {
            return false;
        };
        let differs = tcgetwinsize(&self.master)
            .is_ok_and(|before| (before.ws_row, before.ws_col) != (size.ws_row, size.ws_col));
        let _ = tcsetwinsize(&self.master, size);
        differs
    }

    fn keyboard(&self) -> Option<MutexGuard<'_, Keyboard>> {
        let keyboard = self.keyboard.as_ref()?;
        Some(keyboard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.restore();
    }
}
