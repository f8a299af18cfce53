//! The dialect of `keeper.ini`: Python's configparser with bare keys, as the official CLI uses it (protocol 3.5).
//! Two differences are deliberate: a stray `%` is itself rather than an error that blocks every
//! later save (FIX 30), and a byte order mark is no text.

use std::collections::HashSet;

use super::document::{Document, Entry, Error, INHERITED, Line, PREAMBLE, Section};
use crate::limits::INI_LINES;
use crate::sensitive::Sensitive;

const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Document {
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        parse(std::str::from_utf8(bytes).map_err(|_| Error::Encoding)?)
    }

    /// Fails if reading the text would not give these values again.
    pub fn render_checked(&self) -> Result<Sensitive<String>, Error> {
        let text = self.render();
        let again = parse(text.expose()).map_err(|_| Error::Layout)?;
        match again.values().eq(self.values()) {
            true => Ok(text),
            false => Err(Error::Layout),
        }
    }
}

fn parse(text: &str) -> Result<Document, Error> {
    let (mark, text) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (BYTE_ORDER_MARK, rest),
        None => ("", text),
    };
    let mut parser = Parser {
        document: Document::beginning_with(mark),
        seen: HashSet::new(),
        indent: 0,
        in_entry: false,
    };
    for (at, raw) in lines(text).enumerate() {
        if at == INI_LINES {
            return Err(Error::Lines(lines(text).count()));
        }
        parser.line(at + 1, raw)?;
    }
    Ok(parser.document)
}

struct Parser {
    document: Document,
    /// Sections and (section, key) pairs met so far.
    seen: HashSet<(String, Option<String>)>,
    /// Indentation of the last header or key, in characters.
    indent: usize,
    /// Whether the open section's last entry takes continuations.
    in_entry: bool,
}

impl Parser {
    fn line(&mut self, number: usize, raw: &str) -> Result<(), Error> {
        let body = raw.trim();
        let comment = body.starts_with(['#', ';']);
        if body.is_empty() || comment {
            // A blank line inside a value belongs to it, but only as long as another line of the value follows.
            self.keep(raw, None);
            return Ok(());
        }
        let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
        if self.in_entry && indent > self.indent {
            return self.continuation(number, raw, body);
        }
        self.indent = indent;
        if let Some(name) = section_name(body) {
            return self.open(number, raw, name);
        }
        let section = match self.document.last_section() {
            Some(section) if section.name != PREAMBLE => section.name.clone(),
            _ => return Err(Error::NoSection { line: number }),
        };
        let (key, value) = match body.split_once(['=', ':']) {
            Some((key, value)) => (key.trim_end(), Some(value.trim())),
            None => (body, None),
        };
        if key.is_empty() {
            return Err(Error::NoKey { line: number });
        }
        let key = key.to_lowercase();
        if !self.seen.insert((section.clone(), Some(key.clone()))) {
            return Err(Error::DuplicateKey {
                line: number,
                section: section.into(),
                key: key.into(),
            });
        }
        let value = value.map(unescaped);
        self.keep(raw, Some(Entry { key, value }));
        self.in_entry = true;
        Ok(())
    }

    fn open(&mut self, number: usize, raw: &str, name: &str) -> Result<(), Error> {
        // Only the lender of defaults may be opened twice.
        if !self.seen.insert((name.to_owned(), None)) && name != INHERITED {
            return Err(Error::DuplicateSection {
                line: number,
                name: name.into(),
            });
        }
        self.in_entry = false;
        self.document.push(Section::new(name, raw));
        Ok(())
    }

