//! The sentences about single references. References are shown, values never.

use ksm::template::{Metacharacter, Problem, Reference};
use ksm::vault::{SelectError, notation};

/// The longest part of a template that is shown, in characters.
const SHOWN: usize = 100;

/// Why a reference has no value, in one or more lines.
pub(super) fn told(reference: &Reference, problem: &Problem) -> String {
    let written = shown(&reference.written);
    match problem {
        Problem::Malformed(error) => format!("Invalid notation format: {written} ({error})"),
        Problem::Unresolved(notation::Error::Select {
            record,
            error: SelectError::NoRecord { .. },
        }) => format!(
            "Record '{}' not found (check UID and sharing)",
            shown(record)
        ),
        Problem::Unresolved(notation::Error::FieldNotFound { field, .. }) => {
            let record = reference
                .notation
                .as_ref()
                .map_or("", |notation| &notation.record);
            format!(
                "Field '{}' not found in '{}' (check field name)",
                shown(field),
                shown(record)
            )
        }
        Problem::Unresolved(error) => format!("{written} - {error}"),
        Problem::Untransformed(error) => format!("{written} - {error}"),
        Problem::Dangerous(dangers) => format!(
            "\nSECURITY ERROR: Secret {written} contains shell metacharacters:\n{}\n\n\
             This is DANGEROUS if you plan to use 'eval' or 'source' with the output!\n\n\
             OPTIONS:\n  \
             1. Quote it: end the reference with |shell, or with |json, |yaml or |dotenv if no shell reads the output\n  \
             2. Write to a file, where nothing is refused: -o FILE\n  \
             3. Give the secret to one program only: ksm exec\n  \
             4. Print it all the same, if nobody evaluates the output: --allow-unsafe-for-eval",
            names(dangers)
        ),
    }
}

/// The dangers, a line for each.
pub(super) fn names(dangers: &[Metacharacter]) -> String {
    let names = dangers
        .iter()
        .map(|danger| format!("  '{}' ({})", danger.shown, danger.name));
    names.collect::<Vec<_>>().join("\n")
}

/// The default of a reference.
pub(super) fn default(reference: &Reference) -> String {
    shown(reference.default.as_deref().unwrap_or_default())
}

/// What looks like a reference may be anything, and long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// What a line for each reference has room for.
pub(super) fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}
