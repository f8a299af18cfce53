//! The ground of the tests of the program: a vault on loopback, a fresh home to run `ksm` in, and servers and proxies
//! that misbehave.

#[cfg(unix)]
pub mod cluster;
pub mod connect_proxy;
pub mod fault_proxy;
mod hang_report;
pub mod home;
pub mod invocation;
pub mod lying_server;
mod request;
pub mod run;
#[cfg(unix)]
pub mod secrets_manager;
#[cfg(unix)]
pub mod signal;
#[cfg(unix)]
pub mod terminal;
#[cfg(unix)]
mod tests;
pub mod vault;
mod wait_budget;

pub use connect_proxy::ConnectProxy;
pub use fault_proxy::{Fault, FaultProxy};
pub use home::{Home, KSM};
pub use invocation::Invocation;
pub use lying_server::LyingServer;
pub use run::Run;
#[cfg(unix)]
pub use secrets_manager::{Mishap, SecretsManager, Which};
pub use vault::{PASSWORD, UID, Vault, database, folder, login, record};
pub use wait_budget::WaitBudget;

/// Something that `ksm` can be bound to: a vault, or a proxy before one.
pub trait Server {
    /// A fresh one-time token that names this server.
    fn token(&self) -> String;
    /// The certificates to trust.
    fn ca_pem(&self) -> String;
    fn forget_requests(&self);
}
