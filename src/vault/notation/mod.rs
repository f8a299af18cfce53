//! Names of single values, such as `keeper://Prod DB/field/url[1]` (protocol 11), as `get_notation` of the official
//! clients reads them.

mod cutter;
mod error;
pub mod parse;
mod value;

use std::fmt;

pub use error::{Error, ParseError};
pub use value::Value;

use self::parse::Sections;
use crate::vault::section::FieldSection;

/// Counts in any case of letters.
pub const PREFIX: &str = "keeper://";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notation {
    /// UID or exact title.
    pub record: String,
    pub target: Target,
}

/// A part of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Type,
    Title,
    Notes,
    /// The content of the attachment with this name, title or UID.
    File(String),
    Field {
        section: FieldSection,
        /// A label or type.
        name: String,
        pick: Pick,
    },
}

/// A part of a field's list of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Without an index.
    Unindexed,
    /// `[]`: the list.
    All,
    /// `[n]`; a number too large to count is out of range.
    Element(usize),
    /// `[n][name]`.
    Member(usize, String),
    /// `[][name]`.
    EveryMember(String),
}

impl Notation {
    /// Reads a UID, a title, or a notation that ends with the record. One of a part of it asks for less than a command
    /// does that takes the whole.
    pub fn of_record(named: &str) -> Result<Self, ParseError> {
        let record = if has_prefix(named) {
            match Self::parse(named) {
                Ok(Self { record, .. }) if record.is_empty() => record,
                Ok(Self { record, .. }) => {
                    let record = format!("{PREFIX}{}", escaped(&record));
                    return Err(ParseError::PartOfRecord { record });
                }
                Err(ParseError::MissingSection { .. }) => {
                    let record = named.strip_suffix('/').unwrap_or(named);
                    Self::parse(&format!("{record}/title"))?.record
                }
                Err(error) => return Err(error),
            }
        } else if is_nearly_prefixed(named) {
            return Err(ParseError::BadPrefix);
        } else {
            named.to_owned()
        };
        if record.is_empty() {
            return Err(ParseError::NoRecord);
        }
        Ok(Self {
            record,
            target: Target::Title,
        })
    }

    /// Reads plain text or its base64.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let is_prefixed_otherwise = || is_nearly_prefixed(text) || has_other_prefix(text);
        Self::read(text).map_err(|error| match is_prefixed_otherwise() {
            true => ParseError::BadPrefix,
            false => error,
        })
    }

    fn read(text: &str) -> Result<Self, ParseError> {
        let sections = parse::sections(text)?;
        let pick = pick(&sections)?;
        let name = sections.parameter.unwrap_or_default();
        let field = |section, name| Target::Field {
            section,
            name,
            pick,
        };
        let target = match sections.selector.to_ascii_lowercase().as_str() {
            "type" => Target::Type,
            "title" => Target::Title,
            "notes" => Target::Notes,
            "file" => Target::File(name),
            "field" => field(FieldSection::Standard, name),
            _ => field(FieldSection::Custom, name), // the parser let no other selector through
        };
        Ok(Self {
            record: sections.record,
            target,
        })
    }
}

/// A section of a notation, with its delimiters escaped.
pub fn escaped(section: &str) -> String {
    let mut text = String::with_capacity(section.len());
    for c in section.chars() {
        text.extend("/[]\\".contains(c).then_some('\\'));
        text.push(c);
    }
    text
}

/// Whether `text` claims to be a notation.
pub fn has_prefix(text: &str) -> bool {
    parse::strip_prefix(text).is_some()
}

/// Whether `text` seems to mean [`PREFIX`], and does not have it.
pub fn is_nearly_prefixed(text: &str) -> bool {
    let word = text.get(..6).unwrap_or_default();
    let rest = text.get(6..).unwrap_or_default();
    word.eq_ignore_ascii_case("keeper")
        && !has_prefix(text)
        && (rest.starts_with(":") || rest.starts_with("//"))
}

/// Whether `text` begins with another scheme, or has something before [`PREFIX`].
fn has_other_prefix(text: &str) -> bool {
    if has_prefix(text) {
        return false;
    }
    let bare = text.trim_start_matches(|c: char| c.is_whitespace() || "\"'`".contains(c));
    let scheme = bare.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// For people: `field/host[0][hostName]`, without escapes.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type => f.write_str("type"),
            Self::Title => f.write_str("title"),
            Self::Notes => f.write_str("notes"),
            Self::File(name) => write!(f, "file/{name}"),
            Self::Field {
                section,
                name,
                pick,
            } => {
                let section = section.selector();
                write!(f, "{section}/{name}{pick}")
            }
        }
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unindexed => Ok(()),
            Self::All => f.write_str("[]"),
            Self::Element(index) => write!(f, "[{index}]"),
            Self::Member(index, name) => write!(f, "[{index}][{name}]"),
            Self::EveryMember(name) => write!(f, "[][{name}]"),
        }
    }
}

fn pick(sections: &Sections) -> Result<Pick, ParseError> {
    let first = sections.index1.as_deref();
    let second = match (first, sections.index2.as_deref()) {
        (Some(""), Some("")) => return Err(ParseError::PropertyNeedsIndex),
        (_, Some("")) => return Err(ParseError::SecondIndexBlank),
        (_, Some(name)) if parse::is_number(name) => return Err(ParseError::SecondIndexNumeric),
        (_, second) => second.map(str::to_owned),
    };
    Ok(match (first, second) {
        (None, _) => Pick::Unindexed,
        (Some(""), None) => Pick::All,
        (Some(""), Some(name)) => Pick::EveryMember(name),
        (Some(digits), None) => Pick::Element(number(digits)),
        // A first index that is no number is ignored when it is one of two.
        (Some(text), Some(name)) if !parse::is_number(text) => Pick::Member(0, name),
        (Some(digits), Some(name)) => Pick::Member(number(digits), name),
    })
}

fn number(digits: &str) -> usize {
    digits.parse().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_in_three_ways() {
        for (named, record) in [
            ("Prod DB", "Prod DB"),
            ("a/b/c", "a/b/c"),
            ("-AAAAAAAAAAAAAAAAAAAAA", "-AAAAAAAAAAAAAAAAAAAAA"),
            ("KEEPER://Prod DB", "Prod DB"),
            ("keeper://Prod DB/", "Prod DB"),
            (r"keeper://a\/b", "a/b"),
        ] {
            assert_eq!(
                Notation::of_record(named).unwrap().record,
                record,
                "{named}"
            );
        }
        for named in ["", "keeper://", "keeper:///field/x", "keeper://a/fields/b"] {
            assert!(Notation::of_record(named).is_err(), "{named}");
        }
    }

    #[test]
    fn a_part_of_a_record_is_no_record() {
        for (named, record) in [
            ("keeper://Prod DB/field/password", "keeper://Prod DB"),
            ("KEEPER://U/custom_field/x[0]", "keeper://U"),
            ("keeper://U/file/x", "keeper://U"),
            (r"keeper://a\/b/title", r"keeper://a\/b"),
            ("keeper://U/notes", "keeper://U"),
        ] {
            let record = record.to_owned();
            assert_eq!(
                Notation::of_record(named),
                Err(ParseError::PartOfRecord { record }),
                "{named}"
            );
        }
    }
}
