//! `ksm folder`.

use serde_json::json;

use super::{DB, NOWHERE, ROOT, SUB, WEB, vault};
use crate::support::{Fault, FaultProxy, Home, LyingServer, Vault, folder};

#[test]
fn folders_are_listed_with_what_lies_in_them() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["folder", "list"]).succeeds().stderr("").stdout(format!(
        "\n Type Parent                  UID                     Title\n ---- ----------------------- \
         ----------------------- -----\n dir                          {ROOT}  Root\n dir  {ROOT}  {SUB}  Süb\n\n"
    ));
    let run = home.ksm(["folder", "list", "-l", "--json"]);
    let list = run.succeeds().json();
    let entries: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["type"])
        .collect();
    assert_eq!(entries, ["rec", "rec", "rec", "dir", " rec", "dir", " rec"]);
    assert_eq!(
        list[4],
        json!({"type": " rec", "parent_uid": ROOT, "uid": DB, "title": "Twin"})
    );
    assert_eq!(list[0]["uid"], WEB);
    for (arguments, titles) in [
        (&["-f", ROOT][..], &["Root"][..]),
        (&["-f", ROOT, "-r"], &["Root", "Süb"]),
        (&["-f", SUB, "-l"], &["Süb", "Deep"]),
    ] {
        let run = home.ksm([&["folder", "list", "--json"], arguments].concat());
        let list = run.succeeds().json();
        let found: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| &entry["title"])
            .collect();
        assert_eq!(found, titles, "{arguments:?}");
    }
}

#[test]
fn a_folder_is_added_renamed_and_deleted() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let run = home.ksm(["folder", "add", "-f", SUB, "-t", "Näw"]);
    run.succeeds().stderr("");
    let uid = run.stdout_text().to_owned();
    assert!(uid.len() == 22 && !uid.starts_with(['-', '_']), "{uid}");
    let entry =
        |title: &str| json!([{"type": "dir", "parent_uid": SUB, "uid": uid, "title": title}]);
    let listed = |expected| {
        let run = home.ksm(["folder", "list", "-f", &uid, "--json"]);
        assert_eq!(run.succeeds().json(), expected);
    };
    listed(entry("Näw"));
    home.ksm(["folder", "update", "-f", &uid, "-t", "Öther"])
        .succeeds()
        .stdout("")
        .stderr("");
    for nameless in ["", "  "] {
        home.ksm(["folder", "update", "-f", &uid, "-t", nameless])
            .fails(2)
            .stderr_has("Empty strings are not allowed");
    }
    listed(entry("Öther"));
    let run = home.ksm(["folder", "delete", "--json", &uid]);
    assert_eq!(
        run.succeeds().json(),
        json!([{"uid": uid, "responseCode": "ok", "error": ""}])
    );
    home.ksm(["folder", "list", "-f", &uid]).fails(3);
    let run = home.ksm(["folder", "add", "-f", ROOT, "-t", "x", "--json"]);
    assert_eq!(
        run.succeeds().stderr("").json()["uid"]
            .as_str()
            .map(str::len),
        Some(22)
    );
}

#[test]
fn a_folder_goes_before_the_one_it_lies_in() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    // Kept by the record in it, and so is the one above.
    home.ksm(["folder", "delete", ROOT, SUB])
        .fails(1)
        .stdout_has("not_empty")
        .stderr_has("Hint: `--force` deletes a folder with all folders and records in it");
    let new = home.ksm(["folder", "add", "-f", SUB, "-t", "new"]);
    let new = new.succeeds().stdout_text();
    home.ksm(["folder", "delete", "--force", SUB, new])
        .succeeds();
    assert_eq!(
        vault.requests(),
        [
            "get_folders",
            "delete_folder",
            "delete_folder",
            "get_folders",
            "create_folder",
            "get_folders",
            "get_secret",
            "delete_folder",
            "delete_folder"
        ]
    );
    let run = home.ksm(["folder", "list", "--json"]);
    assert_eq!(run.succeeds().json().as_array().unwrap().len(), 1);
}

#[test]
fn a_second_folder_of_a_name_is_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let add = |title: &str| home.ksm(["folder", "add", "-f", ROOT, "-t", title]);
    let warning = "Warning: there is a folder called `new` beside it already, so this name will be ambiguous\n";
    add("new").succeeds().stderr("");
    add("new").succeeds().stderr(warning);
    let other = add("other").succeeds().stdout_text().to_owned();
    let rename = |title: &str| home.ksm(["folder", "update", "-f", &other, "-t", title]);
    rename("other").succeeds().stderr("");
    rename("new").succeeds().stderr(warning);
}

#[test]
fn what_went_along_with_a_folder_is_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let empty = home.ksm(["folder", "add", "-f", SUB, "-t", "new"]);
    let empty = empty.succeeds().stdout_text();
    home.ksm(["folder", "delete", "-f", empty])
        .succeeds()
        .stderr("");
    home.ksm(["folder", "add", "-f", SUB, "-t", "inner"])
        .succeeds();
    home.ksm(["folder", "delete", "-f", SUB])
        .succeeds()
        .stderr("Deleted along with it: 1 folder (`inner`), 1 record (`Deep`)\n");
    home.ksm(["folder", "delete", "-f", ROOT])
        .fails(4)
        .stderr_lacks("along");
}

