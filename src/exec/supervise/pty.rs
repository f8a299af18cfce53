//! Our terminal and the program's: the program gets one of its own, ours passes keys and sizes on.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pty_process::Size;
use pty_process::blocking::{Pts, open};
use rustix::process::{Pid, getpgrp};
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    OptionalActions, OutputModes, Termios, isatty, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr,
    tcsetwinsize,
};

/// The terminal a program got from us. Ours is as it was before when this is dropped.
pub(super) struct Terminal {
    master: OwnedFd,
    /// How our keyboard was set, if it is one that types into the program.
    keyboard: Option<Mutex<Lent>>,
}

struct Lent {
    before: Termios,
    raw: bool,
}

/// Whether we are the ones a user at a terminal looks at.
pub(super) fn in_foreground() -> bool {
    tcgetpgrp(stdout()) == Ok(getpgrp())
}

/// Whether there is a terminal that sends us what is typed at it.
pub(super) fn is_controlled() -> bool {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open("/dev/tty", flags, Mode::empty()).is_ok()
}

impl Terminal {
    /// Makes a terminal with the size and the settings of ours, and the end of it that is the program's.
    pub(super) fn open() -> io::Result<(Self, Pts)> {
        let (master, pts) = open().map_err(io::Error::other)?;
        let keyboard = isatty(stdin()) && tcgetpgrp(stdin()) == Ok(getpgrp());
        let before = tcgetattr(stdout())?;
        let mut settings = before.clone();
        if !keyboard {
            // Ours goes on ending lines as terminals do, and must not do it twice.
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
            .map(|before| Mutex::new(Lent { before, raw: false }));
        let terminal = Self {
            master: master.into(),
            keyboard,
        };
        Ok((terminal, pts))
    }

    /// Another handle on our end, to read and to type.
    pub(super) fn master(&self) -> io::Result<OwnedFd> {
        self.master.try_clone()
    }

    /// Whether what is typed goes to the program.
    pub(super) fn has_keyboard(&self) -> bool {
        self.keyboard.is_some()
    }

    /// The process group that reads what is typed.
    pub(super) fn foreground(&self) -> Option<Pid> {
        tcgetpgrp(&self.master).ok()
    }

    /// Takes every key as it is: what they mean is for the program's terminal to say.
    pub(super) fn take(&self) {
        // Settings are for those in the foreground; others are stopped for trying.
        if let Some(mut lent) = self.lent().filter(|_| in_foreground()) {
            let mut raw = lent.before.clone();
            raw.make_raw();
            lent.raw = tcsetattr(stdin(), OptionalActions::Now, &raw).is_ok();
        }
    }

    /// Sets our terminal as it was before.
    pub(super) fn lend_back(&self) {
        if let Some(mut lent) = self.lent().filter(|lent| lent.raw) {
            lent.raw = tcsetattr(stdin(), OptionalActions::Now, &lent.before).is_err();
        }
    }

    /// Gives the program's terminal the size of ours; the system tells the program.
    pub(super) fn follow_size(&self) {
        if let Ok(size) = tcgetwinsize(stdout()) {
            let _ = tcsetwinsize(&self.master, size);
        }
    }

    fn lent(&self) -> Option<MutexGuard<'_, Lent>> {
        let keyboard = self.keyboard.as_ref()?;
        Some(keyboard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.lend_back();
    }
}
