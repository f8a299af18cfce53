//! References that were read otherwise than they were meant.

use super::fill::Problem;
use super::reference::{PREFIX, Reference};
use crate::vault::notation;

/// Why a reference stands for nothing, and how it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    OpenBrace,
    /// Braces around a part of it, which belong to a title then.
    InnerBraces {
        meant: String,
    },
    /// What follows it was read as part of the name.
    RunOn {
        meant: String,
    },
}

impl Reference {
    pub fn misread(&self, problem: &Problem) -> Option<Misread> {
        let bare = self.written.strip_prefix(PREFIX)?;
        let is_absent = match problem {
            Problem::Malformed(_) => true,
            Problem::Unresolved(error) => error.is_without_record(),
            _ => false,
        };
        match (bare.strip_prefix('{'), problem) {
            // It was read as it was meant.
            (Some(inside), _) if inside.ends_with('}') && inside.contains('/') => None,
            (Some(inside), _) if is_absent => Some(match inside.split_once('}') {
                Some((record, rest)) if rest.starts_with('/') => Misread::InnerBraces {
                    meant: format!("{PREFIX}{{{record}{rest}}}"),
                },
                _ => Misread::OpenBrace,
            }),
            (_, Problem::Unresolved(notation::Error::FieldNotFound { field, .. })) => {
                let name = field.get(..field.find(ends_name)?)?;
                let before = bare.strip_suffix(field)?;
                (!name.is_empty()).then(|| Misread::RunOn {
                    meant: format!("{PREFIX}{{{before}{name}}}"),
                })
            }
            _ => None,
        }
    }
}

/// Whether it stands behind names of fields more often than in them.
fn ends_name(c: char) -> bool {
    ",;.?!&()[]{}<>=".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitive::Sensitive;
    use crate::template::Template;
    use crate::test_table::cases;
    use crate::vault::SelectError;
    use crate::vault::section::FieldSection;

    fn misread(text: &str, problem: impl Fn(&Reference) -> Problem) -> Option<Misread> {
        let template = Template::scan(Sensitive::new(text.as_bytes().to_vec())).unwrap();
        let [reference] = template.references() else {
            panic!("{text}")
        };
        reference.misread(&problem(reference))
    }

    fn no_record(reference: &Reference) -> Problem {
        match &reference.notation {
            Err(error) => Problem::Malformed(error.clone()),
            Ok(notation) => Problem::Unresolved(notation::Error::Select {
                record: notation.record.clone(),
                error: SelectError::NoRecord {
                    name: notation.record.clone(),
                    unread: None,
                    advice: String::new(),
                },
            }),
        }
    }

    #[test]
    fn braces_that_do_not_close_are_told() {
        for (text, expected) in [
            ("keeper://{DB/field/login", Some(Misread::OpenBrace)),
            ("keeper://{My DB/field/login", Some(Misread::OpenBrace)),
            ("keeper://{DB/field/login}", None),
            ("keeper://DB/field/login", None),
            (
                "keeper://{DB}/field/login",
                Some(Misread::InnerBraces {
                    meant: "keeper://{DB/field/login}".to_owned(),
                }),
            ),
        ] {
            assert_eq!(misread(text, no_record), expected, "{text}");
        }
    }

    #[test]
    fn what_runs_into_a_name_is_told() {
        let no_field = |reference: &Reference| {
            let (_, field) = reference.written.split_once("/field/").unwrap();
            Problem::Unresolved(notation::Error::FieldNotFound {
                section: FieldSection::Standard,
                field: field.to_owned(),
                advice: String::new(),
            })
        };
        for (text, meant) in cases(
            "keeper://DB/field/login,x => keeper://{DB/field/login}
             keeper://DB/field/login; => keeper://{DB/field/login}
             keeper://DB/field/loginx => -
             keeper://{DB/field/login,x} => -",
        ) {
            let expected = (meant != "-").then(|| Misread::RunOn {
                meant: meant.to_owned(),
            });
            assert_eq!(misread(text, no_field), expected, "{text}");
        }
    }
}
