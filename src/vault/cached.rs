//! When the cache answers in the place of the server (K3 to K5, D39).

use std::cell::Cell;
use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::client::Notice;
use super::error::Error;
use crate::cache::{self, Cache, Question};
use crate::sensitive::Sensitive;
use crate::wire::payload::{GetFolders, GetSecret, Payload};
use crate::wire::session::Session;
use crate::wire::{ServerState, reply};
use crate::{clock, error_chain, limits};

/// A cache, and the ages up to which it answers.
pub struct Kept {
    cache: Cache,
    ages: Ages,
    /// The server is not waited for again for a while.
    away_since: Cell<Option<Instant>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Nothing older is used, for whatever reason.
    pub most: Duration,
    /// An answer that is no older spares the server the question.
    pub fresh: Option<Duration>,
}

/// An answer of the cache that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheUse {
    pub age: Duration,
    pub reason: CacheReason,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheReason {
    /// Nobody may be asked.
    Offline,
    /// It is new enough.
    Fresh,
    /// The error of the server, or nothing where it was away a moment ago.
    Away(Option<String>),
}

pub(super) struct Answer {
    pub(super) plain: Sensitive<Vec<u8>>,
    /// It may hold more than was asked for.
    pub(super) is_wider: bool,
}

impl Answer {
    pub(super) fn to_question(plain: Sensitive<Vec<u8>>) -> Self {
        Self {
            plain,
            is_wider: false,
        }
    }
}

/// A question, and what its answer has to hold.
struct Asked {
    exact: Question,
    /// Questions whose answers hold the answer to this one, if they hold these records.
    wider: Vec<Question>,
    uids: Vec<String>,
}

impl Kept {
    pub fn new(cache: Cache, ages: Ages) -> Self {
        Self {
            cache,
            ages,
            away_since: Cell::new(None),
        }
    }

    pub(super) async fn records(
        &self,
        session: Option<&Session>,
        payload: GetSecret,
        listener: &dyn Fn(Notice),
    ) -> Result<Answer, Error> {
        let asked = Asked {
            exact: question(&payload)?,
            wider: wider(&payload)
                .iter()
                .map(question)
                .collect::<Result<_, _>>()?,
            uids: payload.requested_records.clone().unwrap_or_default(),
        };
        self.answer(session, payload, &asked, listener).await
    }

    pub(super) async fn folders(
        &self,
        session: Option<&Session>,
        payload: GetFolders,
        listener: &dyn Fn(Notice),
    ) -> Result<Sensitive<Vec<u8>>, Error> {
        let asked = Asked {
            exact: question(&payload)?,
            wider: Vec::new(),
            uids: Vec::new(),
        };
        let answer = self.answer(session, payload, &asked, listener);
        Ok(answer.await?.plain)
    }

    async fn answer<P: Payload>(
        &self,
        session: Option<&Session>,
        payload: P,
        asked: &Asked,
        listener: &dyn Fn(Notice),
    ) -> Result<Answer, Error> {
        let recall = |most: Duration, reason: CacheReason| {
            let (age, answer) = self.find(asked, most, listener)?;
            listener(Notice::FromCache(CacheUse { age, reason }));
            Some(answer)
        };
        let most = self.ages.most;
        if let Some(fresh) = self.ages.fresh
            && let Some(answer) = recall(fresh.min(most), CacheReason::Fresh)
        {
            return Ok(answer);
        }
        let Some(session) = session else {
            return recall(most, CacheReason::Offline).ok_or(Error::NotCached { most });
        };
        if self.is_away()
            && let Some(answer) = recall(most, CacheReason::Away(None))
        {
            return Ok(answer);
        }
        let time = clock::reading();
        let error = match session.call(payload).await {
            Ok(plain) => {
                self.away_since.take();
                self.keep(&asked.exact, &plain, time, listener);
                return Ok(Answer::to_question(plain));
            }
            Err(error) => error,
        };
        match error.server_state() {
            ServerState::Away => {
                self.away_since.set(Some(Instant::now()));
                let reason = CacheReason::Away(Some(error_chain::joined(&error)));
                recall(most, reason).ok_or(error.into())
            }
            ServerState::Refuses => {
                let forgotten = self.cache.forget().map(drop);
                tell_trouble(forgotten, listener);
                Err(error.into())
            }
            ServerState::Unknown => Err(error.into()),
        }
    }

    fn is_away(&self) -> bool {
        let since = self.away_since.get();
        since.is_some_and(|since| since.elapsed() < limits::CALL)
    }

    /// An answer that cannot be read is not kept.
    fn keep(
        &self,
        question: &Question,
        plain: &Sensitive<Vec<u8>>,
        asked: SystemTime,
        listener: &dyn Fn(Notice),
    ) {
        if reply::read::<reply::Secrets<'_>>(plain.expose()).is_ok() {
            let lifetime = self.ages.most.max(limits::CACHE_AGE);
            let kept = self.cache.keep(question, plain.expose(), asked, lifetime);
            tell_trouble(kept, listener);
        }
    }

    /// The newest answer that holds all that was asked for, with its age.
    fn find(
        &self,
        asked: &Asked,
        most: Duration,
        listener: &dyn Fn(Notice),
    ) -> Option<(Duration, Answer)> {
        let exact = [(&asked.exact, false)].into_iter();
        let wider = asked.wider.iter().map(|question| (question, true));
        let found = exact.chain(wider).filter_map(|(question, is_wider)| {
            let entry = match self.cache.recall(question) {
                Ok(entry) => entry?,
                Err(error) => {
                    tell_trouble(Err(error), listener);
                    return None;
                }
            };
            let needed: &[String] = if is_wider { &asked.uids } else { &[] };
            let serves = entry.age <= most && holds(&entry.answer, needed);
            let plain = entry.answer;
            serves.then_some((entry.age, Answer { plain, is_wider }))
        });
        found.min_by_key(|(age, _)| *age)
    }
}

fn tell_trouble(outcome: Result<(), cache::Error>, listener: &dyn Fn(Notice)) {
    if let Err(error) = outcome {
        listener(Notice::CacheTrouble(error_chain::joined(&error)));
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
