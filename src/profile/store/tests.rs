use crate::environment::Environment;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::ini_file::IniFile;
use super::*;
use crate::crypto::signing::SigningKey;
use crate::private_file::Policy;
use crate::profile::config::Member;
use crate::profile::ini::{self, Document};
use crate::profile::store::pending::{LIFETIME, id};
use crate::wire::endpoint::HostName;
use crate::wire::server_key::KeyId;

const OFFICIAL: &str = "[_config]\nactive_profile = a\ncolor = True\ncache = False\nrecord_type_dir\neditor\n\
                        editor_use_blocking = False\neditor_process_name\n\n";

fn file(home: &Path, policy: Policy) -> IniFile {
    IniFile::new(
        home.join("keeper.ini"),
        policy,
        &Environment::default().into(),
    )
}

async fn edit(text: Option<&str>, change: impl AsyncFnOnce(&mut dyn Edit)) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path(), Policy::Found { invoker: None });
    if let Some(text) = text {
        std::fs::write(file.path().unwrap(), text).unwrap();
    }
    let mut edit = file.edit().await.unwrap();
    change(&mut *edit).await;
    edit.check_writable(&name("new")).await.unwrap();
    edit.save().await.unwrap();
    std::fs::read_to_string(file.path().unwrap()).unwrap()
}

fn config(client_id: &str) -> Config {
    Config::default().with(Member::ClientId, Some(client_id))
}

fn name(text: &str) -> ProfileName {
    ProfileName::new(text).unwrap()
}

fn section(name: &str, client_id: &str) -> String {
    format!(
        "[{name}]\nclientid = {client_id}\nprivatekey\nappkey\nhostname\nappownerpublickey\nserverpublickeyid\n\n"
    )
}

#[tokio::test]
async fn a_new_file_looks_like_the_official_one() {
    let text = edit(None, async |edit| {
        edit.put(&name("a"), &config("1")).unwrap();
        edit.put(&name("b"), &config("2")).unwrap();
    })
    .await;
    assert_eq!(
        text,
        [OFFICIAL, &section("a", "1"), &section("b", "2")].concat()
    );
}

#[tokio::test]
async fn what_is_there_stays_and_settings_are_added() {
    let (new, mine) = (
        section("a", "1"),
        "# mine\n[_config]\nactive_profile = x\n\n[x]\nClientId=9\n",
    );
    for (before, after) in [
        ("", [OFFICIAL, &new].concat()),
        ("# mine", ["# mine\n", OFFICIAL, &new].concat()),
        (mine, [mine, "\n", &new].concat()),
    ] {
        let put = async |edit: &mut dyn Edit| edit.put(&name("a"), &config("1")).unwrap();
        assert_eq!(edit(Some(before), put).await, after, "{before}");
    }
    let activate = async |edit: &mut dyn Edit| edit.activate(&name("a")).unwrap();
    let text = edit(Some("[a]\nclientid = 1\n"), activate).await;
    assert_eq!(text, [OFFICIAL, "[a]\nclientid = 1\n"].concat());
}

#[tokio::test]
async fn the_last_remaining_profile_becomes_active() {
    let two = "[_config]\nactive_profile = a\n[a]\nx\n[b]\nx\n";
    let three = format!("{two}[c]\nx\n");
    for (before, deleted, after) in [
        (two, "a", "[_config]\nactive_profile = b\n[b]\nx\n"),
        (&three, "a", "[_config]\nactive_profile\n[b]\nx\n[c]\nx\n"),
        (two, "b", "[_config]\nactive_profile = a\n[a]\nx\n"),
    ] {
        let delete = async |edit: &mut dyn Edit| edit.delete(&name(deleted)).await.unwrap();
        assert_eq!(edit(Some(before), delete).await, after, "{deleted}");
    }
}

#[tokio::test]
async fn a_renamed_profile_keeps_its_keys_and_stays_active() {
    let start = "[_config]\nactive_profile = a\n[a]\n; mine\nx = 1\n[b]\nx\n";
    for (old, after) in [
        ("a", start.replace("= a", "= new").replace("[a]", "[new]")),
        ("b", start.replace("[b]", "[new]")),
    ] {
        let rename = async |edit: &mut dyn Edit| edit.rename(&name(old), &name("new")).unwrap();
        assert_eq!(edit(Some(start), rename).await, after, "{old}");
    }
}

#[tokio::test]
async fn references_and_keys_replace_each_other() {
    let section = Document::parse(b"[a]\nstorage = aws\nsecret = s\n").unwrap();
    let open = aws::KIND.referred.unwrap();
    let keys = open(&section, &name("a"), &Environment::default().into()).unwrap();
    let referred = edit(None, async |edit| {
        edit.put(&name("a"), &config("1")).unwrap();
        edit.refer(&name("a"), &*keys).unwrap();
    })
    .await;
    assert!(referred.starts_with(&[OFFICIAL, "[a]\nstorage = aws\n"].concat()));
    assert!(!referred.contains("clientid"), "{referred}");
    let back = edit(Some(&referred), async |edit| {
        edit.put(&name("a"), &config("1")).unwrap();
    })
    .await;
    assert!(!back.contains("storage"), "{back}");
    assert!(back.contains("clientid = 1\n"), "{back}");
}

