use super::*;
use crate::vault::Broken;
use serde_json::{Value as Json, json};

const LOGIN: &str = "LLLLLLLLLLLLLLLLLLLLLA";
const BANK: &str = "BBBBBBBBBBBBBBBBBBBBBA";
const CARD: &str = "CCCCCCCCCCCCCCCCCCCCCA";
const ADDRESS: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const BROKEN: &str = "ZZZZZZZZZZZZZZZZZZZZZA";
/// Looks like a UID and is none.
const TITLE: &str = "TTTTTTTTTTTTTTTTTTTTTT";
/// A UID that no record has, and the title of one.
const GONE: &str = "GGGGGGGGGGGGGGGGGGGGGA";

fn uid(text: &str) -> RecordUid {
    RecordUid::from(text)
}

fn record(uid: &str, title: &str, field: Json) -> Record {
    let plain = json!({"title": title, "type": "any", "fields": [field]}).to_string();
    Record::from_json(self::uid(uid), plain.as_bytes()).unwrap()
}

fn all() -> Vec<Record> {
    let to = |kind: &str, uid: &str| json!({"type": kind, "value": [uid]});
    let text = |text: &str| json!({"type": "text", "value": [text]});
    vec![
        record(LOGIN, "login", text("canary-1")),
        record(BANK, "bank", to("cardRef", CARD)),
        record(CARD, "card", to("addressRef", ADDRESS)),
        record(
            ADDRESS,
            "address",
            json!({"type": "address", "value": [{"city": "canary-2"}]}),
        ),
        record("1111111111111111111111", TITLE, text("canary-3")),
        record("5555555555555555555555", GONE, text("canary-7")),
        record("2222222222222222222222", "twice", text("canary-4")),
        record("2222222222222222222222", "twice", text("canary-4")),
        record("3333333333333333333333", "same", text("canary-5")),
        record("4444444444444444444444", "same", text("canary-6")),
    ]
}

fn answer(filter: &RecordFilter) -> Records {
    let is_asked = |uid: &RecordUid| filter.uids().is_empty() || filter.uids().contains(uid);
    let mut answer: Records = Records::default();
    answer.records.extend(all());
    answer.records.retain(|record| is_asked(record.uid()));
    if is_asked(&uid(BROKEN)) {
        answer.broken.push(unread());
    }
    answer
}

fn unread() -> Broken {
    Broken {
        uid: BROKEN.to_owned(),
        reason: "any".to_owned(),
    }
}

fn broken(record: &str) -> notation::Error {
    failing(record, SelectError::DamagedRecord(unread()))
}

fn failing(record: &str, error: SelectError) -> notation::Error {
    let record = record.to_owned();
    notation::Error::Select { record, error }
}

fn notations(texts: &[&str]) -> Vec<Notation> {
    texts
        .iter()
        .map(|text| Notation::parse(text).unwrap())
        .collect()
}

/// The filters of the requests that `texts` take, `*` for none.
fn requests(texts: &[&str]) -> Vec<String> {
    let notations = notations(texts);
    let mut selection = Selection::new(&notations);
    let mut asked = Vec::new();
    while let Some(filter) = selection.next_filter() {
        let initials: String = filter
            .uids()
            .iter()
            .flat_map(|uid| uid.as_str().chars().next())
            .collect();
        asked.push(if initials.is_empty() {
            "*".to_owned()
        } else {
            initials
        });
        selection.answer(&filter, answer(&filter));
    }
    asked
}

#[test]
fn as_few_requests_as_can_be() {
    let [login, login_type, bank, card, broken, title, gone] = [
        format!("{LOGIN}/field/text"),
        format!("{LOGIN}/type"),
        format!("{BANK}/field/cardRef"),
        format!("{CARD}/field/addressRef[city]"),
        format!("{BROKEN}/type"),
        format!("{TITLE}/field/text"),
        format!("{GONE}/field/text"),
    ];
    let cases: [(&[&str], &[&str]); 12] = [
        (&[], &[]),
        (&[&login, &login_type], &["L"]),
        (&[&login, &card], &["LC", "A"]),
        (&[&bank], &["B", "C", "A"]),
        (&[&bank, &card], &["BC", "A"]),
        (&[&login, "bank/type"], &["*"]),
        (&["bank/field/cardRef"], &["*"]),
        (&[&title], &["*"]),
        (&[&title, &bank], &["*"]),
        (&[&gone], &["G"]),
        (&[&broken, &login], &["ZL"]),
        (&["no such/type"], &["*"]),
    ];
    for (texts, expected) in cases {
        assert_eq!(requests(texts), expected, "{texts:?}");
    }
}

