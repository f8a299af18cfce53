//! Decides what follows a refusal or a lost answer (protocol 6.2, 6.3, D18, D19). Pure functions.

use std::time::Duration;

use super::Error;
use super::payload::Effect;
use super::reply::Refusal;
use super::server_key::{KeyId, ServerKey};
use crate::limits;

/// In seconds, where the server gives no figure; each further wait is twice as long. The server counts requests over ten
/// seconds, and each request begins these anew, so a wait of less never ends the throttling.
const FIRST_WAIT: f64 = 11.0;

/// In seconds, the server's own figures included.
const LONGEST_WAIT: f64 = 176.0;

/// The past of one call.
#[derive(Debug, Default, Clone)]
pub struct History {
    waits: u32,
    waited: Duration,
    key_changed: bool,
    repeats: u32,
}

#[derive(Debug)]
pub enum Step {
    /// Ask again at once under the key that the server named.
    UseKey(ServerKey),
    /// Ask again after the wait that the server demands.
    Throttled(Duration),
    /// Ask again after a pause: the answer was lost, and the request changes nothing.
    Repeat(Duration),
    GiveUp(Error),
}

impl History {
    /// Begins a call of a session whose key the server has changed already, or not.
    pub fn new(key_changed: bool) -> Self {
        Self {
            key_changed,
            ..Self::default()
        }
    }

    /// `longest` bounds the sum of all waits; `jitter` is from 0 to 1.
    pub fn after_refusal(
        &mut self,
        refusal: Refusal,
        key: &ServerKey,
        longest: Duration,
        jitter: f64,
    ) -> Step {
        match refusal.code.as_str() {
            "key" => self.after_key(refusal.key_id, key),
            // A server that is too busy may use a status of its own (protocol 6.3).
            "throttled" if matches!(refusal.status, 403 | 429 | 500..) => {
                self.after_throttling(refusal.retry_after, longest, jitter)
            }
            _ => Step::GiveUp(Error::Refused(Box::new(refusal))),
        }
    }

    fn after_key(&mut self, wanted: Option<KeyId>, key: &ServerKey) -> Step {
        if matches!(key, ServerKey::Custom(_)) {
            return Step::GiveUp(Error::CustomKeyRefused(key.id()));
        }
        let Some(wanted) = wanted else {
            return Step::GiveUp(Error::KeyNotNamed(key.id()));
        };
        // A server that knows its keys needs one hint; more would let it try ours out (C3).
        if wanted == key.id() || self.key_changed {
            return Step::GiveUp(Error::KeyLoop);
        }
        self.key_changed = true;
        ServerKey::published(wanted).map_or(Step::GiveUp(Error::UnknownKey(wanted)), Step::UseKey)
    }

    fn after_throttling(
        &mut self,
        retry_after: Option<f64>,
        longest: Duration,
        jitter: f64,
    ) -> Step {
        let seconds = retry_after
            .filter(|seconds| *seconds > 0.0)
            .unwrap_or(FIRST_WAIT * f64::from(1 << self.waits.min(4)));
        let wait = Duration::from_secs_f64(
            (seconds.min(LONGEST_WAIT) * (1.0 + jitter / 4.0)).min(LONGEST_WAIT),
        );
        if self.waits == limits::THROTTLING_WAITS || self.waited + wait > longest {
            return Step::GiveUp(Error::Throttled {
                waits: self.waits,
                waited: self.waited,
            });
        }
        self.waits += 1;
        self.waited += wait;
        Step::Throttled(wait)
    }

