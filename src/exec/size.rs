//! How much a program gets, and what the system takes.

use super::launch::{Launch, LaunchError, ProgramInput};

impl Launch {
    /// Refuses what no new program gets on Linux (execve(2)): a string of 32 pages or more, or more of them than the
    /// stack's limit allows. For dry runs, since starting the program makes the system say so itself.
    pub fn check_size(&self) -> Result<(), LaunchError> {
        let (_, largest) = self.largest();
        let is_more = |bytes, limit: Option<usize>| limit.is_some_and(|limit| bytes > limit);
        if is_more(largest, largest_limit()) || is_more(self.total(), total_limit()) {
            return Err(self.too_large());
        }
        Ok(())
    }

    pub(super) fn too_large(&self) -> LaunchError {
        let (largest, bytes) = self.largest();
        LaunchError::TooLarge {
            total: self.total(),
            limit: total_limit(),
            largest,
            bytes,
            largest_limit: largest_limit(),
        }
    }

    /// As the system counts: with an end and an address for each string, the program's name twice.
    fn total(&self) -> usize {
        const POINTER: usize = size_of::<usize>();
        let own = 2 * (self.program.name.len() + 1 + POINTER);
        let others = self.sizes().map(|(_, size)| size + 1 + POINTER);
        own + others.sum::<usize>()
    }

    fn largest(&self) -> (ProgramInput, usize) {
        self.sizes()
            .max_by_key(|(_, bytes)| *bytes)
            .unwrap_or((ProgramInput::Argument(0), 0))
    }

    fn sizes(&self) -> impl Iterator<Item = (ProgramInput, usize)> {
        let variables = self.environment.iter().map(|(name, value)| {
            let size = name.len() + 1 + value.len();
            (ProgramInput::Variable(name.to_owned()), size)
        });
        let arguments = self.arguments.iter().enumerate();
        variables.chain(arguments.map(|(index, text)| (ProgramInput::Argument(index), text.len())))
    }
}

#[cfg(target_os = "linux")]
fn total_limit() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    let stack = getrlimit(Resource::Stack).current.unwrap_or(u64::MAX);
    usize::try_from(total_within(stack)).ok()
}

#[cfg(target_os = "linux")]
fn total_within(stack: u64) -> u64 {
    (stack / 4).clamp(128 << 10, 6 << 20)
}

#[cfg(target_os = "linux")]
fn largest_limit() -> Option<usize> {
    Some(32 * rustix::param::page_size() - 1)
}

#[cfg(not(target_os = "linux"))]
fn total_limit() -> Option<usize> {
    None
}

#[cfg(not(target_os = "linux"))]
fn largest_limit() -> Option<usize> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::environment::ChildEnvironment;
    use crate::program::Program;

    fn launch(arguments: &[usize]) -> Launch {
        let mut environment = ChildEnvironment::default();
        environment.set("NAME", "value");
        Launch {
            program: Program {
                name: "true".into(),
                path: "/bin/true".into(),
            },
            arguments: arguments
                .iter()
                .map(|length| "x".repeat(*length).into())
                .collect(),
            environment,
        }
    }

    #[test]
    fn sizes_are_counted_as_the_system_counts() {
        let pointer = size_of::<usize>();
        let small = launch(&[3, 0]);
        assert_eq!(small.total(), 2 * 5 + 11 + 4 + 1 + 5 * pointer);
        assert_eq!(small.largest(), (ProgramInput::Variable("NAME".into()), 10));
        assert_eq!(launch(&[1, 11]).largest(), (ProgramInput::Argument(1), 11));
    }

    #[test]
    fn a_quarter_of_the_stack_is_for_arguments() {
        for (stack, expected) in [
            (524_288, 131_072),
            (8_388_608, 2_097_152),
            (u64::MAX, 6_291_456),
        ] {
            assert_eq!(total_within(stack), expected, "{stack}");
        }
    }

    #[test]
    fn what_no_program_gets_is_refused_at_the_limit() {
        let each = largest_limit().unwrap();
        assert!(launch(&[each]).check_size().is_ok());
        assert!(launch(&[each + 1]).check_size().is_err());
        let most = total_limit().unwrap();
        let own = 1 + size_of::<usize>();
        let mut arguments = vec![each; (most / (each + own)).saturating_sub(1)];
        let rest = most - launch(&arguments).total() - 2 * own;
        arguments.extend([rest / 2, rest - rest / 2]);
        assert!(launch(&arguments).check_size().is_ok());
        arguments.push(0);
        assert!(launch(&arguments).check_size().is_err());
    }
}
