//! Starts a program with secrets where references were: `substitute` finds the references and puts values in their
//! place, `program` finds what to start, `environment` is what it gets, `launch` starts it. Where something is left to
//! be done after its end, or to be done to its output, `stay` starts it instead and waits for it.
//!
//! ```text
//! Program::find ─► Sources::gather ─► References ─► (the vault answers) ─► References::put_into(Launch) ─► Launch::run or supervise::run
//! ```
//!
//! `assignment` and `dotenv` read what the user asks for, `sources` decides which of it counts, `files` are the secrets
//! that a program reads from files.

pub mod assignment;
pub mod dotenv;
pub mod files;
mod launch;
mod limits;
pub mod mask;
mod program;
mod slot;
pub mod sources;
mod substitute;
pub mod supervise;

pub use files::Files;
pub use launch::{Launch, LaunchError};
pub use program::{Program, ProgramError};
pub use slot::Slot;
pub use sources::Sources;
pub use substitute::{Destination, References, SubstituteError};
