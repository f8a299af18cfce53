//! Masked output: what shows of secrets, and what of everything else.
#![cfg(unix)]

use serde_json::json;

use crate::support::terminal::Terminal;
use crate::support::{Home, Vault, login};

const PASSWORD: &str = "canary's $(id) \"pw\" é/+~";
const KEY: &str =
    "-----BEGIN KEY-----\nMIIcanaryMIIcanaryMIIcanary/+\nAAcanary==\n-----END KEY-----\n";

fn vault() -> Vault {
    Vault::start().with(
        login("db")
            .login("root")
            .password(PASSWORD)
            .custom("text", "Port", json!(["5432"]))
            .custom("text", "Host", json!(["localhost"]))
            .file("key.pem", KEY),
    )
}

fn home(vault: &Vault) -> Home {
    let mut home = Home::configured_for(vault);
    home.set("P", "keeper://db/field/password");
    home.set("K", "keeper://db/file/key.pem");
    home
}

#[test]
fn no_encoding_shows_on_either_stream() {
    let vault = vault();
    let home = home(&vault);
    let script = r#"
        import base64, json, os, shlex, sys, urllib.parse
        p, k = os.environ["P"], os.environ["K"]
        for text in (p, json.dumps(p)[1:-1], json.dumps(p, ensure_ascii=False)[1:-1], p.encode().hex(),
                p.encode().hex().upper(), urllib.parse.quote(p), urllib.parse.quote_plus(p),
                urllib.parse.quote(p, safe=""), shlex.quote(p), base64.b64encode(p.encode()).decode(),
                base64.urlsafe_b64encode(p.encode()).decode(), k, json.dumps(k), k.splitlines()[1]):
            for stream in (sys.stdout, sys.stderr):
                for letter in "<" + text + ">\n":
                    stream.write(letter)
                    stream.flush()
    "#;
    let script: String = script
        .lines()
        .map(|line| line.strip_prefix("        ").unwrap_or(line).to_owned() + "\n")
        .collect();
    let run = home.ksm(["exec", "--mask", "--", "python3", "-c", &script]);
    let plain = "<****>\n".repeat(8);
    let expected = format!(
        "{plain}<'****'>\n{}<****\n>\n<\"****\\n\">\n<****>\n",
        "<****>\n".repeat(2)
    );
    run.succeeds().stdout(&expected).stderr(&expected);
}

#[test]
fn what_is_not_masked_is_named() {
    let vault = vault();
    let mut home = home(&vault);
    for (name, field) in [
        ("A", "field/login"),
        ("B", "custom_field/Port"),
        ("C", "custom_field/Host"),
    ] {
        home.set(name, format!("keeper://db/{field}"));
    }
    let script = "echo $A $B $C; echo \"$P\"";
    let call = || home.command(["exec", "--", "sh", "-c", script]);
    let said = "Warning: not masked, since the value is too short or too common: \
                variable `A`, variable `B`, variable `C`\n";
    call()
        .env("KSM_EXEC_MASK", "true")
        .run()
        .succeeds()
        .stdout("root 5432 localhost\n****\n")
        .stderr(said);
    call()
        .env("KSM_EXEC_MASK", "false")
        .run()
        .succeeds()
        .stdout(format!("root 5432 localhost\n{PASSWORD}\n"))
        .stderr("");
    call()
        .env("KSM_EXEC_MASK", "perhaps")
        .run()
        .fails(125)
        .stderr_has("KSM_EXEC_MASK");
}

#[test]
fn a_partial_match_is_printed_at_the_end() {
    let vault = vault();
    let home = home(&vault);
    for options in [&["--mask"][..], &["--mask", "--capture-output"]] {
        let script = ["--", "sh", "-c", "printf '%s' \"$P\"; printf \"canary's\""];
        home.ksm(["exec"].iter().chain(options).chain(&script).copied())
            .succeeds()
            .stdout("****canary's");
    }
}

#[test]
fn captured_output_is_masked_too() {
    let vault = vault();
    let home = home(&vault);
    let script = "echo \"$P\"; echo \"$P\" >&2; exit 2";
    home.ksm([
        "exec",
        "--mask",
        "--capture-output",
        "--",
        "sh",
        "-c",
        script,
    ])
    .exits(2)
    .stdout("****\n")
    .stderr("****\n");
}

