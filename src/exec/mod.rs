//! Starts a program with secrets in its environment, its arguments or files.
//!
//! ```text
//! program::find ─► Sources ─► References ─► (the vault answers) ─► References::put_into(Launch) ─► Launch::run, or
//!                                                                                                 supervise::run
//! ```
//!
//! `assignment` and `dotenv` parse what the user asks for, `sources` decides which of it counts, `passed_over` finds
//! near misses, `substitute` finds
//! the references and puts values in their place, `files` holds secrets that a program reads from files. `Launch::run`
//! replaces our process by the program; `supervise` starts it as a child, for files to remove at its end, or output to
//! `mask` or capture.

pub mod assignment;
pub mod dotenv;
pub mod files;
mod launch;
pub mod mask;
mod passed_over;
mod size;
pub mod sources;
mod substitute;
pub mod supervise;

pub use assignment::PassAs;
pub use files::Files;
pub use launch::{Launch, LaunchError, ProgramInput};
pub use passed_over::PassedOver;
pub use sources::Sources;
pub use substitute::{Destination, Placed, References, SubstituteError};
