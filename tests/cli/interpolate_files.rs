//! `ksm interpolate`: which files it reads, and what it makes of those it writes.

use crate::support::{Home, UID, Vault, login};

fn vault() -> Vault {
    Vault::start().with(login("db").uid(UID).login("admin-canary"))
}

#[cfg(unix)]
#[test]
fn files_are_private_and_marked() {
    use serde_json::{Value, json};
    use std::os::unix::fs::{PermissionsExt, symlink};
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("t", "keeper://db/field/login\r\n");
    home.ksm(["interpolate", "-o", "new/deep/.env", "t"])
        .succeeds()
        .stdout("")
        .may_write_secrets()
        .stderr_has("The directory new/deep was made for new/deep/.env.");
    assert_eq!(home.read("new/deep/.env"), "admin-canary\r\n");
    assert_eq!(
        (
            home.mode("new"),
            home.mode("new/deep"),
            home.mode("new/deep/.env")
        ),
        (0o700, 0o700, 0o600)
    );
    assert_eq!(home.mode("new/deep/..env.ksm-secret"), 0o600);
    let marker: Value = serde_json::from_str(&home.read("new/deep/..env.ksm-secret")).unwrap();
    assert_eq!(
        (marker["file"].as_str(), &marker["do_not_commit"]),
        (Some(".env"), &json!(true))
    );
    assert_eq!(marker["created"].as_str().map(str::len), Some(26));

    // In place: 0600 whatever it was, through a link of ours, and the copy is like the template.
    std::fs::set_permissions(home.path("t"), PermissionsExt::from_mode(0o644)).unwrap();
    symlink("t", home.path("link")).unwrap();
    home.ksm(["interpolate", "-w", "-b", ".orig", "link"])
        .succeeds()
        .stdout("")
        .may_write_secrets();
    assert_eq!(
        (home.read("t"), home.mode("t")),
        ("admin-canary\r\n".to_owned(), 0o600)
    );
    assert_eq!(
        (home.read("link.orig"), home.mode("link.orig")),
        ("keeper://db/field/login\r\n".to_owned(), 0o640)
    );
    // A second time there is nothing to replace, and the copy stays what it is.
    home.ksm(["interpolate", "-w", "-b", ".orig", "link"])
        .succeeds();
    assert_eq!(home.read("link.orig"), "keeper://db/field/login\r\n");

    let known = home.files();
    home.write("u", "keeper://db/field/login");
    home.ksm(["interpolate", "-w", "-b", "", "u"])
        .succeeds()
        .may_write_secrets();
    let new: Vec<_> = home
        .files()
        .into_iter()
        .filter(|name| !known.contains(name))
        .collect();
    assert_eq!(new, [".u.ksm-secret", "u"]);
    home.ksm(["interpolate", "-o", "/dev/null", "link.orig"])
        .succeeds()
        .stdout("");
}

#[cfg(unix)]
#[test]
fn an_output_never_replaces_its_template() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = "keeper://db/field/login\n";
    home.write("t", template);
    std::os::unix::fs::symlink("t", home.path("link")).unwrap();
    for arguments in [["-o", "t", "t"], ["-o", "./t", "link"], ["-o", "link", "t"]] {
        home.ksm([&["interpolate"], &arguments[..]].concat())
            .fails(2)
            .stderr_has(" is the template itself; nothing was written")
            .stderr_has("`--in-place` (`-w`)");
    }
    home.after_shell("exec <t", ["interpolate", "-o", "t"])
        .run()
        .fails(2)
        .stderr_has("t is the template itself");
    assert_eq!(home.read("t"), template);
    assert_eq!(home.files(), ["link", "t"]);
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_second_path_may_be_meant_as_output() {
    let home = Home::new();
    home.write("t", "keeper://db/field/login\n");
    home.ksm(["interpolate", "t", "out"])
        .fails(2)
        .stderr_has("Path 'out' does not exist.")
        .stderr_has("`ksm interpolate t -o out` writes the result there");
    home.ksm(["interpolate", "absent", "t"])
        .fails(2)
        .stderr_lacks("-o");
}

#[test]
fn several_templates_take_one_request() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("a", format!("a=keeper://{UID}/field/login\n"));
    home.write("b", format!("b=keeper://{UID}/custom_field/nope\n"));
    home.write("c", format!("c=keeper://{UID}/title"));
    home.ksm(["interpolate", "a", "c"])
        .succeeds()
        .stdout("a=admin-canary\nc=db");
    assert_eq!(vault.requests(), ["get_secret"]);
    home.ksm(["interpolate", "-w", "a", "b"])
        .fails(3)
        .stderr_has("  - b: Line 1: Field 'nope' not found");
    assert_eq!(home.files(), ["a", "b", "c"]);
    home.ksm(["interpolate", "-o", "x", "a", "c"]).fails(2);
    home.ksm(["interpolate", "-w", "a", "c"])
        .succeeds()
        .may_write_secrets();
    assert_eq!(home.read("c"), "c=db");
    assert_eq!(home.read("c.bak"), format!("c=keeper://{UID}/title"));
}

