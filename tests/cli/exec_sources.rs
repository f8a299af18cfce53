//! `ksm exec`: where a program's secrets can come from, which of several counts, and in which form it gets them.
#![cfg(unix)]

use serde_json::json;

use crate::support::{Home, PASSWORD, Server, UID, Vault, database, login, record};

fn vault() -> Vault {
    Vault::start().with(database(UID, "pass-canary"))
}

/// Shows variables, each followed by `|`.
fn shown(names: &str) -> String {
    let names: Vec<_> = names
        .split(' ')
        .map(|name| format!("\"${name}\""))
        .collect();
    format!("printf '%s|' {}", names.join(" "))
}

#[test]
fn variables_named_on_the_command_line() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let show = shown("A B C");
    let words = [
        "exec",
        "-e",
        "A=db/field/login",
        &format!("-eB=keeper://{UID}/field/password"),
        "--ENV=C=KEEPER://db/title",
        "sh",
        "-c",
        &show,
    ];
    home.ksm(words)
        .succeeds()
        .stdout("admin-canary|pass-canary|db|")
        .stderr("");
    assert_eq!(vault.requests(), ["get_secret"]);
}

#[test]
fn later_sources_win() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.write("one", "A=one\nB=one\nC=one\nD=keeper://db/title\n");
    home.write("two", "B=two\nC=two\nE=two\n");
    for name in ["A", "B", "C", "E"] {
        home.set(name, "ours");
    }
    // Overruled, so nobody asks for them.
    home.set("C", "keeper://no such record/type");
    home.set("D", "keeper://no such record/type");
    let show = shown("A B C D E");
    let files = ["exec", "--env-file", "one", "--env-file", "two"];
    let command = ["-e", "C=db/field/login", "-e", "E", "sh", "-c", &show];
    home.ksm(files.into_iter().chain(command))
        .succeeds()
        .stdout("one|two|admin-canary|db|ours|")
        .stderr("");
}

#[test]
fn env_files_are_read_as_they_are() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let file = "\u{feff}# a comment\nexport A='one # $A'  # note\r\nB=\"two\n\\\"lines\\\"\\tand $(id)\"\n\nC = plain # note\n\
                D='keeper://db/field/password'\nE=see keeper://db/title\nKSM_TOKEN=US:canary\n";
    home.write(".env", file);
    let show = shown("A B C D E KSM_TOKEN");
    home.ksm(["exec", "--env-file", ".env", "sh", "-c", &show])
        .succeeds()
        .stdout("one # $A|two\n\"lines\"\tand $(id)|plain|pass-canary|see keeper://db/title||");

    for (content, message) in [
        ("A=1\nB canary\n", "Error: bad: line 2 is not NAME=VALUE\n"),
        (
            "\nA=\"canary",
            "Error: bad: the quotes in line 2 are not closed\n",
        ),
    ] {
        home.write("bad", content);
        home.ksm(["exec", "--env-file", "bad", "true"])
            .fails(125)
            .stderr(message);
    }
    home.write("bad", b"A=\xff");
    let unreadable = home.ksm(["exec", "--env-file", "bad", "true"]);
    unreadable.fails(2).stderr_has("bad is not valid UTF-8");
    home.write("bad", "NAME=canary\0");
    let nul = home.ksm(["exec", "--env-file", "bad", "true"]);
    nul.fails(125).stderr_has("NUL").stderr_has("`NAME`");
    home.write("bad", "'KSM_TOKEN=A'=canary");
    let other = home.ksm(["exec", "--env-file", "bad", "true"]);
    other
        .fails(125)
        .stderr_has("bad: ")
        .stderr_has("`KSM_TOKEN=A`");
    let missing = home.ksm(["exec", "--env-file", "none", "true"]);
    missing.fails(2).stderr_has("none");
    home.write("bad", "NAME=keeper://db");
    let malformed = home.ksm(["exec", "--env-file", "bad", "true"]);
    malformed.fails(125).stderr_has("variable `NAME`");
}

