//! Where there are no Unix sockets, a running vault gives no further tokens.

use std::convert::Infallible;
use std::future;
use std::path::Path;

use ksm::dev::Vault;
use ksm::sensitive::Sensitive;

use crate::failure::{Code, Failure};

pub(super) fn ask(_: Option<&Path>) -> Result<Sensitive<String>, Failure> {
    Err(Failure::new(
        Code::Local,
        "`ksm dev token` needs a Unix socket, which this system does not have",
    )
    .hint("KSM_DEV_TOKEN is a token that nobody has used yet"))
}

/// Stands in for the listener.
pub(super) struct NoSocket;

pub(super) fn open(_: &Path) -> Result<NoSocket, Failure> {
    Ok(NoSocket)
}

pub(super) async fn serve(_: NoSocket, _: &Vault) -> Infallible {
    future::pending().await
}
