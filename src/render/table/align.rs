//! Where the text of a cell stands within the width of its column.

use super::columns_of;

/// Where cells and title stand in a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

pub(super) fn align(text: &str, width: usize, align: Align) -> String {
    let mut aligned = String::with_capacity(width);
    push_aligned(&mut aligned, text, width, align);
    aligned
}

pub(super) fn push_aligned(to: &mut String, text: &str, width: usize, align: Align) {
    // Not by a format width: std panics above 65535, and foreign titles have any length.
    let missing = width.saturating_sub(columns_of(text));
    let before = match align {
        Align::Left => 0,
        Align::Center => missing / 2,
        Align::Right => missing,
    };
    push_blanks(to, before);
    to.push_str(text);
    push_blanks(to, missing - before);
}

fn push_blanks(to: &mut String, count: usize) {
    const BLANKS: &str = "                                ";
    let mut left = count;
    while left > 0 {
        let some = left.min(BLANKS.len());
        to.push_str(BLANKS.get(..some).unwrap_or_default());
        left -= some;
    }
}
