//! Records: all of the JSON is kept in order, and what the fields say is what the JSON says.
#![no_main]

use ksm::vault::Record;
use ksm::vault::section::FieldSection;
use ksm_fuzz::bounded;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(record) = bounded(data.len(), 256, || Record::from_json("U".into(), data)) else {
        return;
    };
    let raw = record.raw();
    let written = serde_json::to_string(raw).unwrap();
    assert!(written.len() <= 8 * data.len());
    let again = Record::from_json("U".into(), written.as_bytes()).unwrap();
    assert!(*again.raw() == *raw, "{written}");
    assert_eq!(again.title(), record.title());
    assert_eq!(again.kind(), record.kind());
    for section in FieldSection::ALL {
        let fields = record.fields(section);
        assert!(fields.len() <= data.len());
        for (field, again) in fields.iter().zip(again.fields(section)) {
            assert_eq!(field.name(), again.name());
            assert_eq!(field.values(), again.values());
        }
    }
});
