//! Env files: what was read reads back after our own writer wrote it, and nothing grows.
#![no_main]

use ksm::exec::dotenv;
use ksm::template::{Guard, Template, fill};
use ksm::vault::notation::Value;
use ksm_fuzz::{bounded, linear, text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = text(data);
    linear(&text, |long| drop(dotenv::parse(long)));
    let Ok(variables) = bounded(text.len(), 64, || dotenv::parse(&text)) else {
        return;
    };
    let read = variables.iter().map(|variable| {
        let value = variable
            .value
            .as_ref()
            .map_or(0, |value| value.expose().len());
        variable.name.len() + value
    });
    assert!(read.sum::<usize>() <= text.len());
    for value in variables
        .iter()
        .filter_map(|variable| variable.value.as_ref())
    {
        let template = Template::scan(b"NAME=keeper://{U/field/x|dotenv}\n".to_vec().into());
        let mut answer = std::iter::once(Ok(Value::Text(value.clone())));
        let filled = fill(&template.unwrap(), &mut answer, Guard::Off).text;
        if value.expose().contains("${") || value.expose().contains('\0') {
            continue; // is refused
        }
        let written = std::str::from_utf8(filled.expose()).unwrap();
        let again = dotenv::parse(written).unwrap();
        let [again] = again.as_slice() else {
            panic!("{written:?} holds {} variables", again.len());
        };
        assert_eq!(again.name, "NAME");
        assert!(
            again.value.as_ref() == Some(value),
            "{:?} became {written:?}",
            value.expose()
        );
    }
});
