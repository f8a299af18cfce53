//! Cures that several words have.

/// The path of a command, words that are none of its own, and the cure.
pub(super) type Row = (&'static str, &'static [&'static str], &'static str);

pub(super) const ITEMS: &str =
    "`ksm secret list` lists the records, and `ksm secret get RECORD` shows one";
pub(super) const RENAME: &str = "`ksm secret update RECORD --title TITLE` renames a record, and `ksm folder update -f FOLDER -t TITLE` a folder";
pub(super) const CLONE: &str = "`ksm secret add clone -u RECORD` copies a record";
pub(super) const MAKE_PASSWORD: &str = "`ksm secret password` makes a password";
pub(super) const EXEC: &str =
    "`ksm exec -e NAME=keeper://RECORD/field/NAME -- PROGRAM` starts a program with secrets";
pub(super) const GET: &str = "`ksm secret get RECORD` shows a record, and `ksm secret notation keeper://RECORD/field/NAME` prints one value";
pub(super) const BIND: &str =
    "`ksm profile init --token-file FILE` makes a profile from a one-time token";
pub(super) const FILL: &str = "`ksm interpolate FILE` fills in a template";
pub(super) const UPDATE: &str =
    "`ksm secret update RECORD --field-from NAME=-` sets a field to what stdin holds";
pub(super) const ADD: &str = "`ksm secret add field --help` says how a record is added, and `ksm folder add --help` a folder";
pub(super) const DELETE: &str =
    "`ksm secret delete RECORD` deletes a record, and `ksm folder delete FOLDER` a folder";
pub(super) const SWITCH: &str = "`--enable` turns it on, and `--disable` off";
pub(super) const DEV: &str = "the command stands behind dashes: `ksm dev -- ksm secret list`";
pub(super) const FIND: &str = "`ksm secret list -t REGEX` lists the records whose titles match";
pub(super) const CHECK: &str = "`ksm profile check` examines the profile and the way to the vault";
pub(super) const UPLOAD: &str = "`ksm secret upload -u RECORD -f FILE` attaches a file";
pub(super) const NOTATION: &str =
    "`ksm secret notation keeper://RECORD/field/NAME` prints one value";
pub(super) const RENAME_FOLDER: &str = "`ksm folder update -f FOLDER -t TITLE` renames a folder";
pub(super) const ADD_FOLDER: &str = "`ksm folder add -f PARENT -t TITLE` adds a folder";
pub(super) const TOTP: &str = "`ksm secret totp RECORD` prints a one-time code";
pub(super) const NO_QUESTION: &str = "no command asks for a confirmation";
