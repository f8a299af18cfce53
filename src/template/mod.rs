//! Templates: texts in which references stand for values. `scan` finds the references, `reference` reads one,
//! `transform` and `quote` change values on their way in, `danger` knows what a shell would act on, `fill` puts the
//! values in their places.
//!
//! ```text
//! Template::scan ─► notations ─► (the vault answers) ─► fill ─► the text, and what became of each reference
//! ```
//!
//! One pass: what was put in is never looked at again, and bytes outside references stay as they are.

mod danger;
mod fill;
mod quote;
mod reference;
mod scan;
mod transform;

pub use danger::Danger;
pub use fill::{Filled, Guard, Outcome, Problem, fill};
pub use reference::Reference;
pub use scan::{Template, UnknownTransform};
pub use transform::{Transform, TransformError};
