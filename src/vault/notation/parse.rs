//! From a notation's text to its sections (protocol 11.1).

use super::PREFIX;
use super::cutter::Cutter;
use crate::codec;

/// Positions count characters of the plain form from 1, the prefix included. Nothing of the text is quoted: what stands in
/// a notation's place may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("Keeper notation is empty.")]
    Empty,
    #[error(
        "Invalid format of Keeper notation - plaintext URI or URL safe base64 string expected."
    )]
    NotBase64,
    #[error(
        "Keeper notation is invalid - the backslash at character {at} must stand before one of / [ ] \\."
    )]
    BadEscape { at: usize },
    #[error("Keeper notation is invalid - `[` inside an index, at character {at}.")]
    IndexNestedBracket { at: usize },
    #[error("Keeper notation is invalid - the index at character {at} is not closed by `]`.")]
    IndexNotClosed { at: usize },
    #[error("Keeper notation is invalid - an index must start with `[`, at character {at}.")]
    IndexMustStartWithBracket { at: usize },
    #[error(
        "Keeper notation URI missing information about the uid, file, field type, or field key."
    )]
    MissingSection,
    #[error(
        "Keeper notation is invalid - extra characters after last section, from character {at}."
    )]
    ExtraCharacters { at: usize },
    #[error(
        "Keeper notation is invalid - bad selector, must be one of (type, title, notes, field, custom_field, file)."
    )]
    BadSelector,
    #[error("Keeper notation is invalid - the name of the field or file is missing.")]
    MissingParameter,
    #[error("Keeper notation is invalid - a file takes no index.")]
    FileIndex,
    #[error("Keeper notation is invalid - the second index is blank and so is the first.")]
    PropertyNeedsIndex,
    #[error("Keeper notation is invalid - the second index is blank.")]
    SecondIndexBlank,
    #[error("Keeper notation is invalid - the second index must be a name, not a number.")]
    SecondIndexNumeric,
    #[error("the UID or title of the record is empty")]
    NoRecord,
}

/// A notation cut up, escapes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sections {
    /// A UID or title; may be empty.
    pub record: String,
    /// As written; one of the six words in any case.
    pub selector: String,
    /// Field label, field type, or a file's name, title or UID. Never absent where the selector needs it.
    pub parameter: Option<String>,
    /// Between the first brackets.
    pub index1: Option<String>,
    /// Between the second brackets.
    pub index2: Option<String>,
}

/// Cuts `text`, plain or base64, into sections.
pub fn sections(text: &str) -> Result<Sections, Error> {
    if text.is_empty() {
        return Err(Error::Empty);
    }
    if text.contains('/') {
        return cut(text);
    }
    if text.contains(char::is_whitespace) {
        return Err(Error::NotBase64);
    }
    let plain = codec::decode(text).map_err(|_| Error::NotBase64)?;
    let plain = String::from_utf8(plain).map_err(|_| Error::NotBase64)?;
    cut(&plain)
}

pub(super) fn strip_prefix(text: &str) -> Option<&str> {
    let (head, tail) = text.split_at_checked(PREFIX.len())?;
    head.eq_ignore_ascii_case(PREFIX).then_some(tail)
}

fn cut(text: &str) -> Result<Sections, Error> {
    let mut cutter = match strip_prefix(text) {
        Some(rest) => Cutter::new(rest, PREFIX.len()),
        None => Cutter::new(text, 0),
    };
    let record = cutter.escaped_until('/')?;
    if cutter.is_done() {
        return Err(Error::MissingSection);
    }
    let selector = cutter.plain_until('/');
    let mut cut = Sections {
        record,
        selector,
        parameter: None,
        index1: None,
        index2: None,
    };
    let takes_parameter = ["field", "custom_field", "file"]
        .iter()
        .any(|word| cut.selector.eq_ignore_ascii_case(word));
    if takes_parameter && !cutter.is_done() {
        cut.parameter = Some(cutter.escaped_until_bracket()?);
        cut.index1 = cutter.index()?;
        cut.index2 = cutter.index()?;
    }
    if !cutter.is_done() {
        return Err(Error::ExtraCharacters {
            at: cutter.position(),
        });
    }
    cut.checked()
}

impl Sections {
    /// The checks that follow the cutting, in the protocol's order.
    fn checked(mut self) -> Result<Self, Error> {
        match self.selector.to_ascii_lowercase().as_str() {
            "type" | "title" | "notes" => {}
            "field" | "custom_field" | "file" if self.parameter.is_none() => {
                return Err(Error::MissingParameter);
            }
            "file" if self.index1.is_some() => return Err(Error::FileIndex),
            "field" | "custom_field" | "file" => {}
            _ => return Err(Error::BadSelector),
        }
        let named = self
            .index1
            .as_ref()
            .is_some_and(|index| !index.is_empty() && !is_number(index));
        // A name in the only brackets is the second index; the first is then any.
        if named && self.index2.is_none() {
            self.index2 = self.index1.replace(String::new());
        }
        Ok(self)
    }
}

/// Whether `index` counts elements rather than naming a member.
pub(super) fn is_number(index: &str) -> bool {
    !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where() {
        let cases = [
            ("U/field/x\\y", Error::BadEscape { at: 10 }),
            (
                "keeper://U/field/x[a[b]",
                Error::IndexNestedBracket { at: 21 },
            ),
            ("Ключ/field/x[0", Error::IndexNotClosed { at: 13 }),
            ("U/field/x[0]y", Error::IndexMustStartWithBracket { at: 13 }),
            ("U/type/x", Error::ExtraCharacters { at: 8 }),
            ("U/field/x[0][a][b]", Error::ExtraCharacters { at: 16 }),
        ];
        for (text, expected) in cases {
            assert_eq!(sections(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn any_text_gets_an_answer() {
        let alphabet = ["/", "\\", "[", "]", "0", "field", "type", "é", "keeper://"];
        let mut texts = vec![String::new()];
        for _ in 0..5 {
            texts = texts
                .iter()
                .flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}")))
                .collect();
        }
        for text in texts {
            if let Err(
                Error::BadEscape { at }
                | Error::IndexNestedBracket { at }
                | Error::IndexNotClosed { at }
                | Error::IndexMustStartWithBracket { at }
                | Error::ExtraCharacters { at },
            ) = sections(&text)
            {
                assert!((1..=text.chars().count()).contains(&at), "{text}");
            }
        }
    }

    #[test]
    fn long_texts_are_no_trouble() {
        let long = "\\[".repeat(200_000);
        let cut = sections(&format!("U/field/{long}[0]")).unwrap();
        assert_eq!(cut.parameter.map(|name| name.len()), Some(200_000));
        let open = "[".repeat(200_000);
        assert_eq!(
            sections(&format!("U/field/x{open}")),
            Err(Error::IndexNestedBracket { at: 11 })
        );
    }
}
