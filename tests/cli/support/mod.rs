//! What every test of the program stands on: a vault on loopback, a fresh home to run `ksm` in, and a line between the
//! two that can be made to fail.

pub mod call;
pub mod faults;
pub mod home;
pub mod liar;
mod line;
pub mod run;
mod standstill;
#[cfg(unix)]
pub mod terminal;
#[cfg(unix)]
mod tests;
pub mod tunnel;
pub mod vault;

pub use call::Call;
pub use faults::{Fault, Faults};
pub use home::Home;
pub use liar::Liar;
pub use run::Run;
pub use tunnel::Tunnel;
pub use vault::{Vault, database, folder, login, record};

/// Something `ksm` can be bound to: a vault, or the way to one.
pub trait Door {
    /// A one-time token that leads through here.
    fn token(&self) -> String;
    /// The certificates to trust, as PEM.
    fn ca_pem(&self) -> String;
    /// Forgets the requests so far, so that a test counts its own.
    fn settle(&self);
}
