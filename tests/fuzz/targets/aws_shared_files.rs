//! The shared files of AWS: every line is read or named, and what was read is no more than what was there.
#![no_main]

// The module is private to the library.
#[allow(dead_code)]
#[path = "../../../src/aws/shared_files/mod.rs"]
mod shared_files;

use ksm::{environment, input, sensitive};
use ksm_fuzz::{bounded, linear, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text(data);
    linear(&text, |long| drop(shared_files::sections(long)));
    match bounded(text.len(), 512, || shared_files::sections(&text)) {
        Ok(sections) => {
            let read = sections.iter().map(|(name, section)| {
                let settings = section
                    .iter()
                    .map(|(key, value)| key.len() + value.expose().len());
                name.len() + settings.sum::<usize>()
            });
            // A key in lower case may be longer than as it stands.
            assert!(read.sum::<usize>() <= 3 * text.len());
        }
        Err((line, what)) => {
            assert!((1..=text.lines().count()).contains(&line), "line {line}");
            assert!(what.len() < 80);
        }
    }
});