#[tokio::test]
async fn a_server_key_is_stored_only_with_its_device() {
    let before = "[_config]\nactive_profile = a\n[a]\nclientid = 1\nappkey = k\nserverpublickeyid = 10\n\
                  [unbound]\nclientid = 1\n";
    for (profile, client_id, changed) in
        [("a", "1", true), ("a", "2", false), ("unbound", "1", false)]
    {
        let after = edit(Some(before), async |edit| {
            edit.set_server_key(&name(profile), client_id, KeyId::from(8))
                .await
                .unwrap();
        })
        .await;
        let expected = match changed {
            true => before.replace("= 10", "= 8"),
            false => before.to_owned(),
        };
        assert_eq!(after, expected, "{profile} {client_id}");
    }
}

#[tokio::test]
async fn a_setting_is_stored_beside_the_others() {
    let text = edit(Some("[_config]\ncolor = True\n[a]\nx\n"), async |edit| {
        edit.set_setting("color", Some("False")).unwrap();
        edit.set_setting("editor", Some("vi")).unwrap();
    })
    .await;
    assert_eq!(text, "[_config]\ncolor = False\neditor = vi\n[a]\nx\n");
}

#[tokio::test]
async fn merging_replaces_profiles_and_keeps_the_others() {
    let theirs = "[_config]\nactive_profile = b\ncolor = False\n[b]\nclientid = new\nother = 1\n[c]\nclientid = 3\n";
    let theirs = || Document::parse(theirs.as_bytes()).unwrap();
    let before =
        "[_config]\nactive_profile = a\n[a]\nclientid = 1\n[b]\nclientid = old\nappkey = old\n";
    let text = edit(Some(before), async |edit| edit.merge(&theirs()).unwrap()).await;
    assert_eq!(
        text,
        "[_config]\nactive_profile = a\n[a]\nclientid = 1\n[b]\nclientid = new\nother = 1\n\n[c]\nclientid = 3\n\n"
    );
    let text = edit(None, async |edit| edit.merge(&theirs()).unwrap()).await;
    assert_eq!(text, theirs().render().expose().as_str());
}

#[tokio::test]
async fn an_unsuitable_layout_is_found_before_writing() {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path(), Policy::Named);
    // Settings above would be continued by the first header.
    std::fs::write(file.path().unwrap(), "  [a]\n  x = 1\n").unwrap();
    let edit = file.edit().await.unwrap();
    let refused = edit.check_writable(&name("b")).await.unwrap_err();
    assert!(matches!(
        refused,
        Error::Ini {
            source: ini::Error::Layout,
            ..
        }
    ));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_not_touched() {
    let home = tempfile::tempdir().unwrap();
    let file = file(home.path(), Policy::Named);
    std::fs::write(file.path().unwrap(), "no section").unwrap();
    assert!(file.edit().await.is_err());
    assert_eq!(std::fs::read(file.path().unwrap()).unwrap(), b"no section");
}

#[tokio::test]
async fn a_second_attempt_uses_the_first_ones_keys() {
    let home = tempfile::tempdir().unwrap();
    let store = file(home.path(), Policy::Found { invoker: None });
    let edit = store.edit().await.unwrap();
    let begin = async |client: &str| {
        let device = Config::unbound(
            client,
            &SigningKey::generate().unwrap(),
            &HostName::default(),
        );
        edit.keep(client, &device).await.unwrap();
        device
    };
    let bind_file = |client: &str| {
        home.path()
            .join(format!(".keeper.ini.{}.pending", id(client)))
    };
    assert_eq!(edit.kept("one").await, None);
    let first = begin("one").await;
    assert!(store.has_bind("one"));
    assert!(!store.has_bind("two"));
    assert_eq!(edit.kept("one").await, Some(first));
    begin("two").await;

    // A day later nobody waits for it any more.
    let old = SystemTime::now() - LIFETIME - Duration::from_secs(60);
    let open = std::fs::File::options()
        .write(true)
        .open(bind_file("one"))
        .unwrap();
    open.set_modified(old).unwrap();
    assert!(store.has_bind("two"));
    assert_eq!(edit.kept("three").await, None);
    assert!(!bind_file("one").exists(), "what is old stays");
    assert!(store.has_bind("two"));
    for _ in 0..2 {
        edit.forget("one").await.unwrap();
        assert!(!store.has_bind("one"));
    }
    edit.forget("two").await.unwrap();
    assert!(!store.has_bind("two"));
}
