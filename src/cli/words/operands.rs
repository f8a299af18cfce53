//! Arguments without an option.

use super::cures::{ADD_FOLDER, CLONE, DEV, RENAME_FOLDER, SWITCH, UPLOAD};

/// A command's path, and the cure for one argument too many.
pub(super) const STRAY: &[(&str, &str)] = &[
    (
        "ksm secret update",
        "`--field-from NAME=-` sets a field to what stdin holds; a name with blanks stands within quotes",
    ),
    (
        "ksm secret download",
        "`ksm secret download keeper://RECORD/file/NAME --file-output PATH` saves an attachment; a name with blanks stands within quotes",
    ),
    ("ksm secret upload", UPLOAD),
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
    ("ksm folder add", ADD_FOLDER),
    ("ksm folder update", RENAME_FOLDER),
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
    (
        "ksm profile list",
        "`ksm -p NAME profile check` examines one profile",
    ),
    (
        "ksm shell",
        "`ksm shell` reads its commands from a prompt or a pipe",
    ),
    ("ksm dev", DEV),
];

/// The fields of most records.
pub(super) const FIELDS: &[&str] = &["login", "password", "url", "host", "email", "text", "note"];
