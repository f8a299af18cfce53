//! Pages at a terminal: the pager, styles and widths.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;

use crate::support::Home;
use crate::support::signal::send;
use crate::support::terminal::Terminal;

/// What showed at a terminal of 31 lines and 97 columns, once `line` was run there.
fn shown(home: &Home, line: &str, environment: &[(&str, &str)]) -> String {
    let call = home.after_shell(line, ["help", "exit-codes"]);
    let call = environment
        .iter()
        .fold(call.env("TERM", "xterm"), |call, (name, value)| {
            call.env(*name, *value)
        });
    let (status, shown) = Terminal::start(&call).wait();
    assert!(status.success(), "{status}: {shown}");
    shown
}

fn home_with_pager() -> Home {
    let mut home = Home::new();
    let pager = home.write("pager", "#!/bin/sh\nenv > environment\ncat > page\n");
    std::fs::set_permissions(&pager, PermissionsExt::from_mode(0o700)).unwrap();
    home.set("PAGER", "./pager");
    home
}

#[test]
fn a_long_page_goes_through_the_pager() {
    let home = home_with_pager();
    let said = shown(&home, "", &[("KSM_TOKEN", "US:canary")]);
    assert_eq!(said, "");
    let page = home.read("page");
    assert!(page.starts_with("\x1b[1mExit codes\x1b[0m\n"), "{page:?}");
    let environment = home.read("environment");
    assert!(environment.contains("LESS=FRX\n"), "{environment}");
    assert!(!environment.contains("KSM_TOKEN"), "{environment}");
}

#[test]
fn a_page_that_fits_needs_no_pager() {
    let home = home_with_pager();
    let said = shown(&home, "stty rows 500", &[]);
    assert!(said.contains("Exit codes"), "{said}");
    assert!(!home.files().contains(&"page".to_owned()));
}

#[test]
fn a_pager_that_leaves_is_no_failure() {
    for (pager, shows) in [
        ("true", false),
        ("no-such-program", true),
        ("", true),
        ("cat", true),
    ] {
        let said = shown(&Home::new(), "", &[("PAGER", pager)]);
        assert_eq!(said.contains("Exit codes"), shows, "{pager}: {said}");
        assert!(!said.contains("Error: "), "{pager}: {said}");
    }
}

/// The program goes on reading keys, and the shell would, too.
#[test]
fn what_ends_us_waits_for_the_pager() {
    for (signal, status) in [(15, Some(15)), (3, None), (2, None)] {
        let home = Home::new();
        let pager = "#!/bin/sh\ncat > page\ntrap '' INT QUIT\nstty -echo\necho open\nread key < /dev/tty\nstty echo\necho closed\n";
        let path = home.write("pager", pager);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
        let call = home.command(["help", "exit-codes"]);
        let call = call.env("PAGER", "./pager").env("TERM", "xterm");
        let mut terminal = Terminal::start(&call);
        terminal.wait_for("open");
        send(signal, &terminal.id().to_string());
        std::thread::sleep(std::time::Duration::from_millis(200));
        terminal.press("x\n");
        let (ended, shown) = terminal.wait();
        assert!(shown.contains("closed"), "{signal}: {shown}");
        assert_eq!(ended.signal(), status, "{signal}: {shown}");
    }
}

#[test]
fn nobody_gets_colors_who_does_not_want_them() {
    for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let said = shown(&Home::new(), "", &[("PAGER", "cat"), variable]);
        assert!(said.contains("Exit codes"), "{said}");
        assert!(!said.contains('\x1b'), "{variable:?}: {said}");
    }
    let without_pager = shown(&Home::new(), "", &[("TERM", "dumb")]);
    assert!(without_pager.contains("Exit codes"), "{without_pager}");
}

#[test]
fn a_page_has_the_width_of_the_terminal() {
    for (columns, widest) in [(60, 60), (80, 80), (200, 100)] {
        let line = format!("stty cols {columns}");
        let said = shown(&Home::new(), &line, &[("PAGER", "cat"), ("NO_COLOR", "1")]);
        let text = said.lines().filter(|line| !line.starts_with("    "));
        let longest = text.map(|line| line.chars().count()).max().unwrap();
        assert!(
            (widest - 8..=widest).contains(&longest),
            "{columns}: {longest}\n{said}"
        );
    }
}
