//! Waiting for what cannot be waited for but by looking again.

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

    /// Waits a moment, and each time a tenth longer; `false` once there is no time left.
    pub fn wait(&mut self) -> bool {
        thread::sleep(self.step);
        self.left = self.left.saturating_sub(self.step);
        self.step = Self::LONGEST.min(self.step * 11 / 10);
        !self.left.is_zero()
    }
}
