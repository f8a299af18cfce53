//! `ksm exec`: secrets in files, which are there for as long as the program is, and for nobody else.
#![cfg(unix)]

use std::path::Path;
use std::{fs, thread, time};

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Home, UID, Vault, login};

const BINARY: &[u8] = b"canary\0\xff\r\n";

fn vault() -> Vault {
    let attachment = json!({"name": "bin", "base64": ksm::codec::encode(BINARY)});
    let db = login("db").uid(UID).password("pass-canary");
    Vault::start().with(db.attachment(attachment))
}

/// A home whose private directories lie in `run`.
fn home(vault: &Vault) -> Home {
    let mut home = Home::configured_for(vault);
    fs::create_dir(home.path("run")).unwrap();
    home.set("XDG_RUNTIME_DIR", home.path("run"));
    home
}

#[test]
fn a_private_file_is_there_while_the_program_runs() {
    let vault = vault();
    let home = home(&vault);
    let script =
        "cat $A $B; stat -c '%a %h' $A $B $(dirname $A); echo \"${A%/*/*}\"; umask; exit 7";
    let words = [
        "exec",
        "-e",
        "A=@file:db/file/bin",
        "-e",
        "B=@file:db/field/password",
    ];
    let stat = format!("600 1\n600 1\n700 2\n{}\n", home.path("run").display());
    let direct = home.program("sh", ["-c", "umask"]).run();
    home.ksm(words.into_iter().chain(["sh", "-c", script]))
        .exits(7)
        .stdout(
            [
                BINARY,
                b"pass-canary",
                stat.as_bytes(),
                direct.stdout_bytes(),
            ]
            .concat(),
        )
        .stderr("");
    assert_eq!(home.files(), [""; 0]);
    assert_eq!(
        vault
            .requests()
            .iter()
            .filter(|name| **name == "get_secret")
            .count(),
        1
    );
}

#[test]
fn a_file_where_the_user_said() {
    let vault = vault();
    let home = home(&vault);
    fs::create_dir(home.path("sub")).unwrap();
    let by_uid = format!("sub/a b=keeper://{UID}/file/bin");
    let script = "cat 'sub/a b'; stat -c %a 'sub/a b'; cd /; kill -TERM $$";
    home.ksm(["exec", "--file", &by_uid, "sh", "-c", script])
        .dies_of(15)
        .stdout([BINARY, b"600\n"].concat())
        .stderr("");
    // Another file in its place is not ours to remove.
    let rewrite = "echo mine > other; mv other new";
    home.ksm([
        "exec",
        "--file",
        "new=db/field/password",
        "sh",
        "-c",
        rewrite,
    ])
    .succeeds();
    assert_eq!(home.read("new"), "mine\n");
    fs::remove_file(home.path("new")).unwrap();
    home.ksm(["exec", "--file", "new=db/field/password", "rm", "new"])
        .succeeds();
    assert_eq!(home.files(), [""; 0]);
}

/// What is removed lies in the directory in which it was made, whatever its name leads to by then.
#[test]
fn a_swapped_directory_keeps_its_files() {
    let vault = vault();
    let home = home(&vault);
    fs::create_dir(home.path("sub")).unwrap();
    fs::create_dir(home.path("other")).unwrap();
    home.write("other/new", "mine");
    let swap = "mv sub moved; ln -s other sub";
    home.ksm([
        "exec",
        "--file",
        "sub/new=db/field/password",
        "sh",
        "-c",
        swap,
    ])
    .succeeds();
    assert_eq!(home.read("other/new"), "mine");
    assert!(!home.path("moved/new").exists());
}

