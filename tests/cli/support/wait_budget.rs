//! Looks again and again until there is no time left.

use std::thread;
use std::time::Duration;

/// Time left to wait, counted by our own sleeps: a machine that was suspended meanwhile makes no test fail.
pub struct WaitBudget {
    left: Duration,
    step: Duration,
}

impl WaitBudget {
    const SHORTEST: Duration = Duration::from_millis(2);
    const LONGEST: Duration = Duration::from_millis(50);

    pub fn new(left: Duration) -> Self {
        Self {
            left,
            step: Self::SHORTEST,
        }
    }

    /// Waits a moment, a tenth longer than before but no longer than [`Self::LONGEST`]. Returns `false`, without
    /// waiting, once there is no time left.
    pub fn wait(&mut self) -> bool {
        if self.left.is_zero() {
            return false;
        }
        thread::sleep(self.step);
        self.left = self.left.saturating_sub(self.step);
        self.step = Self::LONGEST.min(self.step * 11 / 10);
        true
    }
}
