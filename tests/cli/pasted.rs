//! Tokens and configurations as shells, forms and files hand them on, and what was given in their place.

use crate::support::{Home, PASSWORD, Server, Vault};

/// As `docker --env-file`, CI systems, editors and shells leave a text.
const AROUND: [(&str, &str); 9] = [
    ("\"", "\""),
    ("'", "'"),
    (" ", "  "),
    ("\t\"", "\" \r\n"),
    ("", "%"),
    ("%", "%\n"),
    ("\u{feff}", "\n"),
    ("\" ", " \""),
    ("'", "%'"),
];

fn configs(home: &Home) -> [String; 2] {
    [
        &["profile", "export"][..],
        &["profile", "export", "--plain", "--file-format", "json"],
    ]
    .map(|args| {
        let run = home.ksm(args);
        run.may_print_secrets().succeeds().stdout_text().to_owned()
    })
}

#[test]
fn what_came_around_a_configuration_comes_off() {
    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let home = Home::trusting(&vault);
    let configs = configs(&bound);
    let escaped = serde_json::to_string(&configs[1]).unwrap();
    home.watch(&configs[0]);
    let around = |config: &String| AROUND.map(|(before, after)| format!("{before}{config}{after}"));
    let texts = configs.iter().flat_map(around).chain([escaped]);
    for text in texts {
        for name in ["KSM_CONFIG", "KSM_CONFIG_BASE64_1", "KSM_CONFIG_FILE"] {
            let value = match name {
                "KSM_CONFIG_FILE" => home.write("mounted", &text).into_os_string(),
                _ => text.clone().into(),
            };
            home.command(["secret", "notation", PASSWORD])
                .env(name, value)
                .run()
                .succeeds()
                .stdout("canary-1")
                .stderr("");
        }
        let other = Home::trusting(&vault);
        other
            .command(["profile", "import", "-"])
            .stdin(&text)
            .run()
            .may_write_secrets()
            .succeeds();
        other
            .ksm(["secret", "notation", PASSWORD])
            .succeeds()
            .stdout("canary-1");
        other
            .ksm(["profile", "import", "--", &text])
            .may_write_secrets()
            .succeeds();
    }
}

#[test]
fn what_came_around_a_token_comes_off() {
    let vault = Vault::with_db();
    let home = Home::trusting(&vault);
    for (at, (before, after)) in AROUND.into_iter().enumerate() {
        for way in ["variable", "start", "file", "argument"] {
            let token = vault.token();
            home.watch_token(&token);
            let text = format!("{before}{token}{after}");
            let name = format!("p{at}-{way}");
            let init = ["profile", "init", "-p", &name];
            let call = match way {
                "variable" => home.command(init).env("KSM_CLI_TOKEN", text),
                "start" => home
                    .command(["--ephemeral", "secret", "list"])
                    .dir(home.path("tmp"))
                    .env("HOME", home.path("tmp"))
                    .env("KSM_TOKEN", text),
                "file" => {
                    let text = format!("\n{text}\nanother line\n");
                    let path = home.write("token", text).into_os_string().into_string();
                    home.command(init.into_iter().chain(["--token-file", &path.unwrap()]))
                }
                _ => home.command(init.into_iter().chain(["--token", &text])),
            };
            call.run().may_write_secrets().succeeds();
        }
    }
}

#[test]
fn what_is_no_configuration_is_called_by_its_name() {
    let vault = Vault::with_db();
    let bound = Home::bound_to(&vault);
    let home = Home::trusting(&vault);
    let (token, config) = (vault.token(), configs(&bound)[0].clone());
    home.watch_token(&token);
    home.watch(&config);
    home.write("a-file", &config);
    let as_config = [
        ("/etc/ksm/config.json", "the path of a file", 6),
        ("./keeper.ini", "the path of a file", 6),
        ("~/ksm.b64", "the path of a file", 6),
        ("config.json", "the path of a file", 6),
        ("a-file", "the path of a file", 6),
        ("\"/etc/ksm/config\"", "the path of a file", 6),
        (&*token, "a one-time token, and no configuration", 6),
        (
            &*format!("'{token}'"),
            "a one-time token, and no configuration",
            6,
        ),
        ("\"\"", "it is empty", 6),
    ];
    for (text, said, code) in as_config {
        for name in ["KSM_CONFIG", "KSM_CONFIG_BASE64_1"] {
            let call = home.command(["secret", "list"]).env(name, text);
            call.run()
                .fails(code)
                .stdout("")
                .stderr_has(said)
                .stderr_has(name);
        }
        home.ksm(["profile", "import", "--", text])
            .fails(6)
            .stderr_has(said);
    }
    let as_token = [
        (&*config, "a configuration was given"),
        ("/run/secrets/token", "the path of a file was given"),
        ("a-file", "the path of a file was given"),
        ("./token.txt", "the path of a file was given"),
    ];
    for (text, said) in as_token {
        for arguments in [["profile", "init"], ["init", "default"]] {
            let call = home.command(arguments).env("KSM_CLI_TOKEN", text);
            call.run().fails(2).stdout("").stderr_has(said);
        }
        let call = home.command(["secret", "list"]).env("KSM_TOKEN", text);
        call.run().fails(2).stdout("").stderr_has(said);
    }
    // Shown as the name of a file that is not there, a secret would be on the screen.
    for secret in [&config, &token] {
        let list = ["secret", "list"];
        home.command(list)
            .env("KSM_CONFIG_FILE", secret)
            .run()
            .fails(6)
            .stderr_has("KSM_CONFIG_FILE has a configuration or a token as its value");
        home.ksm(["--ini-file", secret].into_iter().chain(list))
            .fails(2)
            .stderr_has("where the path of a keeper.ini is wanted");
        home.ksm(["profile", "init", "--token-file", secret])
            .fails(2)
            .stderr_has("where the path of its file is wanted");
    }
    assert_eq!(home.files(), ["a-file"]);
}
