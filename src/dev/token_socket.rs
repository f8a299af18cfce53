//! The socket through which `ksm dev token` asks a running development vault for tokens. It lies in a directory that
//! only its user can enter.

use std::convert::Infallible;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;

use super::Vault;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Fails if `path` exists.
pub fn open(path: &Path) -> io::Result<UnixListener> {
    UnixListener::bind(path)
}

/// Sends a token to everyone who connects.
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

pub fn ask(socket: &Path) -> io::Result<Sensitive<String>> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let token = input::stream(stream, Limit::DEV_TOKEN).and_then(input::text)?;
    if token.expose().is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(token)
}
