//! What is suggested in place of a word that is no command or option here: the words of other tools by a table, slips by
//! likeness. A suggestion never leads from a value to a file or a store, from a read to a write, or to what shows more
//! than was asked for.

use clap::{Arg, Command};
use ksm::suggest::{self, LOOSE};

use super::tree;

/// For commands that change or show much, and options that do: a slip of one letter or two.
const SLIP: f64 = 0.75;

const ITEMS: &str = "`ksm secret list` lists the records, and `ksm secret get RECORD` shows one";
const RENAME: &str = "`ksm secret update RECORD --title TITLE` renames a record, and `ksm folder update -f FOLDER -t TITLE` a folder";
const CLONE: &str = "`ksm secret add clone -u RECORD` copies a record";
const MAKE_PASSWORD: &str = "`ksm secret password` makes a password";
const EXEC: &str =
    "`ksm exec -e NAME=keeper://RECORD/field/NAME -- PROGRAM` starts a program with secrets";
const GET: &str = "`ksm secret get RECORD` shows a record, and `ksm secret notation keeper://RECORD/field/NAME` prints one value";
const BIND: &str = "`ksm profile init --token-file FILE` makes a profile from a one-time token";
const FILL: &str = "`ksm interpolate FILE` fills in a template";
const UPDATE: &str =
    "`ksm secret update RECORD --field-from NAME=-` sets a field to what stdin holds";
const ADD: &str = "`ksm secret add field --help` says how a record is added, and `ksm folder add --help` a folder";
const DELETE: &str =
    "`ksm secret delete RECORD` deletes a record, and `ksm folder delete FOLDER` a folder";
const SWITCH: &str = "`--enable` turns it on, and `--disable` off";
const DEV: &str = "the command stands behind dashes: `ksm dev -- ksm secret list`";
const FIND: &str = "`ksm secret list -t REGEX` lists the records whose titles match";
const CHECK: &str = "`ksm profile check` examines the profile and the way to the vault";

