//! Calls to a store: all states are read, and then each plan is carried out. Several secrets are under way at a time.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use super::destination::{CallError, CallErrorKind, Destination, RequestToken, State, Traits};
use super::plan::{Deletion, Step, Target};
use super::waits::{Next, Waits};
use crate::crypto::random;
use crate::{error_chain, limits};

/// A store with what bounds the calls to it.
pub struct Store<'d> {
    destination: &'d dyn Destination,
    traits: &'static Traits,
    longest_wait: Duration,
    outage: Outage,
}

/// Failures that are not one secret's, one after the other.
#[derive(Default)]
struct Outage {
    in_a_row: Cell<u32>,
    /// Why nothing is asked any more.
    reason: RefCell<Option<String>>,
}

impl Outage {
    fn count(&self, result: Result<(), &CallError>) {
        let Err(error) = result else {
            return self.in_a_row.set(0);
        };
        let in_a_row = match error.kind {
            CallErrorKind::Identity => limits::STORE_FAILURES,
            CallErrorKind::Unreachable | CallErrorKind::Lost | CallErrorKind::Throttled { .. } => {
                self.in_a_row.get() + 1
            }
            CallErrorKind::Changed | CallErrorKind::Refused => 0,
        };
        self.in_a_row.set(in_a_row);
        if in_a_row >= limits::STORE_FAILURES {
            let reason = error_chain::joined(error);
            self.reason.borrow_mut().get_or_insert(reason);
        }
    }

    fn is_over(&self) -> bool {
        self.reason.borrow().is_none()
    }
}

impl<'d> Store<'d> {
    /// `longest_wait` bounds the sum of the waits for one secret.
    pub fn new(
        destination: &'d dyn Destination,
        traits: &'static Traits,
        longest_wait: Duration,
    ) -> Self {
        Self {
            destination,
            traits,
            longest_wait,
            outage: Outage::default(),
        }
    }

