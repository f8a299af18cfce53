//! `ksm profile check`: a line for everything that has to be right, and the code of the first that is not.

use ksm::dev::Seed;
use serde_json::Value;

use crate::support::{ConnectProxy, Fault, FaultProxy, Home, Run, Vault, folder, login};

/// The topics with how they stand, in order; several lines about one topic are one, the worst.
fn standing(run: &Run) -> Vec<(String, String)> {
    let reports = run.json();
    let lines = reports[0]["checks"].as_array().unwrap();
    let mut standing: Vec<(String, String)> = Vec::new();
    for line in lines {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let (topic, status) = (text("check"), text("status"));
        match standing.last_mut().filter(|(known, _)| *known == topic) {
            Some((_, worst)) if worst == "ok" => *worst = status,
            Some(_) => {}
            None => standing.push((topic, status)),
        }
    }
    standing
}

/// All topics, in order, with how they should stand.
fn expected(statuses: [&str; 6]) -> Vec<(String, String)> {
    let topics = ["store", "profile", "network", "tls", "clock", "server"];
    let pairs = topics.iter().zip(statuses);
    pairs
        .map(|(topic, status)| ((*topic).to_owned(), status.to_owned()))
        .collect()
}

const FINE: [&str; 6] = ["ok"; 6];

/// Everything from this topic on, of which it failed itself, is not looked at.
fn failed_at(place: usize) -> [&'static str; 6] {
    let mut statuses = FINE;
    statuses[place] = "failed";
    for status in &mut statuses[place + 1..] {
        *status = "skipped";
    }
    statuses
}

#[test]
fn a_working_profile_passes_and_counts_what_is_shared() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let home = Home::bound_to(&vault);
    let before = home.read("keeper.ini");
    for command in ["check", "doctor"] {
        let run = home.ksm(["profile", command]);
        run.succeeds().stderr("");
        let lines: Vec<_> = run.stdout_text().lines().collect();
        let path = home.path("keeper.ini");
        assert_eq!(
            lines[..2],
            ["", &format!(" Profile _default in {}", path.display())]
        );
        let words: Vec<Vec<_>> = lines[2..]
            .iter()
            .map(|line| line.split_whitespace().take(2).collect())
            .collect();
        let topics = [
            "store", "profile", "network", "TLS", "clock", "server", "server",
        ];
        assert_eq!(words, topics.map(|topic| vec!["ok", topic]));
    }
    let once = ["get_secret", "get_secret", "get_folders"];
    assert_eq!(vault.requests(), [once, once].concat());
    assert_eq!(home.read("keeper.ini"), before);
    assert_eq!(home.files(), ["keeper.ini", "keeper.ini.lock"]);
}

#[test]
fn what_is_shared_is_counted_and_none_is_told() {
    let one = || {
        login("one")
            .uid("AAAAAAAAAAAAAAAAAAAA1A")
            .password("canary-1")
    };
    let vault = Vault::start()
        .with(one())
        .with(folder("Team").with(one()))
        .with(folder("Empty"));
    let run = Home::configured_for(&vault).ksm(["profile", "check"]);
    run.succeeds()
        .stdout_has("server   1 record and 2 folders are shared with the application");
    let vault = Vault::start();
    let run = Home::configured_for(&vault).ksm(["profile", "check"]);
    run.succeeds()
        .stdout_has("warning  server   no record and 0 folders are shared with the application")
        .stdout_has("try: an administrator can share records or folders with it");
}

#[test]
fn every_kind_of_source_can_be_checked() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let mut home = Home::trusting(&vault);
    let config = home.bind(&vault);
    let file = home.write("mounted", &config);
    for (variable, value) in [
        ("KSM_CONFIG", config.clone().into()),
        ("KSM_CONFIG_BASE64_1", config.clone().into()),
        ("KSM_CONFIG_FILE", file.into_os_string()),
    ] {
        home.set(variable, value);
        let run = home.ksm(["profile", "check", "--json"]);
        assert_eq!(standing(run.succeeds()), expected(FINE), "{run}");
        assert_eq!(run.json()[0]["place"], variable);
        home.unset(variable);
    }
}