    /// Joins a deeper line, and the blank and comment lines above it, to the entry they belong to.
    fn continuation(&mut self, number: usize, raw: &str, body: &str) -> Result<(), Error> {
        let broken = Error::Continuation { line: number };
        let entry = self.document.last_section().and_then(|section| {
            let lines = &mut section.lines;
            let at = lines.iter().rposition(|line| line.entry.is_some())?;
            let between = lines.split_off(at + 1);
            Some((lines.last_mut()?, between))
        });
        let Some((line, between)) = entry else {
            return Err(broken);
        };
        let Some(value) = line.entry.as_mut().and_then(|entry| entry.value.as_mut()) else {
            return Err(broken);
        };
        for line in &between {
            if line.raw.expose().trim().is_empty() {
                value.expose_mut().push('\n');
            }
        }
        value.expose_mut().push('\n');
        value.expose_mut().push_str(unescaped(body).expose());
        for part in between.iter().map(|line| line.raw.expose().as_str()) {
            line.raw.expose_mut().push_str(part);
        }
        line.raw.expose_mut().push_str(raw);
        Ok(())
    }

    fn keep(&mut self, raw: &str, entry: Option<Entry>) {
        let raw = Sensitive::new(raw.to_owned());
        if let Some(section) = self.document.last_section() {
            section.lines.push(Line { raw, entry });
        }
    }
}

/// `%%` is how configparser writes `%`.
fn unescaped(value: &str) -> Sensitive<String> {
    Sensitive::new(value.replace("%%", "%"))
}

/// `[name]`: up to the last bracket, what follows does not count.
fn section_name(body: &str) -> Option<&str> {
    let (name, _) = body.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

/// The lines with their ends: `\n`, `\r\n` or a lone `\r`, as Python counts them.
fn lines(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (line, rest) = match text.find(['\n', '\r']) {
            Some(at) => {
                let end = if text.get(at..)?.starts_with("\r\n") {
                    2
                } else {
                    1
                };
                text.split_at_checked(at + end)?
            }
            None => (text, ""),
        };
        text = rest;
        (!line.is_empty()).then_some(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_configparser_reads_them() {
        let text = "; c\n[DEFAULT]\nlent = d\n[_config]\nactive_profile = a\neditor\n[a]\nClientId: 1\nb=2 = 3\n\
                    long = one\n  two\n\n  # no\n  three\n\nempty =\npercent = 1%% 2%\nlent = own\n[b c]\nx = y\n";
        let document = parse(text).unwrap();
        let cases = [
            ("_config", "active_profile", Some("a")),
            ("_config", "editor", None),
            ("a", "clientid", Some("1")),
            ("a", "b", Some("2 = 3")),
            ("a", "long", Some("one\ntwo\n\nthree")),
            ("a", "empty", None),
            ("a", "percent", Some("1% 2%")),
            ("a", "lent", Some("own")),
            ("b c", "lent", Some("d")),
            ("b c", "x", Some("y")),
            ("missing", "lent", None),
        ];
        for (section, key, expected) in cases {
            let value = document
                .get(section, key)
                .map(|value| value.expose().as_str());
            assert_eq!(value, expected, "[{section}] {key}");
        }
        assert_eq!(document.profiles().collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(document.render().expose(), text);
    }

    #[test]
    fn broken_texts_are_named_by_line() {
        let cases = [
            ("x = 1\n", "line 1 stands before any [section]"),
            ("# c\n\nx\n[a]\n", "line 3 stands before any [section]"),
            ("[a\n", "line 1 stands before any [section]"),
            (
                "[a]\nx\n[a]\n",
                "line 3 opens the section [a] a second time",
            ),
            ("[a]\nx = 1\r\nX\n", "line 3 gives `x` a second time in [a]"),
            ("[a]\n = 1\n", "line 2 has a value but no key"),
            ("[a]\nx\n  y\n", "line 3 is indented and continues nothing"),
        ];
        let full = "\n".repeat(INI_LINES);
        assert!(parse(&full).is_ok());
        assert_eq!(
            parse(&(full + "\n")).unwrap_err(),
            Error::Lines(INI_LINES + 1)
        );
        for (text, expected) in cases {
            assert_eq!(parse(text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn any_line_end_will_do() {
        let ends: Vec<&str> = lines("a\nb\r\nc\rd\n\re").collect();
        assert_eq!(ends, ["a\n", "b\r\n", "c\r", "d\n", "\r", "e"]);
        assert_eq!(lines("").count(), 0);
    }
}
