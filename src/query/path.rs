//! Paths of the official dialect, rewritten as the standard (RFC 9535) has them.

use super::Error;
use super::cursor::Cursor;
use super::filter;
use super::lexer::Token;

/// A whole query: the paths that `|` joins, and whether lengths are asked for instead of values.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) paths: Vec<Path>,
    pub(super) lengths: bool,
}

/// A way down from the root, or in a filter from the element in question.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) segments: Vec<Segment>,
}

/// One step, and whether it may be taken at any depth (`..`).
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) deep: bool,
    pub(super) step: Step,
}

/// What one step selects.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Members by name, in the order of the names.
    Names(Vec<String>),
    /// `.*`, every member of an object.
    Members,
    /// `[*]`, every element of a list.
    Elements,
    /// Elements by number and by range, in the standard's spelling.
    Numbers(String),
    /// The elements a condition holds for; the condition in the standard's spelling.
    Filter(String),
}

/// A position in the way to a node, from either end and counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    FromStart(usize),
    FromEnd(usize),
}

impl Plan {
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text)?;
        let mut paths = Vec::new();
        let mut lengths = false;
        loop {
            let mut path = cursor.path()?;
            while let Some(name) = cursor.sibling(&path) {
                path.add_sibling(name);
            }
            paths.push(path);
            if let Some(name) = cursor.named() {
                lengths = is_length(&name)?;
            }
            if !cursor.take("|") {
                break;
            }
            if lengths {
                return Err(Error::Misplaced("`len` belongs at the end"));
            }
        }
        cursor.end()?;
        Ok(Self { paths, lengths })
    }
}

impl Path {
    /// The path as text, from the root.
    pub(super) fn standard(&self) -> String {
        format!("${}", standard(&self.segments))
    }

    /// What a path beginning with `[*]` means on an object: the same without it.
    pub(super) fn on_object(&self) -> Option<Self> {
        match self.segments.split_first() {
            Some((
                Segment {
                    deep: false,
                    step: Step::Elements,
                },
                rest,
            )) => Some(Self {
                segments: rest.to_vec(),
            }),
            _ => None,
        }
    }

    /// Where the way to a node has to name a member. A `.*` between two `..` has no fixed place and is left alone.
    pub(super) fn members_only(&self) -> Vec<Place> {
        let is_deep = |segment: &Segment| segment.deep;
        let first_deep = self.segments.iter().position(is_deep).unwrap_or(usize::MAX);
        let last_deep = self.segments.iter().rposition(is_deep).unwrap_or(0);
        let stars = self
            .segments
            .iter()
            .enumerate()
            .filter(|(_, segment)| matches!(segment.step, Step::Members));
        let place = |at: usize| match at {
            at if at < first_deep => Some(Place::FromStart(at)),
            at if at >= last_deep => Some(Place::FromEnd(self.segments.len() - 1 - at)),
            _ => None,
        };
        stars.filter_map(|(at, _)| place(at)).collect()
    }

    fn add_sibling(&mut self, name: String) {
        if let Some(Segment {
            step: Step::Names(names),
            ..
        }) = self.segments.last_mut()
        {
            names.push(name);
        }
    }
}

/// Segments as text.
pub(super) fn standard(segments: &[Segment]) -> String {
    segments.iter().map(Segment::standard).collect()
}

impl Segment {
    fn standard(&self) -> String {
        let selector = match &self.step {
            Step::Names(names) => names
                .iter()
                .map(|name| quote(name))
                .collect::<Vec<_>>()
                .join(","),
            Step::Members | Step::Elements => "*".to_owned(),
            Step::Numbers(numbers) => numbers.clone(),
            Step::Filter(condition) => format!("?{condition}"),
        };
        format!("{}[{selector}]", if self.deep { ".." } else { "" })
    }
}

