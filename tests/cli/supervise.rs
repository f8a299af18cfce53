//! A supervised program: signals, exit, terminal, and the processes it leaves behind.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use rustix::termios::LocalModes;

use crate::support::invocation::Running;
use crate::support::signal::send;
use crate::support::terminal::Terminal;
use crate::support::{Home, WaitBudget};

/// Faults of a process's own, which no library takes over: SIGILL, SIGFPE, SIGSEGV.
const FAULTS: [i32; 3] = [4, 8, 11];
/// Cannot be caught: SIGKILL, SIGSTOP.
const UNSTOPPABLE: [i32; 2] = [9, 19];
/// Stop a program: SIGTSTP, SIGTTIN, SIGTTOU.
const STOPS: [i32; 3] = [20, 21, 22];
/// Ignored unless a program asks for them: SIGCHLD, SIGCONT, SIGURG, SIGWINCH.
const QUIET: [i32; 4] = [17, 18, 23, 28];

/// The C library keeps the numbers between the named and the real-time signals.
fn signals() -> impl Iterator<Item = i32> {
    (1..=31).chain(36..=64)
}

/// A program under a ksm that stays with it, in the process group a shell would give it.
fn under(home: &Home, script: &str) -> Running {
    home.program(
        "setsid",
        ["ksm", "exec", "--mask", "--", "bash", "-c", script],
    )
    .env("PATH", path())
    .spawn()
}

/// Where `ksm` is found first.
pub fn path() -> String {
    let folder = Path::new(crate::support::home::KSM).parent().unwrap();
    format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display())
}

fn is_alive(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let state = stat
        .rsplit(") ")
        .next()
        .and_then(|rest| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}

#[track_caller]
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let mut timeout = WaitBudget::new(Duration::from_secs(30));
    while !holds() {
        assert!(timeout.wait(), "{what}");
    }
}

#[test]
fn every_exit_status_passes_through() {
    let home = Home::new();
    let script =
        "for code in $(seq 0 255); do ksm exec --mask -- sh -c \"exit $code\"; echo $code $?; done";
    let run = home
        .program("bash", ["-c", script])
        .env("PATH", path())
        .run();
    let expected: String = (0..=255).map(|code| format!("{code} {code}\n")).collect();
    run.succeeds().stdout(expected).stderr("");
}

#[test]
fn ksm_dies_of_the_signal_its_program_died_of() {
    let home = Home::new();
    let fatal = signals().filter(|signal| !STOPS.contains(signal) && !QUIET.contains(signal));
    for signal in fatal.filter(|signal| *signal != 19) {
        // Bash does not die of QUIT.
        let script = format!("kill -{signal} $$");
        home.ksm(["exec", "--mask", "--", "sh", "-c", &script])
            .dies_of(signal);
    }
}

#[test]
fn each_signal_reaches_the_program_once() {
    let home = Home::new();
    let caught: Vec<i32> = signals()
        .filter(|signal| {
            ![17, 18].contains(signal)
                && !FAULTS.contains(signal)
                && !UNSTOPPABLE.contains(signal)
                && !STOPS.contains(signal)
        })
        .collect();
    let numbers: Vec<String> = caught.iter().map(i32::to_string).collect();
    let script = format!(
        "for n in {}; do trap \"echo got-$n-\" $n; done; echo ready; while :; do sleep 0.02; done",
        numbers.join(" ")
    );
    let running = under(&home, &script);
    running.wait_for("ready");
    let id = running.id().to_string();
    for signal in &caught {
        send(*signal, &id);
        running.wait_for(&format!("got-{signal}-"));
    }
    let said = running.wait_for("ready");
    let counted = said.lines().filter(|line| line.starts_with("got-"));
    assert_eq!(counted.count(), caught.len(), "{said}");
    let child = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
    running.signal(Signal::KILL);
    running.wait(&home).dies_of(9);
    for child in child.split_whitespace() {
        send(9, child);
    }
}

/// The system merges signals of one kind that wait, but not real-time signals: whoever counts those sees each.
#[test]
fn no_signal_reaches_the_program_twice() {
    let home = Home::new();
    let script = "import signal as s; r = range(36, 65); s.pthread_sigmask(s.SIG_BLOCK, r); print('ready', flush=True)\n\
                  while True: print('got', s.sigwaitinfo(r).si_signo, flush=True)";
    let running = home
        .command(["exec", "--mask", "--", "python3", "-c", script])
        .spawn();
    running.wait_for("ready");
    let id = running.id().to_string();
    for signal in 36..=64 {
        send(signal, &id);
        running.wait_for(&format!("got {signal}\n"));
    }
    send(15, &id);
    let run = running.wait(&home);
    assert_eq!(
        run.dies_of(15).stdout_text().matches("got").count(),
        29,
        "{run}"
    );
}

