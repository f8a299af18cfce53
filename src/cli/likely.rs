//! What a mistyped word was most likely meant to be. It is only ever suggested, never run.

use clap::{Arg, Command};

/// From this similarity on (1 is equal, 0 has nothing in common) a name is worth suggesting.
const ALIKE: f64 = 0.5;

/// The command of `group` that looks most like `word`.
pub(super) fn command(group: &Command, word: &str) -> Option<String> {
    let names = group
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
        .map(Command::get_name);
    closest(names, word).map(String::from)
}

/// The long option of these commands that looks most like `name`, with its dashes.
pub(super) fn option(commands: [&Command; 2], name: &str) -> Option<String> {
    let names = commands
        .into_iter()
        .flat_map(Command::get_arguments)
        .filter(|arg| !arg.is_hide_set())
        .filter_map(Arg::get_long);
    closest(names, name).map(|name| format!("--{name}"))
}

fn closest<'n>(names: impl Iterator<Item = &'n str>, word: &str) -> Option<&'n str> {
    let word = word.to_ascii_lowercase();
    let rated = names.map(|name| (likeness(name, &word), name));
    rated
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

fn likeness(name: &str, word: &str) -> f64 {
    if word.len() > 1 && name.starts_with(word) {
        1.0 // an abbreviation
    } else {
        strsim::normalized_damerau_levenshtein(name, word)
    }
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_misses_find_their_name_and_others_none() {
        let names = [
            "secret",
            "list",
            "get",
            "delete",
            "profile-name",
            "notation",
        ];
        let table = [
            ("sec", Some("secret")),
            ("SECRTE", Some("secret")),
            ("ls", Some("list")),
            ("gte", Some("get")),
            ("del", Some("delete")),
            ("delet", Some("delete")),
            ("profile", Some("profile-name")),
            ("rm", None),
            ("run", None),
            ("x", None),
            ("", None),
        ];
        for (word, name) in table {
            assert_eq!(closest(names.into_iter(), word), name, "{word}");
        }
    }
}
