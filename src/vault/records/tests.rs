use serde_json::{Value, json};

use super::*;
use crate::codec;
use crate::crypto::aead::{self, Key};
use crate::vault::heading::Headings;

/// Seals answers as a server does, with every record under one key.
struct Server {
    app_key: AppKey,
    key: Key,
}

impl Server {
    fn start() -> Self {
        Self {
            app_key: AppKey(Key::generate().unwrap()),
            key: Key::generate().unwrap(),
        }
    }

    fn record(&self, uid: &str, content: &str) -> Value {
        let seal = |key: &Key, plain: &[u8]| codec::encode(&aead::seal(key, plain).unwrap());
        json!({
            "recordUid": uid,
            "recordKey": seal(&self.app_key.0, self.key.expose()),
            "data": seal(&self.key, content.as_bytes()),
        })
    }

    /// The UIDs of records that open, are broken, and were not asked for.
    fn answer(&self, records: Vec<Value>, filter: &RecordFilter) -> [Vec<String>; 3] {
        let answer = json!({"records": records}).to_string();
        let answer = serde_json::from_str(&answer).unwrap();
        let opened = Records::open(&answer, &self.app_key, filter);
        let records = opened.records.iter().map(|record| record.uid().to_string());
        let broken = opened.broken.into_iter().map(|broken| broken.uid);
        let unasked = opened.unasked.iter().map(ToString::to_string);
        [records.collect(), broken.collect(), unasked.collect()]
    }
}

