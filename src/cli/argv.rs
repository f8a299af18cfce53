//! Spells the command line as clap understands it (decision D3). What users of the official CLI type goes beyond clap:
//! names in any case, `-nc`, root options behind the command, UIDs that start with a dash, `exec` without `--`.
//!
//! Everything is decided by walking clap's own tree, so a new command needs nothing here. Values are never touched, and
//! neither is what follows `--`.

use std::ffi::OsString;
use std::slice::Iter;

use clap::{Arg, Command};

/// One-dash options of several letters. A command that has one declares it as a hidden long alias: `-nc` is `--nc`.
const LETTER_PAIRS: [&str; 7] = ["nc", "lc", "uc", "sc", "fr", "px", "rj"];

/// The length of a UID: 16 bytes in base64.
const UID_LEN: usize = 22;

/// A command line for clap, and how far into the tree its words lead.
pub(super) struct Line<'c> {
    pub(super) words: Vec<OsString>,
    pub(super) root: &'c Command,
    pub(super) reached: &'c Command,
}

/// Respells `typed`, whose first word is the program's name. The tree must have been built.
pub(super) fn normalize<'c>(root: &'c Command, typed: &[OsString]) -> Line<'c> {
    let mut words = typed.iter();
    let mut walk = Walk {
        root,
        reached: root,
        root_options: words.next().cloned().into_iter().collect(),
        rest: Vec::new(),
        operands: Vec::new(),
    };
    while let Some(word) = words.next() {
        walk.step(word, &mut words);
    }
    let mut spelled = walk.root_options;
    spelled.append(&mut walk.rest);
    if !walk.operands.is_empty() {
        spelled.push("--".into());
        spelled.append(&mut walk.operands);
    }
    Line {
        words: spelled,
        root,
        reached: walk.reached,
    }
}

struct Walk<'c> {
    root: &'c Command,
    reached: &'c Command,
    // The program's name and the options of the root, wherever they stood.
    root_options: Vec<OsString>,
    // The command words and what belongs to the command.
    rest: Vec<OsString>,
    // What must stand behind `--`.
    operands: Vec<OsString>,
}

impl Walk<'_> {
    fn step(&mut self, word: &OsString, following: &mut Iter<'_, OsString>) {
        match word.to_str() {
            Some("--") => self.operands.extend(following.cloned()),
            Some(text) if self.is_notation_of_a_dashed_uid(text) => {
                self.operands.push(word.clone());
            }
            Some(text) if self.is_dashed_uid(text) => {
                self.rest.push(format!("--uid={text}").into())
            }
            Some(text) if text.len() > 1 && text.starts_with('-') => self.option(text, following),
            _ if self
                .reached
                .get_positionals()
                .any(Arg::is_trailing_var_arg_set) =>
            {
                // The program of `exec`: from here on everything is its own.
                self.operands.push(word.clone());
                self.operands.extend(following.cloned());
            }
            text => {
                let word = self.command_word(text).unwrap_or_else(|| word.clone());
                self.rest.push(word);
            }
        }
    }

    fn command_word(&mut self, text: Option<&str>) -> Option<OsString> {
        let lower = text?.to_ascii_lowercase();
        self.reached = self.reached.find_subcommand(&lower)?;
        Some(lower.into())
    }

    fn option(&mut self, text: &str, following: &mut Iter<'_, OsString>) {
        let (option, place) = if let Some(option) = spell(self.reached, text) {
            (option, &mut self.rest)
        } else if let Some(option) = spell(self.root, text) {
            (option, &mut self.root_options)
        } else {
            self.rest.push(text.into()); // clap says what is wrong with it
            return;
        };
        place.push(option.word.into());
        place.extend(following.take(option.values).cloned());
    }

    fn is_dashed_uid(&self, text: &str) -> bool {
        text.len() == UID_LEN
            && text.starts_with('-')
            && text.bytes().all(is_uid_byte)
            && long(self.reached, "uid").is_some()
            && spell_long(self.reached, text)
                .or_else(|| spell_long(self.root, text))
                .is_none()
    }

    fn is_notation_of_a_dashed_uid(&self, text: &str) -> bool {
        text.starts_with('-')
            && text
                .split_once('/')
                .is_some_and(|(uid, _)| uid.len() == UID_LEN && uid.bytes().all(is_uid_byte))
    }
}

fn is_uid_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// An option as clap spells it, and how many of the words that follow are its values.
struct Spelled {
    word: String,
    values: usize,
}

// `None` if the command does not declare such an option.
fn spell(command: &Command, text: &str) -> Option<Spelled> {
    spell_long(command, text)
        .or_else(|| spell_pair(command, text))
        .or_else(|| spell_short(command, text))
}

fn spell_long(command: &Command, text: &str) -> Option<Spelled> {
    spell_name(command, text.strip_prefix("--")?)
}

