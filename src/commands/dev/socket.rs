//! The socket of `ksm dev token`, in the words of the command line.

use std::convert::Infallible;
use std::path::Path;

use ksm::dev::{Vault, token_socket};
use ksm::environment::names;
use ksm::sensitive::Sensitive;
use tokio::net::UnixListener;

use crate::failure::{Code, Failure};

/// A token of the vault that is running.
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

pub(super) fn open(path: &Path) -> Result<UnixListener, Failure> {
    token_socket::open(path).map_err(|error| {
        Failure::new(Code::Local, error)
            .while_doing(format!("cannot open the socket {}", path.display()))
            .hint("its path may be too long: set TMPDIR to a shorter one")
    })
}

pub(super) async fn serve(listener: UnixListener, vault: &Vault) -> Infallible {
    token_socket::serve(listener, vault).await
}
