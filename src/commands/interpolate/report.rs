//! What is said about templates on stderr, in the words of cli-reference.md 13. References are shown, values never.

use std::collections::HashSet;

use ksm::template::{Filled, Outcome, Problem, Reference};

use super::input::Input;
use super::is_done;
use super::words::{default, first_line, names, shown, told};
use crate::cli::interpolate::InterpolateArgs;
use crate::console::Console;
use crate::failure::{Code, Failure};

/// So many defaults are listed one by one.
const LISTED: usize = 5;

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
                    let names = reference.transforms.iter().map(|t| format!("|{}", t.name));
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

/// The name of the file, where there are several.
pub(super) fn file(inputs: &[Input], input: &Input) -> String {
    match &input.path {
        Some(path) if inputs.len() > 1 => format!("{}: ", path.display()),
        _ => String::new(),
    }
}

/// A heading with its figure, and the lines below it.
pub(super) fn list(title: &str, lines: Vec<String>, console: &Console) {
    if lines.is_empty() {
        return;
    }
    console.note(&format!("\n{title} ({})", lines.len()));
    for line in lines {
        console.note(&format!("  - {line}"));
    }
}

fn code(problem: &Problem) -> Code {
    match problem {
        Problem::Malformed(_) => Code::Usage,
        Problem::Unresolved(error) => Failure::from(error.clone()).code(),
        Problem::Untransformed(_) | Problem::Dangerous(_) => Code::Failed,
    }
}
