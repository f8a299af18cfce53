//! The reports of `ksm interpolate`, in the official texts. Shows references, never values.

use std::collections::HashSet;

use ksm::foreign;
use ksm::limits::LISTED_REFERENCES;
use ksm::template::{Filled, Problem, Quoting, Reference, Replacement, Template};

mod explain;

use self::explain::characters;
pub(crate) use self::explain::{explain, first_line};

/// The longest text of a template that is shown, in characters.
const MAX_SHOWN: usize = 100;

/// The number of defaults that are listed.
const MAX_DEFAULTS: usize = 5;

/// A template, and the label of its file: `name: `, or nothing if there is only one.
pub(crate) type Labeled<'t> = (&'t str, &'t Template);

/// Lists the references that cannot be parsed.
pub(crate) fn malformed<'t>(templates: impl Iterator<Item = Labeled<'t>>) -> Vec<String> {
    let errors = references(templates).filter_map(|(place, reference)| {
        let error = reference.notation.as_ref().err()?.clone();
        let reason = explain(reference, &Problem::Malformed(error));
        Some(format!("{place}: {reason}"))
    });
    list("Errors", errors.collect())
}

/// Warns of quotes around references whose transform writes its own.
pub(crate) fn doubled_quotes<'t>(
    templates: impl Iterator<Item = Labeled<'t>>,
) -> impl Iterator<Item = String> {
    references(templates).filter_map(|(place, reference)| {
        let (quote, last) = (reference.quotes?, reference.transforms.last()?);
        (last.quoting != Quoting::None).then(|| {
            format!(
                "{place}: `|{}` writes quotes where they are needed, and {quote} stands around the reference too",
                last.name
            )
        })
    })
}

fn references<'t>(
    templates: impl Iterator<Item = Labeled<'t>>,
) -> impl Iterator<Item = (String, &'t Reference)> {
    templates.flat_map(|(label, template)| {
        let references = template.references().iter();
        references.map(move |reference| (format!("{label}Line {}", reference.line), reference))
    })
}

/// Every reference and its replacement.
pub(crate) struct Interpolation<'t> {
    entries: Vec<Entry<'t>>,
    /// `Line 2`, with the label of the file.
    comments: Vec<String>,
}

struct Entry<'t> {
    place: String,
    reference: &'t Reference,
    replacement: &'t Replacement,
}

impl<'t> Interpolation<'t> {
    pub(crate) fn new(templates: impl Iterator<Item = (Labeled<'t>, &'t Filled)>) -> Self {
        let (mut entries, mut comments) = (Vec::new(), Vec::new());
        for ((label, template), filled) in templates {
            let pairs = references([(label, template)].into_iter()).zip(&filled.replacements);
            entries.extend(pairs.map(|((place, reference), replacement)| Entry {
                place,
                reference,
                replacement,
            }));
            let lines = template.comments().iter();
            comments.extend(lines.map(|line| format!("{label}Line {line}")));
        }
        Self { entries, comments }
    }

    pub(crate) fn problems(&self) -> impl Iterator<Item = (&'t Reference, &'t Problem)> {
        self.failures()
            .map(|(entry, problem)| (entry.reference, problem))
    }

    /// One line for each reference, and in a dry run for each comment.
    pub(crate) fn details(&self, dry_run: bool) -> Vec<String> {
        let comments = self.comments.iter().filter(|_| dry_run);
        let comments = comments.map(|place| format!("  {place}: [COMMENT] skipped"));
        let entries = self.entries.iter().map(|entry| match dry_run {
            true => entry.accessibility(),
            false => entry.replacement(),
        });
        comments.chain(entries).collect()
    }

    /// The counts, and lists of defaults, warnings and errors.
    pub(crate) fn summary(&self, dry_run: bool, delivered: bool) -> Vec<String> {
        let mut lines = Vec::new();
        if dry_run {
            let records = self.records();
            lines.push("\nDry-run complete:".to_owned());
            lines.push(format!("  - Found {records} unique record(s)"));
            lines.push("  - No files modified".to_owned());
        } else if delivered {
            let entries = self.entries.iter();
            let replaced = entries.filter(|entry| {
                matches!(
                    entry.replacement,
                    Replacement::Value(_) | Replacement::Empty
                )
            });
            let (replaced, records) = (replaced.count(), self.records());
            lines.push("\nInterpolation complete".to_owned());
            lines.push(format!("  - Replaced {replaced} secret reference(s)"));
            lines.push(format!("  - Accessed {records} unique record(s)"));
        }
        lines.extend(self.defaults());
        lines.extend(self.warnings());
        let errors = self.failures().map(|(entry, problem)| {
            format!("{}: {}", entry.place, explain(entry.reference, problem))
        });
        lines.extend(list("Errors", errors.collect()));
        lines.push(String::new());
        lines
    }

