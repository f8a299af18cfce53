//! Values that seem to mean a reference and are none.

use super::assignment::{is_way, passing_word};
use crate::vault::notation;

/// Why a value is handed on as it is although it seems to mean a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedOver {
    /// A reference in the middle of another text.
    Within,
    /// It begins as `keeper:/` or the like.
    Misspelled,
    /// It begins with `@file:` or the like, which belongs to `-e`.
    Passing,
}

impl PassedOver {
    pub fn of(value: &str) -> Option<Self> {
        let prefix = notation::PREFIX;
        let mut tails = value.char_indices().filter_map(|(at, _)| value.get(at..));
        match value {
            value if notation::has_prefix(value) => None,
            value if notation::is_nearly_prefixed(value) => Some(Self::Misspelled),
            value if passing_word(value).is_some_and(is_way) => Some(Self::Passing),
            _ => tails
                .any(|tail| {
                    let head = tail.get(..prefix.len());
                    head.is_some_and(|head| head.eq_ignore_ascii_case(prefix))
                })
                .then_some(Self::Within),
        }
    }
}
