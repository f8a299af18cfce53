//! The socket of `ksm dev token`, in the words of the command line.

use std::convert::Infallible;
use std::path::Path;

use ksm::dev::Vault;
#[cfg(unix)]
use ksm::dev::token_socket;
#[cfg(unix)]
use ksm::environment::names;
use ksm::sensitive::Sensitive;
#[cfg(unix)]
use tokio::net::UnixListener;

use crate::failure::{Code, Failure};

#[cfg(unix)]
pub(super) fn ask(socket: Option<&Path>) -> Result<Sensitive<String>, Failure> {
    let socket = socket.ok_or_else(|| {
        Failure::new(
            Code::Local,
            format!(
                "{} is not set, so no development vault is known",
                names::KSM_DEV_SOCKET
            ),
        )
        .hint("start one with `ksm dev` and paste what it prints")
    })?;
    token_socket::ask(socket).map_err(|error| {
        Failure::new(Code::Unreachable, error)
            .while_doing(format!(
                "cannot ask the development vault at {}",
                socket.display()
            ))
            .hint("start it again with `ksm dev`; each start has a socket of its own")
    })
}

#[cfg(unix)]
pub(super) fn open(path: &Path) -> Result<UnixListener, Failure> {
    token_socket::open(path).map_err(|error| {
        Failure::new(Code::Local, error)
            .while_doing(format!("cannot open the socket {}", path.display()))
            .hint("its path may be too long: set TMPDIR to a shorter one")
    })
}

#[cfg(unix)]
pub(super) async fn serve(listener: UnixListener, vault: &Vault) -> Infallible {
    token_socket::serve(listener, vault).await
}

// Without Unix sockets a running vault gives no further tokens.
#[cfg(not(unix))]
pub(super) fn ask(_: Option<&Path>) -> Result<Sensitive<String>, Failure> {
    Err(Failure::new(
        Code::Local,
        "`ksm dev token` needs a Unix socket, which this system does not have",
    )
    .hint("KSM_DEV_TOKEN is a token that nobody has used yet"))
}

#[cfg(not(unix))]
pub(super) struct NoSocket;

#[cfg(not(unix))]
pub(super) fn open(_: &Path) -> Result<NoSocket, Failure> {
    Ok(NoSocket)
}

#[cfg(not(unix))]
pub(super) async fn serve(_: NoSocket, _: &Vault) -> Infallible {
    std::future::pending().await
}
