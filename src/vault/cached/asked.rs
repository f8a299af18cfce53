//! The questions whose answers serve (K5).

use std::collections::HashSet;
use std::time::Duration;

use crate::cache::Question;
use crate::clock;
use crate::sensitive::Sensitive;
use crate::vault::error::Error;
use crate::wire::payload::{GetFolders, GetSecret, Payload};
use crate::wire::reply;

/// A question, and what its answer has to hold.
pub(super) struct Asked {
    pub(super) exact: Question,
    /// Questions whose answers hold the answer to this one, if they hold these records.
    wider: Vec<Question>,
    uids: Vec<String>,
}

impl Asked {
    pub(super) fn for_records(payload: &GetSecret) -> Result<Self, Error> {
        let wider = wider(payload);
        Ok(Self {
            exact: question(payload)?,
            wider: wider.iter().map(question).collect::<Result<_, _>>()?,
            uids: payload.requested_records.clone().unwrap_or_default(),
        })
    }

    pub(super) fn for_folders(payload: &GetFolders) -> Result<Self, Error> {
        Ok(Self {
            exact: question(payload)?,
            wider: Vec::new(),
            uids: Vec::new(),
        })
    }

    /// The questions to look up, and whether each is a wider one.
    pub(super) fn questions(&self) -> impl Iterator<Item = (&Question, bool)> {
        let wider = self.wider.iter().map(|question| (question, true));
        [(&self.exact, false)].into_iter().chain(wider)
    }

    /// Whether an answer of the cache holds what was asked for.
    pub(super) fn is_answered_by(&self, plain: &Sensitive<Vec<u8>>, is_wider: bool) -> bool {
        let needed: &[String] = if is_wider { &self.uids } else { &[] };
        holds(plain, needed)
    }
}

/// Whether the answer has these records, and the device that got it still has access.
fn holds(plain: &Sensitive<Vec<u8>>, uids: &[String]) -> bool {
    let Ok(answer) = reply::read::<reply::Secrets<'_>>(plain.expose()) else {
        return false;
    };
    let now = clock::since_1970(clock::reading()).unwrap_or_default();
    let is_over = |end: u64| end > 0 && now >= Duration::from_millis(end);
    if u64::try_from(answer.expires_on).is_ok_and(is_over) {
        return false;
    }
    let within = answer.folders.iter().flat_map(|folder| &folder.records);
    let records = answer.records.iter().chain(within);
    let there: HashSet<&str> = records.map(|record| &*record.record_uid).collect();
    uids.iter().all(|uid| there.contains(uid.as_str()))
}

/// The endpoint and the payload, which has neither keys nor time in it.
fn question<P: Payload>(payload: &P) -> Result<Question, Error> {
    let payload = serde_json::to_vec(payload);
    let payload = payload.map_err(|error| crate::wire::Error::malformed("the request", &error))?;
    Ok(Question([P::ENDPOINT.as_bytes(), b" ", &payload].concat()))
}

/// The questions whose answers have more: all records, or links as well.
fn wider(payload: &GetSecret) -> Vec<GetSecret> {
    let all = GetSecret {
        requested_records: None,
        ..payload.clone()
    };
    let with_links = |payload: &GetSecret| GetSecret {
        request_links: Some(true),
        ..payload.clone()
    };
    let mut wider = vec![all.clone(), with_links(payload), with_links(&all)];
    wider.retain(|other| other != payload);
    wider.dedup();
    wider
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        let (all, linked) = (|| payload(&[], false), || payload(&[], true));
        let (one, one_linked) = (payload(&["A"], false), || payload(&["A"], true));
        assert_eq!(wider(&linked()), []);
        assert_eq!(wider(&all()), [linked()]);
        assert_eq!(wider(&one_linked()), [linked()]);
        assert_eq!(wider(&one), [all(), one_linked(), linked()]);
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
            Sensitive::new(answer.to_string().into_bytes())
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
        assert!(!holds(&b"{".to_vec().into(), &[]));
    }
}
