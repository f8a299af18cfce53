//! Changing a `keeper.ini` document: a line at a time, in the manner of its neighbours.

use std::collections::HashSet;

use super::document::{Document, Entry, Error, Line, SETTINGS, Section};
use crate::limits::INI_INDENTATION;
use crate::sensitive::Sensitive;

impl Document {
    /// Gives `key` in `section` a value, or none (a bare key); the section is opened if need be.
    pub fn set(&mut self, section: &str, key: &str, value: Option<&str>) -> Result<(), Error> {
        if value.is_some_and(is_unfit) {
            return Err(Error::Value { key: key.into() });
        }
        if self.section(section).is_none() {
            self.open(section);
        }
        let usual = self.line_end();
        let place = self.section_mut(section);
        let line = place.and_then(|s| s.lines.iter_mut().find(|line| line.holds(key)));
        match line {
            Some(line) if line.value() == value => {}
            Some(line) => {
                let end = match line_end(line.raw.expose()) {
                    "" => usual,
                    end => end,
                };
                *line = Line::new(indent(line.raw.expose())?, key, value, end);
            }
            None => self.append(section, key, value)?,
        }
        Ok(())
    }

    /// Adds the settings the official CLI starts with, if there are none; without them it reads nothing.
    pub fn add_settings(&mut self) {
        if self.section(SETTINGS).is_some() {
            return;
        }
        self.open(SETTINGS);
        let end = self.line_end();
        let lines = [
            ("active_profile", None),
            ("color", Some("True")),
            ("cache", Some("False")),
            ("record_type_dir", None),
            ("editor", None),
            ("editor_use_blocking", Some("False")),
            ("editor_process_name", None),
        ]
        .map(|(key, value)| Line::new("", key, value, end));
        if let Some(settings) = self.section_mut(SETTINGS) {
            settings.lines.splice(..0, lines);
        }
    }

    /// Makes section `name` say what it says in `other`, key by key, what it is lent there included; keys that are not
    /// there go.
    pub fn copy_section(&mut self, other: &Self, name: &str) -> Result<(), Error> {
        let mut keys = HashSet::new();
        let theirs: Vec<&Entry> = other
            .entries(name)
            .filter(|entry| keys.insert(entry.key.as_str()))
            .collect();
        if let Some(place) = self.section_mut(name) {
            place.lines.retain(|line| match &line.entry {
                Some(ours) => keys.contains(ours.key.as_str()),
                None => true,
            });
        }
        for entry in theirs {
            let value = entry.value.as_ref().map(|value| value.expose().as_str());
            self.set(name, &entry.key, value)?;
        }
        Ok(())
    }

    pub fn rename(&mut self, name: &str, to: &str) {
        self.rearrange(|sections| {
            for place in sections.iter_mut().filter(|place| place.name == name) {
                let header = format!("[{to}]{}", line_end(place.header.expose()));
                place.header = Sensitive::new(header);
                place.name = to.to_owned();
            }
        });
    }

    pub fn unset(&mut self, section: &str, key: &str) {
        if let Some(place) = self.section_mut(section) {
            place.lines.retain(|line| !line.holds(key));
        }
    }

    pub fn remove(&mut self, section: &str) {
        self.remove_all(&HashSet::from([section.to_owned()]));
    }

    /// Comments below the last key of a section are taken for the next section's, and stay.
    pub fn remove_all(&mut self, names: &HashSet<String>) {
        self.rearrange(|sections| {
            let mut kept: Vec<Section> = Vec::with_capacity(sections.len());
            for mut section in sections.drain(..) {
                match kept.last_mut() {
                    Some(before) if names.contains(&section.name) => {
                        let last = section.lines.iter().rposition(|line| line.entry.is_some());
                        let after = section.lines.drain(last.map_or(0, |at| at + 1)..);
                        let is_blank = |line: &Line| line.raw.expose().trim().is_empty();
                        before.lines.extend(after.skip_while(is_blank));
                    }
                    _ => kept.push(section),
                }
            }
            *sections = kept;
        });
    }

