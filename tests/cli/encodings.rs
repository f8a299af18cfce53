//! Texts with a byte order mark, in UTF-8 and in UTF-16, as PowerShell and editors of Windows write them (D43).

use std::fs;

use crate::support::{Home, PASSWORD, Server, Vault};

const MARK: char = '\u{feff}';

/// The text as each encoding has it.
fn encoded(text: &str) -> [Vec<u8>; 3] {
    let text = format!("{MARK}{text}");
    let units = || text.encode_utf16();
    [
        text.as_bytes().to_vec(),
        units().flat_map(u16::to_le_bytes).collect(),
        units().flat_map(u16::to_be_bytes).collect(),
    ]
}

#[test]
fn every_text_that_is_read_may_be_marked() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    let profile = home.read("keeper.ini");
    let authority = home.read(".ca.pem");
    let line = format!("SECRET={PASSWORD}\r\n");
    let mut value = "canary-1".to_owned();
    for form in 0..3 {
        let text = |text: &str| encoded(text)[form].clone();
        home.write("keeper.ini", text(&profile));
        home.write(".ca.pem", text(&authority));
        home.write("env", text(&line));
        home.ksm(["exec", "--env-file", "env", "--", "printenv", "SECRET"])
            .may_print_secrets()
            .succeeds()
            .stdout(format!("{value}\n"));
        value = format!("canary-ä{form}");
        home.write("value", text(&format!("{value}\r\n")));
        let field = ["secret", "update", "-u", "db", "--field-from"];
        home.ksm(field.into_iter().chain(["password=value"]))
            .succeeds();
        home.ksm(["secret", "notation", PASSWORD])
            .may_print_secrets()
            .succeeds()
            .stdout(&value);
        let token = vault.token();
        home.watch_token(&token);
        home.write("token", text(&format!("{token}\r\n")));
        let name = format!("p{form}");
        home.ksm(["profile", "init", "-p", &name, "--token-file", "token"])
            .succeeds();
        let saved = fs::read(home.path("keeper.ini")).unwrap();
        assert!(saved.starts_with(b"["), "form {form}");
    }
}

#[test]
fn a_template_in_utf_16_is_called_so() {
    let home = Home::new();
    let [marked, little, big] = encoded("a=$b\n");
    for text in [little, big] {
        home.write("template", &text);
        home.ksm(["interpolate", "template"])
            .fails(1)
            .stdout("")
            .stderr_has("template is text in UTF-16, and templates are in UTF-8");
        home.command(["interpolate"])
            .stdin(&text)
            .run()
            .fails(1)
            .stderr_has("Set-Content -Encoding utf8");
    }
    home.command(["interpolate"])
        .stdin(&marked)
        .run()
        .succeeds()
        .stdout("\u{feff}a=$b\n");
}
