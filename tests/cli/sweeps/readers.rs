//! Everything that reads a file or stdin, with files that do not end, that nobody writes, that are enormous or nested
//! without end.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::table::{FOLDER, home, vault};
use crate::support::{Home, UID};

/// In KiB, what the program may map: a debug build, and room for one file within every limit.
const ADDRESS_SPACE: u32 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Endless,
    Fifo,
    Enormous,
    Directory,
    Lists,
    Objects,
}

impl Kind {
    /// What takes any text takes these.
    fn is_text(self) -> bool {
        matches!(self, Self::Lists | Self::Objects)
    }

    fn make(self, path: &Path) {
        let _ = fs::remove_file(path);
        match self {
            Self::Endless => symlink("/dev/zero", path).unwrap(),
            Self::Fifo => {
                let made = Command::new("mkfifo").arg(path).status();
                assert!(made.unwrap().success());
            }
            Self::Enormous => File::create(path).unwrap().set_len(1 << 40).unwrap(),
            Self::Directory => fs::create_dir(path).unwrap(),
            Self::Lists => fs::write(path, "[".repeat(100_000)).unwrap(),
            Self::Objects => fs::write(path, r#"{"a":"#.repeat(50_000)).unwrap(),
        }
        if !matches!(self, Self::Endless | Self::Directory) {
            fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        }
    }
}

struct Reader {
    /// The name of the file in the home.
    file: &'static str,
    /// Variables that name it.
    variables: &'static [&'static str],
    /// Others, without which nobody looks at it.
    besides: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
    /// Whether the command can do without the file.
    optional: bool,
}

const fn reads(file: &'static str, arguments: &'static [&'static str]) -> Reader {
    Reader {
        file,
        variables: &[],
        besides: &[],
        arguments,
        optional: false,
    }
}

const fn named(variables: &'static [&'static str], arguments: &'static [&'static str]) -> Reader {
    Reader {
        file: "bad",
        variables,
        besides: &[],
        arguments,
        optional: false,
    }
}

const ADD_FROM_FILE: [&str; 11] = adding_from("login=bad");
const ADD_FROM_STDIN: [&str; 11] = adding_from("login=-");

const fn adding_from(place: &'static str) -> [&'static str; 11] {
    [
        "secret",
        "add",
        "field",
        "--sf",
        FOLDER,
        "--rt",
        "login",
        "-t",
        "T",
        "--field-from",
        place,
    ]
}

const LIST: &[&str] = &["secret", "list"];

const AWS: &[&str] = &[
    "profile", "setup", "--type", "aws", "-c", "profile", "-n", "x", "-p", "new",
];

/// Without a profile of AWS, and with nobody who could be asked.
const AWS_ROLE: &[&str] = &[
    "profile", "setup", "--type", "aws", "-c", "profile", "-p", "new",
];
const AWS_ROLE_BESIDES: &[(&str, &str)] = &[
    ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/"),
];

