//! The report of `--json`: what became of each reference, never its value.

use ksm::json;
use ksm::template::{Filled, Replacement};
use serde_json::{Value, json};

use super::output::Output;
use super::templates::InputTemplate;
use crate::render::interpolation::{explain, first_line};

/// One object for each template, on one text.
pub(super) fn answer<'t>(
    results: impl Iterator<Item = (&'t InputTemplate, &'t Filled)>,
    output: &Output,
    delivered: bool,
) -> String {
    let templates = results.map(|(input, filled)| {
        let written = output.file_for(input).filter(|_| delivered);
        json!({
            "template": input.path.as_ref().map(|path| path.to_string_lossy()),
            "written": written.map(|path| path.to_string_lossy()),
            "references": references(input, filled),
        })
    });
    json::pretty(&templates.collect::<Vec<_>>())
}

fn references(input: &InputTemplate, filled: &Filled) -> Vec<Value> {
    let pairs = input.template.references().iter().zip(&filled.replacements);
    let shown = pairs.map(|(reference, replacement)| {
        let (outcome, error) = match replacement {
            Replacement::Value(_) => ("value", None),
            Replacement::Default(_) => ("default", None),
            Replacement::Empty => ("empty", None),
            Replacement::None(problem) => ("error", Some(explain(reference, problem))),
        };
        json!({
            "line": reference.line,
            "reference": reference.written,
            "outcome": outcome,
            "error": error.as_deref().map(first_line),
        })
    });
    shown.collect()
}
