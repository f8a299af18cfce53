//! A dotenv report of GitLab: lines as they are. GitLab takes blanks off both ends, and expands `$` when a job gets the
//! variable.

use super::{Lines, Reason, docker, expect, text};

#[derive(Debug)]
pub(super) struct GitLab;

impl Lines for GitLab {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn takes(&self, _: &str, value: &[u8]) -> Result<(), Reason> {
        let value = text(value)?;
        let is_blank = |c: char| matches!(c, '\t'..='\r' | ' ');
        expect(!value.contains('\n'), Reason::Lines)?;
        expect(
            !value.starts_with(is_blank) && !value.ends_with(is_blank),
            Reason::OuterBlank,
        )?;
        expect(!value.contains('$'), Reason::Dollar)
    }

    fn write(&self, name: &str, value: &[u8], text: &mut Vec<u8>) {
        docker::line(name, value, text);
    }
}