fn spell_pair(command: &Command, text: &str) -> Option<Spelled> {
    let bare = text.strip_prefix('-')?;
    let name = bare.split_once('=').map_or(bare, |(name, _)| name);
    LETTER_PAIRS
        .iter()
        .any(|pair| name.eq_ignore_ascii_case(pair))
        .then(|| spell_name(command, bare))?
}

// `name` or `name=value`.
fn spell_name(command: &Command, text: &str) -> Option<Spelled> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let name = name.to_ascii_lowercase();
    let arg = long(command, &name)?;
    Some(match value {
        Some(value) => Spelled {
            word: format!("--{name}={value}"),
            values: 0,
        },
        None => Spelled {
            word: format!("--{name}"),
            values: values(arg),
        },
    })
}

// One letter with or without its value, or several flags: `-u`, `-uUID`, `-ir`.
fn spell_short(command: &Command, text: &str) -> Option<Spelled> {
    let letters = text
        .strip_prefix('-')
        .filter(|letters| !letters.starts_with('-'))?;
    let mut word = String::from("-");
    let mut letters = letters.chars();
    while let Some(typed) = letters.next() {
        let Some((letter, arg)) = short(command, typed) else {
            if word.len() == 1 {
                return None;
            }
            word.push(typed); // clap names the letter that is not declared
            word.push_str(letters.as_str());
            return Some(Spelled { word, values: 0 });
        };
        word.push(letter);
        if arg.get_action().takes_values() {
            let attached = letters.as_str();
            word.push_str(attached);
            let values = if attached.is_empty() { values(arg) } else { 0 };
            return Some(Spelled { word, values });
        }
    }
    Some(Spelled { word, values: 0 })
}

fn long<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    command.get_arguments().find(|arg| {
        arg.get_long() == Some(name)
            || arg
                .get_all_aliases()
                .is_some_and(|aliases| aliases.contains(&name))
    })
}

// The letter as typed, or where that is none, as a small one.
fn short(command: &Command, typed: char) -> Option<(char, &Arg)> {
    [typed, typed.to_ascii_lowercase()]
        .into_iter()
        .find_map(|letter| {
            let arg = command
                .get_arguments()
                .find(|arg| arg.get_short() == Some(letter))?;
            Some((letter, arg))
        })
}

fn values(arg: &Arg) -> usize {
    if !arg.get_action().takes_values() {
        return 0;
    }
    arg.get_num_args().map_or(1, |range| range.min_values())
}

#[cfg(test)]
mod tests {
    use clap::ArgAction;

    use super::*;

    // A tree with every shape that a command of ours has, those of later commands included.
    fn tree() -> Command {
        let value = |name: &'static str| Arg::new(name).long(name).action(ArgAction::Append);
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        let words = |name: &'static str| Arg::new(name).num_args(0..);
        let mut tree = Command::new("ksm")
            .arg(value("profile-name").short('p'))
            .arg(value("output").short('o'))
            .arg(flag("no-color").alias("nc"))
            .arg(flag("color").short('c'))
            .subcommand(
                Command::new("secret")
                    .alias("s")
                    .subcommand(
                        Command::new("get")
                            .alias("g")
                            .arg(value("uid").short('u'))
                            .arg(value("field").short('f'))
                            .arg(flag("json"))
                            .arg(flag("raw").short('r'))
                            .arg(words("uids")),
                    )
                    .subcommand(Command::new("notation").arg(Arg::new("text")))
                    .subcommand(
                        Command::new("password")
                            .arg(value("lc").alias("lowercase"))
                            .arg(value("output").short('o'))
                            .arg(value("pair").short('m').num_args(2)),
                    ),
            )
            .subcommand(
                Command::new("exec")
                    .alias("e")
                    .arg(flag("inline"))
                    .arg(Arg::new("command").num_args(1..).trailing_var_arg(true)),
            )
            .subcommand(
                Command::new("dev")
                    .arg(flag("unbound"))
                    .arg(Arg::new("command").num_args(0..).last(true)),
            );
        tree.build();
        tree
    }

    fn respelled(typed: &str) -> String {
        let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
        let words = normalize(&tree(), &typed).words;
        let words: Vec<_> = words
            .iter()
            .map(|word| word.to_str().unwrap_or("?"))
            .collect();
        words.join(" ")
    }