#[test]
fn env_files_say_who_we_are() {
    let vault = Vault::with_db();
    let mut home = Home::configured_for(&vault);
    let config = home.environment()[std::ffi::OsStr::new("KSM_CONFIG")].clone();
    let config = config.into_string().unwrap();
    home.set("A", PASSWORD);
    let show = [
        "sh",
        "-c",
        "echo \"$A ${KSM_CONFIG:+config} ${KSM_TOKEN:+token}\"",
    ];
    let run = |home: &Home, options: &[&str]| {
        let start = ["exec", "--env-file", ".env"].iter().chain(options);
        home.ksm(start.chain(&show))
    };
    // It goes before what our environment says.
    home.set("KSM_CONFIG", "not a configuration");
    for line in [
        format!("KSM_CONFIG={config}"),
        format!("export KSM_CONFIG=\"{config}\""),
        format!("KSM_CONFIG='{config}'"),
    ] {
        home.write(".env", format!("{line}\n"));
        run(&home, &[]).succeeds().stdout("canary-1  \n");
        run(&home, &["--keep-config"]).stdout("canary-1 config \n");
    }
    home.unset("KSM_CONFIG");
    home.write(".env", format!("KSM_CONFIG_BASE64_1={config}\n"));
    run(&home, &[]).succeeds().stdout("canary-1  \n");
    let token = vault.token();
    home.watch_token(&token);
    home.write(".env", format!("KSM_TOKEN={token}\n"));
    for _ in 0..2 {
        run(&home, &[])
            .may_write_secrets()
            .succeeds()
            .stdout("canary-1  \n");
    }
    home.write(".env", "KSM_CONFIG=\n");
    run(&home, &[])
        .fails(125)
        .stderr_has("KSM_CONFIG cannot be used: it is empty");
}

#[test]
fn a_pristine_environment_holds_what_was_asked_for() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("KEPT", "ours");
    home.set("LEFT", "keeper://no such record/type");
    home.write("file", "B=file\nA=file\n");
    let words = [
        "exec",
        "--pristine",
        "--env-file",
        "file",
        "-e",
        "KEPT",
        "-e",
        "GONE",
    ];
    home.ksm(words.into_iter().chain(["-e", "A=db/field/login", "env"]))
        .succeeds()
        .stdout("A=admin-canary\nB=file\nKEPT=ours\n")
        .stderr("Warning: variable `GONE` is not set, so `-e GONE` hands nothing on\n");
    home.ksm(["exec", "--pristine", "env"])
        .succeeds()
        .stdout("");
    let withheld = home.ksm(["exec", "--pristine", "-e", "KSM_CONFIG", "env"]);
    withheld
        .fails(2)
        .stderr_has("`KSM_CONFIG`")
        .stderr_has("--keep-config");
    let kept = [
        "exec",
        "--pristine",
        "--keep-config",
        "-e",
        "KSM_CONFIG",
        "env",
    ];
    home.ksm(kept)
        .succeeds()
        .may_print_secrets()
        .stdout_has("KSM_CONFIG=");
    let token = ["exec", "--keep-config", "-e", "KSM_TOKEN", "env"];
    home.ksm(token).fails(2).stderr_has("`KSM_TOKEN`");
}