#[test]
fn a_terminal_shows_marks_and_waits_for_nothing() {
    let vault = vault();
    let home = home(&vault);
    let script = "printf '%s' \"$P\"; printf '\\033[1mbold\\033[0m %s\\n' \"$K\"; printf 'prompt canary'; read -r line; echo end";
    let mut terminal = Terminal::start(&home.command(["exec", "--mask", "--", "sh", "-c", script]));
    // It may become the password; a moment later it is only text.
    terminal.wait_for("prompt canary");
    terminal.press("\r");
    let (status, shown) = terminal.wait();
    assert!(status.success(), "{shown}");
    assert!(
        shown.starts_with("****\x1b[1mbold\x1b[0m ****\r\n"),
        "{shown:?}"
    );
    assert!(!shown.contains("MII"), "{shown:?}");
    assert!(shown.ends_with("end\r\n"), "{shown:?}");
}

#[test]
fn other_output_passes_unchanged() {
    let vault = vault();
    let home = home(&vault);
    let bytes: Vec<u8> = (0..=255_u8).cycle().take(3_000_000).collect();
    home.command(["exec", "--mask", "--", "cat"])
        .stdin(&bytes)
        .run()
        .succeeds()
        .stdout(&bytes);
}

/// What the shell, a web page and a program that knows JSON make of a secret.
#[test]
fn what_programs_make_of_a_secret_is_masked() {
    let service = json!({
        "type": "service_account",
        "private_key": "-----BEGIN KEY-----\ncanaryMIIEvQ\"IBA\n-----END KEY-----\n",
        "client_email": "canary@example.iam",
        "project_number": 1_234_567_890_123_u64,
        "nested": {"password": "canary <&> 'é'"},
    });
    let pretty = serde_json::to_string_pretty(&service).unwrap();
    let control = "canary\u{1b}[1m'\u{1}";
    let vault = Vault::start().with(
        login("db")
            .password(PASSWORD)
            .custom("text", "Service", json!([pretty]))
            .custom("text", "Control", json!([control])),
    );
    let mut home = home(&vault);
    home.set("K", "keeper://db/custom_field/Service");
    home.set("C", "keeper://db/custom_field/Control");
    home.write(
        "program.py",
        r#"
import html, json, os, xml.sax.saxutils as sax
p, k = os.environ["P"], json.loads(os.environ["K"])
for secret in (p, k["nested"]["password"], k["private_key"]):
    print(html.escape(secret), html.escape(secret, quote=False), sax.escape(secret), sep="\n")
    print(sax.quoteattr(secret), secret.encode("ascii", "xmlcharrefreplace").decode(), sep="\n")
    print(json.dumps(json.dumps(secret)), json.dumps({"log": json.dumps({"s": secret})}), sep="\n")
print(json.dumps(k), json.dumps(k, separators=(",", ":")), json.dumps(k, indent=2), sep="\n")
print(json.dumps(json.dumps(k)), k["project_number"], k["client_email"], sep="\n")
"#,
    );
    let script = r#"
        printf '%q\n' "$P" "$K" "$C"; echo "${P@Q}" "${C@Q}" "${K@Q}"; declare -p P K C
        LC_ALL=C; printf '%q\n' "$P" "$C"; echo "${P@Q}"
        exec python3 program.py
    "#;
    let run = home.ksm(["exec", "--mask", "--", "bash", "-c", script]);
    let shown = run.succeeds().stderr("").stdout_text().to_owned();
    for part in ["canary", "MIIE", "1234567890123", "iam", "pw"] {
        assert!(!shown.contains(part), "{part}: {shown}");
    }
    assert!(shown.contains("private_key"), "{shown}");
}

