//! Why a reference has no value, in the official words and with what was meant.

use ksm::foreign;
use ksm::limits::Limit;
use ksm::template::{Metacharacter, Misread, Problem, Reference};
use ksm::vault::{SelectError, notation};

use super::shorten;

/// Says in one or more lines why a reference has no value.
pub(crate) fn explain(reference: &Reference, problem: &Problem) -> String {
    let written = shorten(&reference.written);
    let misread = reference.misread(problem);
    match problem {
        Problem::Malformed(error) => {
            let misread =
                misread.map_or_else(String::new, |misread| format!("; {}", said(&misread)));
            format!("Invalid notation format: {written} ({error}){misread}")
        }
        Problem::Unresolved(
            error @ notation::Error::Select {
                record,
                error: SelectError::NoRecord { .. },
            },
        ) => {
            let record = shorten(record);
            let advice = advice(error, misread.as_ref());
            format!("Record '{record}' not found (check UID and sharing){advice}")
        }
        Problem::Unresolved(error @ notation::Error::FieldNotFound { field, .. }) => {
            let notation = reference.notation.as_ref();
            let record = notation.map_or("", |notation| &notation.record);
            let (field, record) = (shorten(field), shorten(record));
            let advice = advice(error, misread.as_ref());
            format!("Field '{field}' not found in '{record}' (check field name){advice}")
        }
        Problem::Unresolved(error) => {
            format!("{written} - {}", foreign::message(&error.advised()))
        }
        Problem::Untransformed(error) => format!("{written} - {error}"),
        Problem::TooMuch => format!("{written} - more than {}", Limit::FILLED),
        Problem::LineEnds => format!(
            "{written} - the value has line ends, which would add lines to the file. End the reference with |dotenv, |json, \
             |yaml or |shell, which quote it for their readers, or write it as it is with --allow-newlines"
        ),
        Problem::Dangerous(found) => format!(
            "\nSECURITY ERROR: Secret {written} contains shell metacharacters:\n{}\n\n\
             This is DANGEROUS if you plan to use 'eval' or 'source' with the output!\n\n\
             OPTIONS:\n  \
             1. Quote it: end the reference with |shell, or with |json, |yaml or |dotenv if no shell reads the output\n  \
             2. Write to a file, where only line ends are refused: -o FILE\n  \
             3. Give the secret to one program only: ksm exec\n  \
             4. Print it all the same, if nobody evaluates the output: --allow-unsafe-for-eval",
            characters(found)
        ),
    }
}

fn advice(error: &notation::Error, misread: Option<&Misread>) -> String {
    let missed = match misread {
        // It says which names there are.
        Some(Misread::RunOn { .. }) | None => error.advice(),
        Some(_) => None,
    };
    let meant = misread.map(said);
    let advice = missed.into_iter().chain(meant);
    advice
        .map(|advice| format!("; {}", foreign::message(&advice)))
        .collect()
}

fn said(misread: &Misread) -> String {
    match misread {
        Misread::OpenBrace => "the brace is not closed".to_owned(),
        Misread::InnerBraces { meant } => format!(
            "braces stand around the whole reference: `{}`",
            shorten(meant)
        ),
        Misread::RunOn { meant } => format!("braces say where a name ends: `{}`", shorten(meant)),
    }
}

pub(super) fn characters(found: &[Metacharacter]) -> String {
    let lines = found
        .iter()
        .map(|character| format!("  '{}' ({})", character.shown, character.name));
    lines.collect::<Vec<_>>().join("\n")
}

pub(crate) fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}
