//! Starts a program with secrets where references were: `substitute` finds the references and puts values in their
//! place, `program` finds what to start, `environment` is what it gets, `launch` starts it. Where something is left to
//! be done after its end, or to be done to its output, `stay` starts it instead and waits for it.
//!
//! ```text
//! Program::find ─► References ─► (the vault answers) ─► References::put_into(Launch) ─► Launch::run
//! ```

mod environment;
mod launch;
pub mod mask;
mod place;
mod program;
pub mod stay;
mod substitute;

pub use environment::{Environment, OwnConfig};
pub use launch::{Launch, LaunchError};
pub use place::Place;
pub use program::{Program, ProgramError};
pub use substitute::{References, SubstituteError};
