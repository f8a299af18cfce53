//! Others on the machine can see our arguments, environments, core dumps and messages; none holds a secret.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::invocation::Invocation;
use crate::support::{Fault, FaultProxy, Home, PASSWORD, Server, Vault};

/// A run that has sent its request and waits for an answer that never comes.
fn waiting(call: &Invocation<'_>, input: &str, faults: &FaultProxy<'_>) -> Child {
    faults.forget_requests();
    faults.always(Fault::HangAfter);
    let mut command = call.to_command();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    while faults.requests().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it does not wait");
        sleep(Duration::from_millis(5));
    }
    child
}

fn words(pid: u32, file: &str) -> Option<Vec<String>> {
    let bytes = fs::read(format!("/proc/{pid}/{file}")).ok()?;
    let text = String::from_utf8(bytes).unwrap();
    Some(text.split_terminator('\0').map(str::to_owned).collect())
}

#[test]
fn our_arguments_and_environment_are_those_we_were_given() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let bound = Home::configured_for(&faults);
    let fresh = Home::trusting(&faults);
    let token = faults.token();
    let file = fresh.write("token", &token);
    let (host, key) = token
        .rsplit(':')
        .nth(2)
        .map(|key| (faults.host(), key))
        .unwrap();
    assert!(token.starts_with(&host));
    for (home, args, input) in [
        (&bound, &["secret", "notation", PASSWORD][..], ""),
        (&bound, &["exec", "--", "sleep", "60"], ""),
        (&fresh, &["profile", "init", "-t", "-"], token.as_str()),
        (
            &fresh,
            &["profile", "init", "--token-file", file.to_str().unwrap()],
            "",
        ),
    ] {
        let call = home.command(args.iter().copied()).env("P", PASSWORD);
        let given = call.to_command();
        let mut child = waiting(&call, input, &faults);
        let typed: Vec<_> = std::iter::once(given.get_program())
            .chain(given.get_args())
            .map(|word| word.to_str().unwrap().to_owned())
            .collect();
        assert_eq!(words(child.id(), "cmdline").unwrap(), typed);
        let environment: BTreeSet<String> = given
            .get_envs()
            .map(|(name, value)| format!("{}={}", name.display(), value.unwrap().display()))
            .collect();
        // Others than root are not even let in, since we keep no core.
        if let Some(seen) = words(child.id(), "environ") {
            assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), environment);
        }
        assert!(environment.iter().all(|pair| !pair.contains(key)));
        child.kill().unwrap();
        child.wait().unwrap();
        faults.clear();
    }
}

#[test]
fn no_core_is_left() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let before = home.files();
    let call = home.after_shell("ulimit -c unlimited", ["secret", "notation", PASSWORD]);
    let mut child = waiting(&call, "", &faults);
    kill_process(Pid::from_child(&child), Signal::ABORT).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), Some(6));
    assert!(!status.core_dumped());
    assert_eq!(home.files(), before);
}

#[test]
fn the_program_may_leave_cores_as_it_likes() {
    let home = Home::new();
    // The kernel gives files of a process that keeps no core to root; the process itself can tell.
    let seen = "stat -c %u /proc/self/environ";
    let direct = home.program("sh", ["-c", seen]).run();
    home.ksm(["exec", "--", "sh", "-c", seen])
        .succeeds()
        .stdout(direct.stdout_bytes());
}

/// The harness looks for the secrets in all that is said.
#[test]
fn the_most_talkative_run_says_no_secret() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let mut home = Home::configured_for(&faults);
    for (name, value) in [
        ("RUST_BACKTRACE", "full"),
        ("RUST_LOG", "trace"),
        ("KSM_DEBUG", "TRUE"),
        ("SSLKEYLOGFILE", "keys"),
    ] {
        home.set(name, value);
    }
    let loud = |args: &[&str]| {
        let args = ["--log-level", "DEBUG"].iter().chain(args).copied();
        home.command(args.collect::<Vec<_>>())
            .env("P", PASSWORD)
            .run()
    };
    let token = faults.token();
    home.watch_token(&token);
    for fault in [
        Fault::None,
        Fault::denied(),
        Fault::garbled(),
        Fault::truncated(),
        Fault::answer(200, "canary-answer"),
        Fault::answer(400, "{\"canary\": \"canary-answer\"}"),
    ] {
        faults.always(fault.clone());
        let fine = matches!(fault, Fault::None);
        for args in [
            &["secret", "list"][..],
            &["secret", "get", "-t", "db"],
            &["exec", "true"],
            &["profile", "list"],
        ] {
            let run = loud(args);
            assert!(
                !fine
                    || run
                        .stderr_text()
                        .lines()
                        .all(|line| !line.starts_with("Error")),
                "{run}"
            );
        }
        if !fine {
            loud(&["profile", "init", "--ini-file", "other.ini", "-t", &token]).may_write_secrets();
        }
        faults.clear();
    }
    assert!(!home.path("keys").exists());
}