fn outcome(text: &str) -> Result<String, notation::Error> {
    let notations = notations(&[text]);
    let mut selection = Selection::new(&notations);
    while let Some(filter) = selection.next_filter() {
        selection.answer(&filter, answer(&filter));
    }
    let [notation] = notations.as_slice() else {
        return Ok(String::new());
    };
    match selection.find(notation)? {
        Found::Value(value) => Ok(String::from_utf8_lossy(value.into_bytes().expose()).into()),
        Found::File { file, .. } => Ok(file.name().to_owned()),
    }
}

#[test]
fn one_record_or_none() {
    assert_eq!(outcome("login/field/text").unwrap(), "canary-1");
    assert_eq!(outcome("twice/field/text").unwrap(), "canary-4");
    assert_eq!(outcome(&format!("{TITLE}/field/text")).unwrap(), "canary-3");
    assert_eq!(
        outcome("bank/field/cardRef").unwrap(),
        r#"{"city": "canary-2"}"#
    );
    assert_eq!(
        outcome("same/field/text"),
        Err(failing(
            "same",
            SelectError::SeveralRecords {
                title: Some("same".to_owned()),
                found: ["3333333333333333333333", "4444444444444444444444"]
                    .map(|uid| Candidate {
                        uid: uid.to_owned(),
                        kind: Some("any".to_owned()),
                        folder: None,
                        path: None,
                    })
                    .to_vec(),
            }
        ))
    );
    assert_eq!(
        outcome("other/type"),
        Err(failing(
            "other",
            SelectError::NoRecord {
                name: "other".to_owned(),
                unread: Some(Box::new(unread())),
                advice: "`ksm secret list` shows the records that are shared with this application"
                    .to_owned(),
            }
        ))
    );
    assert_eq!(outcome(&format!("{BROKEN}/type")), Err(broken(BROKEN)));
    assert_eq!(
        outcome(&format!("{GONE}/field/text")),
        Err(failing(
            GONE,
            SelectError::NoRecord {
                name: GONE.to_owned(),
                unread: None,
                advice:
                    "`GGGGGGGGGGGGGGGGGGGGGA` is taken for a UID; `ksm secret list` shows the records that are shared \
                         with this application"
                        .to_owned(),
            }
        ))
    );
}

#[test]
fn what_was_not_asked_for_is_not_used() {
    let notations = notations(&[&format!("{LOGIN}/type")]);
    let mut selection = Selection::new(&notations);
    let filter = selection.next_filter().unwrap();
    let mut unasked: Records = Records::default();
    unasked.records.push(record(CARD, LOGIN, json!({})));
    selection.answer(&filter, unasked);
    assert_eq!(selection.next_filter(), None);
    let [notation] = notations.as_slice() else {
        return;
    };
    assert!(selection.record(notation).is_err());
}

#[test]
fn a_reference_to_a_broken_record_is_an_error() {
    let notations = notations(&[&format!("{LOGIN}/field/addressRef")]);
    let mut selection = Selection::new(&notations);
    let field = json!({"type": "addressRef", "value": [ADDRESS, BROKEN]});
    let mut records = vec![record(LOGIN, "login", field)];
    while let Some(filter) = selection.next_filter() {
        let mut answer = answer(&filter);
        answer.records = std::mem::take(&mut records);
        selection.answer(&filter, answer);
    }
    let error = notations.iter().find_map(|n| selection.find(n).err());
    assert_eq!(error, Some(broken(LOGIN)));
}
