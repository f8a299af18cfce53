//! `ksm exec --dry-run`: what each reference leads to, never a value, and the end that the run would come to.
#![cfg(unix)]

use serde_json::json;

use crate::support::{Home, UID, Vault, login, record};

fn vault() -> Vault {
    Vault::start()
        .with(
            login("db")
                .uid(UID)
                .login("admin-canary")
                .password("pass-canary")
                .file("key.pem", "file-canary\n"),
        )
        .with(login("twin").password("canary-1"))
        .with(login("twin").password("canary-2"))
}

#[test]
fn a_plan_shows_titles_and_fields() {
    let vault = vault();
    let mut home = Home::configured_for(&vault);
    home.set("PASSWORD", format!("keeper://{UID}/field/password"));
    let words = ["exec", "--dry-run", "-e", "KEY=@file:db/file/key.pem"];
    let rest = [
        "--file",
        "./new=db/title",
        "--inline",
        "touch",
        "started",
        "x=keeper://db/type",
    ];
    home.ksm(words.into_iter().chain(rest)).succeeds().stdout(
        "\n Destination Record Field           Result\n\
         \x20----------- ------ --------------- ------\n\
         \x20PASSWORD    db     field/password  found\n\
         \x20KEY (file)  db     file/key.pem    found\n\
         \x20./new       db     title           found\n\
         \x20argument 2  db     type            found\n\
         \n1 request, 1 download\n",
    );
    assert_eq!(home.files(), [""; 0]);

    // `-o` takes the plan, as it takes all answers.
    let run = home.ksm(["exec", "-o", "plan", "--dry-run", "--json", "true"]);
    assert_eq!(run.succeeds().stdout_bytes(), b"");
    let plan = json!({
        "references": [{
            "variable": "PASSWORD", "as": "value", "record": "db", "uid": UID,
            "field": "field/password", "result": "found",
        }],
        "requests": 1,
        "downloads": 0,
    });
    let written: serde_json::Value = serde_json::from_str(&home.read("plan")).unwrap();
    assert_eq!(written, plan);
}

#[test]
fn an_empty_value_is_told() {
    let empty = login("new").custom("text", "Empty", json!([]));
    let vault = vault().with(empty);
    let home = Home::configured_for(&vault);
    let run = home.ksm(["exec", "-e", "P=new/custom_field/Empty", "--", "true"]);
    run.succeeds()
        .stderr("Warning: variable `P`: `custom_field/Empty` of `new` is empty\n");
    let run = home.ksm(["env", "P=new/custom_field/Empty"]);
    run.succeeds()
        .stdout("export P=''\n")
        .stderr("Warning: variable `P`: `custom_field/Empty` of `new` is empty\n");
    let words = [
        "exec",
        "-e",
        "P=new/custom_field/Empty",
        "--dry-run",
        "--json",
        "true",
    ];
    let plan = home.ksm(words).succeeds().stderr("").json();
    assert_eq!(plan["references"][0]["result"], "empty");
}

#[test]
fn a_plan_tells_missing_ambiguous_and_damaged_references_apart() {
    let vault = vault().with(login("broken").uid("ZZZZZZZZZZZZZZZZZZZZZZ"));
    vault.garble("ZZZZZZZZZZZZZZZZZZZZZZ");
    let home = Home::configured_for(&vault);
    let options = ["A=db/field/nothing", "B=none/type", "C=twin/type"];
    let options = options
        .iter()
        .chain(&["D=ZZZZZZZZZZZZZZZZZZZZZZ/type", "E=db/type"]);
    let options: Vec<_> = options.flat_map(|word| ["-e", word]).collect();
    let run = |extra: &[&'static str]| {
        let words = ["exec"].iter().chain(extra).chain(&options);
        home.ksm(words.chain(&["touch", "started"]).copied())
    };
    let (plan, real) = (run(&["--dry-run", "--json"]), run(&[]));
    plan.fails(125).stderr(real.fails(125).stderr_text());
    let results: Vec<_> = plan.json()["references"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["variable"].clone(),
                step["result"].clone(),
                step["record"].clone(),
            )
        })
        .collect();
    let expected = [
        ("A", "missing", "db"),
        ("B", "missing", "none"),
        ("C", "ambiguous", "twin"),
        ("D", "damaged", "ZZZZZZZZZZZZZZZZZZZZZZ"),
        ("E", "found", "db"),
    ];
    assert_eq!(
        results,
        expected.map(|(name, result, title)| (json!(name), json!(result), json!(title)))
    );
    assert_eq!(home.files(), [""; 0]);
}

#[test]
fn a_plan_fails_wherever_a_run_would_fail() {
    let long = format!("canary{}", "x".repeat(131_072));
    let large = format!("canary{}", "x".repeat(100_000));
    let vault = vault().with(
        record("login", "odd")
            .custom("text", "nul", json!(["canary\u{0}"]))
            .custom("text", "long", json!([long]))
            .custom("text", "large", json!([large])),
    );
    let home = Home::configured_for(&vault);
    home.write("there", "mine");
    // Each of them fits, and all of them together do not, however much stack there is.
    let together: String = (0..70)
        .map(|number| format!("V{number}=keeper://odd/custom_field/large\n"))
        .collect();
    home.write("together", together);
    let mut cases: Vec<(&[&str], i32)> = vec![
        (&["-e", "A=odd/custom_field/nul", "true"], 125),
        (&["-e", "A=db/canary", "true"], 2),
        (&["--file", "there=db/type", "true"], 125),
        (&["no-such-program"], 127),
        (&["./there"], 126),
        (&["true"], 0),
        (&["-e", "A=db/title", "true"], 0),
    ];
    if cfg!(target_os = "linux") {
        cases.push((&["-e", "A=odd/custom_field/long", "true"], 125));
        cases.push((&["-e", "A=@fd:odd/custom_field/long", "true"], 0));
        cases.push((&["--env-file", "together", "true"], 125));
    }
    for (words, code) in cases {
        let run = |first: &[&'static str]| home.ksm(first.iter().chain(words).copied());
        let (plan, real) = (run(&["exec", "--dry-run"]), run(&["exec"]));
        plan.exits(code).stderr(real.exits(code).stderr_text());
    }
    // Nothing to ask, so no profile is needed.
    let stranger = Home::new();
    stranger
        .ksm(["exec", "--dry-run", "true"])
        .succeeds()
        .stdout("0 requests, 0 downloads\n");
}
