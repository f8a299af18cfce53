//! Nothing that comes from outside makes the parsers panic, hang or lose what they were given (R1).

use ksm::codec;
use ksm::crypto::aead::Key;
use ksm::device::AppKey;
use ksm::template::{Guard, Template, fill};
use ksm::vault::folder::Folders;
use ksm::vault::notation;
use ksm::vault::{Record, RecordFilter, Records, SelectError};
use ksm::wire::endpoint::HostName;
use ksm::wire::reply::{Refusal, Secrets};
use ksm::wire::token::OneTimeToken;
use proptest::prelude::*;

/// Text that keeps coming close to what is meant: the marks of every grammar here, between arbitrary characters.
fn near_miss() -> impl Strategy<Value = String> {
    let marks = prop::sample::select(vec![
        ":",
        "::",
        "/",
        "//",
        "[",
        "]",
        "\\",
        "\\[",
        "=",
        "%",
        "#",
        ";",
        "\n",
        "\r\n",
        " ",
        "\t",
        "@",
        "|",
        "&",
        "'",
        "\"",
        "`",
        "{",
        "}",
        "[[",
        "keeper://",
        "https://",
        "http://",
        "US",
        "IL5",
        "field",
        "custom_field",
        "file",
        "type",
        "[0]",
        "[]",
        "_config",
        "DEFAULT",
        "$",
        "$.",
        "..",
        "?(@.a==\"b\")",
        "null",
        "true",
        "-1",
        "1e999",
        "\u{feff}",
        "\u{0}",
        "ü",
        "🔑",
    ]);
    let piece = prop_oneof![
        marks.prop_map(str::to_owned),
        "\\PC{0,4}",
        "[A-Za-z0-9_-]{0,24}"
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn app_key() -> AppKey {
    AppKey(Key::from_bytes(&[7; 32]).unwrap())
}

proptest! {
    #[test]
    fn what_was_encoded_decodes(bytes: Vec<u8>) {
        for text in [codec::encode(&bytes), codec::encode_url(&bytes), codec::encode_url_padded(&bytes)] {
            prop_assert_eq!(codec::decode(&text).unwrap(), bytes.clone());
        }
    }

    #[test]
    fn any_text_decodes_or_is_refused(text in near_miss()) {
        let _ = codec::decode(&text);
    }

    #[test]
    fn a_malformed_token_is_refused_without_being_quoted(text in near_miss()) {
        if let Err(error) = OneTimeToken::parse(&text) {
            let said = error.to_string();
            prop_assert!(text.trim().len() < 20 || !said.contains(text.trim()), "{}", said);
        }
    }

    #[test]
    fn a_host_reads_back_as_itself(text in near_miss()) {
        if let Ok(host) = HostName::parse(&text) {
            let again = HostName::parse(host.as_written()).unwrap();
            prop_assert_eq!(again, host);
        }
    }

    #[test]
    fn any_body_is_a_refusal_or_none(status: u16, body: Vec<u8>, text in near_miss()) {
        let _ = Refusal::parse(status, &body);
        let _ = Refusal::parse(status, format!(r#"{{"error":{text}}}"#).as_bytes());
    }

    #[test]
    fn any_json_is_a_record_or_is_refused(text in near_miss(), fields in near_miss()) {
        let _ = Record::from_json("U".into(), text.as_bytes());
        let json = serde_json::json!({"title": text, "type": 1, "fields": fields, "custom": [{"type": null, "value": text}, 7]});
        let _ = Record::from_json("U".into(), json.to_string().as_bytes());
    }

    #[test]
    fn an_answer_of_rubbish_opens_to_nothing(uid in near_miss(), data in near_miss(), parent in near_miss()) {
        let record = serde_json::json!({"recordUid": uid, "recordKey": data, "data": data, "files": [{"fileKey": parent}]});
        let folder = serde_json::json!({"folderUid": uid, "folderKey": data, "parent": parent, "data": data, "records": [record]});
        let answer = serde_json::json!({"records": [record], "folders": [folder, folder]});
        let answer = answer.to_string();
        let answer: Secrets<'_> = serde_json::from_str(&answer).unwrap();
        prop_assert!(Folders::open(&answer.folders, &app_key()).list.is_empty());
        for filter in [RecordFilter::All, RecordFilter::Uids(vec![uid.as_str().into()]), RecordFilter::Names([uid].into())] {
            prop_assert!(Records::open(&answer, &app_key(), &filter).records.is_empty());
        }
    }

    #[test]
    fn a_template_without_values_stays_as_it_is(text in near_miss(), rubbish in any::<Vec<u8>>()) {
        for text in [text.into_bytes(), rubbish] {
            let Ok(template) = Template::scan(text.clone().into()) else {
                continue; // a transform that nobody knows
            };
            let nothing = || Some(Err(notation::Error::Select {
                record: String::new(),
                error: SelectError::SeveralRecords { title: None, found: Vec::new() },
            }));
            let filled = fill(&template, &mut std::iter::from_fn(nothing), Guard::Refuse);
            prop_assert_eq!(filled.text.expose(), &text);
        }
    }
}