/// A text as the standard quotes it, which is as JSON does.
pub(super) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Cursor {
    /// A path from the root: `$.a`, `@.a`, or bare `a`.
    fn path(&mut self) -> Result<Path, Error> {
        let mut segments = Vec::new();
        if !self.take("$") && !self.take("@") && !matches!(self.peek(), Some(Token::Named(_))) {
            segments.push(self.first()?);
        }
        segments.extend(self.segments()?);
        Ok(Path { segments })
    }

    /// The first segment of a bare path, which has no `.` before it.
    pub(super) fn first(&mut self) -> Result<Segment, Error> {
        let deep = self.take("..");
        Ok(Segment {
            deep,
            step: self.step()?,
        })
    }

    /// All segments from here on.
    pub(super) fn segments(&mut self) -> Result<Vec<Segment>, Error> {
        let mut segments = Vec::new();
        loop {
            let deep = self.take("..");
            // The official dialect also writes the point before a bracket.
            let dotted = !deep && self.take(".");
            match self.peek() {
                Some(Token::Named(_)) if dotted => return Ok(segments),
                Some(Token::Sign("[")) => {}
                _ if deep || dotted => {}
                _ => return Ok(segments),
            }
            segments.push(Segment {
                deep,
                step: self.step()?,
            });
        }
    }

    fn step(&mut self) -> Result<Step, Error> {
        if self.take("*") {
            return Ok(Step::Members);
        }
        if self.take("[") {
            let step = self.bracket()?;
            self.expect("]")?;
            return Ok(step);
        }
        match self.name() {
            Some(name) => Ok(Step::Names(vec![name])),
            None => Err(self.unexpected()),
        }
    }

    fn bracket(&mut self) -> Result<Step, Error> {
        if self.take("*") {
            return Ok(Step::Elements);
        }
        if self.take("?") {
            return Ok(Step::Filter(filter::condition(self)?));
        }
        match self.peek() {
            Some(Token::Word(_) | Token::Text(_)) => {
                let mut names = Vec::new();
                loop {
                    names.push(self.name().ok_or_else(|| self.unexpected())?);
                    if !self.take(",") {
                        return Ok(Step::Names(names));
                    }
                }
            }
            Some(Token::Number(_) | Token::Sign(":")) => {
                let mut numbers = self.range()?;
                while self.take(",") {
                    numbers = format!("{numbers},{}", self.range()?);
                }
                Ok(Step::Numbers(numbers))
            }
            Some(Token::Sign("(")) => Err(Error::Unsupported("an expression as an index")),
            Some(Token::Sign("/" | "\\")) => Err(Error::Unsupported("sorting")),
            _ => Err(self.unexpected()),
        }
    }

    /// `n`, or `from:to` and `from:to:step` with any of the numbers left out.
    fn range(&mut self) -> Result<String, Error> {
        let mut range = self.number().unwrap_or_default();
        while self.take(":") {
            range.push(':');
            range += &self.number().unwrap_or_default();
        }
        if range.is_empty() {
            Err(self.unexpected())
        } else {
            Ok(range)
        }
    }

    /// A name after `|` or `,` that stands for one more member beside the last (`$.fields[*].type|label`). Anything
    /// longer than one bare name is a path of its own.
    fn sibling(&mut self, path: &Path) -> Option<String> {
        let Some(Segment {
            step: Step::Names(_),
            ..
        }) = path.segments.last()
        else {
            return None;
        };
        let joined = matches!(self.peek(), Some(Token::Sign("|" | ",")));
        let alone = matches!(self.peek_at(2), None | Some(Token::Sign("|" | ",")));
        match self.peek_at(1) {
            Some(Token::Word(_) | Token::Text(_)) if joined && alone => {
                self.next();
                self.name()
            }
            _ => None,
        }
    }

    /// Nothing may follow.
    fn end(&self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(Token::Sign("+" | "-" | "*" | "/") | Token::Number(_)) => {
                Err(Error::Unsupported("arithmetic"))
            }
            Some(Token::Word(word)) if word == "where" => Err(Error::Unsupported("`where`")),
            Some(Token::Named(_)) => Err(Error::Misplaced("`len` belongs at the end")),
            Some(_) => Err(self.unexpected()),
        }
    }
}

/// Whether the operator is `len` rather than `this`, which changes nothing.
fn is_length(name: &str) -> Result<bool, Error> {
    match name.trim() {
        "len" => Ok(true),
        "this" => Ok(false),
        name if name.starts_with("split(") => Err(Error::Unsupported("`split`")),
        name if name.starts_with("sub(") => Err(Error::Unsupported("`sub`")),
        "sorted" => Err(Error::Unsupported("`sorted`")),
        "parent" => Err(Error::Unsupported("`parent`")),
        _ => Err(Error::Unsupported("this operator in backquotes")),
    }
}
