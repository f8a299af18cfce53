//! Options of other tools.

use super::cures::{NO_QUESTION, Row, SWITCH, TOTP};

/// A command's path, options of other tools at it or below it, and the cure.
pub(super) const OPTIONS: &[Row] = &[
    (
        "ksm interpolate",
        &["in-file", "input-file", "input", "in", "file", "template"],
        "templates are named without an option: `ksm interpolate FILE`",
    ),
    (
        "ksm interpolate",
        &["out-file", "out"],
        "`-o FILE` behind `interpolate` names the file to write",
    ),
    (
        "ksm secret download",
        &["out-file", "output-file", "out"],
        "`--file-output PATH` names the file to write",
    ),
    (
        "ksm secret add field",
        &[
            "field", "fields", "set", "password", "login", "username", "user", "url",
        ],
        "fields are given without an option, as in `login=ada`; `--field-from password=-` reads a value from stdin",
    ),
    (
        "ksm secret add",
        &["type", "category", "template"],
        "`--rt TYPE` names the type of the record, such as `login`",
    ),
    (
        "ksm secret list",
        &["name", "search", "filter", "find", "s", "n"],
        "`-t REGEX` lists the records whose titles match",
    ),
    (
        "ksm secret list",
        &["a", "all"],
        "`ksm secret list` alone lists all records",
    ),
    (
        "ksm secret list",
        &["l", "long"],
        "`ksm secret get RECORD` shows one record in full",
    ),
    (
        "ksm secret password",
        &["symbols", "no-symbols", "numbers", "n", "u", "s", "charset"],
        "`-l NUMBER` sets the length; `--lowercase`, `--uppercase`, `--digits` and `--special` say how many of each kind",
    ),
    (
        "ksm secret add",
        &["f", "folder", "parent"],
        "`--sf FOLDER` names the folder",
    ),
    (
        "ksm folder add",
        &["n", "name"],
        "`-t TITLE` names the new folder, and `-f PARENT` the one it lies in",
    ),
    (
        "ksm folder update",
        &["n", "name"],
        "`-t TITLE` gives the new name, and `-f FOLDER` names the folder",
    ),
    (
        "ksm folder",
        &["u", "uid", "n", "name", "t", "title"],
        "a folder is named by its UID, title or path: `ksm folder list -f FOLDER`, `ksm folder delete FOLDER`",
    ),
    (
        "ksm secret delete-attachment",
        &["name", "title", "file-uid", "attachment"],
        "`-u RECORD -f NAME` removes an attachment",
    ),
    (
        "ksm secret upload",
        &["name", "n"],
        "`-t TITLE` names the attachment, and `-f FILE` the file",
    ),
    (
        "ksm secret download",
        &["n"],
        "`--name NAME` names the attachment, and `-u RECORD` the record",
    ),
    (
        "ksm secret",
        &["record", "id", "name", "n", "secret-id", "item"],
        "a record is named without an option, or with `-u RECORD`",
    ),
    (
        "ksm secret get",
        &["reveal", "show", "show-secrets", "plain", "no-mask"],
        "`--field NAME` prints one value; `--unmask` shows all of them",
    ),
    (
        "ksm secret get",
        &[
            "fields", "key", "password", "login", "username", "user", "url",
        ],
        "`--field NAME` prints one field; `--query JSONPATH` finds several",
    ),
    ("ksm secret get", &["totp", "otp"], TOTP),
    (
        "ksm secret",
        &["clip", "clipboard", "copy"],
        "`--field NAME` prints one value, for a program such as `wl-copy`, `xclip` or `pbcopy`",
    ),
    (
        "ksm secret get",
        &["folder"],
        "`ksm secret list -f FOLDER` lists the records of a folder",
    ),
    ("ksm secret delete", &["force"], NO_QUESTION),
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
        &["shell", "command"],
        "`ksm exec -- sh -c '…'` runs a line of the shell",
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
    ("ksm config", &["on", "off", "true", "false"], SWITCH),
    (
        "ksm",
        &["vault", "account", "session"],
        "a profile knows its vault: `-p PROFILE` chooses another one",
    ),
    ("ksm", &["y", "yes", "assume-yes", "no-input"], NO_QUESTION),
];

/// Options that show or allow more, whatever their value.
pub(super) const LAVISH: &[&str] = &[
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
