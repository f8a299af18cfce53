//! Projects of Google Cloud.

use std::fmt;
use std::str::FromStr;

use crate::foreign::Text;

/// The id or the number of a project, a part of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project(String);

#[derive(Debug, Clone, thiserror::Error)]
#[error("`{0}` is no id of a project of Google Cloud")]
pub struct InvalidProject(Text);

impl FromStr for Project {
    type Err = InvalidProject;

    /// Old ids have a domain and a colon in front.
    fn from_str(text: &str) -> Result<Self, InvalidProject> {
        let text = text.trim();
        let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
        let is_id = (4..=100).contains(&text.len()) && text.chars().all(letters);
        let is_id = is_id && text.starts_with(|c: char| c.is_ascii_alphanumeric());
        match is_id && !text.contains("..") {
            true => Ok(Self(text.to_owned())),
            false => Err(InvalidProject(text.into())),
        }
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_table::cases;

    #[test]
    fn a_project_is_a_part_of_a_path() {
        for (text, expected) in cases(
            "
            my-project-1 => ok
            123456789012 => ok
            example.com:my-project => ok
            abc => no
            my/project => no
            my_project => no
            a..b => no
            -abcd => no
            ab?cd => no
            ",
        ) {
            let shown = Project::from_str(text).map_or("no", |_| "ok");
            assert_eq!(shown, expected, "{text}");
        }
    }
}