#[test]
fn no_signal_leaves_the_program_behind() {
    let home = Home::new();
    let fatal = signals().filter(|signal| {
        !FAULTS.contains(signal)
            && !UNSTOPPABLE.contains(signal)
            && !STOPS.contains(signal)
            && !QUIET.contains(signal)
    });
    for signal in fatal {
        let running = under(&home, "echo $$.; exec sleep 60");
        let said = running.wait_for(".");
        send(signal, &running.id().to_string());
        running.wait(&home).dies_of(signal);
        assert!(!is_alive(said.trim_end_matches(".\n")), "{signal}");
    }
}

#[test]
fn what_ends_the_program_ends_those_it_leaves() {
    let home = Home::new();
    let running = under(&home, "sleep 61 & echo $!.; wait");
    let said = running.wait_for(".");
    running.signal(Signal::TERM);
    running.wait(&home).dies_of(15);
    let left = said.trim_end_matches(".\n");
    eventually("it works on alone", || !is_alive(left));
}

#[test]
fn whoever_stops_ksm_stops_both_and_wakes_both() {
    let home = Home::new();
    let running = under(
        &home,
        "trap 'echo awake; exit 3' CONT; echo $$.; while :; do sleep 0.02; done",
    );
    let said = running.wait_for(".");
    let (ksm, program) = (running.id().to_string(), said.trim_end_matches(".\n"));
    let is_stopped = |id: &str| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.contains(") T ")
    };
    send(20, &ksm);
    eventually("ksm goes on", || is_stopped(&ksm));
    // A process group without a shell above it is not stopped by a terminal's signal; ours has us.
    eventually("the program goes on", || is_stopped(program));
    send(18, &ksm);
    running.wait(&home).exits(3).stdout_has("awake");
}

#[test]
fn without_terminal_the_program_has_its_own_process_group() {
    let home = Home::new();
    let run = under(&home, "echo $(ps -o pgid= -p $$) $$").wait(&home);
    let words: Vec<&str> = run.succeeds().stdout_text().split_whitespace().collect();
    assert_eq!(words[0], words[1]);
}

/// The signal that tells of a program's end reaches nobody whose parent has blocked it.
#[test]
fn blocked_signals_do_not_make_us_wait() {
    let home = Home::new();
    let masked = [
        "ksm",
        "exec",
        "--mask",
        "--",
        "sh",
        "-c",
        "sleep 0.1; exit 3",
    ];
    for signals in ["--block-signal=CHLD", "--block-signal"] {
        home.program("env", [signals].into_iter().chain(masked))
            .env("PATH", path())
            .run()
            .exits(3);
    }
}

#[test]
fn ignored_signals_stay_ignored_and_closed_streams_are_harmless() {
    let home = Home::new();
    let script = "trap '' HUP; exec ksm exec --mask -- grep SigIgn /proc/self/status";
    let run = home
        .program("bash", ["-c", script])
        .env("PATH", path())
        .run();
    let ignored = run.succeeds().stdout_text().trim_end().to_owned();
    assert!(ignored.ends_with('1'), "{ignored}");
    let script = "exec ksm exec --mask -- bash -c 'echo to nobody; exit 4' <&- >&- 2>&-";
    home.program("bash", ["-c", script])
        .env("PATH", path())
        .run()
        .exits(4)
        .stdout("")
        .stderr("");
}

/// Who ignores it is not told how a child ended.
#[test]
fn an_ignored_end_of_children_is_learned() {
    let home = Home::new();
    let ignoring = |args: &[&str]| {
        let args = ["--ignore-signal=CHLD", "ksm"].iter().chain(args);
        home.program("env", args).env("PATH", path())
    };
    let ignored = "test $((0x$(sed -n 's/SigIgn:.//p' /proc/self/status) >> 16 & 1)) = $0";
    for (how, expected) in [
        (&[][..], "1"),
        (&["--mask"], "0"),
        (&["--capture-output"], "0"),
    ] {
        let args = [&["exec"], how, &["--", "bash", "-c", ignored, expected]].concat();
        ignoring(&args).run().exits(0);
    }
    ignoring(&["exec", "--mask", "--", "sh", "-c", "exit 3"])
        .run()
        .exits(3);
    let shell = ignoring(&["shell", "--fail"]).stdin("!exit 3\n").run();
    shell.exits(3).stderr_lacks("cannot start");
    ignoring(&["dev", "--", "sh", "-c", "exit 3"])
        .run()
        .exits(3);
}

