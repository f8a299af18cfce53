//! Decides whether a call is tried again, and when (D18). Pure functions.

use std::time::Duration;

use super::destination::CallErrorKind;
use crate::limits;

/// In seconds; each further wait is twice as long. Clouds count requests by the second.
const FIRST_WAIT: f64 = 2.0;
const LONGEST_WAIT: f64 = 176.0;

/// The past of one secret.
#[derive(Debug, Default)]
pub(super) struct Waits {
    throttled: u32,
    waited: Duration,
    repeats: u32,
}

/// What follows a call that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Next {
    /// Nothing was done: the same call again.
    Same(Duration),
    /// Something may have been done: the secret is read anew.
    Look(Duration),
    GiveUp,
}

impl Waits {
    /// `longest` bounds the sum of waits that a service demands; `jitter` is from 0 to 1.
    pub(super) fn after(&mut self, kind: CallErrorKind, longest: Duration, jitter: f64) -> Next {
        match kind {
            CallErrorKind::Throttled { retry_after } => {
                let seconds = retry_after.filter(|seconds| *seconds > 0.0);
                let seconds = seconds.unwrap_or(FIRST_WAIT * f64::from(1 << self.throttled.min(8)));
                let seconds = seconds.min(LONGEST_WAIT) * (1.0 + jitter / 4.0);
                let wait = Duration::from_secs_f64(seconds.min(LONGEST_WAIT));
                if self.throttled == limits::THROTTLING_WAITS || self.waited + wait > longest {
                    return Next::GiveUp;
                }
                self.throttled += 1;
                self.waited += wait;
                Next::Same(wait)
            }
            CallErrorKind::Unreachable | CallErrorKind::Lost | CallErrorKind::Changed => {
                if self.repeats == limits::REPEATS {
                    return Next::GiveUp;
                }
                let pause = 0.5 * f64::from(1 << self.repeats) * (1.0 + jitter);
                self.repeats += 1;
                Next::Look(Duration::from_secs_f64(pause))
            }
            CallErrorKind::Identity | CallErrorKind::Refused => Next::GiveUp,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Duration = Duration::from_secs(3600);

    #[test]
    fn throttling_doubles_and_ends() {
        let mut waits = Waits::default();
        let throttled = CallErrorKind::Throttled { retry_after: None };
        for expected in [2, 4, 8, 16, 32] {
            let next = waits.after(throttled, AMPLE, 0.0);
            assert_eq!(next, Next::Same(Duration::from_secs(expected)));
        }
        assert_eq!(waits.after(throttled, AMPLE, 0.0), Next::GiveUp);
    }

    #[test]
    fn a_demanded_wait_is_capped_and_summed() {
        for (retry_after, longest, expected) in [
            (Some(3.0), AMPLE, Some(3)),
            (Some(-1.0), AMPLE, Some(2)),
            (Some(f64::NAN), AMPLE, Some(2)),
            (Some(1e9), AMPLE, Some(176)),
            (Some(3.0), Duration::from_secs(2), None),
            (None, Duration::ZERO, None),
        ] {
            let kind = CallErrorKind::Throttled { retry_after };
            let next = Waits::default().after(kind, longest, 0.0);
            let expected = expected.map_or(Next::GiveUp, |seconds| {
                Next::Same(Duration::from_secs(seconds))
            });
            assert_eq!(next, expected, "{retry_after:?}");
        }
    }

    #[test]
    fn a_lost_answer_is_looked_into_twice() {
        use CallErrorKind::{Changed, Identity, Lost, Refused, Unreachable};
        for kind in [Unreachable, Lost, Changed] {
            let mut waits = Waits::default();
            for looks in [true, true, false] {
                let next = waits.after(kind, AMPLE, 0.0);
                assert_eq!(matches!(next, Next::Look(_)), looks, "{kind:?}");
            }
        }
        for kind in [Identity, Refused] {
            assert_eq!(Waits::default().after(kind, AMPLE, 0.0), Next::GiveUp);
        }
    }
}