const READERS: &[Reader] = &[
    reads("bad", &["--ini-file", "bad", "secret", "list"]),
    reads("keeper.ini", LIST),
    named(&["KSM_CONFIG_FILE"], LIST),
    named(&["KSM_CA_FILE"], LIST),
    named(&["SSL_CERT_FILE"], LIST),
    named(&["REQUESTS_CA_BUNDLE"], LIST),
    reads(
        "bad",
        &["profile", "init", "-p", "new", "--token-file", "bad"],
    ),
    reads("bad", &["init", "default", "--token-file", "bad"]),
    reads("bad", &["exec", "--env-file", "bad", "--", "true"]),
    reads("bad", &["env", "--env-file", "bad"]),
    reads("bad", &["interpolate", "bad"]),
    reads("bad", &["interpolate", "bad", "-w"]),
    reads(
        "bad.json",
        &["secret", "add", "file", "--sf", FOLDER, "-f", "bad.json"],
    ),
    reads(
        "bad.yml",
        &["secret", "add", "file", "--sf", FOLDER, "-f", "bad.yml"],
    ),
    reads(
        "bad",
        &["secret", "update", UID, "--field-from", "password=bad"],
    ),
    reads("bad", &ADD_FROM_FILE),
    reads("bad", &["dev", "--seed", "bad", "--", "true"]),
    named(&["AWS_CONFIG_FILE"], AWS),
    named(&["AWS_SHARED_CREDENTIALS_FILE"], AWS),
    Reader {
        besides: AWS_ROLE_BESIDES,
        ..named(&["AWS_WEB_IDENTITY_TOKEN_FILE"], AWS_ROLE)
    },
    Reader {
        besides: AWS_ROLE_BESIDES,
        ..named(&["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], AWS_ROLE)
    },
    Reader {
        file: ".gitignore",
        variables: &[],
        besides: &[],
        arguments: &["profile", "active", "_default"],
        optional: true,
    },
    Reader {
        file: "types/bad.json",
        variables: &[],
        besides: &[],
        arguments: &[
            "--ini-file",
            "keeper.ini",
            "secret",
            "template",
            "record",
            "login",
        ],
        optional: true,
    },
];

/// Runs with a limit of memory and time, and returns what is wrong with the end, if anything.
fn judge(home: &Home, reader: &Reader, kind: Kind) -> Option<String> {
    let bad = home.path(reader.file);
    if reader.file.starts_with("types/") {
        home.ksm(["config", "record-type-dir", "-d", "types"])
            .succeeds();
    }
    kind.make(&bad);
    // What is looked at first is not there.
    if reader.variables == ["KSM_CONFIG_FILE"] {
        fs::remove_file(home.path("keeper.ini")).unwrap();
    }
    let mut call = home.after_shell(&format!("ulimit -v {ADDRESS_SPACE}"), reader.arguments);
    for variable in reader.variables {
        if !variable.starts_with("KSM") {
            call = call.without("KSM_CA_FILE");
        }
        call = call.env(*variable, &bad);
    }
    for (variable, value) in reader.besides {
        call = call.env(*variable, *value);
    }
    let run = call.timeout(Duration::from_secs(50)).run();
    run.may_write_secrets();
    let said = run.stderr_text();
    let what = if run.has_code(101) || said.contains("panicked") {
        "panics"
    } else if run.has_code(0) && !reader.optional && !kind.is_text() {
        "takes it"
    } else if !reader.optional && !kind.is_text() && !said.contains(reader.file) {
        "does not name it"
    } else if ![0, 1, 2, 6, 125].iter().any(|code| run.has_code(*code)) {
        "ends with another status"
    } else if !run.has_code(0) && (!said.contains("Error: ") || said.len() > 1000) {
        "is not told in a sentence"
    } else {
        return None;
    };
    Some(format!("{kind:?}: {what}\n{run}"))
}

fn sweep(kinds: &[Kind]) {
    let vault = vault();
    let mut wrong = Vec::new();
    for reader in READERS {
        for kind in kinds {
            wrong.extend(judge(&home(&vault), reader, *kind));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_endless_file_is_taken() {
    sweep(&[Kind::Endless, Kind::Directory]);
}

#[test]
fn no_enormous_or_deep_file_is_taken() {
    sweep(&[Kind::Enormous, Kind::Lists, Kind::Objects]);
}

/// All at once, since each is waited for a while.
#[test]
fn nobody_who_never_writes_is_waited_for() {
    let vault = vault();
    let homes: Vec<_> = READERS.iter().map(|_| home(&vault)).collect();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let started = READERS.iter().zip(homes);
        let started =
            started.map(|(reader, home)| scope.spawn(move || judge(&home, reader, Kind::Fifo)));
        let started: Vec<_> = started.collect();
        started
            .into_iter()
            .filter_map(|run| run.join().unwrap())
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn stdin_without_end_is_refused() {
    let vault = vault();
    let home = home(&vault);
    for arguments in [
        &["interpolate"][..],
        &["profile", "init", "-t", "-"],
        &["init", "default", "-"],
        &["profile", "import", "-"],
        &["secret", "update", UID, "--field-from", "password=-"],
        &ADD_FROM_STDIN,
    ] {
        let limit = format!("ulimit -v {ADDRESS_SPACE}");
        let mut command = home.after_shell(&limit, arguments).to_command();
        let zeros = File::open("/dev/zero").unwrap();
        let output = command.stdin(Stdio::from(zeros)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            matches!(output.status.code(), Some(1 | 2)),
            "{arguments:?}: {said}"
        );
        assert!(
            said.starts_with("Error: ") && said.len() < 1000,
            "{arguments:?}: {said}"
        );
    }
}
