//! Cuts a query into tokens.

use super::Error;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `$ @ . * [ ] ( ) , : | ? ! + - / \` and the doubled `..`, `&&` (also written `&`) and `||`.
    Sign(&'static str),
    /// `== = != < <= > >=`.
    Compare(&'static str),
    /// A bare word: letters, digits, `_`, `-`, `@`, not beginning with a digit or `-`.
    Word(String),
    /// Without its quotes, single or double, and without backslashes, which stand for the character after them.
    Quoted(String),
    /// As written.
    Number(String),
    /// Without its backquotes.
    Backquoted(String),
}

#[derive(Clone, Debug)]
pub(super) struct Spanned {
    pub(super) token: Token,
    /// In characters, counted from 1.
    pub(super) position: usize,
}

/// The longer before the shorter that begin them; `&` is read as `&&`.
const SIGNS: [&str; 21] = [
    "..", ".", "&&", "&", "||", "|", "$", "@", "*", "[", "]", "(", ")", ",", ":", "?", "!", "+",
    "-", "/", "\\",
];

/// Likewise. `=~` and `~` are there to be refused by name.
const COMPARISONS: [&str; 9] = ["=~", "==", "!=", "<=", ">=", "=", "<", ">", "~"];

pub(super) fn tokens(text: &str) -> Result<Vec<Spanned>, Error> {
    let mut reader = Reader {
        rest: text,
        position: 1,
    };
    let mut tokens = Vec::new();
    loop {
        reader.take_while(char::is_whitespace);
        let position = reader.position;
        match reader.token()? {
            Some(token) => tokens.push(Spanned { token, position }),
            None => return Ok(tokens),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn token(&mut self) -> Result<Option<Token>, Error> {
        let mut ahead = self.rest.chars();
        let Some(first) = ahead.next() else {
            return Ok(None);
        };
        let second = ahead.next();
        if matches!(first, '"' | '\'' | '`') {
            let text = self.quoted(first)?;
            return Ok(Some(if first == '`' {
                Token::Backquoted(text)
            } else {
                Token::Quoted(text)
            }));
        }
        if begins_word(first) || first == '@' && second.is_some_and(begins_word) {
            let word =
                self.take_while(|c| begins_word(c) || c.is_numeric() || matches!(c, '-' | '@'));
            return Ok(Some(Token::Word(word.to_owned())));
        }
        if first.is_ascii_digit() || first == '-' && second.is_some_and(|c| c.is_ascii_digit()) {
            return Ok(Some(Token::Number(self.number())));
        }
        if let Some(sign) = COMPARISONS.into_iter().find(|sign| self.take(sign)) {
            return Ok(Some(Token::Compare(sign)));
        }
        if let Some(sign) = SIGNS.into_iter().find(|sign| self.take(sign)) {
            return Ok(Some(Token::Sign(if sign == "&" { "&&" } else { sign })));
        }
        Err(Error::Unexpected {
            found: format!("`{}`", first.escape_debug()),
            position: self.position,
        })
    }

    /// `-? digits (. digits)? (e [+-]? digits)?`; a point without a digit after it belongs to the path.
    fn number(&mut self) -> String {
        let digits = |reader: &mut Self| reader.take_while(|c| c.is_ascii_digit()).to_owned();
        let mut number = if self.take("-") {
            "-".to_owned()
        } else {
            String::new()
        };
        number += &digits(self);
        if self
            .rest
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            self.take(".");
            number.push('.');
            number += &digits(self);
        }
        let exponent = self
            .rest
            .strip_prefix(['e', 'E'])
            .map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
        if exponent.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            number += self.take_while(|c| matches!(c, 'e' | 'E' | '+' | '-'));
            number += &digits(self);
        }
        number
    }

    fn quoted(&mut self, quote: char) -> Result<String, Error> {
        let start = self.position;
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        loop {
            match chars.next() {
                Some('\\') => text.extend(chars.next()),
                Some(c) if c == quote => break,
                Some(c) => text.push(c),
                None => return Err(Error::OpenQuote(start)),
            }
        }
        self.advance_to(chars.as_str());
        Ok(text)
    }

    fn take(&mut self, prefix: &str) -> bool {
        match self.rest.strip_prefix(prefix) {
            Some(rest) => {
                self.advance_to(rest);
                true
            }
            None => false,
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let all = self.rest;
        let rest = all.trim_start_matches(wanted);
        self.advance_to(rest);
        before(all, rest)
    }

    /// `rest` is a tail of what was left.
    fn advance_to(&mut self, rest: &'a str) {
        let read = before(self.rest, rest);
        self.position += read.chars().count();
        self.rest = rest;
    }
}

fn before<'a>(all: &'a str, rest: &str) -> &'a str {
    all.get(..all.len() - rest.len()).unwrap_or(all)
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || !c.is_ascii() && !c.is_whitespace() && !c.is_control()
}
