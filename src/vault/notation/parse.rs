//! From a notation's text to its sections (protocol 11.1).

use super::PREFIX;
use super::cutter::Cutter;
use super::error::ParseError;
use crate::codec;
use crate::suggest;

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
pub fn sections(text: &str) -> Result<Sections, ParseError> {
    if text.is_empty() {
        return Err(ParseError::Empty);
    }
    if text.contains('/') {
        return cut(text);
    }
    if text.contains(char::is_whitespace) {
        return Err(ParseError::NotBase64);
    }
    let plain = codec::decode(text).map_err(|_| ParseError::NotBase64)?;
    let plain = String::from_utf8(plain).map_err(|_| ParseError::NotBase64)?;
    cut(&plain)
}

pub(super) fn strip_prefix(text: &str) -> Option<&str> {
    let (head, tail) = text.split_at_checked(PREFIX.len())?;
    head.eq_ignore_ascii_case(PREFIX).then_some(tail)
}

fn cut(text: &str) -> Result<Sections, ParseError> {
    let mut cutter = match strip_prefix(text) {
        Some(rest) => Cutter::new(rest, PREFIX.len()),
        None => Cutter::new(text, 0),
    };
    let record = cutter.until('/')?;
    let meant = Meant::of(text, &record, cutter.position());
    cutter.skip();
    if cutter.is_done() {
        return Err(ParseError::MissingSection {
            meant: meant.with("field"),
        });
    }
    let selector = cutter.plain_until('/');
    cutter.skip();
    let mut cut = Sections {
        record,
        selector,
        parameter: None,
        index1: None,
        index2: None,
    };
    if takes_name(&cut.selector) && !cutter.is_done() {
        cut.parameter = Some(cutter.until('[')?);
        cut.index1 = cutter.index()?;
        cut.index2 = cutter.index()?;
    }
    if !cutter.is_done() {
        let at = cutter.position();
        let behind = cutter.plain_until('/');
        let is_behind_record = !cutter.is_done() && !is_selector(&cut.selector);
        return Err(match nearest_selector(&cut.selector) {
            Some(meant) => ParseError::NearlySelector {
                at,
                meant,
                whole: with_selector(text, &cut.selector, at, meant),
            },
            None if is_behind_record && takes_name(&behind) => ParseError::InFolder { at },
            None => ParseError::ExtraCharacters { at },
        });
    }
    cut.checked(&meant)
}

/// What a notation without a name, or with another word in the place of the selector, was meant to be.
struct Meant<'t> {
    /// With the prefix; `None` of a text without one, and without a record.
    record: Option<&'t str>,
}

impl<'t> Meant<'t> {
    /// The record ends before character `end` of `text`.
    fn of(text: &'t str, record: &str, end: usize) -> Self {
        let is_named = strip_prefix(text).is_some() && !record.is_empty();
        let end = text.char_indices().nth(end.saturating_sub(1));
        let whole = end.map_or(Some(text), |(end, _)| text.get(..end));
        Self {
            record: whole.filter(|_| is_named),
        }
    }

    /// `word` is a selector, one that is misspelled, or the name of a field.
    fn with(&self, word: &str) -> Option<String> {
        let record = self.record?;
        let all = NAMED.into_iter().chain(NAMELESS);
        Some(match suggest::closest(word, all, suggest::STRICT) {
            Some(selector) if takes_name(&selector) => format!("{record}/{selector}/NAME"),
            Some(selector) => format!("{record}/{selector}"),
            None => format!("{record}/field/{word}"),
        })
    }
}

/// `text` with `meant` in place of `selector`, which ends before the slash in front of character `at`.
fn with_selector(text: &str, selector: &str, at: usize, meant: &str) -> Option<String> {
    strip_prefix(text)?;
    let behind: String = text.chars().skip(at.checked_sub(1)?).collect();
    let record = text.strip_suffix(&behind)?.strip_suffix('/')?;
    Some(format!(
        "{}{meant}/{behind}",
        record.strip_suffix(selector)?
    ))
}

