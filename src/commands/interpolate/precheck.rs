//! What can be said about templates before the vault is asked.

use ksm::template::{Problem, Quoting};

use super::input::Input;
use super::report::{file, list};
use super::words::told;
use crate::console::Console;
use crate::failure::Failure;

/// Names the references that are none, which needs no vault.
pub(super) fn malformed(inputs: &[Input], console: &Console) -> Option<Failure> {
    let mut errors = Vec::new();
    for input in inputs {
        let file = file(inputs, input);
        for reference in input.template.references() {
            if let Err(error) = &reference.notation {
                let told = told(reference, &Problem::Malformed(*error));
                errors.push(format!("{file}Line {}: {told}", reference.line));
            }
        }
    }
    if errors.is_empty() {
        return None;
    }
    list("Errors", errors, console);
    console.note("");
    Some(
        Failure::usage("the template has references that cannot be understood; nothing was written").hint(
            "a reference looks like keeper://<UID or title>/field/<label or type>; one with blanks or quotes in it stands \
             in braces: keeper://{…}",
        ),
    )
}

/// Points out quotes around what gets quotes of its own.
pub(super) fn warn_of_quotes(inputs: &[Input], console: &Console) {
    for input in inputs {
        let file = file(inputs, input);
        for reference in input.template.references() {
            if let (Some(quote), Some(last)) = (reference.quotes, reference.transforms.last())
                && last.quoting != Quoting::None
            {
                console.warn(&format!(
                    "{file}Line {}: `|{}` writes quotes where they are needed, and {quote} stands around the reference too",
                    reference.line,
                    last.name
                ));
            }
        }
    }
}
