//! Values as YAML documents.

use serde::Serialize;
use serde_saphyr::{SerializerOptions, ser_options};

pub use serde_saphyr::SingleQuoted;
pub use serde_saphyr::ser::Error;

use crate::sensitive::Sensitive;

/// A document in block style, 2 spaces deep, without a line end. Text is quoted where it would be read as something
/// else.
pub fn document(value: &impl Serialize) -> Result<Sensitive<String>, Error> {
    let options: SerializerOptions = ser_options! { prefer_block_scalars: false };
    let mut text = Sensitive::new(String::with_capacity(4096));
    serde_saphyr::to_fmt_writer_with_options(text.expose_mut(), value, options)?;
    let end = text.expose().trim_end().len();
    text.expose_mut().truncate(end);
    Ok(text)
}
