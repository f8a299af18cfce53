//! The output of a supervised program, with and without a reader.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use crate::supervise::{eventually, path};
use crate::support::Home;
use crate::support::signal::send;
use crate::support::terminal::Terminal;

#[test]
fn a_reader_that_goes_ends_the_program_as_ever() {
    let home = Home::new();
    let script = "ksm exec --mask -- yes | head -n 1; echo ${PIPESTATUS[0]}";
    home.program("bash", ["-c", script])
        .env("PATH", path())
        .run()
        .succeeds()
        .stdout("y\n141\n");
}

#[test]
fn processes_left_behind_do_not_keep_us() {
    let home = Home::new();
    // Longer than the harness waits.
    let script = "sleep 300 & echo $! said";
    let run = home.ksm(["exec", "--mask", "--", "bash", "-c", script]);
    run.succeeds().stdout_has("said");
    send(9, run.stdout_text().split(' ').next().unwrap());
}

#[test]
fn on_a_terminal_they_do_not_keep_us_either() {
    let home = Home::new();
    // Longer than the harness waits.
    let script =
        "trap '' HUP; (for _ in {1..900}; do echo and on; sleep 0.1; done) & echo $! said; exit 4";
    let call = home.command(["exec", "--mask", "--", "bash", "-c", script]);
    let (status, shown) = Terminal::start(&call).wait();
    assert_eq!(status.code(), Some(4), "{shown}");
    let (before, _) = shown.split_once(" said\r\n").unwrap();
    send(9, before.lines().last().unwrap());
}

#[test]
fn captured_output_comes_at_the_end_and_whole() {
    let home = Home::new();
    let script = r"printf 'a\0b'; echo oops >&2; printf '\377'; exit 3";
    home.ksm(["exec", "--capture-output", "--", "bash", "-c", script])
        .exits(3)
        .stdout(b"a\0b\xff")
        .stderr("oops\n");
    let script = "echo first >&2; sleep 0.2; echo second; echo third >&2";
    let joined = format!("ksm exec --capture-output -- bash -c '{script}' 2>&1");
    home.program("bash", ["-c", &joined])
        .env("PATH", path())
        .run()
        .succeeds()
        .stdout("second\nfirst\nthird\n");
}

/// The options that make the program write through us.
const WAYS: [&str; 2] = ["--mask", "--capture-output"];

#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let home = Home::new();
    for way in WAYS {
        for (script, code) in [("echo lost", 1), ("echo lost; exit 7", 7)] {
            let call = home.command(["exec", way, "--", "sh", "-c", script]);
            let full = File::options().write(true).open("/dev/full").unwrap();
            let ended = call.to_command().stdout(full).output().unwrap();
            let said = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(code), "{way} {script}: {said}");
            let begins = "Error: cannot write to stdout: ";
            assert!(said.starts_with(begins), "{way} {script}: {said}");
        }
    }
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let home = Home::new();
    for way in WAYS {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = home
            .command(["exec", way, "--", "echo", "lost"])
            .to_command();
        let ended = command.stdout(writer).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!((ended.status.code(), said.as_str()), (Some(0), ""), "{way}");
    }
}

/// More than one pipe holds, less than two.
#[test]
fn a_signal_ends_output_that_waits_for_its_reader() {
    let home = Home::new();
    for way in WAYS {
        let call = home.command(["exec", way, "--", "head", "-c", "100000", "/dev/zero"]);
        let (reader, writer) = io::pipe().unwrap();
        let mut command = call.to_command();
        let mut ksm = command.stdin(Stdio::null()).stdout(writer).spawn().unwrap();
        drop(command);
        let id = ksm.id();
        let children = format!("/proc/{id}/task/{id}/children");
        let has_children = || !fs::read_to_string(&children).unwrap_or_default().is_empty();
        eventually("something arrives", || {
            rustix::io::ioctl_fionread(&reader).unwrap() > 0
        });
        eventually("the program does not end", || !has_children());
        assert!(
            ksm.try_wait().unwrap().is_none(),
            "{way}: nobody has read it"
        );
        send(15, &id.to_string());
        assert_eq!(ksm.wait().unwrap().signal(), Some(15), "{way}");
    }
}

/// It has outlived the program and ksm when it writes, and has nobody to write to.
#[test]
fn what_is_left_behind_can_go_on_writing() {
    let home = Home::new();
    let left = "sleep 0.5; head -c 3000000 /dev/zero; echo to nobody >&2 && echo alive > alive";
    for way in WAYS {
        let script = format!("trap '' HUP; ({left}) & echo said");
        let run = home.ksm(["exec", way, "--", "bash", "-c", &script]);
        run.succeeds().stdout("said\n").stderr("");
        eventually("it does not come to its end", || {
            home.path("alive").exists()
        });
        fs::remove_file(home.path("alive")).unwrap();
    }
}
