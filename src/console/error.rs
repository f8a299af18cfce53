//! Why an answer did not arrive.

use std::io;

use ksm::private_file;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot write to {stream}")]
    Stream {
        stream: &'static str,
        source: io::Error,
    },
    /// The descriptor was closed when the program started.
    #[error("{0} is closed")]
    Closed(&'static str),
    #[error(transparent)]
    File(#[from] private_file::Error),
    /// Something was done, and the answer that says so reached nobody.
    #[error("{}, but the answer went astray", .done.join(", "))]
    Untold {
        done: Vec<String>,
        source: Box<Self>,
    },
}

impl Error {
    /// Whether the reader went away, which ends a pipeline quietly (O7).
    pub(crate) fn is_broken_pipe(&self) -> bool {
        let (Self::Stream { source, .. } | Self::File(private_file::Error::Io { source, .. })) =
            self
        else {
            return false;
        };
        source.kind() == io::ErrorKind::BrokenPipe
    }

    pub(super) fn held(source: io::Error) -> Self {
        Self::Stream {
            stream: "the file of `--output`",
            source,
        }
    }

    /// What was done, and that nobody was told.
    pub(super) fn untold(done: Vec<String>, source: Self) -> Self {
        let source = Box::new(source);
        Self::Untold { done, source }
    }
}
