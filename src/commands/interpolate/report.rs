//! What is said about templates on stderr, in the words of cli-reference.md 13. References are shown, values never.

use std::collections::HashSet;

use ksm::template::{Danger, Filled, Outcome, Problem, Reference};
use ksm::vault::notation;

use super::input::Input;
use super::is_done;
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// So many defaults are listed one by one.
const LISTED: usize = 5;

/// The longest part of a template that is shown, in characters.
const SHOWN: usize = 100;

/// Every reference with what became of it.
pub(super) struct Report<'r> {
    entries: Vec<Entry<'r>>,
    /// Lines that were passed over, and where they are.
    comments: Vec<(String, usize)>,
}

struct Entry<'r> {
    /// `Line 2`, after the name of the file if there are several.
    place: String,
    reference: &'r Reference,
    outcome: &'r Outcome,
}

impl<'r> Report<'r> {
    pub(super) fn of(inputs: &'r [Input], filled: &'r [Filled]) -> Self {
        let (mut entries, mut comments) = (Vec::new(), Vec::new());
        for (input, filled) in inputs.iter().zip(filled) {
            let file = file(inputs, input);
            let pairs = input.template.references().iter().zip(&filled.outcomes);
            entries.extend(pairs.map(|(reference, outcome)| Entry {
                place: format!("{file}Line {}", reference.line),
                reference,
                outcome,
            }));
            let lines = input.template.comments().iter();
            comments.extend(lines.map(|line| (file.clone(), *line)));
        }
        Self { entries, comments }
    }

    /// Whether every reference has a value.
    pub(super) fn is_complete(&self) -> bool {
        self.entries.iter().all(|entry| is_done(entry.outcome))
    }

    /// One line for each reference.
    pub(super) fn each(&self, is_dry: bool, console: &Console) {
        if is_dry {
            for (file, line) in &self.comments {
                console.note(&format!("  {file}Line {line}: [COMMENT] skipped"));
            }
        }
        for entry in &self.entries {
            let (place, reference) = (&entry.place, entry.reference);
            let token = shown(&reference.token);
            let written = shown(&reference.written);
            console.note(&match (is_dry, entry.outcome) {
                (true, Outcome::Failed(problem)) => {
                    format!(
                        "  {place}: {token} - ERROR: {}",
                        first_line(&told(reference, problem))
                    )
                }
                (true, _) => format!("  {place}: {token} - OK (accessible)"),
                (false, Outcome::Replaced(_)) => {
                    let names = reference
                        .transforms
                        .iter()
                        .map(|t| format!("|{}", t.name()));
                    format!(
                        "  OK {place}: {written}{} - [REPLACED]",
                        names.collect::<String>()
                    )
                }
                (false, Outcome::Defaulted(_)) => {
                    format!(
                        "  WARNING {place}: {written} - using default: {}",
                        default(reference)
                    )
                }
                (false, Outcome::Failed(problem)) => {
                    format!("  ERROR {place}: {}", first_line(&told(reference, problem)))
                }
            });
        }
    }

    /// The figures, the defaults, the warnings and the errors.
    pub(super) fn summary(&self, is_dry: bool, is_delivered: bool, console: &Console) {
        if is_dry {
            console.note("\nDry-run complete:");
            console.note(&format!(
                "  - Found {} unique record(s)",
                self.records(is_done)
            ));
            console.note("  - No files modified");
        } else if is_delivered {
            let is_replaced = |outcome: &Outcome| matches!(outcome, Outcome::Replaced(_));
            let replaced = self
                .entries
                .iter()
                .filter(|entry| is_replaced(entry.outcome))
                .count();
            console.note("\nInterpolation complete");
            console.note(&format!("  - Replaced {replaced} secret reference(s)"));
            console.note(&format!(
                "  - Accessed {} unique record(s)",
                self.records(|_| true)
            ));
        }
        self.defaults(console);
        self.dangers(console);
        let problems = self.entries.iter().filter_map(|entry| match entry.outcome {
            Outcome::Failed(problem) => Some((entry, problem)),
            Outcome::Replaced(_) | Outcome::Defaulted(_) => None,
        });
        list(
            "Errors",
            problems
                .map(|(entry, problem)| {
                    format!("{}: {}", entry.place, told(entry.reference, problem))
                })
                .collect(),
            console,
        );
        console.note("");
    }

    /// How many records are named by references that came to something of this kind.
    fn records(&self, counts: fn(&Outcome) -> bool) -> usize {
        let named = self.entries.iter().filter(|entry| counts(entry.outcome));
        let named = named.filter_map(|entry| entry.reference.notation.as_ref().ok());
        named
            .map(|notation| &notation.record)
            .collect::<HashSet<_>>()
            .len()
    }