#[test]
fn on_a_terminal_the_program_has_one() {
    let home = Home::new();
    let script = "test -t 0 && test -t 1 && test -t 2 && stty size; \
                  trap 'stty size' WINCH; trap 'echo interrupted; exit 7' INT; \
                  read -r line; echo \"read $line\"; while :; do sleep 0.02; done";
    let mut terminal =
        Terminal::start(&home.command(["exec", "--mask", "--", "bash", "-c", script]));
    terminal.wait_for("31 97");
    assert!(!terminal.settings().local_modes.contains(LocalModes::ICANON));
    terminal.press("typed\r");
    terminal.wait_for("read typed");
    terminal.resize(40, 132);
    terminal.wait_for("40 132");
    terminal.press("\x03");
    let (status, shown) = terminal.wait();
    assert_eq!(status.code(), Some(7), "{shown}");
    assert_eq!(shown.matches("interrupted").count(), 1, "{shown}");
}

/// There the program is in our process group, and the user's keyboard is its own.
#[test]
fn in_a_pipeline_the_program_has_the_keyboard() {
    let home = Home::new();
    home.write(
        "program",
        "import os, signal as s\n\
         s.pthread_sigmask(s.SIG_BLOCK, [s.SIGINT])\n\
         print('read', input(), flush=True)\n\
         while not os.path.exists('stop'):\n\
         \x20   if s.sigtimedwait([s.SIGINT], 0.02): print('interrupted', flush=True)\n\
         exit(5)\n",
    );
    let readers = "(trap '' INT; exec cat); echo ended ${PIPESTATUS[0]}";
    let script = format!("ksm exec --mask -- python3 program | {readers}");
    let call = home.program("bash", ["-c", &script]).env("PATH", path());
    let mut terminal = Terminal::start(&call);
    terminal.press("typed\r");
    terminal.wait_for("read typed");
    let count = |shown: &str| shown.matches("interrupted").count();
    for number in 1..=10 {
        terminal.press("\x03");
        eventually("it is not interrupted", || {
            count(&terminal.text()) >= number
        });
    }
    home.write("stop", "");
    let (_, shown) = terminal.wait();
    assert_eq!(count(&shown), 10, "{shown}");
    assert!(shown.contains("ended 5"), "{shown}");
}

#[test]
fn the_terminal_is_as_it_was_whatever_happens() {
    let home = Home::new();
    let script = |how: &str| {
        let run = format!("ksm exec --mask -- bash -c 'echo running; sleep 0.2; {how}'");
        format!("before=$(stty -g); {run}; echo ended $?; test $before = $(stty -g) && echo same")
    };
    // A shell ignores QUIT; the program it becomes does not.
    let told = |signal: &str| {
        let is_program = "grep -q sleep /proc/$$/comm";
        format!("(until {is_program}; do sleep 0.05; done; kill -{signal} $PPID) & exec sleep 60")
    };
    for (how, code) in [
        ("exit 5".to_owned(), 5),
        ("kill -TERM $$".to_owned(), 143),
        (told("TERM"), 143),
        (told("HUP"), 129),
        (told("QUIT"), 131),
    ] {
        let call = home.program("bash", ["-c", &script(&how)]);
        let (_, shown) = Terminal::start(&call.env("PATH", path())).wait();
        assert!(shown.contains(&format!("ended {code}")), "{how}: {shown}");
        assert!(shown.contains("same"), "{how}: {shown}");
    }
}

#[test]
fn a_terminal_that_goes_ends_the_program() {
    let home = Home::new();
    let call = home.command([
        "exec",
        "--mask",
        "--",
        "bash",
        "-c",
        "echo $$.; exec sleep 60",
    ]);
    let terminal = Terminal::start(&call);
    terminal.wait_for(".");
    let program = terminal.text().trim().trim_end_matches('.').to_owned();
    send(1, &terminal.id().to_string());
    let (status, _) = terminal.wait();
    assert_eq!(status.signal(), Some(1));
    eventually("it works on alone", || !is_alive(&program));
}

/// A shell goes on with its script where a program ended by itself, and not where a signal ended it.
#[test]
fn what_ends_us_while_waiting_is_told() {
    for signal in [1, 2, 15] {
        let home = Home::new();
        let fifo = home.path("fifo");
        home.program("mkfifo", [&fifo]).run().succeeds();
        let args = ["--ini-file", "fifo", "secret", "list"];
        let waiting = home.command(args).spawn();
        // Opens once ksm has the other end.
        let writer = fs::OpenOptions::new().write(true).open(&fifo).unwrap();
        send(signal, &waiting.id().to_string());
        waiting.wait(&home).dies_of(signal);
        drop(writer);
    }
}
