//! Who we are to which vault: profiles, where they are kept, and which one a command uses.

mod edit;
pub mod file;
pub mod name;
mod parse;

pub use name::ProfileName;
