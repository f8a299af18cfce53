//! A line that is typed at a terminal, which does not show it.

use std::io;

use rustix::process::{Signal, kill_current_process_group};
use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use super::Error;
use crate::limits::Limit;
use crate::sensitive::Sensitive;

const END: u8 = 4;
const BACKSPACE: [u8; 2] = [8, 127];

/// Gives the terminal back as it was, without what was typed ahead: it may belong to what is not to be seen.
struct Shown(Termios);

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Flush, &self.0);
    }
}

impl Shown {
    /// Signals would leave the terminal silent, so the keys for them come as characters.
    fn silenced() -> io::Result<Self> {
        let shown = Self(tcgetattr(stdin())?);
        let mut silent = shown.0.clone();
        silent.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VMIN] = 1;
        silent.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(stdin(), OptionalActions::Flush, &silent)?;
        Ok(shown)
    }

    /// Whether the user has chosen this key for it.
    fn is(&self, key: u8, index: SpecialCodeIndex) -> bool {
        key != 0 && self.0.special_codes[index] == key
    }
}

enum Typed {
    Line(Sensitive<Vec<u8>>),
    Key(Signal),
}

/// Reads a line from the terminal on stdin, each time that `prompt` was called. The keys that quit and stop do so with
/// the terminal as it was; who goes on is asked again. The key that interrupts and an end of input are errors.
pub fn unseen_line(prompt: impl Fn()) -> io::Result<Sensitive<String>> {
    loop {
        let shown = Shown::silenced()?;
        prompt();
        let typed = typed(&shown);
        drop(shown);
        match typed? {
            Typed::Line(line) => {
                let text = std::str::from_utf8(line.expose()).map_err(|_| Error::NotText)?;
                return Ok(Sensitive::new(text.to_owned()));
            }
            Typed::Key(signal) => drop(kill_current_process_group(signal)),
        }
    }
}

fn typed(shown: &Shown) -> io::Result<Typed> {
    let limit = Limit::TYPED_LINE;
    let room = usize::try_from(limit.bytes()).unwrap_or_default();
    let mut line = Sensitive::new(Vec::with_capacity(room));
    let mut is_too_long = false;
    let mut byte = [0];
    loop {
        let key = match rustix::io::read(stdin(), &mut byte) {
            Ok(1) => byte.first().copied().unwrap_or(END),
            Ok(_) => END,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        match key {
            // Only here, since the rest of the line would show.
            b'\n' | b'\r' if is_too_long => {
                return Err(Error::TooLarge { limit, found: None }.into());
            }
            b'\n' | b'\r' if is_followed()? => return Err(Error::SeveralLines.into()),
            b'\n' | b'\r' => return Ok(Typed::Line(line)),
            END if !line.expose().is_empty() => return Ok(Typed::Line(line)),
            END => return Err(io::ErrorKind::Interrupted.into()),
            key if shown.is(key, SpecialCodeIndex::VINTR) => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            key if shown.is(key, SpecialCodeIndex::VQUIT) => return Ok(Typed::Key(Signal::QUIT)),
            key if shown.is(key, SpecialCodeIndex::VSUSP) => return Ok(Typed::Key(Signal::TSTP)),
            key if shown.is(key, SpecialCodeIndex::VKILL) => line.expose_mut().clear(),
            key if BACKSPACE.contains(&key) => drop(line.expose_mut().pop()),
            _ if line.expose().len() == room => is_too_long = true,
            key => line.expose_mut().push(key),
        }
    }
}

/// Whether more text came with the line, as where several lines are pasted. Keys without a letter are no text.
fn is_followed() -> io::Result<bool> {
    let mut byte = [0];
    while rustix::io::ioctl_fionread(stdin())? > 0 {
        rustix::io::read(stdin(), &mut byte)?;
        if byte.iter().any(|key| *key > b' ') {
            return Ok(true);
        }
    }
    Ok(false)
}
