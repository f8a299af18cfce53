//! Stdin as lines for this process alone.

use std::io::{self, BufRead, BufReader, IsTerminal, Read};

use super::{Error, Limit};

/// Reads ahead, and waits for the next line as long as it takes: another program may be writing it.
pub struct Lines(BufReader<Box<dyn Read>>);

impl Lines {
    /// Takes stdin over, so that whoever else reads it finds it empty. `None` for a terminal, which a person shares with
    /// every program.
    pub fn take_stdin() -> io::Result<Option<Self>> {
        match io::stdin().is_terminal() {
            true => Ok(None),
            false => Ok(Some(Self(BufReader::new(taken()?)))),
        }
    }

    /// The next line without its end; `None` at the end of the stream. A line beyond `limit` is passed over.
    pub fn next(&mut self, limit: Limit) -> Result<Option<String>, Error> {
        let mut line = Vec::new();
        let most = limit.bytes() + 1;
        if (&mut self.0).take(most).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        } else if line.len() as u64 == most {
            self.0.skip_until(b'\n')?;
            return Err(Error::TooLarge { limit, found: None });
        }
        String::from_utf8(line)
            .map(Some)
            .map_err(|_| Error::NotText)
    }
}

#[cfg(unix)]
fn taken() -> io::Result<Box<dyn Read>> {
    use rustix::io::fcntl_dupfd_cloexec;
    use rustix::stdio::{dup2_stdin, stdin};

    let own = fcntl_dupfd_cloexec(stdin(), 3)?;
    // A pipe that nobody writes to is there where `/dev/null` is not.
    let (empty, _) = rustix::pipe::pipe()?;
    dup2_stdin(empty)?;
    Ok(Box::new(std::fs::File::from(own)))
}

#[cfg(not(unix))]
fn taken() -> io::Result<Box<dyn Read>> {
    Ok(Box::new(io::stdin()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_one_by_one_and_within_the_limit() {
        let long = "x".repeat(usize::try_from(Limit::SHELL_LINE.bytes()).unwrap());
        let text = format!("one\n\n{long}\n{long}x\ntwo \u{e4}\nlast");
        let mut lines = Lines(BufReader::new(Box::new(io::Cursor::new(
            [text.as_bytes(), b"\n\xff\nend"].concat(),
        ))));
        let mut next = || lines.next(Limit::SHELL_LINE);
        assert_eq!(next().unwrap().as_deref(), Some("one"));
        assert_eq!(next().unwrap().as_deref(), Some(""));
        assert_eq!(next().unwrap().as_ref(), Some(&long));
        assert!(matches!(next(), Err(Error::TooLarge { .. })));
        assert_eq!(next().unwrap().as_deref(), Some("two \u{e4}"));
        assert_eq!(next().unwrap().as_deref(), Some("last"));
        assert!(matches!(next(), Err(Error::NotText)));
        assert_eq!(next().unwrap().as_deref(), Some("end"));
        assert_eq!(next().unwrap(), None);
    }
}
