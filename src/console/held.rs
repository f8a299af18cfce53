//! The content of the file of `-o`, held until the command succeeds, and then written at once.

use std::path::Path;

use ksm::private_file::{Error, Output, Rights};
use ksm::sensitive::Sensitive;
use zeroize::Zeroizing;

#[derive(Debug, Default)]
pub(super) struct Held {
    // `None` before the first piece.
    content: Option<Zeroizing<Vec<u8>>>,
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

    pub(super) fn add(&mut self, piece: &[u8]) {
        self.content
            .get_or_insert_default()
            .extend_from_slice(piece);
    }

    /// Adds without a copy what is the first piece.
    pub(super) fn add_owned(&mut self, mut piece: Sensitive<Vec<u8>>) {
        match self.content {
            None => self.content = Some(std::mem::take(piece.expose_mut()).into()),
            Some(_) => self.add(piece.expose()),
        }
    }

    /// Writes what was held, if anything was; for a terminal, control characters are escaped.
    pub(super) fn write(&mut self, path: &Path, terminal: bool) -> Result<(), Error> {
        let Some(mut content) = self.content.take() else {
            return Ok(());
        };
        if terminal && !content.is_empty() && !content.ends_with(b"\n") {
            content.push(b'\n');
        }
        let mut output = match self.output.take() {
            Some(output) => output,
            None => Output::at(path, Rights::Kept)?,
        };
        match terminal {
            true => output.write_escaped(&content),
            false => output.write(&content),
        }
    }
}
