//! The shells that are told in which environment the vault is found, each in its own words.

use std::ffi::OsStr;

use crate::environment::{Environment, System, names};

/// Quotes to PowerShell, each the same as the first.
const SINGLE_QUOTES: [char; 5] = ['\'', '‘', '’', '‚', '‛'];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    Posix,
    PowerShell,
    Cmd,
}

impl Shell {
    /// The kind of shell that started us, as far as variables tell it.
    pub fn at_hand(system: System, environment: &Environment) -> Self {
        // Git's bash and its kin say so.
        let is_posix = environment.nonempty(names::MSYSTEM).is_some();
        match system {
            System::Unix => Self::Posix,
            System::Windows if is_posix => Self::Posix,
            System::Windows if has_modules(environment) => Self::PowerShell,
            System::Windows => Self::Cmd,
        }
    }

    pub(super) fn unset(self, names: &[&str]) -> String {
        match self {
            Self::Posix => format!("unset {}\n", names.join(" ")),
            Self::PowerShell => {
                let variables: Vec<_> = names.iter().map(|name| format!("Env:{name}")).collect();
                let variables = variables.join(",");
                format!("Remove-Item {variables} -ErrorAction Ignore\n")
            }
            Self::Cmd => names
                .iter()
                .map(|name| format!("set \"{name}=\"\n"))
                .collect(),
        }
    }

    pub(super) fn set(self, name: &str, value: &OsStr) -> String {
        let quoted = self.quoted(value);
        match self {
            Self::Posix => format!("export {name}={quoted}\n"),
            Self::PowerShell => format!("$env:{name} = {quoted}\n"),
            Self::Cmd => format!("set \"{name}={quoted}\"\n"),
        }
    }

    /// Puts a directory in front of those of programs.
    pub(super) fn prepend_path(self, directory: &OsStr) -> String {
        let quoted = self.quoted(directory);
        match self {
            Self::Posix => format!("export PATH={quoted}:\"$PATH\"\n"),
            Self::PowerShell => format!("$env:PATH = {quoted} + ';' + $env:PATH\n"),
            Self::Cmd => format!("set \"PATH={quoted};%PATH%\"\n"),
        }
    }

    /// Nothing quotes a `%` at the prompt of cmd; the name of a variable behind it is unlikely.
    fn quoted(self, value: &OsStr) -> String {
        let value = value.to_string_lossy();
        match self {
            Self::Posix => format!("'{}'", value.replace('\'', r"'\''")),
            Self::PowerShell => {
                let doubled = value.chars().flat_map(|letter| {
                    let again = SINGLE_QUOTES.contains(&letter).then_some(letter);
                    std::iter::once(letter).chain(again)
                });
                format!("'{}'", doubled.collect::<String>())
            }
            Self::Cmd => value.into_owned(),
        }
    }
}

/// Whether PowerShell added its own directories to those of the machine, which every program has.
fn has_modules(environment: &Environment) -> bool {
    let lower = |name| Some(environment.text(name)?.to_lowercase());
    let modules = lower(names::PSMODULEPATH).unwrap_or_default();
    let home = lower(names::USERPROFILE);
    modules.split(';').any(|directory| {
        let is_users = home
            .as_ref()
            .is_some_and(|home| directory.starts_with(home));
        is_users
            || directory
                .trim_end_matches('\\')
                .ends_with(r"\powershell\7\modules")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_tell_which_shell_is_at_hand() {
        let machine = r"C:\Program Files\WindowsPowerShell\Modules;C:\Windows\system32\WindowsPowerShell\v1.0\Modules";
        let user = format!(r"C:\Users\Ada\OneDrive\Documents\WindowsPowerShell\Modules;{machine}");
        let seven =
            format!(r"D:\docs\PowerShell\Modules;c:\program files\powershell\7\Modules;{machine}");
        for (variables, expected) in [
            (vec![("PSMODULEPATH", machine)], Shell::Cmd),
            (vec![("PSMODULEPATH", &user)], Shell::PowerShell),
            (vec![("PSMODULEPATH", &seven)], Shell::PowerShell),
            (
                vec![("PSMODULEPATH", &user), ("MSYSTEM", "MINGW64")],
                Shell::Posix,
            ),
            (vec![], Shell::Cmd),
        ] {
            let environment =
                Environment::from_iter(variables).with("USERPROFILE", r"c:\users\ada");
            assert_eq!(Shell::at_hand(System::Windows, &environment), expected);
            assert_eq!(Shell::at_hand(System::Unix, &environment), Shell::Posix);
        }
    }

    #[test]
    fn each_shell_has_its_own_lines() {
        let value = OsStr::new(r"C:\it's ‘so’");
        let lines = |shell: Shell| {
            [
                shell.unset(&["A", "B"]),
                shell.set("C", value),
                shell.prepend_path(value),
            ]
            .concat()
        };
        assert_eq!(
            lines(Shell::Posix),
            "unset A B\nexport C='C:\\it'\\''s ‘so’'\nexport PATH='C:\\it'\\''s ‘so’':\"$PATH\"\n"
        );
        assert_eq!(
            lines(Shell::PowerShell),
            "Remove-Item Env:A,Env:B -ErrorAction Ignore\n$env:C = 'C:\\it''s ‘‘so’’'\n\
             $env:PATH = 'C:\\it''s ‘‘so’’' + ';' + $env:PATH\n"
        );
        assert_eq!(
            lines(Shell::Cmd),
            "set \"A=\"\nset \"B=\"\nset \"C=C:\\it's ‘so’\"\nset \"PATH=C:\\it's ‘so’;%PATH%\"\n"
        );
    }
}