#[test]
fn a_dry_run_looks_everything_up_and_writes_nothing() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write(
        "t",
        "# c\na=keeper://db/field/login\nb=keeper://db/field/nope\n",
    );
    home.ksm(["interpolate", "-n", "-v", "-w", "t"]).fails(3).stdout("").stderr_has(
        "  Line 1: [COMMENT] skipped\n  Line 2: keeper://db/field/login - OK (accessible)\n  \
         Line 3: keeper://db/field/nope - ERROR: Field 'nope' not found in 'db' (check field name); `db` has login\n\n\
         Dry-run complete:\n  - Found 1 unique record(s)\n  - No files modified\n",
    );
    assert_eq!(home.files(), ["t"]);
    home.write(
        "t",
        "a=keeper://db/field/login|upper\nb=keeper://db/field/nope:-x\n",
    );
    home.ksm(["interpolate", "-N", "t"]).succeeds().stdout("");
    home.ksm(["interpolate", "-v", "t"])
        .succeeds()
        .stdout("a=ADMIN-CANARY\nb=x\n")
        .stderr_has(
            "  OK Line 1: keeper://db/field/login|upper - [REPLACED]\n  \
         WARNING Line 2: keeper://db/field/nope - using default: x\n",
        );
}

#[test]
fn inputs_that_will_not_do_are_refused() {
    let home = Home::new();
    home.write("code", "{{ x.exec() }}\n");
    home.write("a..b", "plain");
    let long = home.write("long", "");
    std::fs::File::options()
        .write(true)
        .open(long)
        .unwrap()
        .set_len((10 << 20) + 1)
        .unwrap();
    for (args, code, said) in [
        (
            &["none"][..],
            2,
            "Error: Invalid value for '[INPUT_FILE]...': Path 'none' does not exist.\n",
        ),
        (
            &["../x"],
            2,
            "Error: Unsafe path pattern detected: ../x\nHint: a path that begins with `/` may lead anywhere",
        ),
        (
            &["~/x"],
            2,
            "Error: Unsafe path pattern detected: ~/x\nHint: a path that begins with `/` may lead anywhere",
        ),
        (
            &["-o", "../x", "a..b"],
            2,
            "Error: Failed to write output file ../x: Unsafe path pattern detected: ../x\n",
        ),
        (
            &["long"],
            2,
            "Error: File long exceeds maximum size of 10MB\n",
        ),
        (
            &["code"],
            1,
            "Security violation in template: Potential code execution\n",
        ),
        (
            &["-w"],
            2,
            "Error: `--in-place` needs the name of a template\n",
        ),
        (&["-w", "-b", "/x", "a..b"], 2, "is a part of a name"),
        (&["."], 2, "cannot read ."),
        (&["-o", "."], 1, "Failed to write output file ."),
    ] {
        home.ksm(["interpolate"].iter().chain(args))
            .fails(code)
            .stdout("")
            .stderr_has(said);
    }
    home.ksm(["interpolate", "a..b"]).succeeds().stdout("plain");
    home.ksm(["interpolate", "./tmp/../a..b"])
        .succeeds()
        .stdout("plain");
}

/// The names of files are tried before the vault is asked, and the message says what was changed by then.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_changes_nothing_or_is_said() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("a", "a=keeper://db/field/login\n");
    home.write(
        "b",
        format!("b=keeper://db/field/login\n{}", "x".repeat(50_000)),
    );
    let limited = |blocks: usize, args: &[&str]| {
        let line = format!("trap '' XFSZ; ulimit -f {blocks}");
        let words = ["interpolate"].iter().chain(args);
        home.after_shell(&line, words.copied()).run()
    };
    for args in [&["-w", "a", "b"][..], &["-o", "new", "a"]] {
        limited(0, args)
            .fails(1)
            .stdout("")
            .stderr_has("Failed to write output file");
        assert_eq!(vault.requests(), [""; 0]);
        assert_eq!(home.files(), ["a", "b"]);
    }
    // There is room for the first and not for the second.
    limited(40, &["-w", "-b", "", "a", "b"])
        .may_write_secrets()
        .fails(1)
        .stderr_has("Failed to write output file b: ")
        .stderr_has("Hint: written before that: a\n");
    assert_eq!(home.files(), [".a.ksm-secret", "a", "b"]);
    assert_eq!(home.read("a"), "a=admin-canary\n");
}

