//! `keeper.ini`: a document is written back as it was, and a change changes one value.
#![no_main]

use ksm::limits::INI_INDENTATION;
use ksm::profile::ini::{Document, SETTINGS};
use ksm_fuzz::{bounded, linear, pieces};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = pieces(data);
    let (file, value) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    if let Ok(text) = std::str::from_utf8(file) {
        linear(text, |long| drop(Document::parse(long.as_bytes())));
    }
    let Ok(mut document) = bounded(file.len(), 512, || Document::parse(file)) else {
        return;
    };
    assert_eq!(document.render().expose().as_bytes(), file);
    let Ok(value) = std::str::from_utf8(value) else {
        return;
    };
    let profiles: Vec<String> = document.profiles().map(str::to_owned).collect();
    let name = profiles.first().map_or(SETTINGS, String::as_str);
    let others: Vec<_> = (profiles.iter().skip(1))
        .map(|other| document.get(other, "clientid").cloned())
        .collect();
    if document.set(name, "fuzzed", Some(value)).is_err() {
        return;
    }
    let Ok(text) = document.render_checked() else {
        return;
    };
    assert!(
        text.expose().len() <= 2 * file.len() + (4 + INI_INDENTATION) * value.len() + 64,
        "{}",
        text.expose()
    );
    let again = Document::parse(text.expose().as_bytes()).unwrap();
    let read = again.get(name, "fuzzed").map_or("", |value| value.expose());
    assert_eq!(read, value, "in {:?}", text.expose());
    assert!(again.profiles().eq(profiles.iter().map(String::as_str)));
    let same = (profiles.iter().skip(1)).map(|other| again.get(other, "clientid").cloned());
    assert!(same.eq(others));
});
