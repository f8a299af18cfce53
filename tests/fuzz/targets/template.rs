//! Templates: without values a text stays as it is, and what a quoting transform wrote reads back as the value.
#![no_main]

use ksm::document::Node;
use ksm::exec::dotenv;
use ksm::template::{Guard, Quoting, Replacement, Template, Transform, fill};
use ksm::vault::Kind;
use ksm::vault::notation::{self, Value};
use ksm_fuzz::{bounded, linear, pieces, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = pieces(data);
    let (written, value) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let value = text(value);
    linear(&text(written), |long| {
        drop(Template::scan(long.as_bytes().to_vec().into()))
    });
    round_trips(&value);
    let scanned = bounded(written.len(), 1024, || {
        Template::scan(written.to_vec().into())
    });
    let Ok(template) = scanned else {
        return; // a transform that nobody knows
    };
    let mut end = 0;
    for reference in template.references() {
        assert!(reference.span.start >= end && reference.span.end <= written.len());
        end = reference.span.end;
        assert!(written[reference.span.clone()].starts_with(b"keeper://"));
    }
    let untouched = fill(
        &template,
        &mut std::iter::repeat_with(ambiguous),
        Guard::Refuse,
    );
    assert!(untouched.text.expose() == written);
    let mut answers = std::iter::repeat_with(|| Ok(Value::Text(value.to_string().into())));
    let filled = fill(&template, &mut answers, Guard::Off);
    assert_eq!(filled.replacements.len(), template.references().len());
    let transforms = template
        .references()
        .iter()
        .map(|reference| reference.transforms.len());
    let growth = 6_usize.saturating_pow(transforms.max().unwrap_or(0) as u32);
    let default = template
        .references()
        .iter()
        .map(|one| one.token.len())
        .max();
    let longest = (value.len() + default.unwrap_or(0) + 64).saturating_mul(growth);
    let most = written.len() + template.references().len().saturating_mul(longest);
    assert!(filled.text.expose().len() <= most);
    // What stands between the references is there, in order.
    let (mut at, mut rest) = (0, filled.text.expose().as_slice());
    for (reference, replacement) in template.references().iter().zip(&filled.replacements) {
        // An unresolved reference stays.
        let stays = matches!(replacement, Replacement::None(_));
        let to = if stays {
            reference.span.end
        } else {
            reference.span.start
        };
        let kept = &written[at..to];
        let found = find(rest, kept).expect("the text between two references");
        rest = &rest[found + kept.len()..];
        at = reference.span.end;
    }
    assert!(rest.ends_with(&written[at..]));
});

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    (0..=text.len()).find(|at| text[*at..].starts_with(what))
}

/// An error for which no default stands in.
fn ambiguous() -> Result<Value, notation::Error> {
    use ksm::vault::SelectError;
    let source = SelectError::SeveralRecords {
        title: None,
        found: Vec::new(),
    };
    let error = notation::Error::Select {
        record: String::new(),
        error: source,
    };
    assert!(error.kind() != Kind::Missing);
    Err(error)
}

/// Writes `value` with each transform that quotes, and reads it as those do that it was quoted for.
fn round_trips(value: &str) {
    for name in Transform::names() {
        let reference = format!("keeper://{{U/field/x|{name}}}");
        let template = Template::scan(reference.clone().into_bytes().into()).unwrap();
        let quoting = template.references()[0].transforms[0].quoting;
        let mut answer = std::iter::once(Ok(Value::Text(value.to_owned().into())));
        let filled = fill(&template, &mut answer, Guard::Off);
        if quoting == Quoting::None || matches!(filled.replacements[0], Replacement::None(_)) {
            continue;
        }
        let written = std::str::from_utf8(filled.text.expose()).unwrap();
        let read = match name {
            "json" => serde_json::from_str::<String>(written).unwrap(),
            "yaml" => Node::from_yaml(written)
                .unwrap()
                .spelling()
                .unwrap()
                .to_owned(),
            "dotenv" => {
                let [variable] = dotenv::parse(&format!("X={written}\n"))
                    .unwrap()
                    .try_into()
                    .unwrap();
                variable.value.unwrap().expose().clone()
            }
            // One word, in which only single quotes and a backslash before one have a meaning.
            "shell" => {
                let inside = written
                    .strip_prefix('\'')
                    .and_then(|word| word.strip_suffix('\''));
                let parts: Vec<_> = inside.unwrap().split("'\\''").collect();
                assert!(parts.iter().all(|part| !part.contains('\'')));
                parts.join("'")
            }
            other => panic!("`{other}` has no reader here"),
        };
        assert_eq!(read, value, "{name}");
    }
}
