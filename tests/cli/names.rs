//! One way of naming records and folders in every command (D30), and what names stand in the way of.

use crate::support::{Home, Vault, folder, login};

const UID: &str = "AAAAAAAAAAAAAAAAAAAA1A";
const TOP: &str = "FFFFFFFFFFFFFFFFFFFF1A";
const BELOW: &str = "FFFFFFFFFFFFFFFFFFFF2A";

fn vault() -> Vault {
    let below = folder("Prod")
        .uid(BELOW)
        .with(login("Twin").password("canary-2"));
    let top = folder("Infra")
        .uid(TOP)
        .with(login("My DB").uid(UID).password("canary-1"))
        .with(login("Twin").password("canary-3"))
        .with_folder(below);
    Vault::start().with(top)
}

#[test]
fn a_record_goes_by_uid_title_or_notation() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("note.txt", "text");
    for named in [UID, "My DB", "keeper://My DB"] {
        for command in [
            &["secret", "get", named, "-f", "password"][..],
            &["secret", "get", "-u", named, "--unmask"],
            &["secret", "get", named, "--json"],
            &["secret", "update", named, "-t", "My DB", "--dry-run"],
            &["secret", "update", "-u", named, "--notes", "n"],
            &[
                "secret",
                "upload",
                "-u",
                named,
                "-f",
                "note.txt",
                "--replace",
            ],
            &[
                "secret",
                "download",
                "-u",
                named,
                "--name",
                "note.txt",
                "--file-output",
                "-",
            ],
            &["secret", "delete-attachment", "-u", named, "-f", "note.txt"],
            &["secret", "add", "clone", "-u", named, "-t", "Copy"],
            &["sync", "-r", named],
        ] {
            home.ksm(command).may_print_secrets().succeeds();
        }
    }
    for named in ["My DB", "keeper://My DB"] {
        home.ksm(["secret", "list", "-u", named])
            .succeeds()
            .stdout_has(UID);
    }
    let value = home.ksm(["secret", "get", "keeper://My DB/field/password"]);
    value.succeeds().stdout("canary-1").stderr("");
    let value = home.ksm(["secret", "get", "keeper://My DB/field/password", "--json"]);
    value.succeeds().stdout("\"canary-1\"");
}

/// Who names a field must not lose the record.
#[test]
fn a_part_of_a_record_is_no_record() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.write("note.txt", "text");
    for part in ["custom_field/A", "field/password", "file/ca.pem", "notes"] {
        let named = &format!("keeper://My DB/{part}");
        for command in [
            &["secret", "delete", named][..],
            &["secret", "delete", "-u", UID, "-u", named],
            &["secret", "update", named, "--field", "login=q"],
            &["secret", "upload", "-u", named, "-f", "note.txt"],
            &["secret", "delete-attachment", "-u", named, "-f", "ca.pem"],
            &["secret", "add", "clone", "-u", named],
            &["secret", "list", "-u", named],
            &[
                "secret",
                "download",
                "-u",
                named,
                "--name",
                "ca.pem",
                "--file-output",
                "-",
            ],
            &["sync", "-r", named],
        ] {
            home.ksm(command)
                .fails(2)
                .stdout("")
                .stderr_has("the notation names a part of a record")
                .stderr_has("Hint: `keeper://My DB` names the record");
        }
    }
    assert_eq!(vault.requests(), [""; 0]);
}

#[test]
fn a_folder_goes_by_uid_title_or_path() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for named in [BELOW, "Prod", "Infra/Prod"] {
        home.ksm(["secret", "list", "-f", named])
            .succeeds()
            .stdout_has("Twin")
            .stdout_lacks("My DB");
        home.ksm(["folder", "list", "-f", named])
            .succeeds()
            .stdout_has(BELOW)
            .stdout_lacks("Infra");
        home.ksm(["folder", "update", "-f", named, "-t", "Prod"])
            .succeeds();
        let field = [
            "secret", "add", "field", "--rt", "login", "-t", "New", "--sf", named,
        ];
        home.ksm(field).succeeds();
    }
    home.ksm(["folder", "add", "-f", "Infra/Prod", "-t", "New"])
        .succeeds();
    home.ksm(["folder", "delete", "-f", "Infra/Prod"])
        .succeeds();
    home.ksm(["folder", "list", "-f", BELOW]).fails(3);
}

#[test]
fn an_ambiguous_name_lists_types_and_folders() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    for command in [
        &["secret", "get", "Twin"][..],
        &["secret", "totp", "Twin"],
        &["secret", "delete", "Twin"],
        &["secret", "notation", "keeper://Twin/field/password"],
        &["sync", "-r", "Twin"],
    ] {
        home.ksm(command)
            .fails(3)
            .stdout("")
            .stderr_has(" (login in `Infra`)")
            .stderr_has(" (login in `Infra/Prod`)");
    }
    assert_eq!(
        vault
            .requests()
            .iter()
            .filter(|asked| **asked == "get_folders")
            .count(),
        5
    );
}

#[test]
fn what_is_a_uid_is_no_title() {
    let vault = vault().with(login("BBBBBBBBBBBBBBBBBBBBBA").password("canary-4"));
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "get", "BBBBBBBBBBBBBBBBBBBBBA"])
        .fails(3)
        .stderr_has("is taken for a UID");
    home.ksm(["secret", "get", "-t", "BBBBBBBBBBBBBBBBBBBBBA"])
        .succeeds();
}

#[test]
fn a_second_file_of_one_title_is_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let upload = ["secret", "upload", "-u", "My DB", "-f", "note.txt"];
    home.write("note.txt", "one");
    home.ksm(upload).succeeds().stderr_lacks("Warning");
    home.write("note.txt", "two");
    home.ksm(upload)
        .succeeds()
        .stderr_has("Warning: the record has a file called `note.txt` already");
    home.write("note.txt", "three");
    home.ksm(upload.iter().chain(&["--replace"])).succeeds();
    home.ksm(["secret", "notation", "keeper://My DB/file/note.txt"])
        .succeeds()
        .stdout("three");
    home.write("large", vec![0; 1 << 20]);
    vault.requests();
    home.ksm(["secret", "upload", "-u", "nobody", "-f", "large"])
        .fails(3)
        .stderr_has("Cannot find a record with the title nobody.");
}

#[test]
fn markers_of_a_template_are_no_values() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    let template = home.ksm(["secret", "template", "record", "login", "-o", "yaml"]);
    home.write("r.yml", template.stdout_bytes());
    home.ksm(["secret", "add", "file", "--sf", "Infra", "-f", "r.yml"])
        .fails(2)
        .stderr_has("still has the marker `<#ADD: ");
    assert!(vault.requests().is_empty());
}

#[test]
fn a_typed_empty_value_is_told() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.ksm(["secret", "update", "My DB", "--field", "password="])
        .succeeds()
        .stderr("Warning: `password` had a value and is set to nothing\n");
}

#[test]
fn a_dash_is_stdin_for_templates() {
    let vault = vault();
    let home = Home::configured_for(&vault);
    home.command(["interpolate", "-"])
        .stdin("p=keeper://{My DB/field/password}\n")
        .run()
        .succeeds()
        .stdout("p=canary-1\n");
}

#[cfg(unix)]
#[test]
fn a_link_called_lkru_is_the_utility() {
    let home = Home::new();
    let link = home.path("lkru");
    std::os::unix::fs::symlink(crate::support::KSM, &link).unwrap();
    let said = home.program(link, ["version"]).run();
    said.succeeds().stdout_has("lkru 0.");
}
