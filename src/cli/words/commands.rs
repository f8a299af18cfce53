//! Commands of other tools.

use super::cures::{
    ADD, ADD_FOLDER, BIND, CHECK, CLONE, DELETE, DEV, EXEC, FILL, FIND, GET, ITEMS, MAKE_PASSWORD,
    NOTATION, RENAME, RENAME_FOLDER, Row, TOTP, UPDATE, UPLOAD,
};

/// Words of other tools, below the command with this path.
pub(super) const COMMANDS: &[Row] = &[
    (
        "ksm",
        &["get", "read", "show", "view", "cat", "get-secret-value"],
        GET,
    ),
    (
        "ksm",
        &["list", "ls", "l", "items", "records", "list-secrets"],
        "`ksm secret list` lists the records, and `ksm folder list` the folders",
    ),
    (
        "ksm",
        &[
            "item",
            "kv",
            "vault",
            "record",
            "describe-secret",
            "secretsmanager",
        ],
        ITEMS,
    ),
    (
        "ksm",
        &["export", "dotenv", "variable", "variables"],
        "`ksm env RECORD` prints a record's fields as variables",
    ),
    (
        "ksm",
        &["import"],
        "`ksm profile import --help` says how a profile comes to this device",
    ),
    ("ksm", &["mv", "move", "rename"], RENAME),
    ("ksm", &["run", "start", "with"], EXEC),
    (
        "ksm",
        &["inject", "template", "render", "substitute", "tpl"],
        FILL,
    ),
    (
        "ksm",
        &[
            "login", "signin", "auth", "bind", "register", "setup", "token",
        ],
        BIND,
    ),
    (
        "ksm",
        &["doctor", "status", "whoami", "check", "ping", "user"],
        CHECK,
    ),
    (
        "ksm",
        &["create", "new", "add", "insert", "create-secret"],
        ADD,
    ),
    (
        "ksm",
        &[
            "set",
            "edit",
            "put",
            "write",
            "update",
            "put-secret-value",
            "update-secret",
        ],
        UPDATE,
    ),
    (
        "ksm",
        &["rm", "remove", "del", "delete", "delete-secret"],
        DELETE,
    ),
    ("ksm", &["find", "search", "grep"], FIND),
    ("ksm", &["otp", "totp", "code"], TOTP),
    (
        "ksm",
        &[
            "generate",
            "password",
            "pwgen",
            "gen",
            "get-random-password",
        ],
        MAKE_PASSWORD,
    ),
    (
        "ksm",
        &["download", "cp", "document"],
        "`ksm secret download keeper://RECORD/file/NAME --file-output PATH` saves an attachment",
    ),
    ("ksm", &["upload", "attach"], UPLOAD),
    ("ksm", &["notation"], NOTATION),
    (
        "ksm",
        &["profiles", "accounts", "account"],
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
        &["unlock", "lock"],
        "no session is opened or closed; `ksm profile check` examines the profile in use",
    ),
    (
        "ksm",
        &["serve", "server"],
        "`ksm dev -- PROGRAM` runs a vault on this machine for trying things out",
    ),
    (
        "ksm",
        &["man", "manual", "docs"],
        "`ksm help TOPIC` shows a page, and `ksm help --man DIR` writes manual pages",
    ),
    (
        "ksm",
        &["upgrade", "self-update"],
        "ksm is brought up to date in the way it was installed",
    ),
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
    ("ksm folder", &["rename", "mv", "move"], RENAME_FOLDER),
    ("ksm secret", &["find", "search", "grep"], FIND),
    ("ksm secret", &["run", "inject", "env"], EXEC),
    ("ksm folder", &["create", "new", "mkdir"], ADD_FOLDER),
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
    (
        "ksm keyring",
        &["list", "ls", "search"],
        "a secret is named by its label: `ksm keyring get LABEL`",
    ),
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
    (
        "ksm config",
        &["set", "put", "edit"],
        "each setting has a command: `ksm config --help` lists them",
    ),
];

/// Where a word below this path is a name, and the command before it is missing.
pub(super) const NAMES: &[(&str, &str)] = &[
    (
        "ksm secret",
        "`ksm secret get RECORD` shows a record, and `ksm secret --help` the commands",
    ),
    (
        "ksm secret template",
        "`ksm secret template record TYPE` shows a template, such as that of `login`",
    ),
    (
        "ksm folder",
        "`ksm folder list -f FOLDER` shows a folder, and `ksm folder --help` the commands",
    ),
    (
        "ksm init",
        "`ksm profile init` makes a profile from a one-time token; `ksm init default` and `ksm init k8s` print a \
         configuration for another place",
    ),
];

/// Commands that change something, hand over keys, or start a program.
pub(super) const GRAVE: &[&str] = &[
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
