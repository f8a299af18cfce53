//! Steps through the tokens of a query.

use super::Error;
use super::lexer::{Spanned, Token, tokens};

pub(super) struct Parser {
    tokens: Vec<Spanned>,
    pub(super) at: usize,
    length: usize,
    pub(super) depth: usize,
}

impl Parser {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        Ok(Self {
            tokens: tokens(text)?,
            at: 0,
            length: text.chars().count(),
            depth: 0,
        })
    }

    /// One item or more.
    pub(super) fn list<T>(
        &mut self,
        separator: &str,
        item: impl Fn(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut items = vec![item(self)?];
        while self.take(separator) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    pub(super) fn name(&mut self) -> Result<String, Error> {
        let Some(Token::Word(name) | Token::Quoted(name)) = self.peek() else {
            return Err(self.unexpected());
        };
        let name = name.clone();
        self.at += 1;
        Ok(name)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.peek_at(0)
    }

    /// Looks `n` tokens ahead.
    pub(super) fn peek_at(&self, n: usize) -> Option<&Token> {
        self.tokens.get(self.at + n).map(|spanned| &spanned.token)
    }

    /// Moves past `sign` if it is the next token.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let here = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(here);
        here
    }

    pub(super) fn expect(&mut self, sign: &str) -> Result<(), Error> {
        match self.take(sign) {
            true => Ok(()),
            false => Err(self.unexpected()),
        }
    }

    /// Refuses the next token. Text is not repeated: it may be a secret value someone searches for.
    pub(super) fn unexpected(&self) -> Error {
        let next = self.tokens.get(self.at);
        let found = match next.map(|next| &next.token) {
            None => "end".to_owned(),
            Some(Token::Sign(text) | Token::Compare(text)) => format!("`{text}`"),
            Some(Token::Word(_)) => "word".to_owned(),
            Some(Token::Number(_)) => "number".to_owned(),
            Some(Token::Quoted(_)) => "quoted text".to_owned(),
            Some(Token::Backquoted(_)) => "backquote".to_owned(),
        };
        Error::Unexpected {
            found,
            position: next.map_or(self.length + 1, |next| next.position),
        }
    }
}