#[test]
fn command_line_mistakes_are_found_before_any_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("there", "mine");
    let cases: [(&[&str], i32, &str); 11] = [
        (&["-e", "NAME=canary!"], 2, "variable `NAME`"),
        (&["-e", "NAME="], 2, "variable `NAME`"),
        (&["-e", "NAME=@file:db/canary"], 2, "variable `NAME`"),
        (&["-e", "=db/type"], 2, "needs a name"),
        (&["-e", ""], 2, "needs a name"),
        (&["--file", "db/type"], 2, "--file PATH=NOTATION"),
        (&["--file", "new=canary!"], 2, "file new"),
        (
            &["--file", "new=db/type", "--file", "new=db/title"],
            2,
            "twice",
        ),
        (&["--file", "there=db/type"], 125, "there exists already"),
        (&["--file", "no/such/folder=db/type"], 125, "no/such/folder"),
        (&["--json"], 2, "--dry-run"),
    ];
    for (options, code, part) in cases {
        let words = ["exec"].iter().chain(options).chain(&["touch", "started"]);
        home.ksm(words.copied()).fails(code).stderr_has(part);
    }
    assert_eq!(vault.requests(), [""; 0]);
    assert_eq!(home.files(), ["there"]);
    assert_eq!(home.read("there"), "mine");
}

