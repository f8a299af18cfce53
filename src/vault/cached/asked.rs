//! The questions whose answers serve (K5).

use std::collections::HashSet;
use std::time::Duration;

use crate::buffer::Buffer;
use crate::cache::Question;
use crate::clock;
use crate::json;
use crate::sensitive::Sensitive;
use crate::vault::error::Error;
use crate::wire::payload::{GetFolders, GetSecret, Payload};
use crate::wire::reply;

/// A question, and what its answer has to hold.
pub(super) struct Asked {
    pub(super) exact: Question,
    /// `None` for folders.
    records: Option<GetSecret>,
}

impl Asked {
    pub(super) fn for_records(payload: &GetSecret) -> Result<Self, Error> {
        Ok(Self {
            exact: question(payload)?,
            records: Some(payload.clone()),
        })
    }

    pub(super) fn for_folders(payload: &GetFolders) -> Result<Self, Error> {
        Ok(Self {
            exact: question(payload)?,
            records: None,
        })
    }

    /// Whether the answer to `kept` may hold the answer to this question.
    pub(super) fn may_be_within(&self, kept: &Question) -> bool {
        let wider = || covers(&of_records(kept)?, self.records.as_ref()?).then_some(());
        *kept == self.exact || wider().is_some()
    }

    /// Whether an answer of the cache holds what was asked for.
    pub(super) fn is_answered_by(&self, plain: &Sensitive<Buffer>, is_wider: bool) -> bool {
        let records = self.records.as_ref().filter(|_| is_wider);
        let needed = records.and_then(|records| records.requested_records.as_deref());
        holds(plain, needed.unwrap_or_default())
    }
}

/// Whether the answer has these records, and the device that got it still has access.
fn holds(plain: &Sensitive<Buffer>, uids: &[String]) -> bool {
    let Ok(answer) = reply::read::<reply::Secrets<'_>>(plain.expose()) else {
        return false;
    };
    let now = clock::since_1970(clock::reading()).unwrap_or_default();
    let is_over = |end: u64| end > 0 && now >= Duration::from_millis(end);
    if u64::try_from(answer.expires_on).is_ok_and(is_over) {
        return false;
    }
    let there: HashSet<&str> = answer.record_uids().collect();
    uids.iter().all(|uid| there.contains(uid.as_str()))
}

/// The endpoint and the payload, which has neither keys nor time in it.
fn question<P: Payload>(payload: &P) -> Result<Question, Error> {
    let payload = serde_json::to_vec(payload);
    let payload = payload.map_err(|error| crate::wire::Error::malformed("the request", &error))?;
    Ok(Question([P::ENDPOINT.as_bytes(), b" ", &payload].concat()))
}

/// The question about records, if it is one.
fn of_records(question: &Question) -> Option<GetSecret> {
    let payload = question.0.strip_prefix(GetSecret::ENDPOINT.as_bytes())?;
    json::object(payload.strip_prefix(b" ")?).ok()
}

/// Whether the answer to `kept` has all that `asked` wants: the records, the links, and nothing else differs.
fn covers(kept: &GetSecret, asked: &GetSecret) -> bool {
    let rest = |payload: &GetSecret| GetSecret {
        requested_records: None,
        request_links: None,
        ..payload.clone()
    };
    let has_links = kept.request_links == Some(true) || kept.request_links == asked.request_links;
    let has_records = match (&kept.requested_records, &asked.requested_records) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(kept), Some(asked)) => {
            let kept: HashSet<_> = kept.iter().collect();
            asked.iter().all(|uid| kept.contains(uid))
        }
    };
    has_links && has_records && rest(kept) == rest(asked)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_table::cases;

    fn payload(uids: &[&str], links: bool) -> GetSecret {
        let uids: Vec<_> = uids.iter().map(|uid| (*uid).to_owned()).collect();
        GetSecret {
            requested_records: Some(uids).filter(|uids| !uids.is_empty()),
            request_links: links.then_some(true),
            ..GetSecret::default()
        }
    }

    #[test]
    fn an_answer_serves_what_it_holds() {
        let payload_of = |text: &str| {
            let uids = text.split(['+', ' ']).filter(|word| word.len() == 1);
            let uids: Vec<_> = uids.collect();
            payload(&uids, text.ends_with("+links"))
        };
        for (pair, expected) in cases(
            "all : all => yes
             all : A => yes
             all : all+links => no
             all+links : all => yes
             all+links : A+links => yes
             A : all => no
             A B : A => yes
             A B : B A => yes
             A B : A C => no
             A B : A+links => no
             A B+links : A => yes",
        ) {
            let (kept, asked) = pair.split_once(" : ").unwrap();
            let kept = question(&payload_of(kept)).unwrap();
            let asked = Asked::for_records(&payload_of(asked)).unwrap();
            assert_eq!(asked.may_be_within(&kept), expected == "yes", "{pair}");
        }
    }

    #[test]
    fn folders_and_other_questions_serve_themselves_only() {
        let folders = question(&GetFolders::default()).unwrap();
        let bound = GetSecret {
            public_key: Some("key".to_owned()),
            ..payload(&[], true)
        };
        let about_records = Asked::for_records(&payload(&["A"], false)).unwrap();
        let about_folders = Asked::for_folders(&GetFolders::default()).unwrap();
        for (asked, kept, expected) in [
            (&about_folders, &folders, true),
            (
                &about_folders,
                &question(&payload(&[], true)).unwrap(),
                false,
            ),
            (&about_records, &folders, false),
            (&about_records, &question(&bound).unwrap(), false),
            (&about_records, &Question(b"get_secret {".to_vec()), false),
        ] {
            assert_eq!(asked.may_be_within(kept), expected, "{kept:?}");
        }
    }

    #[test]
    fn every_question_has_bytes_of_its_own() {
        let payloads = [
            payload(&[], false),
            payload(&[], true),
            payload(&["A"], false),
            payload(&["A", "B"], false),
            payload(&["B", "A"], false),
        ];
        let questions = payloads.iter().map(|payload| question(payload).unwrap().0);
        let mut questions: HashSet<_> = questions.collect();
        questions.insert(question(&GetFolders::default()).unwrap().0);
        assert_eq!(questions.len(), payloads.len() + 1);
    }

    #[test]
    fn records_in_folders_count_and_access_ends() {
        let answer = |end: i64| {
            let record = |uid: &str| json!({"recordUid": uid});
            let folder = json!({"folderUid": "F", "records": [record("B")]});
            let answer = json!({"records": [record("A")], "folders": [folder], "expiresOn": end});
            Sensitive::new(Buffer::from(answer.to_string().into_bytes()))
        };
        let needs = |uids: &[&str]| uids.iter().map(|uid| (*uid).to_owned()).collect::<Vec<_>>();
        for (end, uids, expected) in [
            (0, &[][..], true),
            (0, &["A", "B"], true),
            (0, &["A", "C"], false),
            (-1, &["A"], true),
            (1_000, &["A"], false),
            (i64::MAX, &["A"], true),
        ] {
            assert_eq!(
                holds(&answer(end), &needs(uids)),
                expected,
                "{end} {uids:?}"
            );
        }
        assert!(!holds(&Buffer::from(b"{".to_vec()).into(), &[]));
    }
}
