//! The grammar of the official dialect, translated into standard paths.

use super::Error;
use super::cursor::Cursor;
use super::lexer::Token;
use super::standard::{Operand, ParsedQuery, Path, Segment, Selector, compare, quote, spell};

impl ParsedQuery {
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
            if let Some(name) = cursor.backquoted() {
                lengths = is_length(&name)?;
            }
            if !cursor.take("|") {
                break;
            }
            if lengths {
                return Err(Error::Misplaced("`len` belongs at the end"));
            }
        }
        cursor.expect_end()?;
        Ok(Self { paths, lengths })
    }
}

impl Cursor {
    /// A path from the root: `$.a`, `@.a`, or bare `a`.
    fn path(&mut self) -> Result<Path, Error> {
        let mut segments = Vec::new();
        if !self.take("$") && !self.take("@") && !matches!(self.peek(), Some(Token::Backquoted(_)))
        {
            segments.push(self.first()?);
        }
        segments.extend(self.segments()?);
        Ok(Path { segments })
    }

    /// The first segment of a bare path, which has no `.` before it.
    fn first(&mut self) -> Result<Segment, Error> {
        let deep = self.take("..");
        Ok(Segment {
            deep,
            selector: self.selector()?,
        })
    }

    fn segments(&mut self) -> Result<Vec<Segment>, Error> {
        let mut segments = Vec::new();
        loop {
            let deep = self.take("..");
            // The official dialect allows a point before a bracket.
            let dotted = !deep && self.take(".");
            match self.peek() {
                Some(Token::Backquoted(_)) if dotted => return Ok(segments),
                Some(Token::Sign("[")) => {}
                _ if deep || dotted => {}
                _ => return Ok(segments),
            }
            segments.push(Segment {
                deep,
                selector: self.selector()?,
            });
        }
    }

    fn selector(&mut self) -> Result<Selector, Error> {
        if self.take("*") {
            return Ok(Selector::Members);
        }
        if self.take("[") {
            let selector = self.bracket()?;
            self.expect("]")?;
            return Ok(selector);
        }
        match self.name() {
            Some(name) => Ok(Selector::Names(vec![name])),
            None => Err(self.unexpected()),
        }
    }

    fn bracket(&mut self) -> Result<Selector, Error> {
        if self.take("*") {
            return Ok(Selector::Elements);
        }
        if self.take("?") {
            return Ok(Selector::Filter(self.nested(alternatives)?));
        }
        match self.peek() {
            Some(Token::Word(_) | Token::Quoted(_)) => {
                let mut names = Vec::new();
                loop {
                    names.push(self.name().ok_or_else(|| self.unexpected())?);
                    if !self.take(",") {
                        return Ok(Selector::Names(names));
                    }
                }
            }
            Some(Token::Number(_) | Token::Sign(":")) => {
                let mut indices = self.slice()?;
                while self.take(",") {
                    indices = format!("{indices},{}", self.slice()?);
                }
                Ok(Selector::Indices(indices))
            }
            Some(Token::Sign("(")) => Err(Error::Unsupported("an expression as an index")),
            Some(Token::Sign("/" | "\\")) => Err(Error::Unsupported("sorting")),
            _ => Err(self.unexpected()),
        }
    }

    /// `n`, or `from:to` and `from:to:step` with any of the numbers left out.
    fn slice(&mut self) -> Result<String, Error> {
        let mut slice = self.number().unwrap_or_default();
        while self.take(":") {
            slice.push(':');
            slice += &self.number().unwrap_or_default();
        }
        if slice.is_empty() {
            Err(self.unexpected())
        } else {
            Ok(slice)
        }
    }

    /// Takes a name after `|` or `,` that adds a member to the last segment (`$.fields[*].type|label`). Anything longer
    /// than one bare name is a path of its own.
    fn sibling(&mut self, path: &Path) -> Option<String> {
        let Some(Segment {
            selector: Selector::Names(_),
            ..
        }) = path.segments.last()
        else {
            return None;
        };
        let joined = matches!(self.peek(), Some(Token::Sign("|" | ",")));
        let alone = matches!(self.peek_at(2), None | Some(Token::Sign("|" | ",")));
        match self.peek_at(1) {
            Some(Token::Word(_) | Token::Quoted(_)) if joined && alone => {
                self.next();
                self.name()
            }
            _ => None,
        }
    }

    fn expect_end(&self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(Token::Sign("+" | "-" | "*" | "/") | Token::Number(_)) => {
                Err(Error::Unsupported("arithmetic"))
            }
            Some(Token::Word(word)) if word == "where" => Err(Error::Unsupported("`where`")),
            Some(Token::Backquoted(_)) => Err(Error::Misplaced("`len` belongs at the end")),
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

fn alternatives(cursor: &mut Cursor) -> Result<String, Error> {
    let mut text = conjunction(cursor)?;
    while cursor.take("||") {
        text = format!("{text} || {}", conjunction(cursor)?);
    }
    Ok(text)
}

fn conjunction(cursor: &mut Cursor) -> Result<String, Error> {
    let mut text = test(cursor)?;
    while cursor.take("&&") {
        text = format!("{text} && {}", test(cursor)?);
    }
    Ok(text)
}

fn test(cursor: &mut Cursor) -> Result<String, Error> {
    let not = if cursor.take("!") { "!" } else { "" };
    if cursor.take("(") {
        let inner = cursor.nested(alternatives)?;
        cursor.expect(")")?;
        return Ok(format!("{not}({inner})"));
    }
    let segments = subject(cursor)?;
    let Some(Token::Compare(sign)) = cursor.peek().cloned() else {
        return Ok(format!("{not}@{}", spell(&segments)));
    };
    cursor.next();
    if sign == "~" {
        return Err(Error::Unsupported("a regular expression in a filter"));
    }
    let value = Operand::parse(cursor)?;
    Ok(format!("{not}({})", compare(&segments, sign, &value)?))
}

/// Parses the left side of a comparison, a path from the element in question, which official filters also call `$`.
fn subject(cursor: &mut Cursor) -> Result<Vec<Segment>, Error> {
    let mut segments = Vec::new();
    if !cursor.take("@") && !cursor.take("$") {
        match cursor.peek() {
            Some(Token::Word(_) | Token::Quoted(_)) => segments.push(cursor.first()?),
            _ => return Err(cursor.unexpected()),
        }
    }
    segments.extend(cursor.segments()?);
    match cursor.peek() {
        Some(Token::Backquoted(_)) => Err(Error::Misplaced(
            "`len` belongs at the end, not in a filter",
        )),
        Some(Token::Sign("(")) => Err(Error::Unsupported("a function in a filter")),
        Some(Token::Sign("+" | "-" | "*" | "/")) => Err(Error::Unsupported("arithmetic")),
        _ => Ok(segments),
    }
}

impl Operand {
    fn parse(cursor: &mut Cursor) -> Result<Self, Error> {
        match cursor.peek().cloned() {
            Some(Token::Number(number)) => {
                cursor.next();
                Ok(Self::Number(number))
            }
            Some(Token::Word(word)) if matches!(word.as_str(), "true" | "false" | "null") => {
                cursor.next();
                Ok(Self::Other(word))
            }
            Some(Token::Word(text) | Token::Quoted(text)) => {
                cursor.next();
                Ok(Self::Other(quote(&text)))
            }
            Some(Token::Sign(root @ ("@" | "$"))) => {
                cursor.next();
                Ok(Self::Other(format!("{root}{}", spell(&cursor.segments()?))))
            }
            _ => Err(cursor.unexpected()),
        }
    }
}
