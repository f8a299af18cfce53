//! The lengths at which trails have steps: anchors, which double, and those of secrets in between.

use std::collections::BTreeMap;

use ksm_kernels::starts::MIN_LENGTH;

use super::fingerprint::Fingerprints;

/// The first anchor after `MIN_LENGTH`.
const FIRST_DOUBLING: usize = 16;

/// How many secrets there are of each length.
#[derive(Debug, Default)]
pub(super) struct Lengths(BTreeMap<usize, usize>);

pub(super) struct Stops {
    groups: Vec<Group>,
}

/// The stops from an anchor to the next.
pub(super) struct Group {
    /// A stop of every secret that is as long.
    pub(super) anchor: Stop,
    /// The lengths of secrets, in order.
    finer: Vec<Stop>,
}

#[derive(Clone, Copy)]
pub(super) struct Stop {
    pub(super) length: usize,
    /// By which a fingerprint is multiplied that so many bytes follow.
    pub(super) power: u64,
}

impl Lengths {
    pub(super) fn count(&mut self, length: usize) {
        if length >= MIN_LENGTH {
            *self.0.entry(length).or_default() += 1;
        }
    }

    pub(super) fn secrets(&self) -> usize {
        self.0.values().sum()
    }

    pub(super) fn shortest(&self) -> usize {
        self.0.keys().next().copied().unwrap_or(MIN_LENGTH)
    }

    /// Of all trails together.
    pub(super) fn steps(&self, stops: &Stops) -> usize {
        let steps = self.0.iter().map(|(length, secrets)| {
            let mut each = 0;
            stops.along(*length, |_| each += 1);
            each * secrets
        });
        steps.sum()
    }
}

impl Extend<usize> for Lengths {
    fn extend<I: IntoIterator<Item = usize>>(&mut self, lengths: I) {
        lengths.into_iter().for_each(|length| self.count(length));
    }
}

impl Stops {
    pub(super) fn new(by: &Fingerprints, lengths: &Lengths) -> Self {
        let stop = |length| Stop {
            length,
            power: by.power(length),
        };
        let mut groups = Vec::new();
        let longest = lengths.0.keys().last().copied().unwrap_or_default();
        let mut anchor = MIN_LENGTH;
        while anchor <= longest {
            let next = (2 * anchor).max(FIRST_DOUBLING);
            let finer = lengths.0.range(anchor + 1..next);
            groups.push(Group {
                anchor: stop(anchor),
                finer: finer.map(|(length, _)| stop(*length)).collect(),
            });
            anchor = next;
        }
        Self { groups }
    }

    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Hands over the stops of a secret, the last of which is its length.
    pub(super) fn along(&self, length: usize, mut each: impl FnMut(&Stop)) {
        let groups = self.groups.iter();
        let mut last = None;
        for group in groups.take_while(|group| group.anchor.length <= length) {
            each(&group.anchor);
            last = Some(group);
        }
        if let Some(group) = last {
            group.search(|stop| {
                let is_on = stop.length <= length;
                if is_on {
                    each(stop);
                }
                is_on
            });
        }
    }
}

impl Group {
    /// Halves the finer stops until none is left: goes on behind one that fits, before one that does not.
    pub(super) fn search(&self, mut fits: impl FnMut(&Stop) -> bool) {
        let mut rest = self.finer.as_slice();
        while let (before, [stop, after @ ..]) = rest.split_at(rest.len() / 2) {
            rest = if fits(stop) { after } else { before };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_ends_with_its_secret() {
        let by = Fingerprints::at_random_place().unwrap();
        let mut lengths = Lengths::default();
        lengths.extend((5..300).chain([1000, 1001, 3000]));
        let stops = Stops::new(&by, &lengths);
        let along = |length| {
            let mut all = Vec::new();
            stops.along(length, |stop| all.push(stop.length));
            all
        };
        assert_eq!(along(5), [5]);
        assert_eq!(along(15), [5, 11, 14, 15]);
        assert_eq!(along(16), [5, 16]);
        assert_eq!(along(1001), [5, 16, 32, 64, 128, 256, 512, 1001]);
        for length in (5..300).chain([1000, 1001, 3000]) {
            assert_eq!(along(length).last(), Some(&length), "{length}");
        }
    }
}
