//! A glance at a record's JSON, which a list takes at thousands of them.

use super::{DEPTH, Reader, Text};

#[derive(Default)]
pub struct Glance<'a> {
    pub title: Text<'a>,
    /// The type.
    pub kind: Text<'a>,
}

/// Returns `None` for what is not usual, and for a member that is not of its usual type.
#[inline(never)]
pub fn at_record(json: &str) -> Option<Glance<'_>> {
    let mut glance = Glance::default();
    let mut reader = Reader::new(json);
    reader.object(|reader, name| {
        match name {
            "title" => glance.title = reader.text()?,
            "type" => glance.kind = reader.text()?,
            "fields" | "custom" if reader.next()? == b'[' => reader.list(field)?,
            "notes" if reader.next()? == b'"' => reader.value(DEPTH)?,
            "fields" | "custom" | "notes" => reader.word("null")?,
            _ => reader.value(DEPTH)?,
        }
        Some(())
    })?;
    reader.is_done().then_some(glance)
}

fn field(reader: &mut Reader<'_>) -> Option<()> {
    reader.members(|reader| reader.value(DEPTH))
}