#[test]
fn what_cannot_be_done_is_told() {
    let vault = vault().with(
        folder("Read only")
            .uid("ReadOnlyFolderAAAAAAAA")
            .read_only(),
    );
    let home = Home::configured_for(&vault);
    for (command, code, said) in [
        (
            &["folder", "add", "-f", NOWHERE, "-t", "x"][..],
            3,
            "Error: Unable to find the shared folder for NowhereAAAAAAAAAAAAAAA\n",
        ),
        (
            &["folder", "update", "-f", NOWHERE, "-t", "x"],
            3,
            "Error: Could not update folder UID: NowhereAAAAAAAAAAAAAAA: ",
        ),
        (
            &["folder", "add", "-f", "ReadOnlyFolderAAAAAAAA", "-t", "x"],
            4,
            "Error: access_denied, message=folder ReadOnlyFolderAAAAAAAA is read-only\nHint: the application may be \
             allowed only to read it",
        ),
        (
            &["folder", "delete", NOWHERE],
            3,
            "1 of 1 folder could not be deleted",
        ),
        (&["folder", "delete"], 2, "Missing argument 'FOLDER...'."),
        (
            &["folder", "add", "-f", "", "-t", "x"],
            2,
            "Invalid value for '--parent-folder' / '-f': Empty strings are not allowed",
        ),
        (
            &["folder", "add", "-f", ROOT],
            2,
            "Missing option '--title' / '-t'.",
        ),
        (&["folder"], 2, "Usage: ksm folder"),
    ] {
        home.ksm(command.iter().copied())
            .fails(code)
            .stderr_has(said);
    }
}

#[test]
fn an_uncertain_folder_is_not_created_twice() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    for fault in [Fault::Drop, Fault::LoseAnswer, Fault::truncated()] {
        faults.next(Fault::None).next(fault.clone());
        let run = home.ksm(["folder", "add", "-f", ROOT, "-t", "x"]);
        run.fails(5)
            .stdout("")
            .stderr_has("it is not known whether folder ");
    }
    faults.clear();
    let run = home.ksm(["folder", "list", "--json"]);
    // Those whose answers were lost are there, each once.
    assert_eq!(run.succeeds().json().as_array().unwrap().len(), 4);
}

#[test]
fn an_interrupted_rename_leaves_the_old_or_new_folder() {
    let vault = vault();
    let faults = FaultProxy::before(&vault);
    let home = Home::configured_for(&faults);
    let titles = || {
        faults.clear();
        let folders = home.ksm(["folder", "list", "--json"]).succeeds().json();
        let titles = folders.as_array().unwrap().iter();
        titles
            .filter(|folder| folder["uid"] == SUB)
            .map(|folder| folder["title"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let before = titles();
    let rename = ["folder", "update", "-f", SUB, "-t", "renamed"];
    let delete = ["folder", "delete", "--force", SUB];
    let renamed = vec!["renamed".to_owned()];
    for (args, reads, fault, after) in [
        (&rename[..], 1, Fault::Drop, &before),
        (&rename, 1, Fault::LoseAnswer, &renamed),
        (&delete, 2, Fault::Drop, &renamed),
        (&delete, 2, Fault::LoseAnswer, &Vec::new()),
    ] {
        for _ in 0..reads {
            // A lost read is asked again.
            faults.next(Fault::Drop).next(Fault::None);
        }
        faults.next(fault);
        home.ksm(args.iter().copied())
            .fails(5)
            .stdout("")
            .stderr_has("it is not known whether folder ");
        assert_eq!(titles().first(), after.first(), "{args:?}");
    }
}

#[test]
fn a_uid_starting_with_a_dash_is_no_option() {
    let dashed = "-FolderAAAAAAAAAAAAAAA";
    let vault = Vault::start().with(
        folder("Root")
            .uid(ROOT)
            .with_folder(folder("Dashed").uid(dashed)),
    );
    let home = Home::configured_for(&vault);
    home.ksm(["folder", "update", "-f", dashed, "-t", "New"])
        .succeeds();
    home.ksm(["folder", "delete", dashed]).succeeds();
}

#[test]
fn a_damaged_folder_is_not_reported_as_missing() {
    let server = LyingServer::start();
    let mut home = Home::trusting(&server);
    home.set("KSM_CONFIG", server.config());
    let key = server.sealed(b"no key");
    server.answer(
        json!({"folders": [{"folderUid": ROOT, "folderKey": key, "data": "AAAA"}]}).to_string(),
    );
    home.ksm(["folder", "list", "-f", ROOT])
        .fails(1)
        .stderr_has(&format!("Error: the folder `{ROOT}` does not open: "));
    home.ksm(["folder", "list", "-f", NOWHERE]).fails(3);
    home.ksm(["folder", "list", "--json"])
        .succeeds()
        .stdout("[]")
        .stderr_has(ROOT);
}
