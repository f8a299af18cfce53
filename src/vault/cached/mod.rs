//! When the cache answers in the place of the server (K3 to K5, D39).

mod asked;

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use self::asked::Asked;
use super::error::{CacheLack, Error};
use super::notice::{CacheReason, CacheUse, Notice};
use crate::buffer::Buffer;
use crate::cache::{self, Cache, Question};
use crate::sensitive::Sensitive;
use crate::wire::payload::{GetFolders, GetSecret, Payload};
use crate::wire::session::Session;
use crate::wire::{ServerState, reply};
use crate::{clock, error_chain, limits};

/// A cache, and the ages up to which it answers.
pub struct Kept {
    cache: Cache,
    /// `None` where it is off.
    ages: Option<Ages>,
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

impl Ages {
    /// Those for which no server is asked.
    fn of_fresh(self) -> Option<Self> {
        let fresh = self.fresh?;
        Some(Self {
            most: fresh.min(self.most),
            ..self
        })
    }
}

pub(super) struct Answer {
    pub(super) plain: Sensitive<Buffer>,
    /// It may hold more than was asked for.
    pub(super) is_wider: bool,
}

impl Answer {
    pub(super) fn to_question(plain: Sensitive<Buffer>) -> Self {
        Self {
            plain,
            is_wider: false,
        }
    }
}

impl Kept {
    pub fn new(cache: Cache, ages: Ages) -> Self {
        Self {
            cache,
            ages: Some(ages),
            away_since: Cell::new(None),
        }
    }

    /// Neither answers nor keeps anything, and says so where it could have helped.
    pub fn off(cache: Cache) -> Self {
        Self {
            cache,
            ages: None,
            away_since: Cell::new(None),
        }
    }

    pub(super) async fn records(
        &self,
        session: Option<&Session>,
        payload: GetSecret,
        listener: &dyn Fn(Notice),
    ) -> Result<Answer, Error> {
        let asked = Asked::for_records(&payload)?;
        self.answer(session, payload, &asked, listener).await
    }

    pub(super) async fn folders(
        &self,
        session: Option<&Session>,
        payload: GetFolders,
        listener: &dyn Fn(Notice),
    ) -> Result<Sensitive<Buffer>, Error> {
        let asked = Asked::for_folders(&payload)?;
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
        let recall = |ages: Ages, reason: CacheReason| {
            let (age, answer) = self.find(asked, ages.most, listener)?;
            listener(Notice::FromCache(CacheUse { age, reason }));
            Ok(answer)
        };
        let fresh = self.ages.and_then(Ages::of_fresh);
        if let Some(fresh) = fresh
            && let Ok(answer) = recall(fresh, CacheReason::Fresh)
        {
            return Ok(answer);
        }
        let Some(session) = session else {
            let ages = self.ages.ok_or(Error::NotCached(CacheLack::Off))?;
            return recall(ages, CacheReason::Offline).map_err(Error::NotCached);
        };
        if self.is_away()
            && let Some(ages) = self.ages
            && let Ok(answer) = recall(ages, CacheReason::Away(None))
        {
            return Ok(answer);
        }
        let time = clock::reading();
        let error = match session.call(payload).await {
            Ok(plain) => {
                self.away_since.take();
                if let Some(ages) = self.ages {
                    self.keep(&asked.exact, &plain, time, ages, listener);
                }
                return Ok(Answer::to_question(plain));
            }
            Err(error) => error,
        };
        match error.server_state() {
            ServerState::Away => {
                self.away_since.set(Some(Instant::now()));
                let reason = CacheReason::Away(Some(error_chain::joined(&error)));
                let recalled = match self.ages {
                    Some(ages) => recall(ages, reason),
                    None => Err(CacheLack::Off),
                };
                recalled.map_err(|lack| Error::Away {
                    error: Box::new(error),
                    lack,
                })
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
        plain: &Sensitive<Buffer>,
        asked: SystemTime,
        ages: Ages,
        listener: &dyn Fn(Notice),
    ) {
        if reply::read::<reply::Secrets<'_>>(plain.expose()).is_ok() {
            let lifetime = ages.most.max(limits::CACHE_AGE);
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
    ) -> Result<(Duration, Answer), CacheLack> {
        let told = |trouble: cache::Error| tell_trouble(Err(trouble), listener);
        let questions = self.cache.questions().map_err(told).unwrap_or_default();
        let mut questions = questions
            .into_iter()
            .filter_map(|kept| kept.map_err(told).ok());
        let found = questions.find_map(|kept| {
            if !asked.may_be_within(&kept) {
                return None;
            }
            let entry = self.cache.recall(&kept).map_err(told).ok()??;
            let is_wider = kept != asked.exact;
            let plain = entry.answer.into();
            let serves = asked.is_answered_by(&plain, is_wider);
            serves.then_some((entry.age, Answer { plain, is_wider }))
        });
        let (age, answer) = found.ok_or(CacheLack::Nothing)?;
        match age <= most {
            true => Ok((age, answer)),
            false => Err(CacheLack::TooOld { age, most }),
        }
    }
}

pub(super) fn tell_trouble(outcome: Result<(), cache::Error>, listener: &dyn Fn(Notice)) {
    if let Err(error) = outcome {
        listener(Notice::CacheTrouble(error_chain::joined(&error)));
    }
}
