//! Templates: texts in which references stand for values. `scan` finds the references, `reference` parses one,
//! `transforms` and `quote` change values on their way in, `metacharacters` lists what a shell would act on, `fill`
//! puts the values in their places, `misread` says how a reference without a value was meant.
//!
//! ```text
//! Template::scan ─► notations ─► (the vault answers) ─► fill ─► the text, and what became of each reference
//! ```
//!
//! There is one pass: values are not searched for references, and bytes outside references stay as they are.

mod fill;
mod metacharacters;
mod misread;
mod quote;
mod reference;
mod scan;
mod transforms;

pub use fill::{Filled, Guard, Problem, Replacement, fill};
pub use metacharacters::Metacharacter;
pub use misread::Misread;
pub use quote::TransformError;
pub use reference::Reference;
pub use scan::Template;
pub use transforms::{Quoting, Transform, UnknownTransform};