#[test]
fn two_different_contents_of_one_record_are_refused() {
    let server = Server::start();
    let open = |contents: [&str; 2], filter: &RecordFilter| {
        let records = contents.map(|content| server.record("U", content)).to_vec();
        let [records, broken, _] = server.answer(records, filter);
        (records.len(), broken.len())
    };
    let (one, other) = (r#"{"title":"a"}"#, r#"{"title":"b"}"#);
    let named = RecordFilter::Names(["a".to_owned()].into());
    for filter in [
        RecordFilter::All,
        RecordFilter::Uids(vec!["U".into()]),
        named,
    ] {
        assert_eq!(open([one, one], &filter), (2, 0), "{filter:?}");
        // Also where only one of them was named.
        assert_eq!(open([one, other], &filter), (0, 1), "{filter:?}");
        assert_eq!(open([other, one], &filter), (0, 1), "{filter:?}");
        // A damaged copy takes nothing away from a good one.
        assert_eq!(open([one, "damaged"], &filter), (1, 1), "{filter:?}");
        assert_eq!(open(["damaged", one], &filter), (1, 1), "{filter:?}");
    }
}

#[test]
fn headings_are_those_of_the_records() {
    let server = Server::start();
    let headings = |contents: &[&str]| {
        let records: Vec<_> = contents
            .iter()
            .map(|content| server.record("U", content))
            .collect();
        let answer = json!({"records": records, "folders": null}).to_string();
        let answer = serde_json::from_str(&answer).unwrap();
        let opened = Records::<Headings>::open_all(&answer, &server.app_key);
        let damaged = &opened.records.damaged;
        let told = opened.records.iter().map(|heading| {
            let damaged: Vec<_> = damaged.iter().map(|(_, part)| part.to_string()).collect();
            format!("{} {} {}", heading.title, heading.kind, damaged.join(", "))
        });
        (told.collect::<Vec<_>>(), opened.broken.len())
    };
    let one = r#"{"title":"a","type":"login","fields":[{"type":"url","value":["x"]}]}"#;
    let again = one.replace(r#","type":"login""#, r#" , "type" : "login""#);
    let other = one.replace('x', "y");
    let number = one.replace(r#""x""#, "NaN");
    let told = |rest: &str| format!("a login {rest}");
    assert_eq!(headings(&[one]), (vec![told("")], 0));
    assert_eq!(headings(&[&number]), (vec![told("its field `url`")], 0));
    // The same in another spelling, and what a heading does not show.
    assert_eq!(headings(&[one, &again]), (vec![told(""); 2], 0));
    assert_eq!(headings(&[one, &other]), (vec![], 1));
    assert_eq!(headings(&[&other, &again, one]).1, 2);
}

/// A key of a folder that the record does not name is guessed, and strangers may use up the guesses.
#[test]
fn copies_are_compared_after_the_last_guess() {
    const FOLDERS: usize = 8;
    const GUESSES: usize = 4 * FOLDERS;
    let server = Server::start();
    let seal = |key: &Key, plain: &[u8]| codec::encode(&aead::seal(key, plain).unwrap());
    let by = |key: &Key| {
        let mut record = server.record("U", r#"{"title":"a"}"#);
        record["recordKey"] = seal(key, server.key.expose()).into();
        record
    };
    let keys: Vec<_> = (0..FOLDERS).map(|_| Key::generate().unwrap()).collect();
    let folder = |(index, key): (usize, &Key)| {
        let wrapped = seal(&server.app_key.0, key.expose());
        json!({"folderUid": index.to_string(), "folderKey": wrapped, "records": []})
    };
    let mut folders: Vec<_> = keys.iter().enumerate().map(folder).collect();
    folders[0]["records"] = json!([by(&keys[0])]);
    let stranger = Key::generate().unwrap();
    let mut records = vec![by(&keys[0])];
    records.extend((0..GUESSES / FOLDERS).map(|_| by(&stranger)));
    let answer = json!({"records": records, "folders": folders}).to_string();
    let answer = serde_json::from_str(&answer).unwrap();
    let mut opening = Opening::<Headings>::new(&answer, &server.app_key);
    assert_eq!(opening.keys.guesses, crate::limits::KEY_GUESSES);
    opening.keys.guesses = GUESSES;
    opening.open_all();
    assert_eq!(opening.done().records.iter().count(), 2);
}

#[test]
fn what_was_not_asked_for_stays_sealed() {
    let server = Server::start();
    let records = vec![
        server.record("A", r#"{"title":"a"}"#),
        server.record("B", "damaged"),
        server.record("C", r#"{"title":"c"}"#),
    ];
    let only = RecordFilter::Uids(vec!["C".into(), "D".into()]);
    assert_eq!(
        server.answer(records, &only),
        [vec!["C"], vec![], vec!["A", "B"]]
    );
}

#[test]
fn named_records_are_kept_with_their_references() {
    let server = Server::start();
    let uid = |letter: &str| letter.repeat(22);
    let refers = |title: &str, kind: &str, to: &str| {
        let fields = json!([{"type": kind, "value": [uid(to)]}]);
        json!({"title": title, "fields": fields}).to_string()
    };
    let records = || {
        vec![
            server.record(&uid("A"), r#"{"title":"address"}"#),
            server.record(&uid("X"), "damaged"),
            server.record(&uid("C"), &refers("card", "addressRef", "A")),
            server.record(&uid("B"), &refers("bank", "cardRef", "C")),
            server.record(&uid("D"), &refers("doubt", "cardRef", "X")),
            server.record(&uid("E"), r#"{"title":"else"}"#),
        ]
    };
    for (names, expected) in [
        (&["bank"][..], &["B", "C", "A"][..]),
        (&["card"], &["C", "A"]),
        (&["card", "bank"], &["C", "B", "A"]),
        (&["doubt"], &["D"]),
        (&["nobody"], &[]),
    ] {
        let filter = RecordFilter::Names(names.iter().map(ToString::to_string).collect());
        let [kept, broken, unasked] = server.answer(records(), &filter);
        let expected: Vec<_> = expected.iter().map(|letter| uid(letter)).collect();
        assert_eq!(
            (kept, broken, unasked),
            (expected, vec![uid("X")], vec![]),
            "{names:?}"
        );
    }
    // By its UID, whatever its title.
    let filter = RecordFilter::Names([uid("E")].into());
    assert_eq!(server.answer(records(), &filter)[0], [uid("E")]);
}
