//! The notes of each command.

use super::Notes;

const TYPED: &str = "Other users of this machine may see a token on the command line. `--token-file`, \
                     `--token -` and KSM_CLI_TOKEN keep it private. Without any, ksm asks for the \
                     token at a terminal and does not show it.";

/// By command, in the order of the help.
pub(super) const NOTES: &[(&str, Notes)] = &[
    (
        "",
        Notes {
            examples: &[
                "ksm profile init --token-file token.txt",
                "ksm secret list",
                "ksm secret get Database",
                "ksm secret notation keeper://Database/field/password",
                "ksm exec -e DB_PASSWORD=keeper://Database/field/password -- printenv",
            ],
            text: "Long options may stand anywhere on the command line, except behind the program \
                   of `exec`. A command may use a short one for an option of its own. `ksm COMMAND --help` explains a command. `ksm help` lists the pages of \
                   the guide.\n\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 nothing \
                   found or more than one, 4 refused, 5 server out of reach, 6 \
                   configuration missing or unusable.",
            topics: &["start", "variables", "exit-codes"],
        },
    ),
    (
        "profile init",
        Notes {
            examples: &[
                "ksm profile init --token-file token.txt",
                "ksm profile init -p staging --token - < token.txt",
            ],
            text: TYPED,
            topics: &["start", "configuration"],
        },
    ),
    (
        "profile setup",
        Notes {
            examples: &["ksm profile setup --type aws --secret ksm-config"],
            text: "The secret is read once, and nothing is saved if it holds no profile. \
                   `ksm profile push` writes a profile into a secret.",
            topics: &["aws"],
        },
    ),
    (
        "profile push",
        Notes {
            examples: &["ksm profile push prod --secret ksm-config"],
            text: "",
            topics: &["aws"],
        },
    ),
    (
        "profile list",
        Notes {
            examples: &["ksm profile list --long"],
            text: "",
            topics: &["configuration"],
        },
    ),
    (
        "profile active",
        Notes {
            examples: &["ksm profile active", "ksm profile active prod"],
            text: "",
            topics: &["configuration"],
        },
    ),
    (
        "profile export",
        Notes {
            examples: &[
                "ksm profile export --file-format json prod",
                "ksm profile export prod | ksm profile import -p copy -",
            ],
            text: "The output holds the keys of the device. Whoever has it can read what this \
                   device can read.",
            topics: &["configuration"],
        },
    ),
    (
        "profile import",
        Notes {
            examples: &["ksm profile export prod | ksm profile import -p copy -"],
            text: "",
            topics: &["configuration"],
        },
    ),
    (
        "profile check",
        Notes {
            examples: &["ksm profile check", "ksm profile check --all --json"],
            text: "The check shows no secret, and neither binds nor stores anything. A line for \
                   each of store, profile, network, TLS, clock and server says what was found and \
                   what to try. The first that failed gives the exit code.",
            topics: &["troubleshooting"],
        },
    ),
    (
        "profile move",
        Notes {
            examples: &["ksm profile move prod --to keyring"],
            text: "The profile is written and read back at its new place before it goes from the \
                   old one.",
            topics: &["keyring", "aws"],
        },
    ),
    (
        "profile rename",
        Notes {
            examples: &["ksm profile rename prod production"],
            text: "",
            topics: &["configuration"],
        },
    ),
    (
        "profile delete",
        Notes {
            examples: &["ksm profile delete prod", "ksm profile delete --all"],
            text: "The device stays registered with the application until an administrator \
                   removes it there.",
            topics: &["uninstalling"],
        },
    ),
    (
        "secret list",
        Notes {
            examples: &[
                "ksm secret list",
                "ksm secret list -t '^data'",
                "ksm secret list -f Infrastructure -r --json",
            ],
            text: "",
            topics: &["names-and-notation"],
        },
    ),
    (
        "secret get",
        Notes {
            examples: &[
                "ksm secret get Database",
                "ksm secret get Database -f password",
                "ksm secret get Database --json",
                "ksm secret get Database -q '$.fields[?(@.type==\"login\")].value[0]' --raw",
            ],
            text: "Tables hide passwords and their like; `--unmask` shows them. To name a field is \
                   to ask for its value.",
            topics: &["names-and-notation"],
        },
    ),
    (
        "secret notation",
        Notes {
            examples: &[
                "ksm secret notation keeper://Database/field/password",
                "ksm secret notation 'keeper://Payment API/custom_field/API Key'",
                "ksm secret notation 'keeper://Database/field/host[hostName]'",
            ],
            text: "",
            topics: &["names-and-notation"],
        },
    ),
    (
        "secret totp",
        Notes {
            examples: &["ksm secret totp Website", "ksm secret totp Website --json"],
            text: "",
            topics: &["names-and-notation"],
        },
    ),
    (
        "secret upload",
        Notes {
            examples: &[
                "ksm secret upload -u Database -f dump.sql",
                "ksm secret upload -u Database -f - -t notes.txt < dump.sql",
            ],
            text: "A file must fit in memory.",
            topics: &[],
        },
    ),
    (
        "secret download",
        Notes {
            examples: &[
                "ksm secret download keeper://Database/file/ca.pem --file-output ca.pem",
                "ksm secret download -u Database --name ca.pem --file-output -",
            ],
            text: "",
            topics: &["names-and-notation"],
        },
    ),
    (
        "secret delete-attachment",
        Notes {
            examples: &["ksm secret delete-attachment -u Database -f ca.pem"],
            text: "",
            topics: &[],
        },
    ),
    (
        "secret add field",
        Notes {
            examples: &[
                "ksm secret add field --sf Applications --rt login -t Shop login=ada -p",
                "ksm secret add field --sf Applications --rt login -t Shop \\\n    \
                 --field-from password=token.txt 'c.text[Cost center]=4711'",
            ],
            text: "A field is [f.|c.]TYPE[LABEL][.KEY]=VALUE: a standard field (f., the default) \
                   or one of your own (c.), such as `login=ada`, `name.first=Ada` or \
                   `c.text[Cost center]=4711`.\n\nOther users of this machine may see a value \
                   that is typed here. `--field-from` keeps it private.",
            topics: &[],
        },
    ),
    (
        "secret add file",
        Notes {
            examples: &["ksm secret add file --sf Applications -f records.yml"],
            text: "`ksm secret template record TYPE` prints the form to fill in.",
            topics: &[],
        },
    ),
    (
        "secret add editor",
        Notes {
            examples: &["ksm secret add editor --sf Applications --rt login -e 'code --wait'"],
            text: "",
            topics: &[],
        },
    ),
    (
        "secret add clone",
        Notes {
            examples: &["ksm secret add clone -u Website -t 'Website (test)'"],
            text: "",
            topics: &[],
        },
    ),
    (
        "secret update",
        Notes {
            examples: &[
                "ksm secret update Website --field login=grace",
                "ksm secret update Website --field-from password=- < token.txt",
                "ksm secret update Website --add --custom-field Region=eu --dry-run",
            ],
            text: "Other users of this machine may see a value that is typed here. `--field-from` \
                   and `--custom-field-from` keep it private.",
            topics: &[],
        },
    ),
    (
        "secret delete",
        Notes {
            examples: &["ksm secret delete Website --json"],
            text: "",
            topics: &[],
        },
    ),
    (
        "secret password",
        Notes {
            examples: &["ksm secret password -l 20"],
            text: "This needs neither vault nor profile.",
            topics: &[],
        },
    ),
    (
        "secret template record",
        Notes {
            examples: &[
                "ksm secret template record --show-list",
                "ksm secret template record login -o yaml",
            ],
            text: "",
            topics: &[],
        },
    ),
    (
        "secret template field",
        Notes {
            examples: &["ksm secret template field phone"],
            text: "",
            topics: &[],
        },
    ),
    (
        "folder list",
        Notes {
            examples: &["ksm folder list --list-records"],
            text: "",
            topics: &[],
        },
    ),
    (
        "folder add",
        Notes {
            examples: &["ksm folder add -f Infrastructure -t Routers"],
            text: "",
            topics: &[],
        },
    ),
    (
        "folder update",
        Notes {
            examples: &["ksm folder update -f Infrastructure/Hosts -t Machines"],
            text: "",
            topics: &[],
        },
    ),
    (
        "folder delete",
        Notes {
            examples: &["ksm folder delete --force Infrastructure/Hosts"],
            text: "",
            topics: &[],
        },
    ),
    (
        "exec",
        Notes {
            examples: &[
                "DB=keeper://Database/field/password ksm exec -- printenv DB",
                "ksm exec -e DB=keeper://Database/field/password -- sh -c 'echo \"$DB\"'",
                "ksm exec --env-file .env --mask -- env",
                "ksm exec -e CA=@file:keeper://Database/file/ca.pem -- sh -c 'cat \"$CA\"'",
            ],
            text: "Every environment variable whose value is a notation, such as \
                   keeper://Database/field/password, holds the secret in the program. All \
                   notations are one request. If one cannot be resolved, nothing is started.\n\n\
                   -e NAME=@file:NOTATION  NAME is the path of a private file with the value\n\
                   -e NAME=@fd:NOTATION    NAME is the path of a file in memory (Linux)\n\
                   -e NAME                 NAME is what this environment holds\n\n\
                   The last variable of a name counts: this environment, then `--env-file`, then \
                   `-e`. The exit code is that of the program; 125 to 127 say that it was not \
                   started.",
            topics: &["exec", "masking", "env-files"],
        },
    ),
    (
        "env",
        Notes {
            examples: &[
                "eval \"$(ksm env Database)\"",
                "ksm env Database --prefix DB_ --format dotenv -o db.env",
                "ksm env --env-file .env --format docker",
                "ksm env TOKEN='Payment API/custom_field/API Key' --json",
            ],
            text: "Without a record or folder, the variables are those that `exec` would make of \
                   the references in this environment, of --env-file and of -e. With one, they are \
                   its fields that have a value, as PASSWORD or HOST_PORT; for records of a folder \
                   the title comes first, as DATABASE_PASSWORD. Attachments are left out.\n\n\
                   A value that the reader of a format would change is an error. A shell reads \
                   `--format shell` only; fish reads `fish` with `| source`, PowerShell reads \
                   `powershell` with `| Invoke-Expression`. `dotenv` is for Node and Python, \
                   `docker` for `docker run --env-file`, `systemd` for EnvironmentFile=, `gitlab` \
                   for a dotenv report, `k8s` for `kubectl apply -f -`. `github` hides the values \
                   in the log of the job and appends them to GITHUB_ENV.",
            topics: &["env-files", "ci", "docker", "systemd", "kubernetes"],
        },
    ),
    (
        "interpolate",
        Notes {
            examples: &[
                "ksm interpolate app.env.tmpl -o app.env",
                "ksm interpolate --dry-run --verbose app.env.tmpl",
                "ksm interpolate < app.env.tmpl",
            ],
            text: "A reference is keeper://RECORD/field/NAME[:-DEFAULT][|TRANSFORM...] and ends at \
                   a blank or a quote. Within braces, as in keeper://{...}, it may hold both. A \
                   default is for what does not exist or is empty. Lines that start with # are \
                   copied.\n\nTransforms: base64, base64url, lower, md5, sha256, trim, upper, \
                   urlencode, urlencodeplus; shell, json, yaml and dotenv quote the value for \
                   their reader.",
            topics: &["templates"],
        },
    ),
    (
        "init default",
        Notes {
            examples: &["ksm init default --token-file token.txt"],
            text: TYPED,
            topics: &["containers"],
        },
    ),
    (
        "init k8s",
        Notes {
            examples: &[
                "ksm init k8s --namespace shop --token-file token.txt",
                "ksm init k8s --namespace shop --apply --token-file token.txt",
            ],
            text: TYPED,
            topics: &["kubernetes"],
        },
    ),
    (
        "config show",
        Notes {
            examples: &["ksm config show"],
            text: "",
            topics: &["configuration"],
        },
    ),
    (
        "config cache",
        Notes {
            examples: &["ksm config cache --clear"],
            text: "",
            topics: &["cache"],
        },
    ),
    (
        "keyring",
        Notes {
            examples: &[],
            text: "On Linux, the Linux Keyring Utility (lkru) and this command see each other's \
                   secrets. They have nothing to do with profiles in the keyring, which `ksm profile init \
                   --storage keyring` makes.",
            topics: &["keyring"],
        },
    ),
    (
        "keyring get",
        Notes {
            examples: &["ksm keyring get backup-password"],
            text: "",
            topics: &["keyring"],
        },
    ),
    (
        "keyring set",
        Notes {
            examples: &["ksm keyring set backup-password - < password.txt"],
            text: "",
            topics: &["keyring"],
        },
    ),
    (
        "dev",
        Notes {
            examples: &[
                "ksm dev -- ksm secret list",
                "ksm dev -- bash",
                "ksm dev --seed vault.yaml -- ./test.sh",
            ],
            text: "The vault speaks the real protocol, so ksm, scripts and the SDKs can be tried \
                   without an account. It forgets everything when it ends, and is not for real \
                   secrets.\n\nWith a command, it serves that command only, which finds a profile \
                   in its environment. Without one, it serves until it is interrupted, and prints \
                   what to paste into another shell.",
            topics: &["start"],
        },
    ),
    (
        "sync",
        Notes {
            examples: &[
                "ksm sync -m db/password keeper://Database/field/password",
                "ksm sync -t aws -n -m db/password keeper://Database/field/password",
                "ksm sync -t aws -px shop/ -f Applications",
            ],
            text: "",
            topics: &["sync", "kubernetes"],
        },
    ),
    (
        "completion",
        Notes {
            examples: &["ksm completion bash > ksm.bash"],
            text: "",
            topics: &["start"],
        },
    ),
    (
        "shell",
        Notes {
            examples: &["ksm shell --fail < commands.txt"],
            text: "Each line is a command without the word `ksm`. It is cut into words as a POSIX \
                   shell does, and nothing else in it is replaced. Options before `shell` count for \
                   every line; an option on a line wins there. `quit`, `exit`, `q` and the end of \
                   the input end the shell; from a pipe, with the exit code of the last command. A \
                   line that begins with `#` is passed over, and one that \
                   begins with `!` is run by the shell of the system.\n\nFrom a pipe, the lines \
                   belong to the shell: commands and programs find their stdin empty. On a terminal, \
                   Tab completes, and Ctrl-C cancels the line or the command.\n\nThe lines are kept \
                   in memory only, because they may hold values.",
            topics: &[],
        },
    ),
];