/// Encoders of other languages escape other characters, and in other ways.
#[test]
fn encoders_of_every_language_are_masked() {
    let vault = Vault::start().with(login("db").password("canary@$w/1+=;'q'\"`<é>"));
    let mut home = Home::configured_for(&vault);
    home.set("P", "keeper://db/field/password");
    home.write(
        "program.py",
        r##"
import json, os, re
from urllib.parse import quote
p = os.environ["P"]

def percent(kept):
    text = quote(p, safe=kept)
    return [text, re.sub("%..", lambda found: found[0].lower(), text)]

def escapes(special, foreign, form):
    text = "".join(form % ord(c) if c in special or foreign and c > "~" else c for c in p)
    return [text.replace('"', '\\"')]

def entities(**known):
    names = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "grave": "`", "equals": "=", "slash": "/", "plus": "+"}
    known = {names[name]: entity for name, entity in ({"amp": "amp", "lt": "lt", "gt": "gt"} | known).items()}
    text = "".join(f"&{known[c]};" if c in known else c for c in p)
    return [text.replace("é", e) for e in ("é", "&#233;", "&#xE9;", "&#xe9;")]

texts = [
    # Node, Go, encodeURI, encodeURIComponent, Python, PHP and SQLAlchemy.
    *percent("!$%&'()*+,-._~"), *percent("$&+,;=-._~"), *percent("$&+:=@-._~"), *percent("$&+,/:;=@-._~"),
    *percent(";,/?:@&=+$-_.!~*'()#"), *percent("-_.!~*'()"), *percent("/"), *percent(""), *percent(" +"),
    # .NET, others in lower case, Gson, PHP, Jackson.
    *escapes("<>&'\"+`", True, "\\u%04X"), *escapes("<>&'\"+`", True, "\\u%04x"), *escapes("<>&'\"+`", False, "\\u%04X"),
    *escapes("<>&=\'", False, "\\u%04x"), *escapes("<>&=\'", False, "\\u%04X"), *escapes("<>&'\"", False, "\\u%04X"),
    *escapes("<>&", False, "\\u%04X"), *escapes("", True, "\\u%04X"),
    # PHP, lodash, Python and Underscore, Handlebars, Mustache, OWASP, Go twice, .NET, XML.
    *entities(quot="quot", apos="#039"), *entities(quot="quot", apos="#39"), *entities(quot="quot", apos="#x27"),
    *entities(quot="quot", apos="#x27", grave="#x60"), *entities(quot="quot", apos="#x27", grave="#x60", equals="#x3D"),
    *entities(quot="quot", apos="#39", grave="#x60", equals="#x3D", slash="#x2F"), *entities(quot="quot", apos="#x27", slash="#x2F"),
    *entities(quot="#34", apos="#39"), *entities(quot="#34", apos="#39", plus="#43"),
    *entities(quot="quot", apos="#x27", plus="#x2B", grave="#x60"), *entities(quot="quot", apos="apos"),
]
for text in texts:
    print(f"postgres://app:{text}@h/db")
    print(json.dumps(text)[1:-1] if "\\" in text else "")
"##,
    );
    let run = home.ksm(["exec", "--mask", "--", "python3", "program.py"]);
    let shown = run.succeeds().stderr("").stdout_text().to_owned();
    for line in shown.lines() {
        let known = ["postgres://app:****@h/db", "****", ""];
        assert!(known.contains(&line), "{line}");
    }
}

#[test]
fn too_many_secrets_start_nothing() {
    let large = "canary ".repeat(300_000);
    let mut db = login("db");
    for number in 0..5 {
        db = db.file(&format!("f{number}"), &format!("{number}{large}"));
    }
    let vault = Vault::start().with(db);
    let home = Home::configured_for(&vault);
    // Files, since no variable holds as much.
    let files = |count: usize| {
        let all = (0..count)
            .flat_map(|number| ["--file".to_owned(), format!("o{number}=db/file/f{number}")]);
        let words = ["exec", "--pristine", "--mask"]
            .map(str::to_owned)
            .into_iter();
        let program = ["--", "/bin/cat", "o0"].map(str::to_owned);
        words.chain(all).chain(program).collect::<Vec<_>>()
    };
    home.ksm(files(3))
        .succeeds()
        .stdout("****")
        .stderr("Warning: so many secrets are masked only as they are, by line, and in base64\n");
    home.ksm(files(5))
        .fails(125)
        .stderr_has("are too much to mask: at most 8 MiB can be");
}
