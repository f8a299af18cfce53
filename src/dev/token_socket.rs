//! The socket beside a running development vault, through which `ksm dev token` asks for tokens. Who may reach it is
//! decided by the directory it lies in, which is its user's alone.

use std::convert::Infallible;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;

use super::Vault;
use crate::sensitive::Sensitive;

/// Longer than any token.
const LONGEST: u64 = 4096;
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the socket at `path`, which must not exist.
pub fn open(path: &Path) -> io::Result<UnixListener> {
    UnixListener::bind(path)
}

/// Gives everyone who connects a token, for as long as it is polled.
pub async fn serve(listener: UnixListener, vault: &Vault) -> Infallible {
    loop {
        let (Ok((mut stream, _)), Ok(token)) = (listener.accept().await, vault.token()) else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // A few bytes fit into the socket's buffer, so no client can hold up the others.
        let _ = stream.write_all(token.expose().as_bytes()).await;
    }
}

/// Whether whoever listened at `socket` is gone without having removed it.
pub(super) fn is_abandoned(socket: &Path) -> bool {
    UnixStream::connect(socket).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// Asks the vault behind `socket` for a token.
pub fn ask(socket: &Path) -> io::Result<Sensitive<String>> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut token = Sensitive::new(String::new());
    stream.take(LONGEST).read_to_string(token.expose_mut())?;
    if token.expose().is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(token)
}