    /// Returns the pause before the repeat, if one is allowed, after a missing or cut answer or a failure of the server
    /// itself.
    pub fn after_loss(&mut self, effect: Effect, jitter: f64) -> Option<Duration> {
        if effect == Effect::Write || self.repeats == limits::REPEATS {
            return None;
        }
        let pause = 0.5 * f64::from(1 << self.repeats) * (1.0 + jitter);
        self.repeats += 1;
        Some(Duration::from_secs_f64(pause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::server_key::CustomKey;

    const AMPLE: Duration = Duration::from_secs(3600);

    fn refusal(code: &str) -> Refusal {
        Refusal {
            status: 403,
            code: code.into(),
            ..Refusal::default()
        }
    }

    fn published(id: u32) -> ServerKey {
        ServerKey::published(id.into()).unwrap()
    }

    #[test]
    fn throttling_doubles_and_ends() {
        let mut history = History::default();
        for expected in [11, 22, 44, 88, 176] {
            let step = history.after_refusal(refusal("throttled"), &published(10), AMPLE, 0.0);
            assert!(
                matches!(step, Step::Throttled(wait) if wait == Duration::from_secs(expected)),
                "{step:?}"
            );
        }
        let step = history.after_refusal(refusal("throttled"), &published(10), AMPLE, 0.0);
        assert!(
            matches!(step, Step::GiveUp(Error::Throttled { waits: 5, .. })),
            "{step:?}"
        );
    }

    #[test]
    fn a_throttling_counts_only_with_a_matching_status() {
        for (status, waits) in [
            (400, false),
            (403, true),
            (404, false),
            (429, true),
            (500, true),
            (503, true),
        ] {
            let refusal = Refusal {
                status,
                ..refusal("throttled")
            };
            match History::default().after_refusal(refusal, &published(10), AMPLE, 0.0) {
                Step::Throttled(_) => assert!(waits, "{status}"),
                Step::GiveUp(Error::Refused(_)) => assert!(!waits, "{status}"),
                step => panic!("{status}: {step:?}"),
            }
        }
    }

    #[test]
    fn a_requested_wait_is_capped_jittered_and_summed() {
        let cases = [
            (Some(3.0), 0.0, AMPLE, Some(3.0)),
            (Some(4.0), 1.0, AMPLE, Some(5.0)),
            (Some(-2.0), 0.0, AMPLE, Some(11.0)),
            (Some(1e9), 0.0, AMPLE, Some(176.0)),
            (Some(0.0), 0.0, AMPLE, Some(11.0)),
            (Some(f64::NAN), 0.0, AMPLE, Some(11.0)),
            (Some(f64::INFINITY), 1.0, AMPLE, Some(176.0)),
            (Some(3.0), 0.0, Duration::from_secs(3), Some(3.0)),
            (Some(3.0), 0.0, Duration::ZERO, None),
        ];
        for (retry_after, jitter, longest, expected) in cases {
            let refusal = Refusal {
                retry_after,
                ..refusal("throttled")
            };
            let step = History::default().after_refusal(refusal, &published(10), longest, jitter);
            match (step, expected) {
                (Step::Throttled(wait), Some(seconds)) => {
                    assert_eq!(wait, Duration::from_secs_f64(seconds))
                }
                (Step::GiveUp(Error::Throttled { .. }), None) => {}
                (step, expected) => panic!("{retry_after:?}: {step:?} instead of {expected:?}"),
            }
        }
    }

    #[test]
    fn a_key_is_changed_once() {
        let wanted = |id| Refusal {
            key_id: Some(KeyId::from(id)),
            ..refusal("key")
        };
        let mut history = History::default();
        let step = history.after_refusal(wanted(8), &published(10), AMPLE, 0.0);
        assert!(
            matches!(&step, Step::UseKey(key) if key.id() == KeyId::from(8)),
            "{step:?}"
        );
        let cases = [
            (history, wanted(9), published(8), "KeyLoop"),
            (History::new(true), wanted(9), published(8), "KeyLoop"),
            (History::default(), wanted(10), published(10), "KeyLoop"),
            (
                History::default(),
                wanted(99),
                published(10),
                "UnknownKey(KeyId(99))",
            ),
            (
                History::default(),
                refusal("key"),
                published(10),
                "KeyNotNamed(KeyId(10))",
            ),
        ];
        for (mut history, refusal, key, expected) in cases {
            match history.after_refusal(refusal, &key, AMPLE, 0.0) {
                Step::GiveUp(error) => assert_eq!(format!("{error:?}"), expected),
                step => panic!("{step:?} instead of {expected}"),
            }
        }
        let custom = ServerKey::Custom(CustomKey {
            id: 20.into(),
            key: *published(10).point(),
        });
        let step = History::default().after_refusal(wanted(8), &custom, AMPLE, 0.0);
        assert!(
            matches!(step, Step::GiveUp(Error::CustomKeyRefused(_))),
            "{step:?}"
        );
    }

    #[test]
    fn a_read_is_repeated_twice_and_a_write_never() {
        for (jitter, expected) in [
            (0.0, [Some(500), Some(1000), None]),
            (0.5, [Some(750), Some(1500), None]),
        ] {
            let mut history = History::default();
            let pauses = expected.map(|_| history.after_loss(Effect::Read, jitter));
            assert_eq!(
                pauses,
                expected.map(|pause| pause.map(Duration::from_millis))
            );
        }
        assert_eq!(History::default().after_loss(Effect::Write, 0.0), None);
    }
}