#[test]
fn what_is_wrong_is_said_where_it_is_wrong() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let bound = Home::bound_to(&vault);
    let ini = bound.read("keeper.ini");
    let without = |key: &str| {
        let lines = ini.lines().filter(|line| !line.starts_with(key));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let elsewhere = |host: &str| {
        let host = format!("hostname = {host}\n");
        ini.replace(&format!("hostname = {}\n", vault.host()), &host)
    };
    type Case<'a> = (
        &'a str,
        String,
        &'a [(&'a str, &'a str)],
        usize,
        i32,
        &'a str,
    );
    let cases: [Case<'_>; 8] = [
        (
            "a store that is none",
            "no section\n".to_owned(),
            &[],
            0,
            6,
            "keeper.ini",
        ),
        (
            "keys of another program",
            ini.replace("clientid", "storage = vault9\nclientid"),
            &[],
            0,
            6,
            "vault9",
        ),
        (
            "no key",
            without("privatekey"),
            &[],
            1,
            6,
            "it has no privateKey",
        ),
        (
            "no host of that kind",
            elsewhere("bad host"),
            &[],
            1,
            6,
            "hostname",
        ),
        (
            "a bad setting",
            ini.clone(),
            &[("HTTPS_PROXY", "socks5://x")],
            2,
            6,
            "HTTPS_PROXY",
        ),
        (
            "no such name",
            elsewhere("nowhere.invalid"),
            &[],
            2,
            5,
            "the name cannot be looked up",
        ),
        ("nobody there", elsewhere("localhost:1"), &[], 2, 5, "tried"),
        (
            "another certificate",
            ini.clone(),
            &[("KSM_CA_FILE", "")],
            3,
            5,
            "did not prove who it is",
        ),
    ];
    for (case, text, variables, place, code, says) in cases {
        let mut home = Home::trusting(&vault);
        home.write("keeper.ini", text);
        for (name, value) in variables {
            home.set(*name, *value);
        }
        let run = home.ksm(["profile", "check", "--json"]);
        assert_eq!(
            standing(run.fails(code)),
            expected(failed_at(place)),
            "{case}"
        );
        let line = run.json()[0]["checks"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["status"] == "failed")
            .cloned()
            .unwrap();
        assert!(
            line["message"].as_str().unwrap().contains(says),
            "{case}: {run}"
        );
        run.stderr_has("Error: ");
    }
    assert_eq!(vault.requests(), [] as [&str; 0]);
}

#[test]
fn a_refusal_by_the_server_is_the_last_line() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    faults.on("get_secret", Fault::denied());
    let run = home.ksm(["profile", "check", "--json"]);
    assert_eq!(standing(run.fails(4)), expected(failed_at(5)));
    run.stdout_has("access_denied, message=Signature is invalid")
        .stdout_has("the device removed")
        .stderr_has("profile `_default` does not work: see `server`");
    faults.clear();
    faults.on("get_secret", Fault::garbled());
    let run = home.ksm(["profile", "check", "--json"]);
    assert_eq!(standing(run.fails(5)), expected(failed_at(5)));
    // Connected, and nothing more: no proof of anything.
    faults.clear();
    faults.always(Fault::Drop);
    let run = home.ksm(["profile", "check", "--json"]);
    assert_eq!(standing(run.fails(5)), expected(failed_at(3)));
}

#[test]
fn a_clock_that_differs_is_a_warning() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let faults = FaultProxy::before(&vault);
    let home = Home::bound_to(&faults);
    let answer = |headers: &str| Fault::Answer {
        status: 404,
        headers: headers.to_owned(),
        body: Vec::new(),
    };
    for (headers, status, says) in [
        (
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            "warning",
            "s ahead of the server's",
        ),
        (
            "Date: Fri, 01 Jan 2100 00:00:00 GMT\r\n",
            "warning",
            "s behind the server's",
        ),
        ("", "ok", "does not tell its time"),
        ("Date: canary\r\n", "ok", "does not tell its time"),
    ] {
        faults.next(answer(headers));
        let run = home.ksm(["profile", "check", "--json"]);
        let mut statuses = FINE;
        statuses[4] = status;
        assert_eq!(standing(run.succeeds()), expected(statuses), "{run}");
        run.stdout_has(says);
    }
}

