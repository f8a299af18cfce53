//! Notations: one that was read reads the same when it is written in full, in plain and in base64
//! (of URLs: a `/` says that a text is plain).
#![no_main]

use ksm::codec;
use ksm::vault::notation::{Notation, Pick, Target};
use ksm::vault::section::FieldSection;
use ksm_fuzz::{bounded, linear, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text(data);
    linear(&text, |long| {
        drop(Notation::parse(&format!("keeper://U/field/{long}")))
    });
    linear(&text, |long| drop(Notation::parse(long)));
    let _ = Notation::of_record(&text);
    let Ok(notation) = bounded(text.len(), 64, || Notation::parse(&text)) else {
        return;
    };
    let written = written(&notation);
    assert_eq!(
        Notation::parse(&written).as_ref(),
        Ok(&notation),
        "{written}"
    );
    assert_eq!(
        Notation::parse(&codec::encode_url(written.as_bytes())),
        Ok(notation),
        "{written}"
    );
});

fn written(notation: &Notation) -> String {
    let record = escaped(&notation.record);
    let target = match &notation.target {
        Target::File(name) => format!("file/{}", escaped(name)),
        Target::Field {
            section,
            name,
            pick,
        } => {
            let section = match section {
                FieldSection::Standard => "field",
                FieldSection::Custom => "custom_field",
            };
            let pick = match pick {
                Pick::Member(index, name) => format!("[{index}][{}]", escaped(name)),
                Pick::EveryMember(name) => format!("[][{}]", escaped(name)),
                plain => plain.to_string(),
            };
            format!("{section}/{}{pick}", escaped(name))
        }
        plain => plain.to_string(),
    };
    format!("keeper://{record}/{target}")
}

fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for letter in name.chars() {
        if "/[]\\".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