    fn defaults(&self, console: &Console) {
        let used = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.outcome, Outcome::Defaulted(_)));
        let used: Vec<_> = used.map(|entry| entry.reference).collect();
        if used.is_empty() {
            return;
        }
        console.note(&format!("\nUsed {} default value(s)", used.len()));
        for reference in used.iter().take(LISTED) {
            let written = shown(&reference.written);
            console.note(&format!("  - {written} -> {}", default(reference)));
        }
        if let Some(more) = used.len().checked_sub(LISTED).filter(|more| *more > 0) {
            console.note(&format!("  ... and {more} more"));
        }
    }

    fn dangers(&self, console: &Console) {
        let found = self.entries.iter().filter_map(|entry| match entry.outcome {
            Outcome::Replaced(dangers) | Outcome::Defaulted(dangers) if !dangers.is_empty() => {
                Some((shown(&entry.reference.written), dangers))
            }
            _ => None,
        });
        let found: Vec<_> = found.collect();
        for (written, dangers) in &found {
            console.note(&format!(
                "\nSECURITY WARNING: Secret {written} contains shell metacharacters\n{}\n  It is printed because of \
                 --allow-unsafe-for-eval; a shell that evaluates the output acts on them.",
                names(dangers)
            ));
        }
        let warnings = found
            .into_iter()
            .map(|(written, _)| format!("Secret {written} contains dangerous shell characters"));
        list("Warnings", warnings.collect(), console);
    }

    /// How the command ends.
    pub(super) fn verdict(
        &self,
        args: &InterpolateArgs,
        is_delivered: bool,
    ) -> Result<(), Failure> {
        let codes = self.entries.iter().filter_map(|entry| match entry.outcome {
            Outcome::Failed(problem) => Some(code(problem)),
            Outcome::Replaced(_) | Outcome::Defaulted(_) => None,
        });
        let codes: Vec<Code> = codes.collect();
        let Some(first) = codes.first() else {
            return Ok(());
        };
        // Some of several items failed; otherwise what they have in common, if anything.
        let is_mixed = is_delivered || codes.iter().any(|code| code != first);
        let code = if is_mixed { Code::Failed } else { *first };
        let what = match (codes.len(), is_delivered) {
            _ if args.validate => {
                "Validation failed: not all notations could be resolved".to_owned()
            }
            (1, false) => "a reference could not be replaced".to_owned(),
            (1, true) => "a reference could not be replaced and stays as it is".to_owned(),
            (several, false) => format!("{several} references could not be replaced"),
            (several, true) => {
                format!("{several} references could not be replaced and stay as they are")
            }
        };
        let what = if is_delivered || args.dry_run || args.validate {
            what
        } else {
            format!("{what}; nothing was written")
        };
        let failure = Failure::new(code, what);
        Err(if is_delivered || args.dry_run || args.validate {
            failure
        } else {
            failure.hint("`:-DEFAULT` in a reference is for what may be missing; `--continue` writes what can be")
        })
    }
}

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
                && last.quotes()
            {
                console.warn(&format!(
                    "{file}Line {}: `|{}` writes quotes where they are needed, and {quote} stands around the reference too",
                    reference.line,
                    last.name()
                ));
            }
        }
    }
}

/// The name of the file, where there are several.
fn file(inputs: &[Input], input: &Input) -> String {
    match &input.path {
        Some(path) if inputs.len() > 1 => format!("{}: ", path.display()),
        _ => String::new(),
    }
}

fn list(title: &str, lines: Vec<String>, console: &Console) {
    if lines.is_empty() {
        return;
    }
    console.note(&format!("\n{title} ({})", lines.len()));
    for line in lines {
        console.note(&format!("  - {line}"));
    }
}

fn told(reference: &Reference, problem: &Problem) -> String {
    let written = shown(&reference.written);
    match problem {
        Problem::Malformed(error) => format!("Invalid notation format: {written} ({error})"),
        Problem::Unresolved(notation::Error::RecordNotFound { record }) => {
            format!(
                "Record '{}' not found (check UID and sharing)",
                shown(record)
            )
        }
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

fn names(dangers: &[Danger]) -> String {
    let names = dangers
        .iter()
        .map(|danger| format!("  '{}' ({})", danger.shown, danger.name));
    names.collect::<Vec<_>>().join("\n")
}

fn code(problem: &Problem) -> Code {
    match problem {
        Problem::Malformed(_) => Code::Usage,
        Problem::Unresolved(error) => Failure::from(error.clone()).code(),
        Problem::Untransformed(_) | Problem::Dangerous(_) => Code::Failed,
    }
}

fn default(reference: &Reference) -> String {
    shown(reference.default.as_deref().unwrap_or_default())
}

/// What looks like a reference may be anything, and long.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}