#[test]
fn nothing_is_written_unless_all_is_there() {
    let vault = vault();
    let home = home(&vault);
    let files = [
        "exec",
        "--file",
        "new=db/field/password",
        "-e",
        "A=@file:db/file/bin",
    ];
    let bad = ["-e", "B=db/field/nothing", "touch", "started"];
    home.ksm(files.into_iter().chain(bad))
        .fails(125)
        .stderr_has("`B`");
    assert_eq!(home.files(), [""; 0]);
    // The second file cannot be written: the first goes again.
    let twice = [
        "exec",
        "--file",
        "new=db/type",
        "--file",
        "./new=db/type",
        "true",
    ];
    home.ksm(twice).fails(125).stderr_has("new exists already");
    assert_eq!(home.files(), [""; 0]);
    // A program that does not start after all.
    home.write("script", "#!/no/such/interpreter\n");
    fs::set_permissions(
        home.path("script"),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let words = ["exec", "--file", "new=db/type", "./script"];
    home.ksm(words).fails(127);
    assert_eq!(home.files(), ["script"]);
}

#[test]
fn signals_reach_the_program_and_remove_its_files() {
    let vault = vault();
    let home = home(&vault);
    for signal in [
        Signal::TERM,
        Signal::INT,
        Signal::HUP,
        Signal::QUIT,
        Signal::USR1,
    ] {
        let words = ["exec", "-e", "A=@file:db/file/bin", "--file", "new=db/type"];
        let script = "echo ready; exec sleep 60";
        let running = home
            .command(words.into_iter().chain(["sh", "-c", script]))
            .spawn();
        running.wait_for("ready");
        assert!(home.path("new").exists());
        running.signal(signal);
        running.wait(&home).dies_of(signal.as_raw());
        assert_eq!(home.files(), [""; 0], "{signal:?}");
    }
}

#[test]
fn a_signal_at_any_moment_leaves_no_files() {
    let vault = vault();
    let home = home(&vault);
    for moment in 0..30 {
        let signal = [Signal::TERM, Signal::INT, Signal::HUP][moment % 3];
        let words = ["exec", "-e", "A=@file:db/file/bin", "--file", "new=db/type"];
        let running = home
            .command(words.into_iter().chain(["sleep", "60"]))
            .spawn();
        thread::sleep(time::Duration::from_millis(2 * moment as u64));
        running.signal(signal);
        running.wait(&home).dies_of(signal.as_raw());
        assert_eq!(home.files(), [""; 0], "{signal:?} after {moment}");
        let left = fs::read_dir(home.path("run")).unwrap().count();
        assert_eq!(left, 0, "{signal:?} after {moment}");
    }
}

/// A signal while files are written is for the program, which then does not start at all.
#[test]
fn a_signal_while_files_are_written_is_not_lost() {
    let vault = vault();
    let home = home(&vault);
    let files: Vec<String> = (0..300)
        .map(|number| format!("f{number}=db/type"))
        .collect();
    let options = files.iter().flat_map(|file| ["--file", file]);
    let words = ["exec"].into_iter().chain(options).chain(["sleep", "60"]);
    let running = home.command(words).spawn();
    while !home.path("f0").exists() {
        thread::yield_now();
    }
    running.signal(Signal::TERM);
    running.wait(&home).dies_of(15);
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn files_are_private_whatever_the_umask() {
    let vault = vault();
    let home = home(&vault);
    let options = [
        "exec",
        "-e",
        "A=@file:db/field/password",
        "--file",
        "new=db/type",
    ];
    let script = "stat -c %a ${A%/*} $A new";
    for umask in ["umask 000", "umask 277", "umask 777"] {
        home.after_shell(umask, options.into_iter().chain(["sh", "-c", script]))
            .run()
            .succeeds()
            .stdout("700\n600\n600\n")
            .stderr("");
    }
}

#[test]
fn the_next_run_sweeps_what_a_kill_left() {
    let vault = vault();
    let home = home(&vault);
    let words = |file| ["exec", "-e", "A=@file:db/file/bin", "--file", file];
    // It gives up what tells us that it runs, so that the end of ksm shows.
    let script = "echo ready; exec > /dev/null 2>&1; while test -e hold; do sleep 0.02; done";
    home.write("hold", "");
    let start = |file| {
        home.command(words(file).into_iter().chain(["sh", "-c", script]))
            .spawn()
    };
    let (killed, replaced, alive) = (start("a=db/type"), start("b=db/type"), start("c=db/type"));
    for running in [&killed, &replaced, &alive] {
        running.wait_for("ready");
    }
    let directories = || fs::read_dir(home.path("run")).unwrap().count();
    assert_eq!(directories(), 3);
    for running in [killed, replaced] {
        running.signal(Signal::KILL);
        running.wait(&home).may_write_secrets().dies_of(9);
    }
    // Somebody else's by now.
    fs::remove_file(home.path("b")).unwrap();
    home.write("b", "mine");
    home.ksm(["exec", "true"]).may_write_secrets().succeeds();
    assert_eq!(directories(), 1);
    assert!(!home.path("a").exists());
    assert_eq!(home.read("b"), "mine");
    assert!(home.path("c").exists());
    fs::remove_file(home.path("hold")).unwrap();
    alive.wait(&home).succeeds();
    assert_eq!(home.files(), ["b"]);
}

#[test]
fn without_any_place_nothing_is_started() {
    let vault = vault();
    let mut home = home(&vault);
    home.set("XDG_RUNTIME_DIR", home.path("none"));
    home.set("TMPDIR", home.path("none"));
    let run = home.ksm(["exec", "-e", "A=@file:db/file/bin", "sh", "-c", "echo $A"]);
    if Path::new("/dev/shm").is_dir() {
        run.succeeds();
        assert!(
            run.stdout_text().starts_with("/dev/shm/ksm-private-"),
            "{run}"
        );
        assert!(!Path::new(run.stdout_text().trim()).exists());
    } else {
        run.fails(125)
            .stderr_has("variable `A`")
            .stderr_has("private directory");
    }
}

#[test]
fn a_limit_of_file_sizes_is_told() {
    let vault = vault();
    let home = home(&vault);
    for way in [
        "-e A=@file:db/field/password",
        "--file new=db/field/password",
    ] {
        let words = ["exec"]
            .into_iter()
            .chain(way.split(' '))
            .chain(["--", "echo", "started"]);
        let run = home.after_shell("ulimit -f 0", words).run();
        run.fails(125).stderr_has("File too large");
        assert_eq!(home.files(), [""; 0]);
    }
    // It is the program's as ever.
    let script = "echo text > new";
    home.after_shell("ulimit -f 0", ["exec", "--mask", "--", "sh", "-c", script])
        .run()
        .dies_of(25);
}