#[test]
fn what_cannot_be_passed_on_is_named() {
    let long = format!("canary{}", "x".repeat(200_000));
    let vault = Vault::start().with(
        record("login", "odd")
            .custom("text", "nul", json!(["canary\u{0}"]))
            .custom("text", "long", json!([long])),
    );
    let home = Home::configured_for(&vault);
    let run = |word: &str| home.ksm(["exec", "-e", word, "touch", "started"]);
    run("NAME=odd/custom_field/nul")
        .fails(125)
        .stderr_has("variable `NAME`")
        .stderr_has("NUL");
    if cfg!(target_os = "linux") {
        run("NAME=odd/custom_field/long")
            .fails(125)
            .stderr_has("variable `NAME`")
            .stderr_has("too large");
    }
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn the_program_is_found_on_the_path_it_gets() {
    let home = Home::new();
    home.write("env-file", "PATH=/no/such/folder\n");
    home.ksm(["exec", "--env-file", "env-file", "ls"])
        .fails(127);
    home.ksm(["exec", "--pristine", "true"]).succeeds();
}

/// A secret in a memory file, as the program finds it.
#[cfg(target_os = "linux")]
#[test]
fn memory_files_hold_exactly_the_value_and_are_sealed() {
    let binary: Vec<u8> = b"canary\0\xff\n".iter().chain(&[0; 3]).copied().collect();
    let vault = vault().with(
        login("odd").attachment(json!({"name": "bin", "base64": ksm::codec::encode(&binary)})),
    );
    let home = Home::configured_for(&vault);
    let run = |script: &str| {
        let words = [
            "exec",
            "-e",
            "A=@fd:odd/file/bin",
            "-e",
            "B=@fd:db/field/password",
        ];
        home.ksm(words.into_iter().chain(["sh", "-c", script]))
    };
    run("cat $A; cat \"$A\" $B; sh -c 'cat $B'")
        .succeeds()
        .stdout([&*binary, &*binary, b"pass-canary", b"pass-canary"].concat())
        .stderr("");
    run("echo no > $B || chmod 777 $B && echo no > $B; cat $B")
        .exits(0)
        .stdout("pass-canary");
    // By those who read the descriptor and do not open the path.
    run("exec bash -c 'cat <&${B##*/}'")
        .succeeds()
        .stdout("pass-canary");
    // Programs that keep keys refuse what others could read.
    run("stat -Lc %a $A $B").succeeds().stdout("600\n600\n");
    // Nothing else of ours is open.
    let count = "ls /proc/self/fd | wc -l";
    let direct = home.program("sh", ["-c", count]).run();
    let direct: usize = direct.stdout_text().trim().parse().unwrap();
    run(count).succeeds().stdout(format!("{}\n", direct + 2));
    // The program is in our place, and there is nothing to remove.
    run("ls -A tmp; case $A in /dev/fd/*) ;; *) exit 1;; esac")
        .succeeds()
        .stdout("");
}

#[test]
fn one_question_for_any_number_of_references() {
    let mut vault = Vault::start();
    for number in 0..100 {
        vault = vault.with(
            login(&format!("record {number}"))
                .uid(&format!("AAAAAAAAAAAAAAAAAAA{number:03}"))
                .password(&format!("canary {number}")),
        );
    }
    let home = Home::configured_for(&vault);
    let ask = |count: usize, notation: &dyn Fn(usize) -> String| {
        let variables: Vec<_> = (0..count)
            .map(|number| format!("V{number}={}/field/password", notation(number)))
            .collect();
        let options = variables.iter().flat_map(|word| ["-e", word]);
        let last = format!("printf %s \"$V{}\"", count - 1);
        let words = ["exec"].into_iter().chain(options);
        home.ksm(words.chain(["sh", "-c", &last]))
            .succeeds()
            .stdout(format!("canary {}", count - 1));
        let requests = vault.requests();
        crate::support::Server::forget_requests(&vault);
        requests
    };
    for count in [1, 10, 100] {
        let by_uid = |number: usize| format!("AAAAAAAAAAAAAAAAAAA{number:03}");
        let by_title = |number: usize| format!("record {number}");
        let mixed = |number: usize| [by_uid(number), by_title(number)][number % 2].clone();
        assert_eq!(ask(count, &by_uid), ["get_secret"], "{count}");
        assert_eq!(ask(count, &by_title), ["get_secret"], "{count}");
        assert_eq!(ask(count, &mixed), ["get_secret"], "{count}");
    }
}

#[test]
fn references_cost_one_more_request_and_one_download_each() {
    const ADDRESS: &str = "BBBBBBBBBBBBBBBBBBBBBA";
    let vault = vault()
        .with(record("address", "home").uid(ADDRESS).field(
            "address",
            json!([{"street1": "canary street", "city": "canary city"}]),
        ))
        .with(
            record("contact", "me")
                .uid("CCCCCCCCCCCCCCCCCCCCCA")
                .field("addressRef", json!([ADDRESS])),
        );
    let home = Home::configured_for(&vault);
    let reference = "CCCCCCCCCCCCCCCCCCCCCA/field/addressRef";
    let words = [
        format!("A={reference}[city]"),
        format!("B={reference}[street1]"),
    ];
    let script = shown("A B");
    home.ksm([
        "exec", "-e", &words[0], "-e", &words[1], "sh", "-c", &script,
    ])
    .succeeds()
    .stdout("canary city|canary street|");
    assert_eq!(vault.requests(), ["get_secret", "get_secret"]);

    crate::support::Server::forget_requests(&vault);
    let script = shown("A B C");
    let by_uid = format!("B=keeper://{UID}/file/key.pem");
    let files = ["-e", "A=db/file/key.pem", "-e", &by_uid, "-e", "C=db/title"];
    home.ksm(
        ["exec"]
            .into_iter()
            .chain(files)
            .chain(["sh", "-c", &script]),
    )
    .succeeds()
    .stdout("canary-file\n|canary-file\n|db|");
    let requests = vault.requests();
    let questions = requests
        .iter()
        .filter(|name| **name == "get_secret")
        .count();
    assert_eq!((questions, requests.len()), (1, 2), "{requests:?}");
}

#[test]
fn a_long_env_file_takes_time_in_proportion() {
    let home = Home::new();
    for (line, count) in [
        ("V#=x\n", 40_000),
        ("V#='x'\n", 40_000),
        ("export V#=\"x\"\n", 40_000),
        ("# x\n", 400_000),
        ("\n", 400_000),
    ] {
        let text: String = (0..count)
            .map(|number| line.replace("V#", &format!("V{number}")))
            .collect();
        home.write("long.env", text);
        let start = std::time::Instant::now();
        let run = home
            .command(["exec", "--dry-run", "--env-file", "long.env", "true"])
            .timeout(std::time::Duration::from_secs(60))
            .run();
        run.succeeds();
        assert!(start.elapsed().as_secs() < 15, "{line:?}");
    }
}