    /// A new section at the end, below a blank line; the settings go first.
    pub(super) fn open(&mut self, name: &str) {
        let end = self.line_end();
        let mut section = Section::new(name, format!("[{name}]{end}"));
        section.lines.push(Line::blank(end));
        let Some(above) = self.last_section() else {
            return;
        };
        let last = above.last_piece().expose_mut();
        let is_blank = last.trim().is_empty();
        if !last.is_empty() && line_end(last).is_empty() {
            last.push_str(end);
        }
        if name == SETTINGS {
            self.rearrange(|sections| sections.insert(1, section));
            return;
        }
        if !is_blank {
            above.lines.push(Line::blank(end));
        }
        self.push(section);
    }

    /// A new key below the last one of its section, indented alike: deeper would continue the value above it, and the
    /// next line may be measured against it.
    fn append(&mut self, section: &str, key: &str, value: Option<&str>) -> Result<(), Error> {
        let end = self.line_end();
        let Some(place) = self.section_mut(section) else {
            return Ok(());
        };
        let last = place.lines.iter().rposition(|line| line.entry.is_some());
        let above = match last.and_then(|at| place.lines.get_mut(at)) {
            Some(line) => &mut line.raw,
            None => &mut place.header,
        };
        if line_end(above.expose()).is_empty() {
            above.expose_mut().push_str(end);
        }
        let line = Line::new(indent(above.expose())?, key, value, end);
        place.lines.insert(last.map_or(0, |at| at + 1), line);
        Ok(())
    }

    /// The end of the document's first line.
    fn line_end(&self) -> &'static str {
        let first = self.pieces().find(|piece| piece.ends_with('\n'));
        if first.is_some_and(|line| line.ends_with("\r\n")) {
            "\r\n"
        } else {
            "\n"
        }
    }
}

impl Section {
    fn last_piece(&mut self) -> &mut Sensitive<String> {
        match self.lines.last_mut() {
            Some(line) => &mut line.raw,
            None => &mut self.header,
        }
    }
}

impl Line {
    fn new(indent: &str, key: &str, value: Option<&str>, end: &str) -> Self {
        let raw = match value {
            // configparser's writer leaves a blank after `=` even with nothing to follow, and so do we.
            Some(value) => {
                let value = value.replace('%', "%%");
                let value = value.replace('\n', &format!("{end}{indent}\t"));
                format!("{indent}{key} = {value}{end}")
            }
            None => format!("{indent}{key}{end}"),
        };
        Self {
            raw: Sensitive::new(raw),
            entry: Some(Entry {
                key: key.to_owned(),
                value: value.map(|value| Sensitive::new(value.to_owned())),
            }),
        }
    }

    fn blank(end: &str) -> Self {
        Self {
            raw: Sensitive::new(end.to_owned()),
            entry: None,
        }
    }

    fn holds(&self, key: &str) -> bool {
        self.entry.as_ref().is_some_and(|entry| entry.key == key)
    }

    fn value(&self) -> Option<&str> {
        let value = self.entry.as_ref()?.value.as_ref()?;
        Some(value.expose())
    }
}

/// Whether a value would be read as another one. One of several lines is continued on deeper ones, where a line like a
/// comment is a comment.
fn is_unfit(value: &str) -> bool {
    let is_comment = |line: &str| line.starts_with(['#', ';']);
    let is_blurred = |line: &str| line.trim() != line || line.contains('\r');
    value.split('\n').any(is_blurred)
        || value.split('\n').skip(1).any(is_comment)
        || value.ends_with('\n')
}

/// Each new line of a value repeats it, so that a deep one would make the file many times as long.
fn indent(line: &str) -> Result<&str, Error> {
    let rest = line.trim_start();
    match line.strip_suffix(rest).unwrap_or_default() {
        deep if deep.len() > INI_INDENTATION => Err(Error::Indentation),
        indent => Ok(indent),
    }
}

/// The line break a line ends with, or nothing at the end of a file.
fn line_end(line: &str) -> &'static str {
    ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|end| line.ends_with(end))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
