//! A line that is typed at a terminal, which does not show it.

use std::io;

use rustix::stdio::stdin;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
};

use crate::sensitive::Sensitive;

const INTERRUPT: u8 = 3;
const END: u8 = 4;
const BACKSPACE: [u8; 2] = [8, 127];

/// Gives the terminal back as it was.
struct Shown(Termios);

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0);
    }
}

/// Reads a line from the terminal on stdin, once `prompt` was called. Ctrl-C and an end of input are errors: signals would leave the terminal
/// silent, so the keys for them come as characters.
pub fn unseen_line(prompt: impl FnOnce()) -> io::Result<Sensitive<String>> {
    let shown = Shown(tcgetattr(stdin())?);
    let mut silent = shown.0.clone();
    silent.local_modes &= !(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
    silent.special_codes[SpecialCodeIndex::VMIN] = 1;
    silent.special_codes[SpecialCodeIndex::VTIME] = 0;
    tcsetattr(stdin(), OptionalActions::Flush, &silent)?;
    prompt();
    let mut line = Sensitive::new(Vec::with_capacity(4096));
    let mut byte = [0];
    loop {
        let key = match rustix::io::read(stdin(), &mut byte) {
            Ok(1) => byte.first().copied().unwrap_or(END),
            Ok(_) => END,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        };
        match key {
            b'\n' | b'\r' => break,
            END if !line.expose().is_empty() => break,
            INTERRUPT | END => return Err(io::ErrorKind::Interrupted.into()),
            key if BACKSPACE.contains(&key) => drop(line.expose_mut().pop()),
            _ if line.expose().len() == line.expose().capacity() => {
                return Err(io::Error::other("the line is longer than 4 KiB"));
            }
            key => line.expose_mut().push(key),
        }
    }
    let text = std::str::from_utf8(line.expose()).map_err(|_| super::Error::NotText)?;
    Ok(Sensitive::new(text.to_owned()))
}
