//! The socket of `ksm dev token`, in the words of the command line.

use std::path::Path;
use std::sync::Arc;

use ksm::dev::Vault;
use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure, Result};

pub(super) fn ask(socket: Option<&Path>) -> Result<Sensitive<String>> {
    let socket = socket.ok_or_else(|| {
        Failure::new(
            Code::Local,
            "KSM_DEV_SOCKET is not set, so no development vault is known",
        )
        .hint("start one with `ksm dev` and paste what it prints")
    })?;
    ksm::dev::token_socket::ask(socket).map_err(|error| {
        Failure::new(Code::Unreachable, error)
            .while_doing(format!(
                "cannot ask the development vault at {}",
                socket.display()
            ))
            .hint("start it again with `ksm dev`; each start has a socket of its own")
    })
}

pub(super) fn serve(path: &Path, vault: &Arc<Vault>) -> Result<()> {
    ksm::dev::token_socket::serve(path, Arc::clone(vault)).map_err(|error| {
        Failure::new(Code::Local, error)
            .while_doing(format!("cannot open the socket {}", path.display()))
            .hint("its path may be too long: set XDG_RUNTIME_DIR to a shorter one")
    })
}
