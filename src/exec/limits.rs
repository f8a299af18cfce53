//! How much a new program can be given, for those who do not start one: starting it, the system says so itself.

use super::launch::{Launch, LaunchError};

impl Launch {
    /// Refuses what no new program gets on Linux (execve(2)): a string of 32 pages or more, or more of them than the
    /// stack's limit allows.
    #[cfg(target_os = "linux")]
    pub fn fits(&self) -> Result<(), LaunchError> {
        use rustix::process::{Resource, getrlimit};
        const POINTER: usize = size_of::<usize>();
        let (largest, bytes) = self.largest();
        let sizes = self
            .environment
            .iter()
            .map(|(name, value)| name.len() + 1 + value.len());
        let sizes = sizes.chain(self.arguments.iter().map(|text| text.len()));
        let own = 2 * (self.program.name.len() + 1 + POINTER);
        let all: usize = own + sizes.map(|size| size + 1 + POINTER).sum::<usize>();
        let stack = getrlimit(Resource::Stack).current.unwrap_or(u64::MAX);
        let room = (stack / 4).clamp(128 << 10, 6 << 20);
        if bytes >= 32 * rustix::param::page_size() || all as u64 > room {
            return Err(LaunchError::TooLarge { largest, bytes });
        }
        Ok(())
    }

    /// The limits of other systems are not ours to know.
    #[cfg(not(target_os = "linux"))]
    pub fn fits(&self) -> Result<(), LaunchError> {
        Ok(())
    }
}
