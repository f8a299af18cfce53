//! `keeper.ini` as a document of lines (D10): untouched lines are written back as they were, byte for
//! byte, and the official CLI reads what we write as the same values.
//!
//! Here are the parts and what they say; `parse` knows the dialect, `edit` changes it.

use std::collections::HashMap;
use std::fmt;

use crate::foreign;
use crate::limits::{INI_INDENTATION, INI_LINES};
use crate::sensitive::Sensitive;

/// The section of settings; the others are profiles, but for `DEFAULT`, which lends them values.
pub const SETTINGS: &str = "_config";
pub(super) const INHERITED: &str = "DEFAULT";
/// The lines before the first header; no header has this name.
pub(super) const PREAMBLE: &str = "";

/// Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("it is not UTF-8 text")]
    Encoding,
    #[error("line {line} stands before any [section]")]
    NoSection { line: usize },
    #[error("line {line} opens the section [{name}] a second time")]
    DuplicateSection { line: usize, name: foreign::Text },
    #[error("line {line} gives `{key}` a second time in [{section}]")]
    DuplicateKey {
        line: usize,
        section: foreign::Text,
        key: foreign::Text,
    },
    #[error("line {line} has a value but no key")]
    NoKey { line: usize },
    #[error("line {line} is indented and continues nothing")]
    Continuation { line: usize },
    #[error(
        "the value of `{key}` cannot be stored: it has blanks at an end of a line, or a line like a comment"
    )]
    Value { key: foreign::Text },
    #[error("it has {0} lines, and at most {INI_LINES} are read")]
    Lines(usize),
    #[error(
        "its lines are indented by more than {INI_INDENTATION} bytes, and none is added to such"
    )]
    Indentation,
    #[error("its layout is unusual, and this change would not be read back as meant")]
    Layout,
}

/// The parts of a `keeper.ini` in order. It prints as its section names.
#[derive(Clone)]
pub struct Document {
    /// The first is the preamble, whose header is a byte order mark or nothing.
    sections: Vec<Section>,
    /// The sections of each name, in order; only `DEFAULT` may be there twice.
    places: HashMap<String, Vec<usize>>,
}

#[derive(Clone)]
pub(super) struct Section {
    pub(super) name: String,
    pub(super) header: Sensitive<String>,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone)]
pub(super) struct Line {
    /// As it stands in the file, line ends and continuations included.
    pub(super) raw: Sensitive<String>,
    pub(super) entry: Option<Entry>,
}

#[derive(Clone, PartialEq)]
pub(super) struct Entry {
    /// Lower case.
    pub(super) key: String,
    /// `None` for a key without `=`.
    pub(super) value: Option<Sensitive<String>>,
}

impl Document {
    pub(super) fn beginning_with(mark: &str) -> Self {
        let mut document = Self {
            sections: Vec::new(),
            places: HashMap::new(),
        };
        document.push(Section::new(PREAMBLE, mark));
        document
    }

    pub fn render(&self) -> Sensitive<String> {
        let mut text = Sensitive::new(String::with_capacity(self.pieces().map(str::len).sum()));
        self.pieces()
            .for_each(|piece| text.expose_mut().push_str(piece));
        text
    }

    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.sections
            .iter()
            .map(|section| section.name.as_str())
            .filter(|name| is_profile(name))
    }

    pub fn has_profile(&self, name: &str) -> bool {
        is_profile(name) && self.section(name).is_some()
    }

    /// The value of `key` (lower case) in `section`, or the one `[DEFAULT]` lends it. Absent, bare and empty are alike.
    pub fn get(&self, section: &str, key: &str) -> Option<&Sensitive<String>> {
        let mut entries = self.entries(section);
        let found = entries.find(|entry| entry.key == key)?;
        let value = found.value.as_ref();
        value.filter(|value| !value.expose().is_empty())
    }

    /// The entries of `section`, and after them what `[DEFAULT]` lends it; the first of a key counts.
    pub(super) fn entries<'d>(
        &'d self,
        section: &str,
    ) -> impl Iterator<Item = &'d Entry> + use<'d> {
        let own = self.section(section);
        let lenders = self.called(INHERITED).filter(move |_| own.is_some());
        own.into_iter().chain(lenders).flat_map(Section::entries)
    }

    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.called(name).next()
    }

    pub(super) fn section_mut(&mut self, name: &str) -> Option<&mut Section> {
        let at = *self.places.get(name)?.first()?;
        self.sections.get_mut(at)
    }

    fn called<'d>(&'d self, name: &str) -> impl Iterator<Item = &'d Section> + use<'d> {
        let places = self.places.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|at| self.sections.get(*at))
    }

    pub(super) fn last_section(&mut self) -> Option<&mut Section> {
        self.sections.last_mut()
    }

    pub(super) fn push(&mut self, section: Section) {
        let places = self.places.entry(section.name.clone()).or_default();
        places.push(self.sections.len());
        self.sections.push(section);
    }

    /// Gives the sections another order, other names, or fewer of them.
    pub(super) fn rearrange(&mut self, change: impl FnOnce(&mut Vec<Section>)) {
        let mut sections = std::mem::take(&mut self.sections);
        change(&mut sections);
        self.places.clear();
        sections.into_iter().for_each(|section| self.push(section));
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().flat_map(|section| {
            let lines = section.lines.iter().map(|line| &line.raw);
            let pieces = std::iter::once(&section.header).chain(lines);
            pieces.map(|piece| piece.expose().as_str())
        })
    }

    pub(super) fn values(&self) -> impl Iterator<Item = (&str, Vec<&Entry>)> {
        let sections = self.sections.iter();
        sections.map(|section| (section.name.as_str(), section.entries().collect()))
    }
}

fn is_profile(name: &str) -> bool {
    ![PREAMBLE, SETTINGS, INHERITED].contains(&name)
}

impl Section {
    pub(super) fn new(name: &str, header: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            header: Sensitive::new(header.into()),
            lines: Vec::new(),
        }
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.lines.iter().filter_map(|line| line.entry.as_ref())
    }
}

/// Settings, and no profile.
impl Default for Document {
    fn default() -> Self {
        let mut document = Self::beginning_with("");
        document.add_settings();
        document
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.sections.iter().map(|section| &section.name);
        f.debug_list().entries(names).finish()
    }
}