    fn failures(&self) -> impl Iterator<Item = (&Entry<'t>, &'t Problem)> {
        self.entries
            .iter()
            .filter_map(|entry| match entry.replacement {
                Replacement::None(problem) => Some((entry, problem)),
                Replacement::Value(_) | Replacement::Default(_) | Replacement::Empty => None,
            })
    }

    /// Counts the records of the references that are replaced.
    fn records(&self) -> usize {
        let entries = self.entries.iter();
        let entries = entries.filter(|entry| !matches!(entry.replacement, Replacement::None(_)));
        let notations = entries.filter_map(|entry| entry.reference.notation.as_ref().ok());
        let names: HashSet<_> = notations.map(|notation| &notation.record).collect();
        names.len()
    }

    fn defaults(&self) -> Vec<String> {
        let entries = self.entries.iter();
        let used = entries.filter(|entry| matches!(entry.replacement, Replacement::Default(_)));
        let used: Vec<_> = used.map(|entry| entry.reference).collect();
        let heading = format!("Used {} default value(s)", used.len());
        let lines = used.iter().map(|reference| {
            let written = shorten(&reference.written);
            format!("{written} -> {}", default(reference))
        });
        first_of(lines.collect(), MAX_DEFAULTS, &heading)
    }

    fn warnings(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut warnings = Vec::new();
        for entry in &self.entries {
            let written = shorten(&entry.reference.written);
            if matches!(entry.replacement, Replacement::Empty) {
                warnings.push(format!("{}: {written} is empty", entry.place));
            }
            if let Replacement::Value(found) | Replacement::Default(found) = entry.replacement
                && !found.is_empty()
            {
                if warnings.len() < LISTED_REFERENCES {
                    lines.push(format!(
                    "\nSECURITY WARNING: Secret {written} contains shell metacharacters\n{}\n  It is printed because of \
                     --allow-unsafe-for-eval; a shell that evaluates the output acts on them.",
                    characters(found)
                ));
                }
                warnings.push(format!(
                    "Secret {written} contains dangerous shell characters"
                ));
            }
        }
        lines.extend(list("Warnings", warnings));
        lines
    }
}

impl Entry<'_> {
    fn accessibility(&self) -> String {
        let (place, token) = (&self.place, shorten(&self.reference.token));
        match self.replacement {
            Replacement::None(problem) => {
                let reason = explain(self.reference, problem);
                format!("  {place}: {token} - ERROR: {}", first_line(&reason))
            }
            Replacement::Value(_) | Replacement::Default(_) => {
                format!("  {place}: {token} - OK (accessible)")
            }
            Replacement::Empty => format!("  {place}: {token} - OK (accessible, empty)"),
        }
    }

    fn replacement(&self) -> String {
        let (place, reference) = (&self.place, self.reference);
        let written = shorten(&reference.written);
        match self.replacement {
            Replacement::Value(_) => {
                let transforms = reference.transforms.iter();
                let transforms: String = transforms.map(|t| format!("|{}", t.name)).collect();
                format!("  OK {place}: {written}{transforms} - [REPLACED]")
            }
            Replacement::Empty => format!("  WARNING {place}: {written} - the value is empty"),
            Replacement::Default(_) => {
                let default = default(reference);
                format!("  WARNING {place}: {written} - using default: {default}")
            }
            Replacement::None(problem) => {
                let reason = explain(reference, problem);
                format!("  ERROR {place}: {}", first_line(&reason))
            }
        }
    }
}

fn list(title: &str, lines: Vec<String>) -> Vec<String> {
    let heading = format!("{title} ({})", lines.len());
    first_of(lines, LISTED_REFERENCES, &heading)
}

/// A heading and the first of the lines; nothing if there are none.
fn first_of(lines: Vec<String>, most: usize, heading: &str) -> Vec<String> {
    let heading = (!lines.is_empty()).then(|| format!("\n{heading}"));
    let more = lines.len().saturating_sub(most);
    let more = (more > 0).then(|| format!("  ... and {more} more"));
    let lines = lines.into_iter().take(most);
    let lines = lines.map(|line| format!("  - {line}"));
    heading.into_iter().chain(lines).chain(more).collect()
}

fn default(reference: &Reference) -> String {
    shorten(reference.default.as_deref().unwrap_or_default())
}

fn shorten(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(MAX_SHOWN).collect();
    let more = characters.next().map_or("", |_| "…");
    foreign::line(&start).into_owned() + more
}
