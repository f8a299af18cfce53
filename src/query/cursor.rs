//! Steps through the tokens of a query.

use super::Error;
use super::lexer::{Spanned, Token, tokens};

/// The limit for nested filters and parentheses: the engine's parser recurses, and tries some things twice.
const DEEPEST: usize = 8;

pub(super) struct Cursor {
    tokens: Vec<Spanned>,
    at: usize,
    length: usize,
    depth: usize,
}

impl Cursor {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        Ok(Self {
            tokens: tokens(text)?,
            at: 0,
            length: text.chars().count(),
            depth: 0,
        })
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
        if self.take(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += usize::from(token.is_some());
        token
    }

    pub(super) fn name(&mut self) -> Option<String> {
        let (Token::Word(name) | Token::Quoted(name)) = self.peek()? else {
            return None;
        };
        let name = name.clone();
        self.at += 1;
        Some(name)
    }

    pub(super) fn number(&mut self) -> Option<String> {
        let Token::Number(number) = self.peek()? else {
            return None;
        };
        let number = number.clone();
        self.at += 1;
        Some(number)
    }

    pub(super) fn backquoted(&mut self) -> Option<String> {
        let Token::Backquoted(name) = self.peek()? else {
            return None;
        };
        let name = name.clone();
        self.at += 1;
        Some(name)
    }

    /// Runs `inner` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.depth == DEEPEST {
            return Err(Error::TooDeep);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// Refuses the next token. Text is not repeated: it may be a secret value someone searches for.
    pub(super) fn unexpected(&self) -> Error {
        let Some(Spanned { token, position }) = self.tokens.get(self.at) else {
            return Error::Unexpected {
                found: "end".to_owned(),
                position: self.length + 1,
            };
        };
        let found = match token {
            Token::Sign(text) | Token::Compare(text) => format!("`{text}`"),
            Token::Word(_) => "word".to_owned(),
            Token::Number(_) => "number".to_owned(),
            Token::Quoted(_) => "quoted text".to_owned(),
            Token::Backquoted(_) => "backquote".to_owned(),
        };
        Error::Unexpected {
            found,
            position: *position,
        }
    }
}
