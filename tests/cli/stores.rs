//! Where profiles rest: moving and renaming them, and what happens where there is no keyring. A real one is in
//! `tests/interop`.

use crate::support::{Home, PASSWORD, Vault};

#[test]
fn a_renamed_profile_keeps_its_keys_and_its_rank() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    home.ksm(["profile", "rename", "_default", "mine"])
        .succeeds()
        .stdout("")
        .stderr("Profile _default is called mine now.\n");
    home.ksm(["profile", "list"])
        .succeeds()
        .stdout("\n Active Profile\n ------ -------\n   *    mine\n\n");
    home.ksm(["secret", "list"]).succeeds();
    home.ksm(["profile", "rename", "_default", "other"])
        .fails(3);
    home.ksm(["profile", "rename", "mine", "bad name"]).fails(2);
    let config = home.bind(&vault);
    home.command(["profile", "import", "-p", "other", "-"])
        .stdin(config)
        .run()
        .may_write_secrets()
        .succeeds();
    home.ksm(["profile", "rename", "mine", "other"])
        .fails(6)
        .stderr_has("there is a profile `other`");
}

#[test]
fn a_moved_profile_leaves_no_keys_behind() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    home.watch_keys();
    home.ksm([
        "profile",
        "move",
        "_default",
        "--to",
        "ini",
        "-f",
        "other.ini",
    ])
    .succeeds()
    .stderr_has("Moved profile _default from ");
    assert!(!home.read("keeper.ini").contains("privatekey"));
    home.ksm(["--ini-file", "other.ini", "secret", "list"])
        .succeeds();
    home.ksm(["secret", "list"]).fails(6);
}

/// One file is one place, whatever it is called: otherwise we would wait for our own lock.
#[test]
fn a_store_is_recognized_by_any_of_its_paths() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let before = home.read("keeper.ini");
    let path = home.path("keeper.ini").display().to_string();
    #[cfg(unix)]
    std::os::unix::fs::symlink("keeper.ini", home.path("link.ini")).unwrap();
    let link = if cfg!(unix) { "link.ini" } else { &path };
    for name in ["keeper.ini", "./keeper.ini", &path, link] {
        home.ksm(["profile", "move", "_default", "--to", "ini", "-f", name])
            .succeeds()
            .stderr_has("Profile _default is in ")
            .stderr_has("already");
        assert_eq!(home.read("keeper.ini"), before, "{name}");
    }
}

/// Other clients leave the key of the token beside those of the device.
#[test]
fn an_unfinished_bind_does_not_prevent_a_move() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let text = home.read("keeper.ini");
    home.write(
        "keeper.ini",
        text.replace("[_default]\n", "[_default]\nclientkey = canary\n"),
    );
    home.ksm(["profile", "move", "_default", "--to", "ini", "-f", "to.ini"])
        .may_write_secrets()
        .succeeds();
    home.ksm(["--ini-file", "to.ini", "secret", "list"])
        .succeeds();
    assert!(!home.read("to.ini").contains("clientkey"));
    assert!(!home.read("keeper.ini").contains("privatekey"));
}

#[test]
fn a_profile_moves_over_no_other() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let others = home.read("keeper.ini");
    home.write("to.ini", &others);
    home.ksm(["profile", "move", "_default", "--to", "ini", "-f", "to.ini"])
        .may_write_secrets()
        .fails(6)
        .stderr_has("there is a profile `_default` in to.ini already");
    assert_eq!(home.read("keeper.ini"), others);
    assert_eq!(home.read("to.ini"), others);
}

/// What whoever asks for the keyring is told, since the tests have no session bus.
const NO_KEYRING: &str = match cfg!(feature = "keyring") {
    true => "there is no session bus to reach the OS keyring by",
    false => "this build of ksm uses no OS keyring",
};

#[test]
fn what_cannot_be_moved_stays() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let before = home.read("keeper.ini");
    home.ksm(["profile", "move", "_default", "--to", "keyring"])
        .fails(6)
        .stderr_has(NO_KEYRING);
    home.ksm(["profile", "move", "nobody", "--to", "ini"])
        .fails(3);
    assert_eq!(home.read("keeper.ini"), before);
}

#[test]
fn without_keyring_no_token_and_no_file_is_used() {
    let vault = Vault::start();
    let (home, token) = Home::with_token(&vault);
    home.ksm(["profile", "init", "--storage", "keyring", "--token", &token])
        .fails(6)
        .stderr_has(NO_KEYRING);
    assert_eq!(vault.requests(), [""; 0]);
    assert!(!home.files().iter().any(|file| file.ends_with(".ini")));
    home.ksm(["keyring", "get", "label"])
        .fails(6)
        .stderr_has(NO_KEYRING);
    home.ksm(["profile", "init", "--token", &token]).succeeds();
}

#[test]
fn help_says_what_this_build_lacks() {
    let home = Home::new();
    for words in [
        "",
        "keyring",
        "profile init",
        "profile move",
        "profile setup",
    ] {
        let words = words.split_whitespace().chain(["--help"]);
        let run = home.ksm(words);
        let words: Vec<_> = run.succeeds().stdout_text().split_whitespace().collect();
        let lacks = words.join(" ").contains("not in this build");
        assert_eq!(lacks, !cfg!(feature = "keyring"), "{run}");
    }
}

#[test]
fn a_keyring_that_cannot_be_used_hides_no_file() {
    let vault = Vault::with_db();
    let home = Home::bound_to(&vault);
    home.ksm(["secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1")
        .stderr("");
    let referring = home
        .read("keeper.ini")
        .replace("[_default]", "[other]\nstorage = keyring\n[_default]");
    home.write("keeper.ini", &referring);
    home.ksm(["-p", "other", "secret", "notation", PASSWORD])
        .fails(6)
        .stderr_has(NO_KEYRING);
    home.ksm(["-p", "_default", "secret", "notation", PASSWORD])
        .succeeds()
        .stdout("canary-1")
        .stderr("");
}

#[test]
fn a_long_list_explains_stores_and_the_active_profile() {
    let vault = Vault::start();
    let home = Home::bound_to(&vault);
    let file = home.path("keeper.ini").display().to_string();
    let told = |args: &[&str]| {
        let run = home.ksm([args, &["profile", "list", "--long", "--json"]].concat());
        run.succeeds().json()
    };
    let profile = told(&[]);
    assert_eq!(profile[0]["active"], true);
    assert_eq!(profile[0]["store"], file);
    assert_eq!(profile[0]["storage"], "internal");
    assert_eq!(profile[0]["host"], vault.host());
    assert_eq!(profile[0]["why"], format!("active in {file}"));
    assert_eq!(told(&["-p", "_default"])[0]["why"], "-p");
}
