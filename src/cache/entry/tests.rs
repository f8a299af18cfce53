use super::*;

const SUBJECT: Subject<'_> = Subject {
    host: "vault.example",
    question: b"question",
};

fn keys() -> EntryKeys {
    EntryKeys {
        label: Key::generate().unwrap(),
        answer: Key::generate().unwrap(),
    }
}

fn opened(key: &Key, subject: &Subject<'_>, entry: Vec<u8>) -> Result<Vec<u8>, Damaged> {
    let (_, answer) = open(key, subject, &entry.into())?;
    Ok(answer.expose().clone())
}

#[test]
fn an_entry_opens_for_its_key_and_subject_only() {
    let keys = keys();
    let asked = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567);
    let entry = || seal(&keys, &SUBJECT, asked, b"canary").unwrap();
    let key = &keys.answer;
    assert_eq!(open(key, &SUBJECT, &entry().into()).unwrap().0, asked);
    assert_eq!(opened(key, &SUBJECT, entry()).unwrap(), b"canary");
    let other = Key::generate().unwrap();
    let (host, question) = ("vault.exampl", b"equestion");
    for (key, subject) in [
        (&other, SUBJECT),
        (key, Subject { host, ..SUBJECT }),
        (
            key,
            Subject {
                question: b"questio",
                ..SUBJECT
            },
        ),
        (key, Subject { host, question }),
    ] {
        assert_eq!(opened(key, &subject, entry()), Err(Damaged), "{subject:?}");
    }
}

#[test]
fn every_changed_byte_and_every_cut_is_seen() {
    let keys = keys();
    let key = &keys.answer;
    let whole = seal(&keys, &SUBJECT, clock::reading(), b"canary").unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert_eq!(opened(key, &SUBJECT, changed), Err(Damaged), "byte {at}");
        assert_eq!(
            opened(key, &SUBJECT, whole[..at].to_vec()),
            Err(Damaged),
            "cut at {at}"
        );
    }
    let longer = [whole, vec![0]].concat();
    assert_eq!(opened(key, &SUBJECT, longer), Err(Damaged));
}

#[test]
fn lengths_are_rough() {
    let keys = keys();
    let sealed = |length| seal(&keys, &SUBJECT, clock::reading(), &vec![b'x'; length]);
    let length = |length| sealed(length).unwrap().len() - HEAD - SHORTEST_LABEL - 2 * OVERHEAD;
    for (answer, expected) in [
        (0, 4096),
        (4088, 4096),
        (4089, 4352),
        (100_000, 100_352),
        (1_000_000, 1_015_808),
    ] {
        assert_eq!(length(answer), expected, "{answer}");
    }
    for length in (0..24).map(|power| (1_usize << power) + 1) {
        let padded = padded(length, SHORTEST_ANSWER);
        assert!(
            padded >= length && padded <= length.max(SHORTEST_ANSWER) * 17 / 16,
            "{length}"
        );
    }
}

#[test]
fn a_label_tells_what_is_kept() {
    let keys = keys();
    let asked = SystemTime::UNIX_EPOCH + Duration::from_millis(1_234_567);
    let entry = seal(&keys, &SUBJECT, asked, b"canary").unwrap();
    let expected = Label {
        host: SUBJECT.host.into(),
        question: Question(SUBJECT.question.to_vec()),
        asked,
    };
    let label_end = HEAD + SHORTEST_LABEL + OVERHEAD;
    assert_eq!(label(&keys.label, &entry[..label_end]), Ok(expected));
    assert_eq!(label(&keys.answer, &entry), Err(Damaged));
    for at in 0..label_end {
        let mut changed = entry.clone();
        changed[at] ^= 1;
        assert_eq!(label(&keys.label, &changed), Err(Damaged), "byte {at}");
        assert_eq!(label(&keys.label, &entry[..at]), Err(Damaged), "cut {at}");
    }
    let question = vec![b'q'; 64 << 10];
    let long = Subject {
        question: &question,
        ..SUBJECT
    };
    assert!(matches!(
        seal(&keys, &long, asked, b""),
        Err(Error::TooLarge(START))
    ));
}
