//! The words that a command line may go on with.

use clap::{Arg, Command};

use super::tree;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Offered {
    /// Empty where a command was named.
    pub(crate) commands: Vec<String>,
    /// By their long names, those of `ksm` itself included.
    pub(crate) options: Vec<String>,
    pub(crate) is_below_profile: bool,
}

/// `before` are the words so far, without the program's name.
pub(crate) fn offered(before: &[String]) -> Offered {
    let root = tree::root();
    let reached = before.iter().fold(root.clone(), |here, word| {
        tree::below(&here, &word.to_ascii_lowercase()).unwrap_or(here)
    });
    let shown = |command: &&Command| !command.is_hide_set();
    let commands = reached.get_subcommands().filter(shown);
    let commands = commands.map(|command| command.get_name().to_owned());
    let own = reached.get_arguments();
    let mut options: Vec<_> = own.chain(root.get_arguments()).filter_map(long).collect();
    options.sort_unstable();
    options.dedup();
    Offered {
        commands: commands.collect(),
        options,
        is_below_profile: tree::path(&reached).starts_with("ksm profile "),
    }
}

fn long(option: &Arg) -> Option<String> {
    let name = option.get_long().filter(|_| !option.is_hide_set())?;
    Some(format!("--{name}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_group_offers_commands_a_command_options() {
        let offered = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            super::offered(&words)
        };
        assert!(offered("").commands.contains(&"secret".to_owned()));
        assert!(
            offered("--color SECRET")
                .commands
                .contains(&"get".to_owned())
        );
        let get = offered("secret get");
        assert_eq!(get.commands, [""; 0]);
        for option in ["--field", "--profile-name"] {
            assert!(get.options.contains(&option.to_owned()), "{option}");
        }
        assert!(!get.options.contains(&"--nc".to_owned()));
        assert!(offered("profile active").is_below_profile);
        assert!(!get.is_below_profile);
    }
}
