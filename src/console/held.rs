//! The content of the file of `-o`, held until the command succeeds, and then written at once.

use std::io;
use std::path::Path;

use ksm::buffer::Buffer;
use ksm::private_file::{Error, Output, Rights};
use ksm::sensitive::Sensitive;

#[derive(Debug, Default)]
pub(super) struct Held {
    // `None` before the first piece.
    content: Option<Sensitive<Buffer>>,
    // The file, from where it was found writable.
    output: Option<Output>,
}

impl Held {
    /// Fails if the file cannot be written, as far as that is known beforehand.
    pub(super) fn check(&mut self, path: &Path) -> Result<(), Error> {
        let output = Output::at(path, Rights::Kept)?;
        output.check()?;
        self.output = Some(output);
        Ok(())
    }

    pub(super) fn add(&mut self, piece: &[u8]) -> io::Result<()> {
        let content = self.content.get_or_insert_default().expose_mut();
        content
            .extend(piece)
            .ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    /// Adds without a copy what is the first piece.
    pub(super) fn add_owned(&mut self, piece: Sensitive<Buffer>) -> io::Result<()> {
        match self.content {
            None => self.content = Some(piece),
            Some(_) => self.add(piece.expose())?,
        }
        Ok(())
    }

    /// Writes what was held, if anything was; for a terminal, control characters are escaped.
    pub(super) fn write(&mut self, path: &Path, terminal: bool) -> Result<(), Error> {
        let Some(content) = self.content.take() else {
            return Ok(());
        };
        let content = content.expose();
        let mut output = match self.output.take() {
            Some(output) => output,
            None => Output::at(path, Rights::Kept)?,
        };
        match terminal {
            true if !content.is_empty() && !content.ends_with(b"\n") => {
                let line = Sensitive::new([content, &b"\n"[..]].concat());
                output.write_escaped(line.expose())
            }
            true => output.write_escaped(content),
            false => output.write(content),
        }
    }
}