/// A copy or a marker that cannot be written is found before anything is.
#[cfg(unix)]
#[test]
fn what_lies_beside_templates_is_tried_before() {
    use std::os::unix::fs::chown;
    let vault = vault();
    let in_the_way: [fn(&Home, &str) -> bool; 2] = [
        |home, name| std::fs::create_dir(home.path(name)).is_ok(),
        |home, name| {
            home.write(name, "theirs");
            // Only root makes strangers.
            chown(home.path(name), Some(7), None).is_ok()
        },
    ];
    for (put, name, args) in in_the_way.iter().flat_map(|put| {
        [
            (put, ".b.ksm-secret", &["-w", "a", "b"][..]),
            (put, "b.bak", &["-w", "a", "b"]),
            (put, ".new.ksm-secret", &["-o", "new", "a"]),
        ]
    }) {
        let home = Home::configured_for(&vault);
        home.write("a", "keeper://db/field/login");
        home.write("b", "keeper://db/field/login");
        if !put(&home, name) {
            continue;
        }
        let (before, asked) = (home.files(), vault.requests().len());
        let words = ["interpolate"].iter().chain(args);
        home.ksm(words.copied())
            .fails(1)
            .stdout("")
            .stderr_has(name);
        assert_eq!((home.files(), vault.requests().len()), (before, asked));
        for template in ["a", "b"] {
            assert_eq!(home.read(template), "keeper://db/field/login");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_already_open_output_is_written_but_not_marked() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("t", "keeper://db/field/login\n");
    std::os::unix::fs::symlink("/dev/stdout", home.path("out")).unwrap();
    home.after_shell("exec > kept", ["interpolate", "-o", "out", "t"])
        .run()
        .may_write_secrets()
        .succeeds();
    assert_eq!(home.files(), ["kept", "out", "t"]);
    assert_eq!(home.read("kept"), "admin-canary\n");
}

#[test]
fn an_empty_stdin_replaces_no_file() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("app.env", "A=1\n");
    let run = home
        .command(["interpolate", "-o", "app.env"])
        .stdin("")
        .run();
    run.fails(2)
        .stderr_has("stdin was empty; app.env was not written");
    assert_eq!(home.read("app.env"), "A=1\n");
}

#[test]
fn a_value_adds_no_lines_to_a_file() {
    let ends = [
        "\nLD_PRELOAD=/tmp/x.so",
        "\rA=1",
        "\u{85}",
        "\u{2028}x",
        "\u{b}y",
        "\n",
    ];
    let hostile = ends.map(|end| format!("canary{end}"));
    let vault = hostile
        .iter()
        .enumerate()
        .fold(Vault::start(), |vault, (at, value)| {
            vault.with(login(&format!("r{at}")).password(value))
        });
    let home = Home::configured_for(&vault);
    for (at, value) in hostile.iter().enumerate() {
        let template = format!("A=keeper://r{at}/field/password\n");
        home.write("t", &template);
        for target in [&["-o", "app.env"][..], &["-w"], &["-w", "--validate"]] {
            let run = home.ksm([&["interpolate", "t"], target].concat());
            run.fails(1)
                .stdout("")
                .stderr_has("Line 1")
                .stderr_has("|dotenv")
                .stderr_has("--allow-newlines");
            assert_eq!(home.read("t"), template, "{value:?}");
            assert!(!home.path("app.env").exists(), "{value:?}");
        }
        // A transform that does not quote changes nothing of it.
        home.write("upper", format!("A=keeper://r{at}/field/password|upper\n"));
        home.ksm(["interpolate", "upper", "-o", "app.env"]).fails(1);
        for allowed in ["--allow-newlines", "--allow-unsafe-for-eval"] {
            let run = home.ksm(["interpolate", "t", "-o", "as-is", allowed]);
            run.may_write_secrets().succeeds();
            assert_eq!(home.read("as-is"), format!("A={value}\n"));
        }
        for transform in ["dotenv", "json", "yaml", "shell", "base64"] {
            home.write(
                "quoted",
                format!("A=keeper://r{at}/field/password|{transform}\n"),
            );
            home.ksm(["interpolate", "quoted", "-o", "quoted.env"])
                .may_write_secrets()
                .succeeds();
        }
        home.ksm(["interpolate", "t", "-o", "app.env", "--continue"])
            .fails(1);
        assert_eq!(home.read("app.env"), template);
        std::fs::remove_file(home.path("app.env")).unwrap();
    }
}

#[test]
fn a_backup_does_not_replace_a_template() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("a", "a=keeper://db/field/login\n");
    home.write("a.x", "b=keeper://db/field/login\n");
    home.ksm(["interpolate", "-w", "-b", ".x", "./a", "a.x"])
        .fails(2)
        .stderr_has("the copy of ./a would be ./a.x, which is one of the templates");
    assert_eq!(vault.requests(), [""; 0]);
    assert_eq!(home.files(), ["a", "a.x"]);
    home.ksm(["interpolate", "-w", "-b", ".x", "a"])
        .succeeds()
        .may_write_secrets();
    assert_eq!(home.read("a.x"), "a=keeper://db/field/login\n");
}

#[test]
fn git_work_trees_are_pointed_out() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    std::fs::create_dir(home.path(".git")).unwrap();
    home.write("t", "keeper://db/title");
    home.ksm(["interpolate", "-o", "sub/.env", "t"]).succeeds().stderr_has(
        "\nGit safety warnings:\n  - File is not in .gitignore. Add 'sub/.env' to .gitignore\n  \
         - Filename suggests it may contain secrets\n",
    );
    home.write(".gitignore", ".env\n");
    home.ksm(["interpolate", "-o", "sub/.env", "t"])
        .succeeds()
        .stderr_lacks("Git safety");
}