    /// The states of all targets, in their order. Fails where the store itself does not answer: nothing was written.
    pub async fn states(
        &self,
        targets: &[Target<'_>],
    ) -> Result<Vec<Result<State, String>>, CallError> {
        let answers: Vec<_> = targets.iter().map(|_| RefCell::new(None)).collect();
        in_lanes(targets.len(), async |at| {
            let (Some(target), Some(answer)) = (targets.get(at), answers.get(at)) else {
                return;
            };
            if self.outage.is_over() {
                let state = self.state(target, &mut Waits::default()).await;
                self.outage.count(state.as_ref().map(drop));
                answer.replace(Some(state));
            }
        })
        .await;
        let is_out = !self.outage.is_over();
        let mut states = Vec::with_capacity(answers.len());
        let (mut answered, mut failed) = (false, None);
        for answer in answers {
            match answer.into_inner() {
                Some(Err(error)) if error.is_outage() => {
                    states.push(Err(error_chain::joined(&error)));
                    failed = Some(error);
                }
                Some(state) => {
                    answered = true;
                    states.push(state.map_err(|error| error_chain::joined(&error)));
                }
                None => {}
            }
        }
        match failed {
            Some(error) if is_out || !answered => Err(error),
            _ => Ok(states),
        }
    }

    /// Carries out the plans of targets that have a state, in their order. Fails for each with a reason.
    pub async fn apply(
        &self,
        targets: &[Target<'_>],
        states: Vec<Result<State, String>>,
        deletion: Deletion,
    ) -> Vec<Result<(), String>> {
        let states: Vec<_> = states
            .into_iter()
            .map(|state| Cell::new(Some(state)))
            .collect();
        let done: Vec<_> = targets.iter().map(|_| Cell::new(Ok(()))).collect();
        in_lanes(targets.len(), async |at| {
            let (Some(target), Some(done)) = (targets.get(at), done.get(at)) else {
                return;
            };
            done.set(match states.get(at).and_then(Cell::take) {
                Some(Ok(state)) => self.settle(target, state, deletion).await,
                Some(Err(reason)) => Err(reason),
                None => Ok(()),
            });
        })
        .await;
        done.into_iter().map(Cell::into_inner).collect()
    }

    async fn settle(
        &self,
        target: &Target<'_>,
        mut state: State,
        deletion: Deletion,
    ) -> Result<(), String> {
        let token = RequestToken::generate().map_err(|error| error_chain::joined(&error))?;
        let mut waits = Waits::default();
        let mut is_restored = false;
        loop {
            let step = target.step(&state, deletion, self.traits)?;
            let is_restoring = matches!(step, Step::Restore);
            if !matches!(step, Step::Keep)
                && let Some(reason) = &*self.outage.reason.borrow()
            {
                return Err(format!("not tried, because the store failed: {reason}"));
            }
            let called = self.call(target, step, &token).await;
            let Err(error) = called else {
                if !is_restoring {
                    return Ok(());
                }
                is_restored = true;
                state = self.anew(target, &mut waits, is_restored).await?;
                continue;
            };
            match waits.after(error.kind, self.longest_wait, jitter()) {
                Next::Same(wait) => tokio::time::sleep(wait).await,
                Next::Look(wait) => {
                    tokio::time::sleep(wait).await;
                    match self.state(target, &mut waits).await {
                        Ok(found) => state = found,
                        // The first error tells what may have been done.
                        Err(_) => return Err(self.failed(&error, is_restored)),
                    }
                }
                Next::GiveUp => return Err(self.failed(&error, is_restored)),
            }
        }
    }

    async fn call(
        &self,
        target: &Target<'_>,
        step: Step,
        token: &RequestToken,
    ) -> Result<(), CallError> {
        let destination = self.destination;
        match step {
            Step::Keep => return Ok(()),
            Step::Restore => destination.restore(target.name).await,
            Step::Write(how, value) => destination.write(target.name, &value, how, token).await,
            Step::Delete => destination.delete(target.name).await,
        }
        .inspect(|()| self.outage.count(Ok(())))
    }

    async fn anew(
        &self,
        target: &Target<'_>,
        waits: &mut Waits,
        is_restored: bool,
    ) -> Result<State, String> {
        let state = self.state(target, waits).await;
        state.map_err(|error| self.failed(&error, is_restored))
    }

    async fn state(&self, target: &Target<'_>, waits: &mut Waits) -> Result<State, CallError> {
        loop {
            let error = match self.destination.read(target.name).await {
                Ok(state) => return Ok(state),
                Err(error) => error,
            };
            match waits.after(error.kind, self.longest_wait, jitter()) {
                Next::Same(wait) | Next::Look(wait) => tokio::time::sleep(wait).await,
                Next::GiveUp => return Err(error),
            }
        }
    }

    fn failed(&self, error: &CallError, is_restored: bool) -> String {
        self.outage.count(Err(error));
        let reason = error_chain::joined(error);
        match is_restored {
            true => format!("it was restored, and not written: {reason}"),
            false => reason,
        }
    }
}

impl CallError {
    /// Whether the failure is not this secret's.
    fn is_outage(&self) -> bool {
        match self.kind {
            CallErrorKind::Identity
            | CallErrorKind::Unreachable
            | CallErrorKind::Lost
            | CallErrorKind::Throttled { .. } => true,
            CallErrorKind::Changed | CallErrorKind::Refused => false,
        }
    }
}

/// From 0 to 1; without randomness, waits are not spread.
fn jitter() -> f64 {
    let [byte] = random::bytes::<1>().unwrap_or_default();
    f64::from(byte) / 255.0
}

/// Runs `work` for each index below `count`, several at a time.
async fn in_lanes(count: usize, work: impl AsyncFn(usize)) {
    let next = Cell::new(0);
    let lane = async || {
        while next.get() < count {
            work(next.replace(next.get() + 1)).await;
        }
    };
    let mut lanes: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for _ in 0..limits::STORE_CALLS.min(count) {
        lanes.push(Box::pin(lane()));
    }
    poll_fn(|context| {
        lanes.retain_mut(|lane| lane.as_mut().poll(context).is_pending());
        match lanes.is_empty() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
    .await;
}