#[test]
fn several_profiles_are_checked_and_the_first_failure_counts() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let home = Home::bound_to(&vault);
    let ini = home.read("keeper.ini");
    let (_, section) = ini.split_once("[_default]\n").unwrap();
    let other = section.replace("appkey = ", "# appkey = ");
    home.write("keeper.ini", format!("{ini}[other]\n{other}"));
    let run = home.ksm(["profile", "check", "--all", "--json"]);
    let reports = run.fails(6).json();
    let names: Vec<_> = reports
        .as_array()
        .unwrap()
        .iter()
        .map(|report| &report["profile"])
        .collect();
    assert_eq!(names, ["_default", "other"]);
    home.ksm(["profile", "check"]).succeeds();
    for call in [
        &["profile", "check", "other"][..],
        &["-p", "other", "profile", "check"],
    ] {
        home.ksm(call)
            .fails(6)
            .stdout_has("failed   profile  profile `other` in")
            .stdout_has("it has no appKey")
            .stdout_has("\n                   try: import the profile again")
            .stdout_has("skipped  network  not checked");
    }
    home.ksm(["profile", "check", "nobody"])
        .fails(3)
        .stdout_has("failed   profile  profile `nobody` is not in");
}

#[test]
fn checking_a_missing_profile_spends_no_token() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let (mut home, token) = Home::with_token(&vault);
    home.set("KSM_TOKEN", token);
    let run = home.ksm(["profile", "check", "--json"]);
    assert_eq!(standing(run.fails(6)), expected(failed_at(0)));
    assert_eq!(run.json()[0]["profile"], Value::Null);
    run.stdout_has("there is no configuration; these places were looked at");
    home.ksm(["profile", "check"]).fails(6).stdout_has(
        "looked at, in order:\n                     --ini-file\n                     KSM_CONFIG\n",
    );
    assert_eq!(vault.requests(), [] as [&str; 0]);
    assert_eq!(home.files(), [] as [&str; 0]);
}

#[cfg(unix)]
#[test]
fn what_works_but_could_be_better_is_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let vault = Vault::start().with(login("one").password("canary-1"));
    let home = Home::bound_to(&vault);
    let path = home.path("keeper.ini");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let run = home
        .command(["profile", "check", "--json"])
        .env("KSM_SKIP_VERIFY", "true")
        .run();
    let mut statuses = FINE;
    statuses[0] = "warning";
    statuses[3] = "warning";
    assert_eq!(standing(run.succeeds()), expected(statuses));
    run.stdout_has("0644, is too open");
    assert_eq!(run.json()[0]["checks"][0]["hint"], Value::Null);
}

#[test]
fn an_end_of_access_may_be_any_number() {
    let last = 253_402_300_799_999;
    for (milliseconds, said) in [
        (0, "it accepts this device\n"),
        (last, "until Fri, 31 Dec 9999 23:59:59 GMT"),
        (last + 1, "until after the year 9999"),
        (i64::MAX, "until after the year 9999"),
        (i64::MIN, "it accepts this device\n"),
    ] {
        let vault = Vault::seeded(Seed {
            expires_on: Some(milliseconds),
            ..Seed::empty()
        });
        let home = Home::configured_for(&vault);
        home.ksm(["profile", "check"]).succeeds().stdout_has(said);
        home.ksm(["profile", "check", "--json"]).succeeds();
    }
}

#[test]
fn an_access_that_ended_is_a_failure() {
    let vault = Vault::seeded(Seed {
        expires_on: Some(1),
        ..Seed::empty()
    });
    let home = Home::configured_for(&vault);
    home.ksm(["profile", "check"])
        .fails(4)
        .stdout_has("the access of this device ended, Thu, 01 Jan 1970");
}

#[test]
fn a_proxy_is_part_of_the_network() {
    let vault = Vault::start().with(login("one").password("canary-1"));
    let home = Home::configured_for(&vault);
    let proxy = ConnectProxy::start();
    let check = |proxy: &str| {
        let call = home.command(["profile", "check", "--json"]);
        call.env("HTTPS_PROXY", proxy).run()
    };
    let run = check(&proxy.address());
    assert_eq!(standing(run.succeeds()), expected(FINE));
    run.stdout_has("the proxy in HTTPS_PROXY");
    let run = check("http://localhost:1");
    assert_eq!(standing(run.fails(5)), expected(failed_at(2)));
    run.stdout_has("with the proxy in HTTPS_PROXY");
    // Not asked for what is excepted.
    let before = proxy.requests().len();
    let call = home.command(["profile", "check", "--json"]);
    let run = call
        .env("HTTPS_PROXY", "http://localhost:1")
        .env("NO_PROXY", "localhost")
        .run();
    assert_eq!(standing(run.succeeds()), expected(FINE));
    assert_eq!(proxy.requests().len(), before);
}
