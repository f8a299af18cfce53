//! Whether colors are wanted, by flag and by the variables that programs have in common.

use ksm::environment::{Environment, names};

/// What is said about colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColorWish {
    /// Also where no terminal shows them.
    Forced,
    /// On a terminal.
    On,
    Off,
    /// Settings may decide.
    Unsaid,
}

impl ColorWish {
    /// The flag goes before the variables.
    pub(crate) fn of(flag: Option<bool>, environment: &Environment) -> Self {
        match flag {
            Some(true) => return Self::On,
            Some(false) => return Self::Off,
            None => {}
        }
        let says = |name, word: &str| environment.get(name).is_some_and(|value| value == word);
        if environment.nonempty(names::NO_COLOR).is_some() {
            return Self::Off;
        }
        if environment.nonempty(names::CLICOLOR_FORCE).is_some()
            && !says(names::CLICOLOR_FORCE, "0")
        {
            return Self::Forced;
        }
        match says(names::CLICOLOR, "0") || says(names::TERM, "dumb") {
            true => Self::Off,
            false => Self::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_goes_before_variables_and_off_before_on() {
        use ColorWish::{Forced, Off, On, Unsaid};
        for (flag, variables, expected) in [
            (None, &[][..], Unsaid),
            (None, &[("NO_COLOR", "1")], Off),
            (None, &[("NO_COLOR", "")], Unsaid),
            (None, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], Off),
            (None, &[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], Forced),
            (None, &[("CLICOLOR_FORCE", "0")], Unsaid),
            (None, &[("CLICOLOR", "0")], Off),
            (None, &[("CLICOLOR", "1")], Unsaid),
            (None, &[("TERM", "dumb")], Off),
            (Some(true), &[("NO_COLOR", "1")], On),
            (Some(false), &[("CLICOLOR_FORCE", "1")], Off),
        ] {
            let environment = variables.iter().copied().collect();
            assert_eq!(ColorWish::of(flag, &environment), expected, "{variables:?}");
        }
    }
}