/// The path of a command, words that are none of its own, and the cure.
type Row = (&'static str, &'static [&'static str], &'static str);

/// Words of other tools, below the command with this path.
const COMMANDS: &[Row] = &[
    ("ksm", &["get", "read", "show", "view", "cat"], GET),
    (
        "ksm",
        &["list", "ls", "l", "items", "records"],
        "`ksm secret list` lists the records",
    ),
    ("ksm", &["item", "kv", "vault", "record"], ITEMS),
    (
        "ksm",
        &["export", "dotenv"],
        "`ksm env RECORD` prints a record's fields as variables",
    ),
    (
        "ksm",
        &["import"],
        "`ksm profile import --help` says how a profile comes to this device",
    ),
    ("ksm", &["mv", "move", "rename"], RENAME),
    ("ksm", &["run", "env", "start", "with"], EXEC),
    (
        "ksm",
        &["inject", "template", "render", "substitute", "tpl"],
        FILL,
    ),
    (
        "ksm",
        &["login", "signin", "auth", "bind", "register", "setup"],
        BIND,
    ),
    (
        "ksm",
        &["doctor", "status", "whoami", "check", "ping"],
        CHECK,
    ),
    ("ksm", &["create", "new", "add"], ADD),
    ("ksm", &["set", "edit", "put", "write", "update"], UPDATE),
    ("ksm", &["rm", "remove", "del", "delete"], DELETE),
    ("ksm", &["find", "search", "grep"], FIND),
    (
        "ksm",
        &["otp", "totp", "code"],
        "`ksm secret totp RECORD` prints a one-time code",
    ),
    (
        "ksm",
        &["generate", "password", "pwgen", "gen"],
        MAKE_PASSWORD,
    ),
    (
        "ksm",
        &["download", "cp"],
        "`ksm secret download keeper://RECORD/file/NAME --file-output PATH` saves an attachment",
    ),
    (
        "ksm",
        &["upload", "attach"],
        "`ksm secret upload -u RECORD -f FILE` attaches a file",
    ),
    (
        "ksm",
        &["notation"],
        "`ksm secret notation keeper://RECORD/field/NAME` prints one value",
    ),
    (
        "ksm",
        &["profiles", "accounts"],
        "`ksm profile list` lists the profiles",
    ),
    (
        "ksm",
        &["cache"],
        "`ksm config cache` shows the state of the cache",
    ),
    ("ksm", &["folders"], "`ksm folder list` lists the folders"),
    (
        "ksm",
        &["logout", "signout", "forget"],
        "`ksm profile list` lists the profiles of this device; `ksm profile delete NAME` removes one",
    ),
    (
        "ksm secret",
        &["show", "read", "view", "cat", "reveal"],
        GET,
    ),
    ("ksm secret", &["create", "new", "insert"], ADD),
    (
        "ksm secret",
        &["set", "edit", "put", "write", "rotate"],
        UPDATE,
    ),
    ("ksm secret", &["rm", "remove"], DELETE),
    ("ksm secret", &["copy", "cp", "clone", "duplicate"], CLONE),
    ("ksm secret", &["generate", "pwgen", "gen"], MAKE_PASSWORD),
    (
        "ksm secret",
        &["move", "mv"],
        "a record stays in its folder; `ksm secret add clone -u RECORD` copies it",
    ),
    (
        "ksm secret add",
        &["login", "record", "new", "create", "secret"],
        "`ksm secret add field --sf FOLDER --rt login -t TITLE` adds a record",
    ),
    (
        "ksm folder",
        &["rename", "mv", "move"],
        "`ksm folder update -f FOLDER -t TITLE` renames a folder",
    ),
    ("ksm secret", &["find", "search", "grep"], FIND),
    ("ksm secret", &["run", "inject", "env"], EXEC),
    (
        "ksm folder",
        &["create", "new", "mkdir"],
        "`ksm folder add -f PARENT -t TITLE` adds a folder",
    ),
    (
        "ksm folder",
        &["rm", "remove", "rmdir"],
        "`ksm folder delete FOLDER` deletes a folder",
    ),
    (
        "ksm folder",
        &["get", "show"],
        "`ksm folder list -f FOLDER -l` shows a folder and its records",
    ),
];

/// The same below `ksm profile` and `ksm config`.
const SETTINGS: &[Row] = &[
    (
        "ksm profile",
        &["login", "create", "add", "new", "bind", "redeem"],
        BIND,
    ),
    (
        "ksm profile",
        &["use", "switch", "select", "set"],
        "`ksm profile active NAME` makes a profile the active one",
    ),
    (
        "ksm profile",
        &["show", "get", "status", "whoami", "verify", "test"],
        CHECK,
    ),
    (
        "ksm profile",
        &["rm", "remove", "logout"],
        "`ksm profile list` lists the profiles; `ksm profile delete NAME` removes one",
    ),
    (
        "ksm profile",
        &["mv", "copy", "cp"],
        "`ksm profile rename OLD NEW` renames a profile, and `ksm profile move --help` says how one moves",
    ),
    (
        "ksm init",
        &["kubernetes", "kube", "kubectl", "secret"],
        "`ksm init k8s TOKEN` prints a Secret of Kubernetes",
    ),
    ("ksm dev", &["ksm", "bash", "sh", "run", "exec"], DEV),
    (
        "ksm config",
        &["get", "list", "ls", "view"],
        "`ksm config show` shows the settings",
    ),
];

/// Options of other tools, of commands whose path begins so.
const OPTIONS: &[Row] = &[
    (
        "ksm interpolate",
        &["in-file", "input-file", "input", "in", "file", "template"],
        "templates are named without an option: `ksm interpolate FILE`",
    ),
    (
        "ksm interpolate",
        &["out-file", "output-file", "out"],
        "`-o FILE` behind `interpolate` names the file to write",
    ),
    (
        "ksm secret download",
        &["out-file", "output-file", "out", "output"],
        "`--file-output PATH` names the file to write",
    ),
    (
        "ksm secret add field",
        &["field", "fields", "set"],
        "fields are given without an option, as in `login=ada`; `--field-from NAME=PATH` reads a value",
    ),
    (
        "ksm secret add",
        &["folder", "parent"],
        "`--sf FOLDER` names the folder",
    ),
    (
        "ksm secret delete-attachment",
        &["name", "title", "file-uid", "attachment"],
        "`-u RECORD -f NAME` removes an attachment",
    ),
    (
        "ksm secret upload",
        &["name"],
        "`-t TITLE` names the attachment, and `-f FILE` the file",
    ),
    (
        "ksm secret",
        &["record", "id", "name"],
        "a record is named without an option, or with `-u RECORD`",
    ),
    (
        "ksm secret get",
        &["reveal", "show", "show-secrets", "plain", "no-mask"],
        "`--field NAME` prints one value; `--unmask` shows all of them",
    ),
    (
        "ksm secret get",
        &["fields", "key"],
        "`--field NAME` prints one field; `--query JSONPATH` finds several",
    ),
    (
        "ksm secret get",
        &["folder"],
        "`ksm secret list -f FOLDER` lists the records of a folder",
    ),
    (
        "ksm secret update",
        &["custom-field"],
        "`--custom-field-from NAME=PATH` sets a field to what a file holds, and PATH `-` is stdin",
    ),
    (
        "ksm secret delete",
        &["force"],
        "no command asks for a confirmation",
    ),
    (
        "ksm profile init",
        &["region", "host", "server"],
        "`--hostname REGION` names the region, such as US or EU",
    ),
    (
        "ksm env",
        &["f", "t"],
        "`--format FORMAT` chooses the form, as in `--format json`",
    ),
    (
        "ksm env",
        &["shell"],
        "`--format fish` and the like choose the form",
    ),
    (
        "ksm exec",
        &["environment", "set"],
        "`-e NAME=NOTATION` sets a variable",
    ),
    (
        "ksm exec",
        &["no-masking", "no-mask"],
        "output is masked only with `--mask`",
    ),
    (
        "ksm",
        &["out-file", "output-file"],
        "`-o FILE` names the file for the answer",
    ),
    (
        "ksm",
        &["format", "output-format"],
        "`--json` prints JSON, where a command has it",
    ),
    (
        "ksm",
        &["yes", "assume-yes", "no-input"],
        "no command asks for a confirmation",
    ),
];

/// What is done where an argument without an option is one too many, of the command with this path.
const STRAY: &[(&str, &str)] = &[
    (
        "ksm secret update",
        "`--field-from NAME=-` sets a field to what stdin holds; a name with blanks stands within quotes",
    ),
    (
        "ksm secret download",
        "`ksm secret download keeper://RECORD/file/NAME --file-output PATH` saves an attachment; a name with blanks stands within quotes",
    ),
    (
        "ksm secret upload",
        "`ksm secret upload -u RECORD -f FILE` attaches a file",
    ),
    (
        "ksm secret delete-attachment",
        "`ksm secret delete-attachment -u RECORD -f NAME` removes an attachment",
    ),
    (
        "ksm secret list",
        "`-t REGEX` lists the records whose titles match, and `-f FOLDER` those of a folder",
    ),
    ("ksm secret add clone", CLONE),
    ("ksm secret password", "`-l NUMBER` sets the length"),
    ("ksm folder list", "`-f FOLDER` names the folder"),
    (
        "ksm folder add",
        "`ksm folder add -f PARENT -t TITLE` adds a folder",
    ),
    (
        "ksm folder update",
        "`ksm folder update -f FOLDER -t TITLE` renames a folder",
    ),
    ("ksm config color", SWITCH),
    ("ksm config cache", SWITCH),
    (
        "ksm config editor",
        "`--application PROGRAM` sets the editor",
    ),
    (
        "ksm config record-type-dir",
        "`--directory DIR` sets the directory",
    ),
    ("ksm dev", DEV),
];

/// The hint for an argument that `reached` does not take.
pub(super) fn for_stray(reached: &Command) -> Option<String> {
    let path = tree::path(reached);
    let mut cures = STRAY.iter().filter(|(of, _)| *of == path);
    if let Some((_, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    // The first word of a title with blanks was read as the whole.
    let takes_names = reached.get_positionals().next().is_some() && path.starts_with("ksm secret ");
    takes_names.then(|| {
        "a name or notation with blanks stands within quotes: 'keeper://My Server/field/login'"
            .to_owned()
    })
}

/// The hint for two arguments of `reached` that exclude each other.
pub(super) fn for_pair(reached: &Command) -> Option<&'static str> {
    (tree::path(reached) == "ksm secret download")
        .then_some("`-u RECORD --name NAME` or keeper://RECORD/file/NAME names an attachment")
}

/// The hint for `word` in place of one of `choices`.
pub(super) fn for_choice(word: &str, choices: &[String]) -> Option<String> {
    let choices = || choices.iter().map(String::as_str);
    let is_shell = ["bash", "sh", "zsh"].contains(&word);
    let shell = choices().find(|choice| is_shell && *choice == "shell");
    let meant = shell.map(str::to_owned);
    meant
        .or_else(|| suggest::closest(word, choices(), LOOSE))
        .map(|choice| did_you_mean(&choice))
}

/// Words that a reader looks for, and the page with the answer.
const TOPICS: &[(&str, &[&str])] = &[
    (
        "start",
        &["install", "installing", "setup", "begin", "quickstart"],
    ),
    (
        "troubleshooting",
        &["errors", "error", "problems", "debug", "proxy"],
    ),
    ("ci", &["github", "jenkins", "gitlab", "actions"]),
    ("names-and-notation", &["uri", "title", "titles", "uid"]),
    ("migrating", &["1password", "op", "python"]),
    ("secret totp", &["totp", "otp", "2fa"]),
    ("variables", &["environment"]),
];

/// The page for `word`, which is neither a command nor a topic.
pub(super) fn topic_for(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let mut rows = TOPICS.iter();
    rows.find(|(_, words)| words.contains(&word.as_str()))
        .map(|(topic, _)| *topic)
}

/// Commands that change something, hand over keys, or start a program.
const GRAVE: &[&str] = &[
    "add",
    "clone",
    "delete",
    "delete-attachment",
    "dev",
    "editor",
    "exec",
    "export",
    "field",
    "file",
    "import",
    "init",
    "keyring",
    "move",
    "push",
    "quit",
    "rename",
    "setup",
    "sync",
    "update",
    "upload",
    "k8s",
];

/// Options that show or allow more, whatever their value.
const LAVISH: &[&str] = &[
    "allow-empty",
    "allow-newlines",
    "allow-unsafe-for-eval",
    "apply",
    "continue",
    "create-folders",
    "delete-missing",
    "force",
    "inline",
    "keep-config",
    "plain",
    "unmask",
];

/// The hint for `word`, which is no command of `group`.
pub(super) fn for_command(group: &Command, word: &str) -> Option<String> {
    let word = word.to_ascii_lowercase();
    if word == "help" {
        let words = tree::path(group).strip_prefix("ksm").unwrap_or_default();
        return Some(format!("`ksm help{words}` explains the command"));
    }
    let tables = COMMANDS.iter().chain(SETTINGS);
    let mut cures = tables
        .filter(|(path, words, _)| *path == tree::path(group) && words.contains(&word.as_str()));
    if let Some((_, _, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    let (grave, light): (Vec<_>, Vec<_>) =
        shown_names(group).partition(|name| GRAVE.contains(name));
    let near = suggest::closest(&word, light.into_iter(), LOOSE);
    near.or_else(|| suggest::slip(&word, grave.into_iter(), SLIP))
        .map(|name| did_you_mean(&name))
}

/// The hint for the option `name`, which neither `reached` nor the root has.
pub(super) fn for_option(reached: &Command, root: &Command, name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let path = tree::path(reached);
    let mut cures = OPTIONS.iter().filter(|(above, names, _)| {
        let below = path.strip_prefix(above);
        below.is_some_and(|below| below.is_empty() || below.starts_with(' '))
            && names.contains(&name.as_str())
    });
    if let Some((_, _, cure)) = cures.next() {
        return Some((*cure).to_owned());
    }
    let options = [reached, root].into_iter().flat_map(Command::get_arguments);
    let options = options.filter(|arg| !arg.is_hide_set() && arg.get_long().is_some());
    let (grave, light): (Vec<&Arg>, Vec<&Arg>) = options.partition(|arg| is_grave(arg));
    let light = || light.iter().filter_map(|arg| arg.get_long());
    suggest::slip(&name, light(), SLIP)
        .or_else(|| suggest::slip(&name, grave.into_iter().filter_map(Arg::get_long), SLIP))
        .or_else(|| suggest::closest(&name, light(), LOOSE))
        .map(|name| did_you_mean(&format!("--{name}")))
}

/// Whether it names a file or a store, or shows or allows more.
fn is_grave(arg: &Arg) -> bool {
    let names = arg.get_value_names().unwrap_or_default();
    let places = [
        "FILE",
        "=PATH",
        "PATH=NOTATION",
        "TARGET",
        "DIR",
        "STORAGE",
        "STORE",
        "PROGRAM",
    ];
    let names_a_place = names
        .iter()
        .any(|name| places.iter().any(|place| name.ends_with(place)));
    names_a_place || arg.get_long().is_some_and(|name| LAVISH.contains(&name))
}

pub(super) fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

pub(super) fn shown_names(group: &Command) -> impl Iterator<Item = &str> {
    let shown = group
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    shown.map(Command::get_name)
}
