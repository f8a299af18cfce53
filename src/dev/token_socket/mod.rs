//! The socket through which `ksm dev token` asks a running development vault for tokens. It lies in a directory that
//! only its user can enter.

#[cfg(any(windows, test))]
mod loopback;

use std::io::{self, Write};
#[cfg(unix)]
use std::os::unix::net::{UnixListener as Listener, UnixStream as Stream};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

#[cfg(windows)]
use self::loopback::{Listener, Stream};
use super::Vault;
use crate::input::{self, Limit};
use crate::sensitive::Sensitive;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Sends a token to everyone who connects, for the rest of the process's life.
pub fn serve(path: &Path, vault: Arc<Vault>) -> io::Result<()> {
    let listener = Listener::bind(path)?;
    let serve = move || {
        loop {
            let Ok((mut stream, _)) = listener.accept() else {
                thread::sleep(Duration::from_millis(50));
                continue;
            };
            let Ok(token) = vault.token() else {
                continue;
            };
            // A few bytes fit into the socket's buffer, so no client can hold up the others.
            let _ = stream.write_all(token.expose().as_bytes());
        }
    };
    thread::Builder::new().spawn(serve).map(drop)
}

/// Waits for the whole answer in one limit, however slowly it comes.
pub fn ask(socket: &Path) -> io::Result<Sensitive<String>> {
    let (sender, receiver) = mpsc::channel();
    let socket = socket.to_owned();
    let ask = move || {
        let read = |stream| Ok(input::stream(stream, Limit::DEV_TOKEN).and_then(input::text)?);
        let _ = sender.send(Stream::connect(&socket).and_then(read));
    };
    thread::Builder::new().spawn(ask)?;
    let late = |_| io::Error::from(io::ErrorKind::TimedOut);
    let token = receiver.recv_timeout(TIMEOUT).map_err(late)??;
    if token.expose().is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(token)
}
