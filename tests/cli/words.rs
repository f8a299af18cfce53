//! Sentences of the official CLI that other people's programs look for (compatibility 1.1).

use serde_json::json;

use crate::support::{Fault, FaultProxy, Home, UID, Vault, folder, login};

#[test]
fn the_official_sentences_are_kept() {
    let bare = Home::new();
    for args in [
        &["secret", "list"][..],
        &["folder", "list"],
        &["secret", "totp", "x"],
    ] {
        let run = bare.ksm(args.iter().copied());
        run.fails(6)
            .stderr_has("\nthere is no configuration; these places were looked at, in order:\n  --ini-file\n  KSM_CONFIG\n");
        let first =
            "Error: The Keeper SDK client has not been loaded. The INI config might not be set.\n";
        assert!(run.stderr_text().starts_with(first), "{run}");
    }
    let run = bare
        .command(["exec", "true"])
        .env("A", "keeper://x/title")
        .run();
    run.fails(125).stderr_has(
        "Error: The Keeper SDK client has not been loaded. The INI config might not be set.\n",
    );

    let vault = Vault::start().with(folder("folder").with(login("db").uid(UID)));
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    home.ksm(["secret", "add", "clone", "-u", "BbCdEfGhIjKlMnOpQrStUw"])
        .fails(3)
        .stderr_has("Error: Record UID not found BbCdEfGhIjKlMnOpQrStUw");
    home.ksm(["secret", "get", "-t", "none", "--json"])
        .fails(3)
        .stdout("[]");
    home.ksm(["-o", "list", "secret", "get", "-t", "none", "--json"])
        .fails(3)
        .stdout("");
    assert_eq!(home.read("list"), "[]");
    home.ksm(["secret", "get", "-t", "none"])
        .fails(3)
        .stdout("");
    home.ksm([
        "secret",
        "get",
        "-t",
        "none",
        "BbCdEfGhIjKlMnOpQrStUw",
        "--json",
    ])
    .fails(3)
    .stdout("");
    faults.always(Fault::refuse(
        403,
        json!({"error": "throttled", "retry_after": 0.1}),
    ));
    home.ksm(["--max-wait", "0", "secret", "list"])
        .fails(4)
        .stderr_has("Error: throttled: ");
}