    #[test]
    fn the_command_line_is_spelled_for_clap() {
        let table = [
            // Nothing to do.
            ("ksm", "ksm"),
            ("ksm secret get -u U --json", "ksm secret get -u U --json"),
            // Names in any case, values as they are.
            (
                "ksm SECRET Get --FIELD Login --Json",
                "ksm secret get --field Login --json",
            ),
            (
                "ksm S G --Field=A=B -U Uid -FLogin",
                "ksm s g --field=A=B -u Uid -fLogin",
            ),
            ("ksm secret get UID --", "ksm secret get UID"),
            ("ksm secret get -f -P", "ksm secret get -f -P"),
            (
                "ksm secret get --field --JSON --JSON",
                "ksm secret get --field --JSON --json",
            ),
            ("ksm secret get -f -- --JSON", "ksm secret get -f -- --json"),
            ("ksm secret get -- --JSON -P", "ksm secret get -- --JSON -P"),
            (
                "ksm secret password -m -A -B --LC 1",
                "ksm secret password -m -A -B --lc 1",
            ),
            ("ksm secret get -RF Login", "ksm secret get -rf Login"),
            ("ksm secret get -RXF Login", "ksm secret get -rXF Login"),
            // One dash and two letters, where they are declared.
            ("ksm -nc secret get", "ksm --nc secret get"),
            ("ksm -NC secret get", "ksm --nc secret get"),
            ("ksm secret get -nc", "ksm --nc secret get"),
            (
                "ksm secret password -lc 2 -LC=3",
                "ksm secret password --lc 2 --lc=3",
            ),
            ("ksm secret get -lc", "ksm secret get -lc"),
            // Root options anywhere.
            ("ksm secret get U -p Prod", "ksm -p Prod secret get U"),
            (
                "ksm secret -pProd get U -o -X",
                "ksm -pProd -o -X secret get U",
            ),
            (
                "ksm secret get --Profile-Name=P -c",
                "ksm --profile-name=P -c secret get",
            ),
            ("ksm secret password -o json", "ksm secret password -o json"),
            ("ksm secret get U -p", "ksm -p secret get U"),
            // UIDs with a dash.
            (
                "ksm secret get -AbCdEfGhIjKlMnOpQrStU",
                "ksm secret get --uid=-AbCdEfGhIjKlMnOpQrStU",
            ),
            (
                "ksm secret get --bCdEfGhIjKlMnOpQrStU",
                "ksm secret get --uid=--bCdEfGhIjKlMnOpQrStU",
            ),
            (
                "ksm secret get -pbCdEfGhIjKlMnOpQrStU",
                "ksm secret get --uid=-pbCdEfGhIjKlMnOpQrStU",
            ),
            (
                "ksm secret get -u -AbCdEfGhIjKlMnOpQrStU",
                "ksm secret get -u -AbCdEfGhIjKlMnOpQrStU",
            ),
            (
                "ksm secret get --profile-name=abcdef",
                "ksm --profile-name=abcdef secret get",
            ),
            (
                "ksm secret get -fbCdEfGhIjKlMnOpQrSt",
                "ksm secret get -fbCdEfGhIjKlMnOpQrSt",
            ),
            (
                "ksm secret notation -AbCdEfGhIjKlMnOpQrStU/field/Login -P x",
                "ksm -p x secret notation -- -AbCdEfGhIjKlMnOpQrStU/field/Login",
            ),
            // The program of exec.
            ("ksm exec ls -La --", "ksm exec -- ls -La --"),
            (
                "ksm EXEC --INLINE -P x Ls -P",
                "ksm -p x exec --inline -- Ls -P",
            ),
            (
                "ksm exec -- curl -X POST -H A:b",
                "ksm exec -- curl -X POST -H A:b",
            ),
            ("ksm exec ls -- -La", "ksm exec -- ls -- -La"),
            ("ksm exec exec Exec", "ksm exec -- exec Exec"),
            ("ksm exec -X ls", "ksm exec -X -- ls"),
            (
                "ksm dev --Unbound -- KSM Secret -P",
                "ksm dev --unbound -- KSM Secret -P",
            ),
            // What is not declared stays as it is, for clap to complain of.
            ("ksm Secret Frob --Frob", "ksm secret Frob --Frob"),
            ("ksm -X - secret", "ksm -X - secret"),
        ];
        for (typed, expected) in table {
            assert_eq!(respelled(typed), expected, "{typed}");
        }
    }

    #[test]
    fn the_words_lead_to_a_command() {
        for (typed, reached) in [
            ("ksm", "ksm"),
            ("ksm -p x S", "secret"),
            ("ksm s g U", "get"),
        ] {
            let typed: Vec<OsString> = typed.split(' ').map(OsString::from).collect();
            assert_eq!(
                normalize(&tree(), &typed).reached.get_name(),
                reached,
                "{typed:?}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn words_that_are_no_text_pass_unchanged() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(b"-P\xff".to_vec());
        let typed = ["ksm".into(), "exec".into(), "ls".into(), odd.clone()];
        let words = normalize(&tree(), &typed).words;
        assert_eq!(
            words,
            [
                "ksm".into(),
                "exec".into(),
                "--".into(),
                OsString::from("ls"),
                odd
            ]
        );
    }
}
