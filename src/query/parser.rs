//! The grammar of the official dialect.

use serde_json::Value;

use super::cursor::Parser;
use super::lexer::Token;
use super::path::{Comparison, Condition, Operand, Path, Segment, Selector, Slice};
use super::{Error, Query};
use crate::limits::QUERY_DEPTH;

impl Query {
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parser = Parser::new(text)?;
        let mut paths = Vec::new();
        let mut lengths = false;
        loop {
            let mut path = parser.root_path()?;
            parser.siblings(&mut path);
            paths.push(path);
            if let Some(Token::Backquoted(name)) = parser.peek() {
                lengths = is_length(name)?;
                parser.at += 1;
            }
            if !parser.take("|") {
                break;
            }
            if lengths {
                return Err(Error::Misplaced("`len` belongs at the end"));
            }
        }
        parser.expect_end()?;
        Ok(Self { paths, lengths })
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

impl Parser {
    /// `$.a`, `@.a`, or bare `a`.
    fn root_path(&mut self) -> Result<Path, Error> {
        let is_bare = !self.take("$") && !self.take("@");
        self.path(is_bare && !matches!(self.peek(), Some(Token::Backquoted(_))))
    }

    /// The first segment of a bare path has no `.` before it.
    fn path(&mut self, is_bare: bool) -> Result<Path, Error> {
        let mut segments = Vec::new();
        if is_bare {
            let deep = self.take("..");
            let selector = self.selector()?;
            segments.push(Segment { deep, selector });
        }
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
            let selector = self.selector()?;
            segments.push(Segment { deep, selector });
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
        if self.take("(") {
            let names = self.list("|", Self::name)?;
            if !matches!(self.peek(), Some(Token::Sign(")"))) {
                return Err(Error::Unsupported("a group of anything but names"));
            }
            self.at += 1;
            return Ok(Selector::Names(names));
        }
        Ok(Selector::Names(vec![self.name()?]))
    }

    fn bracket(&mut self) -> Result<Selector, Error> {
        if self.take("*") {
            return Ok(Selector::Elements);
        }
        if self.take("?") {
            return Ok(Selector::Filter(self.nested()?));
        }
        match self.peek() {
            Some(Token::Word(_) | Token::Quoted(_)) => {
                self.list(",", Self::name).map(Selector::Names)
            }
            Some(Token::Number(_) | Token::Sign(":")) => {
                self.list(",", Self::slice).map(Selector::Slices)
            }
            Some(Token::Sign("(")) => Err(Error::Unsupported("an expression as an index")),
            Some(Token::Sign("/" | "\\")) => Err(Error::Unsupported("sorting")),
            _ => Err(self.unexpected()),
        }
    }

    /// `n`, or `from:to` and `from:to:step` with any of the numbers left out.
    fn slice(&mut self) -> Result<Slice, Error> {
        let from = self.position()?;
        if let (Some(at), false) = (from, self.take(":")) {
            return Ok(Slice::At(at));
        }
        let to = self.position()?;
        let step = if self.take(":") {
            self.position()?
        } else {
            None
        };
        let step = step.unwrap_or(1);
        Ok(Slice::Range { from, to, step })
    }

    fn position(&mut self) -> Result<Option<i64>, Error> {
        match self.peek() {
            Some(Token::Number(written)) => {
                let position = written.parse::<i64>().ok();
                let position = position.filter(|position| position.to_string() == *written);
                let position = position.ok_or_else(|| self.unexpected())?;
                self.at += 1;
                Ok(Some(position))
            }
            _ => Ok(None),
        }
    }

    /// Takes names after `|` or `,` that add members to the last segment (`$.fields[*].type|label`). Anything longer than
    /// one bare name is a path of its own.
    fn siblings(&mut self, path: &mut Path) {
        let Some(Segment {
            selector: Selector::Names(names),
            ..
        }) = path.last_mut()
        else {
            return;
        };
        let joins = |token: Option<&Token>| matches!(token, Some(Token::Sign("|" | ",")));
        while let Some(Token::Word(name) | Token::Quoted(name)) = self.peek_at(1)
            && joins(self.peek())
            && (self.peek_at(2).is_none() || joins(self.peek_at(2)))
        {
            names.push(name.clone());
            self.at += 2;
        }
    }

    /// The inside of a filter or of parentheses, one level deeper.
    fn nested(&mut self) -> Result<Condition, Error> {
        if self.depth == QUERY_DEPTH {
            return Err(Error::TooDeep);
        }
        self.depth += 1;
        let all = |parser: &mut Self| parser.list("&&", Self::test).map(Condition::All);
        let any = self.list("||", all).map(Condition::Any);
        self.depth -= 1;
        any
    }

    fn test(&mut self) -> Result<Condition, Error> {
        let is_negated = self.take("!");
        let condition = if self.take("(") {
            let inner = self.nested()?;
            self.expect(")")?;
            inner
        } else {
            self.comparison()?
        };
        Ok(match is_negated {
            true => Condition::Not(Box::new(condition)),
            false => condition,
        })
    }

    fn comparison(&mut self) -> Result<Condition, Error> {
        let path = self.subject()?;
        let Some(Token::Compare(sign)) = self.peek() else {
            return Ok(Condition::Leads(path));
        };
        let comparison = match *sign {
            "=" | "==" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return Err(Error::Unsupported("a regular expression in a filter")),
        };
        self.at += 1;
        Ok(Condition::Compares(path, comparison, self.operand()?))
    }

    /// A path from the element in question, which official filters also call `$`.
    fn subject(&mut self) -> Result<Path, Error> {
        let is_bare = !self.take("@") && !self.take("$");
        if is_bare && !matches!(self.peek(), Some(Token::Word(_) | Token::Quoted(_))) {
            return Err(self.unexpected());
        }
        let path = self.path(is_bare)?;
        match self.peek() {
            Some(Token::Backquoted(_)) => Err(Error::Misplaced(
                "`len` belongs at the end, not in a filter",
            )),
            Some(Token::Sign("(")) => Err(Error::Unsupported("a function in a filter")),
            Some(Token::Sign("+" | "-" | "*" | "/")) => Err(Error::Unsupported("arithmetic")),
            _ => Ok(path),
        }
    }

    fn operand(&mut self) -> Result<Operand, Error> {
        if self.take("@") {
            return self.path(false).map(Operand::FromHere);
        }
        if self.take("$") {
            return self.path(false).map(Operand::FromRoot);
        }
        let literal = match self.peek() {
            Some(Token::Number(written)) => written.parse().ok().map(Value::Number),
            Some(Token::Word(word)) => Some(match word.as_str() {
                "true" => true.into(),
                "false" => false.into(),
                "null" => Value::Null,
                word => word.into(),
            }),
            Some(Token::Quoted(text)) => Some(text.as_str().into()),
            _ => None,
        };
        let literal = literal.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(Operand::Literal(literal))
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
