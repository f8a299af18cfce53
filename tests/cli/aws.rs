//! AWS that is slow, endless, or writes in our name.

use std::time::{Duration, Instant};

use crate::support::{Fault, FaultProxy, Home, Vault};

/// A home whose one profile is in a secret behind `faults`.
fn home(faults: &FaultProxy<'_>, section: &str) -> Home {
    let mut home = Home::trusting(faults);
    home.write(
        "keeper.ini",
        format!("[_default]\nstorage = aws\nsecret = ksm-config\n{section}"),
    );
    home.set("AWS_ENDPOINT_URL", format!("https://{}", faults.host()));
    home.set("AWS_REGION", "eu-west-1");
    home
}

const KEYS: &str = "provider = keys\naws_access_key_id = A\naws_secret_access_key = the-key\n\
                    region = eu-west-1\n";

#[test]
fn every_wait_for_aws_has_an_end() {
    let vault = Vault::start();
    let proxy = || FaultProxy::before(&vault);
    let (silent, slow, busy) = (proxy(), proxy(), proxy());
    silent.always(Fault::HangBefore);
    slow.always(Fault::Drip);
    let program = |command: &str| {
        let home = home(&busy, "provider = profile\nprofile = p\n");
        std::fs::create_dir(home.path(".aws")).unwrap();
        home.write(
            ".aws/config",
            format!("[profile p]\ncredential_process = {command}\n"),
        );
        home
    };
    let minute = "gave no answer within 60 seconds";
    let late = "takes longer than a minute";
    let cases = [
        (home(&silent, KEYS), 5, minute),
        (home(&slow, KEYS), 5, minute),
        (program("sleep 300"), 6, late),
        (program("sh -c 'exec >&-; exec sleep 300'"), 6, late),
    ];
    let start = Instant::now();
    let running = cases.map(|(home, code, said)| {
        let run = home.command(["secret", "list"]);
        let run = run.timeout(Duration::from_secs(90)).spawn();
        (home, run, code, said)
    });
    for (home, run, code, said) in running {
        let run = run.wait(&home);
        run.fails(code).stdout("").stderr_has(said);
        let took = start.elapsed().as_secs();
        assert!((55..80).contains(&took), "{took} s\n{run}");
    }
}

fn refusal(code: &str, message: &str) -> Fault {
    let body = serde_json::json!({"__type": code, "Message": message});
    Fault::answer(400, body.to_string())
}

#[test]
fn a_lost_answer_to_a_write_is_uncertain() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults, KEYS);
    let absent = || refusal("ResourceNotFoundException", "");
    let config = Home::trusting(&faults).bind(&faults);
    home.ksm(["profile", "import", "-p", "kept", &config])
        .succeeds();
    let push = || {
        home.command(["profile", "push", "kept", "--secret", "new"])
            .env("AWS_ACCESS_KEY_ID", "A")
            .env("AWS_SECRET_ACCESS_KEY", "the-key")
            .run()
    };
    for lost in [
        Fault::Drop,
        Fault::answer(500, ""),
        Fault::answer(200, ""),
        Fault::answer(200, "{}"),
    ] {
        for before in [1, 2] {
            for _ in 0..before {
                faults.next(absent());
            }
            faults.next(lost.clone());
            let said = "nobody knows whether the AWS secret 'new' was written: ";
            push()
                .fails(5)
                .stdout("")
                .stderr_has(said)
                .stderr_has("Hint: say it again: ");
        }
    }
    faults
        .next(absent())
        .next(refusal("AccessDeniedException", ""));
    push()
        .fails(6)
        .stderr_has("the AWS secret 'new' cannot be written: ");
}

#[test]
fn what_aws_says_begins_no_line_of_its_own() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults, KEYS);
    let forged = format!(
        "no\r\u{2028}\u{200b}\u{1b}[2J{}\nError: gone\r\nHint: run this",
        "x".repeat(5000)
    );
    let expected = "AccessDeniedException, no\\u{d}\\u{2028}\\u{200b}\\u{1b}[2Jxxx";
    let run = |fault: Fault| {
        faults.next(fault);
        let run = home.ksm(["secret", "list"]);
        run.fails(6).stdout("");
        assert!(run.stderr_text().len() < 1500, "{run}");
        let lines = run.stderr_text().lines();
        assert!(lines.clone().count() <= 2, "{run}");
        assert!(
            !lines.skip(1).any(|line| line.starts_with("Error")),
            "{run}"
        );
        run
    };
    run(refusal("AccessDeniedException", &forged)).stderr_has(expected);
    run(refusal("no\nError", "")).stderr_has("no\\nError\n");
}

/// AWS's answer to a request for the secret with a profile.
fn secret_of(config: &str) -> Fault {
    let body = serde_json::json!({"Name": "ksm-config", "SecretString": config});
    Fault::answer(200, body.to_string())
}

#[test]
fn asking_aws_without_checks_is_said() {
    let vault = Vault::with_db();
    let faults = FaultProxy::before(&vault);
    let mut home = home(&faults, KEYS);
    let config = home.bind(&faults);
    home.set("KSM_SKIP_VERIFY", "true");
    home.set("A", "keeper://db/field/password");
    for command in [
        &["secret", "list"][..],
        &["secret", "notation", "keeper://db/title"],
        &["profile", "check"],
        &["folder", "list"],
        &["exec", "true"],
    ] {
        faults.next(secret_of(&config));
        let run = home.ksm(command);
        run.succeeds().may_print_secrets();
        let said = run.stderr_text().matches("KSM_SKIP_VERIFY is set");
        assert_eq!(said.count(), 1, "{run}");
    }
}

#[test]
fn a_limit_below_a_mebibyte_is_told_in_kibibytes() {
    let vault = Vault::start();
    let faults = FaultProxy::before(&vault);
    let home = home(&faults, KEYS);
    faults.next(secret_of(&"x".repeat(600 << 10)));
    home.ksm(["secret", "list"])
        .fails(5)
        .stderr_has("sends more than 512 KiB");
}
