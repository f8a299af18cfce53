//! Names of single values, such as `keeper://Prod DB/field/url[1]` (protocol 11), as `get_notation` of the official
//! clients reads them. `parse` cuts the text, `resolve` reads the value out of a record.

mod cutter;
mod error;
pub mod parse;
pub mod resolve;
mod value;

use std::fmt;
use std::str::FromStr;

pub use error::{Error, Kind};
pub use resolve::Found;
pub use value::Value;

use self::parse::Sections;
use crate::vault::record::Section;

/// What a text begins with that claims to be a notation, in any case of letters.
pub const PREFIX: &str = "keeper://";

/// A question to the vault for one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notation {
    /// UID or exact title of the record.
    pub record: String,
    /// What is asked of it.
    pub target: Target,
}

/// What a notation asks of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The record's type.
    Type,
    /// Its title.
    Title,
    /// Its notes.
    Notes,
    /// The content of the attachment with this name, title or UID.
    File(String),
    /// A value of a field.
    Field {
        /// The list the field is in.
        section: Section,
        /// Its label or type.
        name: String,
        /// Which of its values.
        pick: Pick,
    },
}

/// Which part of a field's list of values is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// No index was given.
    Unsaid,
    /// `[]`: the list.
    All,
    /// `[n]`; a number too large to count is simply out of range.
    Element(usize),
    /// `[n][name]`.
    Member(usize, String),
    /// `[][name]`.
    EveryMember(String),
}

impl Notation {
    /// Reads plain text or its base64.
    pub fn parse(text: &str) -> Result<Self, parse::Error> {
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
            "field" => field(Section::Standard, name),
            _ => field(Section::Custom, name), // the parser let no other selector through
        };
        Ok(Self {
            record: sections.record,
            target,
        })
    }
}

impl FromStr for Notation {
    type Err = parse::Error;

    fn from_str(text: &str) -> Result<Self, parse::Error> {
        Self::parse(text)
    }
}

/// For people: `field/host[0][hostName]`, names as they are.
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
                let section = match section {
                    Section::Standard => "field",
                    Section::Custom => "custom_field",
                };
                write!(f, "{section}/{name}{pick}")
            }
        }
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsaid => Ok(()),
            Self::All => f.write_str("[]"),
            Self::Element(index) => write!(f, "[{index}]"),
            Self::Member(index, name) => write!(f, "[{index}][{name}]"),
            Self::EveryMember(name) => write!(f, "[][{name}]"),
        }
    }
}

fn pick(sections: &Sections) -> Result<Pick, parse::Error> {
    let first = sections.index1.as_deref();
    let second = match (first, sections.index2.as_deref()) {
        (Some(""), Some("")) => return Err(parse::Error::PropertyNeedsIndex),
        (_, Some("")) => return Err(parse::Error::SecondIndexBlank),
        (_, Some(name)) if parse::is_number(name) => return Err(parse::Error::SecondIndexNumeric),
        (_, second) => second.map(str::to_owned),
    };
    Ok(match (first, second) {
        (None, _) => Pick::Unsaid,
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