/// Those that take a name.
const NAMED: [&str; 3] = ["field", "custom_field", "file"];
const NAMELESS: [&str; 3] = ["type", "title", "notes"];

fn takes_name(word: &str) -> bool {
    NAMED.iter().any(|name| name.eq_ignore_ascii_case(word))
}

fn is_selector(word: &str) -> bool {
    takes_name(word) || NAMELESS.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// The selector that `word` was meant to be, if it takes a name.
fn nearest_selector(word: &str) -> Option<&'static str> {
    let all = NAMED.into_iter().chain(NAMELESS);
    let nearest = suggest::closest(word, all, suggest::STRICT)?;
    let mut others = NAMED
        .into_iter()
        .filter(|name| !name.eq_ignore_ascii_case(word));
    others.find(|name| **name == nearest)
}

impl Sections {
    /// The checks that follow the cutting, in the protocol's order.
    fn checked(mut self, meant: &Meant<'_>) -> Result<Self, ParseError> {
        match self.selector.to_ascii_lowercase().as_str() {
            "type" | "title" | "notes" => {}
            "field" | "custom_field" | "file" if self.parameter.is_none() => {
                return Err(ParseError::MissingParameter {
                    meant: meant.with(&self.selector),
                });
            }
            "file" if self.index1.is_some() => return Err(ParseError::FileIndex),
            "field" | "custom_field" | "file" => {}
            _ => {
                return Err(ParseError::BadSelector {
                    meant: meant.with(&self.selector),
                });
            }
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
            ("U/field/x\\y", ParseError::BadEscape { at: 10 }),
            (
                "keeper://U/field/x[a[b]",
                ParseError::IndexNestedBracket { at: 21 },
            ),
            ("Ключ/field/x[0", ParseError::IndexNotClosed { at: 13 }),
            (
                "U/field/x[0]y",
                ParseError::IndexMustStartWithBracket { at: 13 },
            ),
            ("U/type/x", ParseError::ExtraCharacters { at: 8 }),
            ("U/field/x[0][a][b]", ParseError::ExtraCharacters { at: 16 }),
            ("Apps/Web/field/login", ParseError::InFolder { at: 10 }),
            (
                "Web/notes/field/login",
                ParseError::ExtraCharacters { at: 11 },
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(sections(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_a_whole_notation() {
        for (text, meant) in [
            ("keeper://Web/password", Some("keeper://Web/field/password")),
            (
                "Keeper://My Web/login/",
                Some("Keeper://My Web/field/login"),
            ),
            (r"keeper://a\/é/titel", Some(r"keeper://a\/é/title")),
            ("keeper://Web/files", Some("keeper://Web/file/NAME")),
            ("keeper://Web", Some("keeper://Web/field/NAME")),
            ("keeper://Web/", Some("keeper://Web/field/NAME")),
            ("keeper://Web/field", Some("keeper://Web/field/NAME")),
            ("keeper://", None),
            ("keeper:///x", None),
            ("canary/x", None),
        ] {
            let found = match sections(text).unwrap_err() {
                ParseError::MissingSection { meant }
                | ParseError::BadSelector { meant }
                | ParseError::MissingParameter { meant } => meant,
                other => panic!("{text}: {other}"),
            };
            assert_eq!(found.as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn any_text_gets_an_answer() {
        let alphabet = ["/", "\\", "[", "]", "0", "field", "type", "é", "keeper://"];
        let mut texts = ["", "é/", "keeper://é/field/"].map(str::to_owned).to_vec();
        for _ in 0..4 {
            texts = texts
                .iter()
                .flat_map(|text| alphabet.iter().map(move |more| format!("{text}{more}")))
                .collect();
        }
        for text in texts {
            if let Err(
                ParseError::BadEscape { at }
                | ParseError::IndexNestedBracket { at }
                | ParseError::IndexNotClosed { at }
                | ParseError::IndexMustStartWithBracket { at }
                | ParseError::ExtraCharacters { at }
                | ParseError::NearlySelector { at, .. }
                | ParseError::InFolder { at },
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
            Err(ParseError::IndexNestedBracket { at: 11 })
        );
    }
}
