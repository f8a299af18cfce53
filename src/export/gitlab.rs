//! A dotenv report of GitLab: lines as they are. GitLab takes blanks off both ends, and expands `$` when a job gets the
//! variable.

use super::{Format, NamedValue, Reason, SecretIdentity, docker, expect, names, text};
use crate::crypto;

#[derive(Debug)]
pub(super) struct GitLab;

impl Format for GitLab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn takes(&self, name: &str, value: &[u8]) -> Result<(), Reason> {
        names::expect_identifier(name)?;
        let value = text(value)?;
        let is_blank = |c: char| matches!(c, '\t'..='\r' | ' ');
        expect(!value.contains('\n'), Reason::Lines)?;
        expect(
            !value.starts_with(is_blank) && !value.ends_with(is_blank),
            Reason::OuterBlank,
        )?;
        expect(!value.contains('$'), Reason::Dollar)
    }

    fn write(
        &self,
        all: &[NamedValue],
        _: &SecretIdentity,
        text: &mut Vec<u8>,
    ) -> Result<(), crypto::Error> {
        docker::lines(all, text);
        Ok(())
    }
}
